//! Turns commands into records by the ledger's own decisions, without its vault, clock or disk.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use soticket_ledger::decide::{Material, decide};
use soticket_ledger::log::{Append, Head};
use soticket_ledger::state::State;
use soticket_schema::command::CommandBody;
use soticket_schema::envelope::HEADER_BYTES;
use soticket_schema::event::v1::{CodeIssuer, Symbology, TicketCode};
use soticket_schema::ids::{CodeHash, CommandId, Fingerprint, SubjectRef};
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};
use soticket_schema::{Command, Envelope, Event, Hash, Timestamp};

use super::{ORGANISATION, Random, Sink};

/// The first record's instant: 2026-01-01T00:00:00Z.
const BEGIN: Timestamp = Timestamp(1_767_225_600_000_000);
/// Microseconds between two commands.
const PACE: i64 = 1_500_000;

/// A log in the making.
pub(crate) struct Recorder {
    state: State,
    /// Appends that are as full as they may be.
    full: VecDeque<Append>,
    append: Append,
    now: Timestamp,
    random: Random,
    last_decision: Duration,
}

impl Recorder {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            state: State::new(ORGANISATION),
            full: VecDeque::new(),
            append: Append::onto(ORGANISATION, Head::genesis(ORGANISATION)),
            now: BEGIN,
            random: Random::new(seed ^ 0x5eed_c0de),
            last_decision: Duration::ZERO,
        }
    }

    /// How long the last decision took, without applying, encoding or linking its events.
    pub(crate) fn last_decision(&self) -> Duration {
        self.last_decision
    }

    /// What decisions are made on.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// Takes the next full append, if there is one.
    pub(crate) fn take_full(&mut self) -> Option<Append> {
        self.full.pop_front()
    }

    /// Takes what was recorded since the last full append.
    pub(crate) fn take(&mut self) -> Append {
        let next = Append::onto(ORGANISATION, self.append.next);
        std::mem::replace(&mut self.append, next)
    }

    /// Records in no full append yet.
    pub(crate) fn waiting(&self) -> u32 {
        self.append.count
    }

    /// Whether a command of `records` with `bytes` of payloads has no room in the append that is being filled.
    fn is_full(&self, records: usize, bytes: usize) -> bool {
        self.append.count as usize + records > APPEND_RECORDS_MAX
            || self.append.records.len() + bytes + records * HEADER_BYTES > APPEND_BYTES_MAX
    }

    /// What the vault would give: a subject for a named buyer, and codes. A scanned code is its hash in hexadecimal.
    fn material(&mut self, command: &Command) -> Result<Material> {
        let codes = match &command.body {
            CommandBody::PlaceOrder(order) => {
                order.tickets.iter().map(|_| house_code(CodeHash(self.random.bytes()))).collect()
            }
            CommandBody::ReportScan(scan) => {
                vec![house_code(CodeHash::parse(&scan.code).context("a scanned code is no hash")?)]
            }
            _ => Vec::new(),
        };
        let subject = command.body.buyer().map(|buyer| {
            let mut subject = SubjectRef::default();
            let length = buyer.email.len().min(16);
            subject.0[..length].copy_from_slice(&buyer.email.as_bytes()[..length]);
            subject
        });
        Ok(Material { now: self.now, subject, codes, ..Material::default() })
    }
}

impl Sink for Recorder {
    fn submit(&mut self, command: Command) -> Result<Vec<Event>> {
        self.now.0 += PACE;
        let material = self.material(&command)?;
        let started = Instant::now();
        let events = decide(&self.state, &command, &material).map_err(|rejection| anyhow!("{rejection}"))?;
        self.last_decision = started.elapsed();
        let first = Envelope {
            organisation: ORGANISATION,
            position: 0,
            previous: Hash::default(),
            kind: 0,
            version: 0,
            recorded_at: self.now,
            occurred_at: command.occurred_at.unwrap_or(self.now),
            actor: command.actor,
            command: CommandId(self.random.bytes()),
            part: 0,
            parts: u16::try_from(events.len())?,
        };
        let mut fingerprint = Some(Fingerprint(self.random.bytes()));
        let payloads =
            events.iter().map(|event| event.encode(fingerprint.take())).collect::<Result<Vec<_>, _>>()?;
        if self.is_full(payloads.len(), payloads.iter().map(Vec::len).sum()) {
            let full = self.take();
            self.full.push_back(full);
        }
        for ((part, event), payload) in (0..).zip(&events).zip(payloads) {
            let envelope = Envelope { kind: event.kind(), version: event.version(), part, ..first };
            self.append.push(envelope, &payload)?;
            self.state.apply(&envelope, event);
        }
        Ok(events)
    }
}

fn house_code(hash: CodeHash) -> TicketCode {
    TicketCode { hash, issuer: CodeIssuer::House, symbology: Symbology::Qr }
}
