//! The whole ledger: venues at work, one caller each, and everything that is promised about what they did.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use soticket_ledger::verify::verify_log;
use soticket_ledger::{Ledger, Options, Receipt, SubmitError};
use soticket_projections::{self as projections, Projections};
use soticket_schema::event::Event;
use soticket_schema::ids::{SubjectRef, TicketId};
use soticket_schema::{Command, RecordView};

use super::expect::compare;
use super::{Demand, Verdict, Work};
use crate::random::Random;
use crate::receipts::{Notebook, Noted};
use crate::workload::{Load, Venue};

/// Organisations that share the folder.
const VENUES: u8 = 3;

pub(super) fn work(data: &Path, notes: &Path, work: &Work, mut random: Random) -> Result<()> {
    let notes = Arc::new(Notebook::open(notes)?);
    let ledger = Ledger::open(data, Options::default())?;
    let projections = Projections::start(ledger.clone(), with_snapshots(data))?;
    let mut callers = Vec::new();
    for number in 1..=VENUES {
        let load = Load::new(Venue::set_up(&ledger, number)?, work.caller.clone(), random.fork());
        let (ledger, notes) = (ledger.clone(), Arc::clone(&notes));
        let share = work.commands / u32::from(VENUES);
        callers.push(std::thread::spawn(move || {
            let mut load = load;
            (0..share).try_for_each(|_| submit(&ledger, &mut load, &notes))
        }));
    }
    for caller in callers {
        match caller.join() {
            Ok(done) => done?,
            Err(_) => bail!("a caller panicked"),
        }
    }
    if work.heads {
        for (organisation, head) in ledger.heads() {
            let position = head.length - 1;
            notes.note(&Noted { organisation, position, hash: head.hash, key: "head".to_owned() })?;
        }
    }
    projections.close();
    ledger.close();
    Ok(())
}

/// Snapshots are written often, so that a process dies with some on the disk.
pub(crate) fn with_snapshots(data: &Path) -> projections::Options {
    projections::Options { snapshots: Some(data.join("snapshots")), snapshot_every: 200 }
}

/// Submits the load's next command and notes what is acknowledged. A refusal is an answer, a stopped ledger is not.
pub(crate) fn submit(ledger: &Ledger, load: &mut Load, notes: &Notebook) -> Result<()> {
    let command = load.next(ledger.now());
    match ledger.submit_blocking(command.clone()) {
        Ok(receipt) => {
            notes.note(&noted(&command, &receipt))?;
            load.learn(&receipt);
            Ok(())
        }
        Err(SubmitError::Rejected(_) | SubmitError::Overloaded) => Ok(()),
        Err(stopped) => Err(stopped.into()),
    }
}

fn noted(command: &Command, receipt: &Receipt) -> Noted {
    let (position, hash) = (receipt.position(), receipt.hash());
    Noted { organisation: command.organisation, position, hash, key: command.key.clone() }
}

pub(super) fn check(data: &Path, noted: &[Noted], demand: Demand) -> Verdict {
    let ledger = match Ledger::open(data, Options::default()) {
        Ok(ledger) => ledger,
        Err(error) => return Verdict::Refused { code: error.code.to_owned(), message: error.message },
    };
    let verdict = compare_all(&ledger, data, noted, demand.exact);
    if verdict != Verdict::Full || !demand.append {
        return verdict;
    }
    match sell_once_more(&ledger) {
        Ok(more) => {
            ledger.close();
            drop(ledger);
            check(data, &[noted, &more].concat(), Demand { append: false, ..demand })
        }
        Err(error) => Verdict::Wrong(format!("it takes no more: {error:#}")),
    }
}

