//! A whole box office under random commands: a long run of decisions, and books kept from their events alone by rules
//! written down a second time.

mod books;
mod choose;
mod house;
mod money;
mod places;
mod rights;

use anyhow::{Result, bail};
use soticket_ledger::Entry;
use soticket_ledger::decide::{Material, decide};
use soticket_ledger::state::State;
use soticket_schema::command::CommandBody;
use soticket_schema::event::v1::{CodeIssuer, Symbology, TicketCode};
use soticket_schema::{
    ActorId, CodeHash, Command, CommandId, Envelope, Event, Hash, OrganisationId, SubjectRef, Timestamp,
};

use crate::random::Random;
use books::Books;
use choose::Choice;

const ORGANISATION: OrganisationId = OrganisationId([9; 16]);
/// 2026-03-01T12:00:00Z.
const BEGIN: Timestamp = Timestamp(1_772_366_400_000_000);
/// Commands after which everything is compared, not only what a command touched.
const WHOLE_EVERY: u64 = 20_000;

/// How long a run is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Random commands.
    pub commands: u64,
    /// Seed of every choice.
    pub seed: u64,
}

/// What a run came to.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Report {
    /// Random commands.
    pub commands: u64,
    /// Commands that became events.
    pub accepted: u64,
    /// Their events.
    pub events: u64,
    /// Refused commands by code, the most frequent first.
    pub refused: Vec<(&'static str, u64)>,
    /// Accepted commands by kind of their first event, the most frequent first.
    pub kinds: Vec<(&'static str, u64)>,
    /// Tickets sold.
    pub tickets: u64,
}

/// The ledger's side: its decisions and their state.
pub(crate) struct Office {
    state: State,
    now: Timestamp,
    position: u64,
    codes: u64,
    /// The log, if somebody wants it.
    log: Option<Vec<Entry>>,
}

/// Runs `plan`.
///
/// # Errors
/// The first rule that a decision broke, with the command and its events.
pub fn run(plan: &Plan) -> Result<Report> {
    Ok(finish(plan, Run::new(plan.seed))?.report)
}

/// Runs `plan` and gives the log that comes of it.
///
/// # Errors
/// As [`run`].
pub fn log(plan: &Plan) -> Result<Vec<Entry>> {
    let mut run = Run::new(plan.seed);
    run.office.log = Some(Vec::new());
    Ok(finish(plan, run)?.office.log.unwrap_or_default())
}

fn finish(plan: &Plan, mut run: Run) -> Result<Run> {
    house::open(&mut run)?;
    for number in 1..=plan.commands {
        run.step()?;
        if number % WHOLE_EVERY == 0 {
            run.books.check_whole(&run.office.state)?;
        }
    }
    run.books.check_whole(&run.office.state)?;
    run.report.commands = plan.commands;
    run.report.tickets = run.books.tickets_sold();
    run.report.refused.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    run.report.kinds.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    Ok(run)
}

/// A run so far.
pub(crate) struct Run {
    random: Random,
    office: Office,
    pub(crate) books: Books,
    report: Report,
}

impl Run {
    fn new(seed: u64) -> Self {
        let office = Office { state: State::new(ORGANISATION), now: BEGIN, position: 0, codes: 0, log: None };
        Self { random: Random::new(seed), office, books: Books::default(), report: Report::default() }
    }

    fn step(&mut self) -> Result<()> {
        self.office.now = Timestamp(self.office.now.0 + (self.random.below(60_000_000) as i64));
        if self.books.wants_show() {
            house::schedule(self)?;
        }
        let Choice { body, fact } = choose::command(&mut self.random, &self.books, self.office.now);
        self.submit(body, fact)?;
        Ok(())
    }

    /// Decides; books what comes of it. Returns the events, none when the command was refused.
    pub(crate) fn submit(&mut self, body: CommandBody, fact: bool) -> Result<Vec<Event>> {
        let told = format!("{body:?}");
        match self.office.submit(body, fact) {
            Err(code) => {
                count(&mut self.report.refused, code);
                Ok(Vec::new())
            }
            Ok(events) => {
                self.report.accepted += 1;
                self.report.events += events.len() as u64;
                count(&mut self.report.kinds, events.first().map_or("nothing", Event::name));
                let checked = self.books.record(&events, fact, &self.office.state);
                if let Err(broken) = checked {
                    bail!("{broken}\nafter {told}\nwhich gave {events:#?}");
                }
                Ok(events)
            }
        }
    }

    /// As [`Self::submit`], for what the house cannot do without.
    pub(crate) fn establish(&mut self, body: CommandBody) -> Result<Vec<Event>> {
        let told = format!("{body:?}");
        let events = self.submit(body, false)?;
        if events.is_empty() {
            bail!("the house needs this: {told}; refused: {:?}", self.report.refused);
        }
        Ok(events)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.office.now
    }

    pub(crate) fn random(&mut self) -> &mut Random {
        &mut self.random
    }
}

fn count(list: &mut Vec<(&'static str, u64)>, name: &'static str) {
    match list.iter_mut().find(|(known, _)| *known == name) {
        Some((_, count)) => *count += 1,
        None => list.push((name, 1)),
    }
}

impl Office {
    fn submit(&mut self, body: CommandBody, fact: bool) -> Result<Vec<Event>, &'static str> {
        let codes = self.codes_for(&body);
        // Who buys: a person by the first letter of the e-mail, as a vault would find them again.
        let subject = body.buyer().map(|buyer| SubjectRef([buyer.email.bytes().next().unwrap_or(1); 16]));
        let occurred_at = fact.then_some(Timestamp(self.now.0 - 1_000_000));
        let command =
            Command { organisation: ORGANISATION, actor: ActorId(0), key: "k".into(), occurred_at, body };
        let material = Material { now: self.now, subject, codes, ..Material::default() };
        let events = decide(&self.state, &command, &material).map_err(|rejection| rejection.code.code())?;
        for (part, event) in events.iter().enumerate() {
            self.apply(event, occurred_at, part, events.len());
        }
        Ok(events)
    }

    fn codes_for(&mut self, body: &CommandBody) -> Vec<TicketCode> {
        let count = match body {
            CommandBody::ReportSale(sale) => sale.tickets.len(),
            body => body.house_codes(),
        };
        let code = |_| {
            self.codes += 1;
            let mut hash = [0; 16];
            hash[..8].copy_from_slice(&self.codes.to_be_bytes());
            TicketCode { hash: CodeHash(hash), issuer: CodeIssuer::House, symbology: Symbology::Qr }
        };
        (0..count).map(code).collect()
    }

    fn apply(&mut self, event: &Event, occurred_at: Option<Timestamp>, part: usize, parts: usize) {
        let envelope = Envelope {
            organisation: ORGANISATION,
            position: self.position,
            previous: Hash::default(),
            kind: event.kind(),
            version: event.version(),
            recorded_at: self.now,
            occurred_at: occurred_at.unwrap_or(self.now),
            actor: ActorId(0),
            command: CommandId::default(),
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
