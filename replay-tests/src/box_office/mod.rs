//! A whole box office under random commands: a long run of decisions, and books kept from their events alone by rules
//! written down a second time.

mod books;
mod choose;
mod house;
mod office;

use anyhow::{Result, bail};
use soticket_ledger::Entry;
use soticket_schema::command::CommandBody;
use soticket_schema::{ActorId, Event, Timestamp};

use crate::random::Random;
use books::{Books, Occasion};
use choose::Choice;
use office::Office;

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
    /// All events by kind, the most frequent first.
    pub all_kinds: Vec<(&'static str, u64)>,
    /// What gates were answered, the most frequent first.
    pub answers: Vec<(String, u64)>,
    /// Tickets sold.
    pub tickets: u64,
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
    run.report.answers = run.books.answers();
    let Report { refused, kinds, all_kinds, answers, .. } = &mut run.report;
    for list in [refused, kinds, all_kinds] {
        list.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    }
    answers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
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
        let (random, office) = (Random::new(seed), Office::new());
        Self { random, office, books: Books::default(), report: Report::default() }
    }

    fn step(&mut self) -> Result<()> {
        self.office.now = Timestamp(self.office.now.0 + (self.random.below(60_000_000) as i64));
        if self.books.wants_show() {
            house::schedule(self)?;
        }
        let choice = choose::command(&mut self.random, &self.books, self.office.now);
        self.submit(choice)?;
        Ok(())
    }

    /// Decides; books what comes of it. Returns the events, none when the command was refused.
    fn submit(&mut self, Choice { body, fact, actor }: Choice) -> Result<Vec<Event>> {
        let command = self.office.command(body, actor, fact);
        match self.office.submit(&command) {
            Err(code) => {
                // What a gate saw has happened, whatever it was.
                if matches!(command.body, CommandBody::ReportScan(_)) {
                    bail!("a scan was refused for {code}: {command:?}");
                }
                count(&mut self.report.refused, code);
                Ok(Vec::new())
            }
            Ok(events) => {
                self.report.accepted += 1;
                self.report.events += events.len() as u64;
                count(&mut self.report.kinds, events.first().map_or("nothing", Event::name));
                events.iter().for_each(|event| count(&mut self.report.all_kinds, event.name()));
                let occasion = Occasion { command: &command, now: self.office.now };
                let checked = self.books.record(&occasion, &events, &self.office.state);
                if let Err(broken) = checked {
                    bail!("{broken}\nafter {command:?}\nwhich gave {events:#?}");
                }
                Ok(events)
            }
        }
    }

    /// As [`Self::submit`], for what the house cannot do without.
    pub(crate) fn establish(&mut self, body: CommandBody) -> Result<Vec<Event>> {
        let told = format!("{body:?}");
        let events = self.submit(Choice { body, fact: false, actor: ActorId(0) })?;
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
