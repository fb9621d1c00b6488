//! The storage engine alone: appends of every size for a few organisations, values beside them, and merging.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use soticket_ledger::log::{Append, Head, Log as _, LogError, SledLog, SledOptions};
use soticket_schema::{ActorId, CommandId, Envelope, Hash, OrganisationId, Timestamp};

use super::expect::compare;
use super::{Demand, Verdict, Work};
use crate::random::Random;
use crate::receipts::{Notebook, Noted};

/// Organisations that share the folder.
const ORGANISATIONS: u64 = 3;
/// Commits between two rounds of merging.
const MERGE_EVERY: u32 = 40;
/// Bytes that one round of merging looks at.
const MERGE_BYTES: usize = 1 << 20;

pub(super) fn work(data: &Path, notes: &Path, work: &Work, mut random: Random) -> Result<()> {
    let notes = Notebook::open(notes)?;
    let log = SledLog::open(data, &SledOptions::default())?;
    for number in 0..work.commands {
        let appends = appends(&log, &mut random)?;
        let key = format!("{}-{number}", work.caller);
        log.side_store().put(&[(key.clone().into_bytes(), value(&key))])?;
        log.commit(&appends)?;
        for append in &appends {
            note(&notes, append.organisation, append.next, &key)?;
        }
        if number % MERGE_EVERY == 0 {
            while log.merge_small_pages(MERGE_BYTES)?.more {}
        }
    }
    if work.heads {
        for (organisation, head) in log.heads() {
            note(&notes, organisation, head, "head")?;
        }
    }
    Ok(())
}

fn note(notes: &Notebook, organisation: OrganisationId, head: Head, key: &str) -> Result<()> {
    let position = head.length - 1;
    notes.note(&Noted { organisation, position, hash: head.hash, key: key.to_owned() })
}

/// The value that is put beside a commit: some fit one chunk, some do not.
fn value(key: &str) -> Vec<u8> {
    let length = key.bytes().map(usize::from).sum::<usize>() % 7_000;
    key.bytes().cycle().take(length).collect()
}

/// One or two organisations at a time, mostly single records, now and then many or large ones.
fn appends(log: &SledLog, random: &mut Random) -> Result<Vec<Append>> {
    let first = random.below(ORGANISATIONS);
    let count = if random.chance(30) { 2 } else { 1 };
    (first..first + count)
        .map(|number| {
            let organisation = OrganisationId([1 + (number % ORGANISATIONS) as u8; 16]);
            let head = log.head(organisation).unwrap_or_else(|| Head::genesis(organisation));
            let mut append = Append::onto(organisation, head);
            let records = if random.chance(10) { 1 + random.below(60) } else { 1 };
            for _ in 0..records {
                let longest = if random.chance(12) { 30_000 } else { 400 };
                let payload: Vec<u8> = (0..random.below(longest)).map(|_| random.any() as u8).collect();
                append.push(envelope(append.next), &payload)?;
            }
            Ok(append)
        })
        .collect()
}

fn envelope(head: Head) -> Envelope {
    let time = Timestamp(head.recorded_at.0 + 1);
    Envelope {
        organisation: OrganisationId::default(),
        position: 0,
        previous: Hash::default(),
        kind: 1,
        version: 1,
        recorded_at: time,
        occurred_at: time,
        actor: ActorId(1),
        command: CommandId::default(),
        part: 0,
        parts: 1,
    }
}

pub(super) fn check(data: &Path, noted: &[Noted], demand: Demand) -> Verdict {
    let log = match SledLog::open(data, &SledOptions::default()) {
        Ok(log) => log,
        Err(error) => return Verdict::refused(&error),
    };
    let verdict = compare_all(&log, noted, demand.exact);
    if verdict != Verdict::Full || !demand.append {
        return verdict;
    }
    match append_to_all(&log) {
        Ok(more) => {
            drop(log);
            check(data, &[noted, &more].concat(), Demand { append: false, ..demand })
        }
        Err(error) => Verdict::Wrong(format!("it takes no more: {error:#}")),
    }
}

fn compare_all(log: &SledLog, noted: &[Noted], exact: bool) -> Verdict {
    if let Err(error) = log.verify_rest(&mut |_| std::ops::ControlFlow::Continue(())) {
        return Verdict::violation(&error);
    }
    let verdict = compare(log, noted, exact);
    if verdict != Verdict::Full {
        return verdict;
    }
    match missing_value(log, noted) {
        Ok(None) => Verdict::Full,
        Ok(Some(key)) => Verdict::Wrong(format!("the value beside {key} is missing")),
        Err(error) => Verdict::violation(&error),
    }
}

/// The key of a receipt whose value is not there.
fn missing_value(log: &SledLog, noted: &[Noted]) -> Result<Option<String>, LogError> {
    let side = log.side_store();
    for Noted { key, .. } in noted.iter().filter(|noted| noted.key.contains('-')) {
        if side.get(key.as_bytes())? != Some(value(key)) {
            return Ok(Some(key.clone()));
        }
    }
    Ok(None)
}

/// One more record for every organisation.
fn append_to_all(log: &SledLog) -> Result<Vec<Noted>> {
    let mut more = Vec::new();
    for number in 1..=ORGANISATIONS {
        let organisation = OrganisationId([number as u8; 16]);
        let head = log.head(organisation).unwrap_or_else(|| Head::genesis(organisation));
        let mut append = Append::onto(organisation, head);
        let next = append.push(envelope(head), b"once more")?;
        log.commit(&[append]).context("a new commit")?;
        ensure!(log.head(organisation) == Some(next), "the head did not move");
        more.push(Noted { organisation, position: head.length, hash: next.hash, key: "more".to_owned() });
    }
    Ok(more)
}
