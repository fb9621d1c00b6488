//! Where a log ends, and how far it has been followed.

use async_graphql::SimpleObject;
use soticket_projections::{OrganisationStatus, OrganisationViews};

use crate::scalar::{Counter, Hash, LogPosition};

/// The event that an answer is as of: all events up to it are in the answer, none after it.
#[derive(Debug, Clone, Copy, SimpleObject)]
pub(crate) struct Checkpoint {
    /// Its position.
    pub(super) position: LogPosition,
    /// Its hash, which covers the whole log up to it.
    pub(super) hash: Hash,
}

impl Checkpoint {
    /// The last event that the read models have folded.
    pub(super) fn of(views: &OrganisationViews) -> Option<Self> {
        Some(Self { position: LogPosition(views.position()?), hash: Hash(views.head()) })
    }
}

/// How far the chain of an organisation's log has been followed.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct Verification {
    /// Events in the log.
    recorded: Counter,
    /// Events whose links were followed and that the read models hold.
    followed: Counter,
    /// Why following the log stopped, if it did.
    failure: Option<String>,
}

impl From<OrganisationStatus> for Verification {
    fn from(status: OrganisationStatus) -> Self {
        Self { recorded: Counter(status.recorded), followed: Counter(status.folded), failure: status.failure }
    }
}
