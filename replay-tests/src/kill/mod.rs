//! kill -9 at random moments under concurrent load: what was acknowledged is there, the chain holds, and the
//! projections equal a rebuild. The data folder lives on from round to round.

mod child;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

pub use child::run as serve;

use crate::outcome::{self, Outcome};
use crate::random::Random;
use crate::receipts;
use crate::subject::Subject;

/// Rounds after which the campaign begins with an empty folder again.
const ROUNDS_PER_FOLDER: u32 = 25;

/// How a campaign runs.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program with the subcommands `serve` and `check`.
    pub program: PathBuf,
    /// How often to kill.
    pub rounds: u32,
    /// Seed of every choice.
    pub seed: u64,
    /// Concurrent submitters.
    pub callers: u32,
}

/// What a campaign saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Processes that were killed.
    pub kills: u32,
    /// Receipts that were acknowledged before a kill and found after it.
    pub receipts: u64,
    /// Kills that struck while the folder was being opened.
    pub while_opening: u32,
}

/// Runs the campaign below `folder`, which is empty.
///
/// # Errors
/// A receipt is missing or differs, the folder is refused, or something is wrong with the campaign itself.
pub fn run(plan: &Plan, folder: &Path) -> Result<Report> {
    let mut random = Random::new(plan.seed);
    let mut report = Report::default();
    let mut known = 0;
    for round in 0..plan.rounds {
        let place = folder.join(format!("{}", round / ROUNDS_PER_FOLDER));
        if round % ROUNDS_PER_FOLDER == 0 {
            fs::create_dir_all(&place)?;
            known = 0;
        }
        let (data, notes) = (place.join("data"), place.join("receipts"));
        let was_open = strike(plan, round, &data, &notes, &mut random)?;
        report.kills += 1;
        report.while_opening += u32::from(!was_open);
        match outcome::check(&plan.program, Subject::Ledger, &data, &notes, &[])? {
            Outcome::Full => {}
            other => bail!("round {round} of seed {}: {other:?} (left in {})", plan.seed, place.display()),
        }
        let acknowledged = receipts::read(&notes)?.len() as u64;
        report.receipts += acknowledged - known;
        known = acknowledged;
    }
    Ok(report)
}

/// Starts a server, lets it work for a random while, kills it, and tells whether it had been open by then.
fn strike(plan: &Plan, round: u32, data: &Path, notes: &Path, random: &mut Random) -> Result<bool> {
    let mut child = Command::new(&plan.program)
        .arg("serve")
        .args([data, notes])
        .args(["--callers", &plan.callers.to_string()])
        .args(["--seed", &random.any().to_string(), "--round", &round.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .context("the server could not be started")?;
    let stdout = child.stdout.take().context("the server has no output")?;
    // Some kills strike at a moment that counts from the start of the process: it may be opening, or repairing what
    // the kill before it has left.
    let from_start = random.chance(25);
    let mut opened = BufReader::new(stdout);
    let mut line = String::new();
    if !from_start {
        opened.read_line(&mut line)?;
    }
    std::thread::sleep(Duration::from_micros(random.below(if from_start { 60_000 } else { 250_000 })));
    child.kill()?;
    let status = child.wait()?;
    if from_start {
        opened.read_line(&mut line)?;
    }
    if status.code().is_some() {
        bail!("the server of round {round} ended by itself: {status}");
    }
    Ok(!line.is_empty())
}
