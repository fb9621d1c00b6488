//! The ledger's side of a run: its decisions, and the state that they leave.

use soticket_ledger::Entry;
use soticket_ledger::decide::{Material, decide};
use soticket_ledger::state::State;
use soticket_schema::command::CommandBody;
use soticket_schema::event::v1::{CodeIssuer, Symbology, TicketCode};
use soticket_schema::{
    ActorId, CodeHash, Command, CommandId, Envelope, Event, Hash, OrganisationId, SubjectRef, Timestamp,
};

const ORGANISATION: OrganisationId = OrganisationId([9; 16]);
/// 2026-03-01T12:00:00Z.
const BEGIN: Timestamp = Timestamp(1_772_366_400_000_000);
/// How long before it is told of a fact happened.
const FACT_AGE: i64 = 1_000_000;

/// Decisions and their state.
pub(crate) struct Office {
    pub(super) state: State,
    pub(super) now: Timestamp,
    position: u64,
    commands: u64,
    codes: u64,
    /// The log, if somebody wants it.
    pub(super) log: Option<Vec<Entry>>,
}

/// The code of a number, as a vault would hash it.
pub(super) fn code(number: u64) -> CodeHash {
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    CodeHash(hash)
}

/// The number that a code stands for.
pub(super) fn number_of(code: CodeHash) -> u64 {
    let (number, _) =
        code.0.split_first_chunk::<8>().map_or(([0; 8], &[][..]), |(first, rest)| (*first, rest));
    u64::from_be_bytes(number)
}

impl Office {
    pub(super) fn new() -> Self {
        Self { state: State::new(ORGANISATION), now: BEGIN, position: 0, commands: 0, codes: 0, log: None }
    }

    /// The command that asks for this now.
    pub(super) fn command(&self, body: CommandBody, actor: ActorId, fact: bool) -> Command {
        let occurred_at = fact.then_some(Timestamp(self.now.0 - FACT_AGE));
        Command { organisation: ORGANISATION, actor, key: "k".into(), occurred_at, body }
    }

    /// Decides, and folds what comes of it.
    pub(super) fn submit(&mut self, command: &Command) -> Result<Vec<Event>, &'static str> {
        let codes = self.codes_for(&command.body);
        // Who buys: a person by the first letter of the e-mail, as a vault would find them again.
        let buyer = command.body.buyer();
        let subject = buyer.map(|buyer| SubjectRef([buyer.email.bytes().next().unwrap_or(1); 16]));
        let material = Material { now: self.now, subject, codes, ..Material::default() };
        let events = decide(&self.state, command, &material).map_err(|rejection| rejection.code.code())?;
        self.commands += 1;
        for (part, event) in events.iter().enumerate() {
            self.apply(command, event, part, events.len());
        }
        Ok(events)
    }

    fn codes_for(&mut self, body: &CommandBody) -> Vec<TicketCode> {
        let of = |hash| TicketCode { hash, issuer: CodeIssuer::House, symbology: Symbology::Qr };
        let count = match body {
            CommandBody::ReportSale(sale) => sale.tickets.len(),
            CommandBody::ReportScan(scan) => return vec![of(code(scan.code.parse().unwrap_or(0)))],
            CommandBody::RedeemTicket(redeem) => return vec![of(code(redeem.code.parse().unwrap_or(0)))],
            body => body.house_codes(),
        };
        let next = |_| {
            self.codes += 1;
            of(code(self.codes))
        };
        (0..count).map(next).collect()
    }

    fn apply(&mut self, command: &Command, event: &Event, part: usize, parts: usize) {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.commands.to_be_bytes());
        let envelope = Envelope {
            organisation: ORGANISATION,
            position: self.position,
            previous: Hash::default(),
            kind: event.kind(),
            version: event.version(),
            recorded_at: self.now,
            occurred_at: command.occurred_at.unwrap_or(self.now),
            actor: command.actor,
            command: CommandId(id),
            part: u16::try_from(part).unwrap_or(u16::MAX),
            parts: u16::try_from(parts).unwrap_or(u16::MAX),
        };
        self.position += 1;
        self.state.apply(&envelope, event);
        if let Some(log) = &mut self.log {
            log.push(Entry { envelope, hash: Hash::default(), fingerprint: None, event: event.clone() });
        }
    }
}
