//! The keys that a log's checkpoints are signed with.

use soticket_schema::command::{RegisterCheckpointKey, RetireCheckpointKey};
use soticket_schema::event::v1::{CheckpointKeyRegistered, CheckpointKeyRetired};
use soticket_schema::limits::ORIGIN_BYTES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, When};

/// What the formats of checkpoints and keys take as a name, in the form that everybody writes alike.
fn is_origin(origin: &str) -> bool {
    let allowed = |sign: u8| sign.is_ascii_graphic() && sign != b'+';
    !origin.is_empty()
        && origin.len() <= ORIGIN_BYTES_MAX
        && origin.bytes().all(allowed)
        && !origin.ends_with('/')
        && !origin.contains("://")
}

impl Decide for RegisterCheckpointKey {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(is_origin(&self.origin), RejectionCode::OriginInvalid, field("origin"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let keys = &context.state.checkpoint_keys;
        let same = keys.origin().is_none_or(|origin| origin == self.origin);
        checks.ensure(same, RejectionCode::OriginChanged, field("origin"));
        let public = context.public_key.unwrap_or_default();
        Ok(vec![CheckpointKeyRegistered { key: keys.next(), origin: self.origin.clone(), public }.into()])
    }
}

impl Decide for RetireCheckpointKey {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let keys = &context.state.checkpoint_keys;
        let key = checks.need(keys.get(self.key), RejectionCode::CheckpointKeyUnknown, field("key"))?;
        checks.ensure(!key.retired, RejectionCode::CheckpointKeyEnded, field("key"));
        let another = keys.all().any(|other| other.key != self.key && !other.retired);
        checks.ensure(another, RejectionCode::CheckpointKeyLast, field("key"));
        Ok(vec![CheckpointKeyRetired { key: self.key }.into()])
    }
}
