//! All read models of an organisation at an earlier moment: the log folded again up to there.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use soticket_schema::OrganisationId;

use super::Projections;
use super::as_of::{AsOf, AsOfError, Log};
use super::replay;
use super::views::OrganisationViews;

/// Moments that are kept: each takes as much memory as the live read models did then.
const MOMENTS: usize = 4;

type Moment = (OrganisationId, u64, Arc<OrganisationViews>);

/// The moments that were asked for last, the latest at the end.
#[derive(Default)]
pub(super) struct Moments(Mutex<VecDeque<Moment>>);

impl Projections {
    /// All read models of an organisation as they were at a moment. What the log was then never changes: the moments that
    /// were asked for last are kept. Reads and folds the log up to there otherwise.
    ///
    /// # Errors
    /// See [`AsOfError`].
    pub fn moment(
        &self,
        organisation: OrganisationId,
        at: AsOf,
    ) -> Result<Arc<OrganisationViews>, AsOfError> {
        let last = self.position(organisation).ok_or(AsOfError::OrganisationUnknown)?;
        let source = self.running.source.as_ref();
        let end = Log { source, organisation }.resolve(at, last)?.envelope.position;
        if let Some(known) = self.known_moment(organisation, end) {
            return Ok(known);
        }
        let mut views = OrganisationViews::new(organisation);
        replay::stretch(&mut views, source, organisation, end.saturating_add(1))
            .map_err(AsOfError::Unreadable)?;
        let views = Arc::new(views);
        let mut kept = self.moments.0.lock();
        if kept.len() >= MOMENTS {
            kept.pop_front();
        }
        kept.push_back((organisation, end, Arc::clone(&views)));
        Ok(views)
    }

    /// The read models as they were after the event at a position, if that moment was asked for lately.
    pub fn known_moment(
        &self,
        organisation: OrganisationId,
        position: u64,
    ) -> Option<Arc<OrganisationViews>> {
        let mut kept = self.moments.0.lock();
        let place = kept.iter().position(|(of, at, _)| (*of, *at) == (organisation, position))?;
        let moment = kept.remove(place)?;
        let views = Arc::clone(&moment.2);
        kept.push_back(moment);
        Some(views)
    }
}
