//! Records of a real log, and what an attacker makes of them.

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::OnceLock;

use soticket_ledger::log::{Log, SledLog, SledOptions};
use soticket_schema::{Envelope, Event, Hash, OrganisationId, RecordView};

use super::program::done;

/// The demonstration's show with its settlement sealed.
pub(crate) const SHOW: &str = "S-2026-0314";

/// One record, to be changed.
#[derive(Clone)]
pub(crate) struct Record {
    pub(crate) envelope: Envelope,
    pub(crate) payload: Vec<u8>,
}

impl Record {
    pub(crate) fn event(&self) -> Event {
        Event::decode(self.envelope.kind, self.envelope.version, &self.payload).unwrap().1
    }

    /// Puts another event in its place.
    pub(crate) fn set_event(&mut self, event: &Event) {
        let (fingerprint, _) =
            Event::decode(self.envelope.kind, self.envelope.version, &self.payload).unwrap();
        self.payload = event.encode(fingerprint).unwrap();
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.envelope.write(&self.payload, &mut bytes).unwrap();
        bytes
    }
}

/// A data folder of the demonstration.
pub(crate) struct Demo {
    pub(crate) organisation: OrganisationId,
    pub(crate) records: Vec<Record>,
}

/// Made once by the program itself.
pub(crate) fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        done(folder.path(), &["demo", "--once"]);
        done(folder.path(), &["seal", SHOW]);
        let (organisation, records) = read_all(&folder.path().join("data"));
        Demo { organisation, records }
    })
}

/// Every record of the one organisation of a data folder.
pub(crate) fn read_all(data: &Path) -> (OrganisationId, Vec<Record>) {
    let log = SledLog::open(data, &SledOptions::default()).unwrap();
    let (organisation, _) = log.heads()[0];
    let mut records = Vec::new();
    log.read(organisation, 0, &mut |record: RecordView<'_>| {
        records.push(Record { envelope: record.envelope, payload: record.payload.to_vec() });
        ControlFlow::Continue(())
    })
    .unwrap();
    (organisation, records)
}

/// The records as they are, each as its bytes.
pub(crate) fn bytes(records: &[Record]) -> Vec<Vec<u8>> {
    records.iter().map(Record::bytes).collect()
}

/// A chain over the records: positions, links and times as the rules demand them, whatever they were.
pub(crate) fn relinked(records: &[Record]) -> Vec<Vec<u8>> {
    let organisation = records[0].envelope.organisation;
    let mut previous = Hash::genesis(organisation);
    let mut chain = Vec::new();
    for (position, record) in (0..).zip(records) {
        let envelope = Envelope { position, previous, ..record.envelope };
        let bytes = Record { envelope, payload: record.payload.clone() }.bytes();
        previous = Hash::of_record(&bytes);
        chain.push(bytes);
    }
    chain
}

/// Positions of the records of the first sale at or behind a position.
pub(crate) fn sale(records: &[Record], from: usize) -> std::ops::Range<usize> {
    let is_sale = |record: &Record| {
        record.envelope.part == 0
            && matches!(record.event(), Event::OrderPlaced(_) | Event::ExternalSaleReported(_))
    };
    let first = (from..records.len()).find(|position| is_sale(&records[*position])).unwrap();
    first..first + usize::from(records[first].envelope.parts)
}
