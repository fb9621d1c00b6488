//! Purposes that persons can agree to, and how long the organisation says that data of persons are kept.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{PurposeTerms, RetentionSet};
use soticket_schema::{Envelope, Event, PurposeId, Timestamp};

/// A purpose with every wording that it had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposeInfo {
    /// Its number.
    pub purpose: PurposeId,
    /// Its name for programs.
    pub key: String,
    /// What it is called and says now.
    pub terms: PurposeTerms,
    /// Whether it takes consents.
    pub open: bool,
    /// Its wordings, the first first: their numbers are versions, from 1.
    pub wordings: Vec<Wording>,
}

/// A wording, and since when it was put to persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// What it says.
    pub text: String,
    /// Since when.
    pub since: Timestamp,
}

/// A period of retention that the organisation has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRetention {
    /// What was set.
    pub set: RetentionSet,
    /// When.
    pub recorded_at: Timestamp,
    /// Position of its record.
    pub position: u64,
}

/// What an organisation laid down about its customers' data.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Purposes {
    purposes: Vec<PurposeInfo>,
    retention: Vec<OwnRetention>,
}

impl Purposes {
    pub(super) fn fold(&mut self, envelope: &Envelope, event: &Event) {
        let since = envelope.recorded_at;
        match event {
            Event::PurposeRegistered(event) if self.get(event.purpose).is_none() => {
                self.purposes.push(PurposeInfo {
                    purpose: event.purpose,
                    key: event.key.clone(),
                    terms: event.terms.clone(),
                    open: true,
                    wordings: vec![Wording { text: event.terms.wording.clone(), since }],
                });
            }
            Event::PurposeChanged(event) => {
                let found = self.purposes.iter_mut().find(|known| known.purpose == event.purpose);
                let Some(purpose) = found else { return };
                if purpose.terms.wording != event.terms.wording {
                    purpose.wordings.push(Wording { text: event.terms.wording.clone(), since });
                }
                (purpose.terms, purpose.open) = (event.terms.clone(), event.open);
            }
            Event::RetentionSet(event) => {
                let (recorded_at, position) = (since, envelope.position);
                self.retention.push(OwnRetention { set: event.clone(), recorded_at, position });
            }
            _ => {}
        }
    }

    pub(super) fn get(&self, purpose: PurposeId) -> Option<&PurposeInfo> {
        self.purposes.iter().find(|known| known.purpose == purpose)
    }

    pub(super) fn all(&self) -> &[PurposeInfo] {
        &self.purposes
    }

    pub(super) fn retention(&self) -> &[OwnRetention] {
        &self.retention
    }
}
