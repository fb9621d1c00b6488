//! What is decided together and made durable by one commit.

use std::ops::Range;

use rustc_hash::FxHashMap;
use soticket_schema::envelope::{HEADER_BYTES, RecordError};
use soticket_schema::ids::{CommandId, Fingerprint, OrganisationId};
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};
use soticket_schema::{Envelope, Event, Rejection, RejectionCode, Timestamp};

use super::Answer;
use crate::entry::Entry;
use crate::log::{Append, Head};
use crate::vault::{Erasure, Writes};

/// One commit's worth of decided commands.
#[derive(Default)]
pub(super) struct Round {
    pub(super) sections: Vec<Section>,
    index: FxHashMap<OrganisationId, usize>,
    pub(super) writes: Writes,
    pub(super) replays: Vec<Replay>,
    /// Persons to forget once the commit is durable.
    pub(super) erasures: Vec<Erasure>,
    /// The last epoch of the vault that the round begins.
    pub(super) epoch: Option<u32>,
}

/// The part of a round that belongs to one organisation.
pub(super) struct Section {
    pub(super) organisation: OrganisationId,
    pub(super) appends: Vec<Append>,
    pub(super) entries: Vec<Entry>,
    pub(super) answers: Vec<(Answer, Range<usize>)>,
}

/// A command that was recorded before, to be answered from the log once everything before it is durable.
pub(super) struct Replay {
    pub(super) organisation: OrganisationId,
    pub(super) command: CommandId,
    pub(super) fingerprint: Fingerprint,
    pub(super) position: u64,
    pub(super) answer: Answer,
}

/// An event with its payload, not yet linked.
#[derive(Clone)]
pub(super) struct Encoded {
    pub(super) event: Event,
    payload: Vec<u8>,
    fingerprint: Option<Fingerprint>,
}

/// Payloads of a command's events; all of them must fit one atomic append.
pub(super) fn encode(events: Vec<Event>, fingerprint: Fingerprint) -> Result<Vec<Encoded>, Rejection> {
    let too_large = || Rejection::new(RejectionCode::CommandTooLarge, "");
    let mut encoded = Vec::with_capacity(events.len());
    let mut first = Some(fingerprint);
    for event in events {
        let fingerprint = first.take();
        let payload = event.encode(fingerprint).map_err(|_| too_large())?;
        encoded.push(Encoded { event, payload, fingerprint });
    }
    let bytes: usize = encoded.iter().map(Encoded::record_bytes).sum();
    if encoded.is_empty() || encoded.len() > APPEND_RECORDS_MAX || bytes > APPEND_BYTES_MAX {
        return Err(too_large());
    }
    Ok(encoded)
}

impl Encoded {
    pub(super) fn record_bytes(&self) -> usize {
        HEADER_BYTES + self.payload.len()
    }
}

/// A fact happened when it says; a hold that ran out on its occasion does so now.
fn occurred_at(event: &Event, first: &Envelope) -> Timestamp {
    match event {
        Event::HoldExpired(_) => first.recorded_at,
        _ => first.occurred_at,
    }
}

impl Round {
    /// Whether nobody waits for it.
    pub(super) fn is_empty(&self) -> bool {
        self.sections.is_empty() && self.replays.is_empty()
    }

    /// The section of `organisation`, which stands at `head` when it is new in this round.
    pub(super) fn section(&mut self, organisation: OrganisationId, head: Head) -> &mut Section {
        let next = self.sections.len();
        let index = *self.index.entry(organisation).or_insert(next);
        if index == next {
            self.sections.push(Section::onto(organisation, head));
        }
        &mut self.sections[index]
    }
}

impl Section {
    /// One that stands at `head`.
    pub(super) fn onto(organisation: OrganisationId, head: Head) -> Self {
        let appends = vec![Append::onto(organisation, head)];
        Self { organisation, appends, entries: Vec::new(), answers: Vec::new() }
    }

    /// Sees to it that so much fits one append: what is pushed next is there as a whole or not at all, whatever the log makes
    /// of several appends.
    pub(super) fn make_room(&mut self, records: usize, bytes: usize) {
        self.append_with_room(records, bytes);
    }

    /// Links one command's events onto the section and returns where its entries are. [`encode`] has checked that
    /// they fit one append; a full append is followed by another of the same commit.
    pub(super) fn push(
        &mut self,
        first: Envelope,
        events: Vec<Encoded>,
    ) -> Result<Range<usize>, RecordError> {
        let bytes: usize = events.iter().map(Encoded::record_bytes).sum();
        let start = self.entries.len();
        let last = self.append_with_room(events.len(), bytes);
        let append = &mut self.appends[last];
        for (part, encoded) in (0_u16..).zip(events) {
            let envelope = Envelope {
                position: append.next.length,
                previous: append.next.hash,
                kind: encoded.event.kind(),
                version: encoded.event.version(),
                part,
                occurred_at: occurred_at(&encoded.event, &first),
                ..first
            };
            let head = append.push(envelope, &encoded.payload)?;
            self.entries.push(Entry {
                envelope,
                hash: head.hash,
                fingerprint: encoded.fingerprint,
                event: encoded.event,
            });
        }
        Ok(start..self.entries.len())
    }

    fn append_with_room(&mut self, records: usize, bytes: usize) -> usize {
        let last = self.appends.len() - 1;
        let append = &self.appends[last];
        let fits = append.count as usize + records <= APPEND_RECORDS_MAX
            && append.records.len() + bytes <= APPEND_BYTES_MAX;
        if fits {
            return last;
        }
        self.appends.push(Append::onto(self.organisation, append.next));
        last + 1
    }
}
