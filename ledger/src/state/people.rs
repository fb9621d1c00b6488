//! What decisions know of purposes. Who agreed to them is no decision's business: a consent is always taken, and so is its
//! withdrawal.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::PurposeId;
use soticket_schema::event::v1::{PurposeChanged, PurposeRegistered};

use super::Dense;

/// Purposes that persons can agree to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Purposes {
    known: Dense<Purpose>,
    keys: BTreeMap<String, PurposeId>,
}

/// A purpose.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Purpose {
    /// Version of its wording.
    pub(crate) version: u32,
    /// Its present wording.
    pub(crate) wording: String,
    /// Whether it takes consents.
    pub(crate) open: bool,
}

impl Purposes {
    /// A purpose.
    pub(crate) fn get(&self, purpose: PurposeId) -> Option<&Purpose> {
        self.known.get(purpose.0)
    }

    /// Whether a purpose has this name for programs.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    /// The number of the next purpose.
    pub(crate) fn next(&self) -> PurposeId {
        PurposeId(self.known.next_u32())
    }

    pub(super) fn registered(&mut self, event: &PurposeRegistered) {
        let purpose = Purpose { version: 1, wording: event.terms.wording.clone(), open: true };
        if self.known.push(event.purpose.0, purpose) {
            self.keys.entry(event.key.clone()).or_insert(event.purpose);
        }
    }

    pub(super) fn changed(&mut self, event: &PurposeChanged) {
        if let Some(purpose) = self.known.get_mut(event.purpose.0) {
            let wording = event.terms.wording.clone();
            *purpose = Purpose { version: event.version, wording, open: event.open };
        }
    }
}
