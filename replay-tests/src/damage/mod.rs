//! Damage at rest: flipped bits, cut, swapped, stale and missing files. A damaged folder gives all its events or a named
//! refusal, never fewer events without a word.

mod build;
mod case;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use build::Built;
pub use case::Case;

use crate::outcome::{self, Outcome};
use crate::random::Random;
use crate::subject::Subject;

/// How a campaign runs.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program with the subcommands `work` and `check`.
    pub program: PathBuf,
    /// What is put under test.
    pub subject: Subject,
    /// How many cases.
    pub cases: u32,
    /// Commits or commands that the folder is built from.
    pub commands: u32,
    /// Seed of every choice.
    pub seed: u64,
}

/// What a campaign saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Cases that gave all events.
    pub full: u32,
    /// Cases that were refused, by code.
    pub refused: BTreeMap<String, u32>,
}

impl Report {
    /// All cases.
    pub fn cases(&self) -> u32 {
        self.full + self.refused.values().sum::<u32>()
    }
}

/// Runs the campaign below `folder`, which is empty.
///
/// # Errors
/// A damaged folder opens with fewer or other events, or fails without a code; or the campaign itself fails.
pub fn run(plan: &Plan, folder: &Path) -> Result<Report> {
    let mut random = Random::new(plan.seed);
    let built = build::build(plan, &folder.join("built"))?;
    let mut report = Report::default();
    // A copy is checked: opening a folder changes files.
    let sound = folder.join("sound");
    built.copy(&sound)?;
    let sound = check(plan, &sound.join(build::DATA), &built)?;
    if sound != Outcome::Full {
        bail!("the undamaged folder: {sound:?}");
    }
    for number in 0..plan.cases {
        let copy = folder.join(format!("case-{number}"));
        built.copy(&copy)?;
        let case = Case::any(&built, number, &mut random)?;
        case.apply(&copy, &built).with_context(|| format!("applying {case:?}"))?;
        let data = copy.join(build::DATA);
        match check(plan, &data, &built)? {
            Outcome::Full => report.full += 1,
            Outcome::Refused(code) => *report.refused.entry(code).or_default() += 1,
            Outcome::Wrong(reason) => {
                bail!("case {number} of seed {}: {case:?}: {reason} (left in {})", plan.seed, copy.display())
            }
        }
        fs::remove_dir_all(&copy)?;
    }
    Ok(report)
}

fn check(plan: &Plan, data: &Path, built: &Built) -> Result<Outcome> {
    outcome::check(&plan.program, plan.subject, data, &built.receipts(), &["--exact"])
}
