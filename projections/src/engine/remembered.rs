//! Earlier moments that were asked for lately. What a show was at a position of an append-only log never changes: the
//! formats of one statement, and whoever compares it, need not fold it again.

use std::collections::VecDeque;

use parking_lot::Mutex;
use soticket_schema::{OrganisationId, ShowId, Timestamp};

use super::as_of::{AsOf, AsOfView};

/// Moments that are kept: a view of a large show takes a few megabytes.
const MOMENTS: usize = 8;

/// Which show, after the event at which position, and at which instant if that is what was asked for.
pub(super) type Key = (OrganisationId, ShowId, u64, Option<Timestamp>);

/// The moments that were asked for last, the latest at the end.
#[derive(Debug, Default)]
pub(super) struct Remembered(Mutex<VecDeque<(Key, AsOfView)>>);

impl Remembered {
    /// What names a moment. An instant shows what has run out by then, so that it is another one than its position.
    pub(super) fn key(organisation: OrganisationId, show: ShowId, position: u64, at: AsOf) -> Key {
        let instant = match at {
            AsOf::Position(_) => None,
            AsOf::Recorded(instant) => Some(instant),
        };
        (organisation, show, position, instant)
    }

    /// The view of a moment, if it is still known.
    pub(super) fn find(&self, key: &Key) -> Option<AsOfView> {
        let mut moments = self.0.lock();
        let place = moments.iter().position(|(known, _)| known == key)?;
        let moment = moments.remove(place)?;
        let view = moment.1.clone();
        moments.push_back(moment);
        Some(view)
    }

    /// Keeps the view of a moment in the place of the one that nobody has asked for longest.
    pub(super) fn keep(&self, key: Key, view: &AsOfView) {
        let mut moments = self.0.lock();
        if moments.iter().any(|(known, _)| *known == key) {
            return;
        }
        if moments.len() >= MOMENTS {
            moments.pop_front();
        }
        moments.push_back((key, view.clone()));
    }
}
