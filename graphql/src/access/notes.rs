//! What the audit journal is told of those who were refused something. What they read of persons is noted by
//! [`crate::personal`]. One event per principal, reason and minute, with a count, once the minute is over: whoever floods the service with
//! requests does not flood the log. A crash loses the notes of the present minute.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use soticket_ledger::Ledger;
use soticket_schema::command::NoteDenials;
use soticket_schema::event::v1::{AccessDenied, DenialReason};
use soticket_schema::ids::{ActorId, OrganisationId, TokenId};
use soticket_schema::{Command, CommandBody, Timestamp};

use super::meter::minute;

/// Most notes of one command.
const NOTES_MAX: usize = 500;

/// By organisation first: what is noted together is consecutive.
type Note = (OrganisationId, Timestamp, ActorId, Option<TokenId>, DenialReason);

/// Notes whose minute is not over, or that are on their way.
#[derive(Default)]
pub(crate) struct Notes(Mutex<BTreeMap<Note, u32>>);

impl Notes {
    /// Somebody was refused something.
    pub(crate) fn denied(
        &self,
        organisation: OrganisationId,
        asker: ActorId,
        token: Option<TokenId>,
        reason: DenialReason,
        now: Timestamp,
    ) {
        let mut notes = self.0.lock();
        let count = notes.entry((organisation, minute(now), asker, token, reason)).or_default();
        *count = count.saturating_add(1);
    }

    /// Records notes: those whose minute is over, or all.
    pub(crate) async fn record(&self, ledger: &Ledger, all: bool) {
        let present = minute(ledger.now());
        let due: Vec<(Note, u32)> = {
            let mut notes = self.0.lock();
            let (due, left) =
                std::mem::take(&mut *notes).into_iter().partition(|(note, _)| all || note.1 < present);
            *notes = left;
            due.into_iter().collect()
        };
        for of_one in due.chunk_by(|left, right| left.0.0 == right.0.0) {
            for notes in of_one.chunks(NOTES_MAX) {
                record(ledger, notes).await;
            }
        }
    }
}

async fn record(ledger: &Ledger, notes: &[(Note, u32)]) {
    let Some(((organisation, ..), _)) = notes.first().copied() else { return };
    let denied = |((_, minute, asker, token, reason), count): &(Note, u32)| AccessDenied {
        asker: *asker,
        token: *token,
        reason: *reason,
        minute: *minute,
        count: *count,
    };
    let body = CommandBody::NoteDenials(NoteDenials { denials: notes.iter().map(denied).collect() });
    let key = format!("access {}", uuid::Uuid::new_v4());
    let command = Command { organisation, actor: ActorId(0), key, occurred_at: None, body };
    if let Err(error) = ledger.submit(command).await {
        tracing::warn!(%organisation, %error, notes = notes.len(), "the audit journal was not told who asked");
    }
}