fn compare_all(ledger: &Ledger, data: &Path, noted: &[Noted], exact: bool) -> Verdict {
    let canonical = |record: &RecordView<'_>| {
        let envelope = record.envelope;
        let decoded = Event::decode_canonical(envelope.kind, envelope.version, record.payload);
        decoded.map(drop).map_err(|error| error.to_string())
    };
    let report = verify_log(ledger.log(), &canonical, &mut |_| {});
    if let Some(violation) = report.violations.first() {
        let code = format!("VERIFY_{:?}", violation.rule).to_uppercase();
        let message = format!("{} {}: {}", violation.organisation, violation.position, violation.detail);
        return Verdict::Violation { code, message };
    }
    let verdict = compare(ledger.log(), noted, exact);
    if verdict != Verdict::Full {
        return verdict;
    }
    match folded(ledger, data) {
        Ok(None) => vault(ledger, noted),
        Ok(Some(differs)) => Verdict::Wrong(differs),
        Err(error) => Verdict::Wrong(format!("the projections do not start: {error:#}")),
    }
}

/// What the projections hold, from their snapshots on, is what a rebuild from the first event gives; else what differs.
fn folded(ledger: &Ledger, data: &Path) -> Result<Option<String>> {
    let kept = Projections::start(ledger.clone(), with_snapshots(data))?;
    let rebuilt = Projections::start(ledger.clone(), projections::Options::default())?;
    let mut differs = None;
    for (organisation, head) in ledger.heads() {
        let (kept, rebuilt) = (kept.digests(organisation), rebuilt.digests(organisation));
        let complete = kept.as_ref().is_some_and(|(folded, _)| *folded == head.length);
        if kept != rebuilt || !complete {
            differs = Some(format!("projections of {organisation}: kept {kept:?}, rebuilt {rebuilt:?}"));
        }
    }
    kept.close();
    rebuilt.close();
    Ok(differs)
}

/// The vault knows every person and every code that an acknowledged event names, or says that it is damaged.
fn vault(ledger: &Ledger, noted: &[Noted]) -> Verdict {
    for Noted { organisation, position, .. } in noted {
        let entries = match ledger.read_at(*organisation, &[*position]) {
            Ok(entries) => entries,
            Err(error) => return Verdict::violation(&error),
        };
        let Some(entry) = entries.first() else {
            return Verdict::Wrong(format!("position {position} of {organisation} is not read back"));
        };
        let (person, tickets) = named(&entry.event);
        let known = person
            .map_or(Ok(true), |person| ledger.person(*organisation, person).map(|person| person.is_some()));
        let coded = tickets.iter().try_fold(true, |all, ticket| {
            ledger.codes(*organisation, *ticket).map(|codes| all && !codes.is_empty())
        });
        match known.and_then(|known| coded.map(|coded| known && coded)) {
            Ok(true) => {}
            Ok(false) => {
                return Verdict::Wrong(format!("the vault lacks what {position} of {organisation} names"));
            }
            Err(error) => {
                return Verdict::Violation { code: error.code().to_owned(), message: error.to_string() };
            }
        }
    }
    Verdict::Full
}

/// The person and the tickets that an event names.
fn named(event: &Event) -> (Option<SubjectRef>, Vec<TicketId>) {
    match event {
        Event::OrderPlaced(event) => {
            (event.lines.subject, event.lines.tickets.iter().map(|line| line.ticket).collect())
        }
        Event::PaymentRecorded(event) => (event.subject, Vec::new()),
        Event::HoldPlaced(event) => (event.subject, Vec::new()),
        _ => (None, Vec::new()),
    }
}

/// One more order for every venue, as the first command after a restart.
fn sell_once_more(ledger: &Ledger) -> Result<Vec<Noted>> {
    let mut more = Vec::new();
    for number in 1..=VENUES {
        let venue = Venue::set_up(ledger, number)?;
        let mut load = Load::new(venue, "once-more", Random::new(u64::from(number)));
        let command = load.sell();
        let receipt = ledger.submit_blocking(command.clone()).context("a new order")?;
        more.push(noted(&command, &receipt));
    }
    Ok(more)
}
