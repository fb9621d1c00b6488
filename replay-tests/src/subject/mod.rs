//! What a campaign puts under test, and what runs in a process of its own: the work that is recorded or damaged, and
//! the check of what is left of it.

mod engine;
mod expect;
pub(crate) mod ledger;

use std::path::Path;

use anyhow::Result;

use crate::random::Random;
use crate::receipts::Noted;

/// What is put under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The storage engine alone, with pages and values of all sizes and much merging.
    Engine,
    /// The whole ledger, with the commands of venues at work.
    Ledger,
}

impl Subject {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Engine, Self::Ledger];

    /// Its name as an argument.
    pub fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Ledger => "ledger",
        }
    }
}

/// How much work is done.
#[derive(Debug, Clone)]
pub struct Work {
    /// Commits or commands.
    pub commands: u32,
    /// Seed of every choice.
    pub seed: u64,
    /// What idempotency keys begin with: another one for every run on the same folder.
    pub caller: String,
    /// Whether to note, at the end, where every log stands.
    pub heads: bool,
}

/// Does the work in `data`, noting every acknowledged receipt in `notes`.
///
/// # Errors
/// The folder does not open, or the log stops.
pub fn work(subject: Subject, data: &Path, notes: &Path, work: &Work) -> Result<()> {
    match subject {
        Subject::Engine => engine::work(data, notes, work, Random::new(work.seed)),
        Subject::Ledger => ledger::work(data, notes, work, Random::new(work.seed)),
    }
}

/// What a check demands beyond the receipts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Demand {
    /// Every log ends at its last receipt: there is nothing more.
    pub exact: bool,
    /// The folder takes more, and opens once again with that.
    pub append: bool,
}

/// How a check ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was noted is there.
    Full,
    /// The folder was refused on opening.
    Refused {
        /// Stable code.
        code: String,
        /// What it said.
        message: String,
    },
    /// The folder opened and its verification told a violation.
    Violation {
        /// Stable code.
        code: String,
        /// What it said.
        message: String,
    },
    /// Something that was noted is missing or differs, and nothing told so.
    Wrong(String),
}

/// Checks `data` against what was noted.
pub fn check(subject: Subject, data: &Path, noted: &[Noted], demand: Demand) -> Verdict {
    match subject {
        Subject::Engine => engine::check(data, noted, demand),
        Subject::Ledger => ledger::check(data, noted, demand),
    }
}
