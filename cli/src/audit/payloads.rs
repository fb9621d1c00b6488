//! Payloads: each must be an event of the catalogue; some are kept for later.

use std::sync::Mutex;

use soticket_ledger::proof::{KeyKind, VerifierKey};
use soticket_projections::deals::Seal;
use soticket_schema::{Event, OrganisationId, RecordView};

/// Looks at payloads from several threads.
#[derive(Default)]
pub(super) struct Payloads(Mutex<Found>);

/// What later checks need of the payloads.
#[derive(Default)]
pub(super) struct Found {
    /// Sealed settlements.
    pub(super) seals: Vec<(OrganisationId, Seal)>,
    /// Keys of checkpoints that the logs register.
    pub(super) keys: Vec<(OrganisationId, VerifierKey)>,
}

impl Payloads {
    /// A payload must be an event of the catalogue, encoded in the one canonical way.
    pub(super) fn check(&self, record: &RecordView<'_>) -> Result<(), String> {
        let envelope = &record.envelope;
        let decoded = Event::decode_canonical(envelope.kind, envelope.version, record.payload);
        let (_, event) = decoded.map_err(|error| error.to_string())?;
        match event {
            Event::SettlementSealed(sealed) => {
                let seal = Seal { position: envelope.position, sealed };
                self.keep(|found| found.seals.push((envelope.organisation, seal)));
            }
            Event::CheckpointKeyRegistered(key) => {
                let key = VerifierKey::new(&key.origin, KeyKind::Log, key.public.0);
                // A name that no key can have signs nothing either.
                self.keep(|found| found.keys.extend(key.ok().map(|key| (envelope.organisation, key))));
            }
            _ => {}
        }
        Ok(())
    }

    fn keep(&self, keep: impl FnOnce(&mut Found)) {
        // A thread that ended by a panic ends the whole verification.
        if let Ok(mut found) = self.0.lock() {
            keep(&mut found);
        }
    }

    pub(super) fn found(self) -> Found {
        self.0.into_inner().unwrap_or_default()
    }
}
