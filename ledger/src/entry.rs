//! A record, read: envelope, hash and decoded event.

use soticket_schema::codec::CodecError;
use soticket_schema::ids::Fingerprint;
use soticket_schema::{Envelope, Event, Hash, OrganisationId, RecordView};

/// A record as the read side and the callers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its envelope.
    pub envelope: Envelope,
    /// Its hash.
    pub hash: Hash,
    /// The fingerprint of the caller's parameters, on the first event of a command.
    pub fingerprint: Option<Fingerprint>,
    /// The event, upcast to its current version.
    pub event: Event,
}

impl Entry {
    /// Decodes a stored record.
    ///
    /// # Errors
    /// The payload is no event of the catalogue.
    pub fn read(record: &RecordView<'_>) -> Result<Self, CodecError> {
        let envelope = record.envelope;
        let (fingerprint, event) = Event::decode(envelope.kind, envelope.version, record.payload)?;
        Ok(Self { envelope, hash: record.hash(), fingerprint, event })
    }
}

/// Consecutive entries of one organisation that became durable together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The organisation.
    pub organisation: OrganisationId,
    /// The entries, in log order.
    pub entries: Vec<Entry>,
}
