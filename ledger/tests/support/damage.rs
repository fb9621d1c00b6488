//! One damaged copy of a data folder after the other.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use proptest::prelude::Rng;
use proptest::test_runner::{RngAlgorithm, TestRng};
use soticket_ledger::log::{Head, Log, LogError, SledLog, SledOptions};
use soticket_ledger::verify::verify_log;
use soticket_schema::OrganisationId;
use tempfile::TempDir;

use crate::chain::{append, organisation};

/// What became of a damaged folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All records are there, and the log goes on.
    Full,
    /// Refused on opening, reading or verifying, by this code.
    Refused(&'static str),
    /// Something else: the ledger failed its promise.
    Lost(String),
}

/// Every organisation's head and record bytes.
type Content = Vec<(OrganisationId, Head, Vec<u8>)>;

/// Data folders to be damaged, and what they hold.
pub(crate) struct Campaign {
    images: Vec<(TempDir, Content)>,
}

fn options() -> SledOptions {
    SledOptions {
        segment_bytes: 512 << 10,
        cache_bytes: 1 << 20,
        sync_limit: Duration::from_secs(10),
        ..SledOptions::default()
    }
}

impl Campaign {
    /// Makes the folders: closed in order, and as a killed process leaves them, before and after merging.
    pub(crate) fn prepare() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut images = Vec::new();
        for (round, merge) in [false, true, true].into_iter().enumerate() {
            let log = SledLog::open(dir.path(), &options()).unwrap();
            fill(&log, 40 + round * 40);
            if merge {
                while log.merge_small_pages(1 << 20).unwrap().more {}
            }
            fill(&log, 3);
            let content = content(&log).unwrap();
            let killed = tempfile::tempdir().unwrap();
            copy(dir.path(), killed.path());
            images.push((killed, content.clone()));
            drop(log);
            let closed = tempfile::tempdir().unwrap();
            copy(dir.path(), closed.path());
            images.push((closed, content));
        }
        Self { images }
    }

    /// Damages one folder in the way that `seed` chooses; returns what was done and what became of it.
    pub(crate) fn run(&self, seed: u64) -> (String, Outcome) {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut random = Random(TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
        let (image, content) = &self.images[random.below(self.images.len())];
        let work = tempfile::tempdir().unwrap();
        copy(image.path(), work.path());
        let damage = inflict(work.path(), &mut random);
        (damage, outcome(work.path(), content))
    }
}

struct Random(TestRng);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound.max(1) as u64) as usize
    }
}

fn fill(log: &SledLog, rounds: usize) {
    for round in 0..rounds {
        let lengths = match round % 8 {
            0 => vec![200; 60],
            5 => vec![9_000, 20],
            _ => vec![150],
        };
        let appends: Vec<_> = (1..=3)
            .filter(|number| (round + number) % 3 != 0)
            .map(|number| organisation(number as u8))
            .map(|organisation| append(organisation, log.head(organisation), &lengths))
            .collect();
        log.commit(&appends).unwrap();
    }
}

fn content(log: &SledLog) -> Result<Content, LogError> {
    let mut content = Vec::new();
    for (organisation, head) in log.heads() {
        let mut bytes = Vec::new();
        log.read(organisation, 0, &mut |record| {
            bytes.extend_from_slice(record.bytes);
            ControlFlow::Continue(())
        })?;
        content.push((organisation, head, bytes));
    }
    Ok(content)
}

fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&path, target).unwrap();
    }
    std::fs::create_dir_all(to.join("log/blobs")).unwrap();
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Damages one file. The database takes three of four cases: it is where the records are.
fn inflict(dir: &Path, random: &mut Random) -> String {
    let files = files(dir);
    let file = match random.below(4) {
        0 => files[random.below(files.len())].clone(),
        _ => dir.join("log/db"),
    };
    let mut bytes = std::fs::read(&file).unwrap();
    let at = random.below(bytes.len());
    let name = file.strip_prefix(dir).unwrap().display().to_string();
    let damage = match random.below(10) {
        0 => {
            bytes.truncate(at);
            format!("{name} cut to {at} bytes")
        }
        1 => {
            let end = (at + 4096).min(bytes.len());
            bytes[at..end].fill(0);
            format!("{name} zeroed from {at} to {end}")
        }
        2 => {
            std::fs::remove_file(&file).unwrap();
            return format!("{name} deleted");
        }
        _ if bytes.is_empty() => format!("{name} untouched"),
        _ => {
            let bit = random.below(8);
            bytes[at] ^= 1 << bit;
            format!("{name}, bit {bit} of byte {at} flipped")
        }
    };
    std::fs::write(&file, bytes).unwrap();
    damage
}

/// Opens the folder and goes through all of it, as a user would over time.
fn outcome(dir: &Path, expected: &Content) -> Outcome {
    match std::panic::catch_unwind(|| try_everything(dir, expected)) {
        Ok(Ok(())) => Outcome::Full,
        Ok(Err(Stop::Refused(error))) => Outcome::Refused(error.code()),
        Ok(Err(Stop::Lost(reason))) => Outcome::Lost(reason),
        Err(panic) => Outcome::Lost(format!("a panic: {:?}", panic.downcast_ref::<String>())),
    }
}

enum Stop {
    Refused(LogError),
    Lost(String),
}

impl From<LogError> for Stop {
    fn from(error: LogError) -> Self {
        Self::Refused(error)
    }
}

fn try_everything(dir: &Path, expected: &Content) -> Result<(), Stop> {
    let log = SledLog::open(dir, &options())?;
    let found = log.heads();
    if found != expected.iter().map(|(organisation, head, _)| (*organisation, *head)).collect::<Vec<_>>() {
        return Err(Stop::Lost("opened with other heads".to_owned()));
    }
    log.verify_rest(&mut |_| ControlFlow::Continue(()))?;
    if content(&log)? != *expected {
        return Err(Stop::Lost("other records were read".to_owned()));
    }
    let report = verify_log(&log, &|_| Ok(()), &mut |_| {});
    if !report.is_sound() {
        return Err(Stop::Lost(format!("read in full, but verified with {:?}", report.violations)));
    }
    let mut longer = expected.clone();
    for (organisation, head, bytes) in &mut longer {
        let append = append(*organisation, Some(*head), &[70; 5]);
        log.commit(std::slice::from_ref(&append))?;
        *head = append.next;
        bytes.extend_from_slice(&append.records);
    }
    while log.merge_small_pages(1 << 20)?.more {}
    drop(log);
    if content(&SledLog::open(dir, &options())?)? == longer {
        Ok(())
    } else {
        Err(Stop::Lost("records are missing after going on".to_owned()))
    }
}
