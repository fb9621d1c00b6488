//! Power cuts: what a ledger wrote is recorded, and disks are built that a cut at any moment may have left. Each must
//! open with every event that was acknowledged before the cut.
//!
//! No refusal is legitimate here: a cut is not damage. What was acknowledged was synced first, what was not may be
//! missing or torn, and the ledger must tell one from the other by itself.

mod call;
mod disk;
mod image;
mod record;
mod trace;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use disk::Disk;
pub use image::Fate;
pub use record::is_available;
use trace::Moment;

use crate::outcome::{self, Outcome};
use crate::random::Random;
use crate::receipts::Noted;
use crate::subject::Subject;

/// How a campaign runs.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program with the subcommands `work` and `check`.
    pub program: PathBuf,
    /// What is put under test.
    pub subject: Subject,
    /// How many disks to build.
    pub images: u32,
    /// Commits or commands that are recorded.
    pub commands: u32,
    /// Seed of every choice.
    pub seed: u64,
    /// Whether syncs are taken for nothing, as if the disk lied: the campaign must notice then.
    pub disk_lies: bool,
}

/// What a campaign saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Disks that were built and opened.
    pub images: u32,
    /// Receipts that the disks had to hold, added up.
    pub receipts: u64,
    /// How often the recorded work used a freed segment of the database again.
    pub reuses: u64,
    /// Changes that had not been synced when the power went, added up.
    pub unsynced: u64,
    /// Those of them that did not reach the disk, or not whole.
    pub lost: u64,
}

/// Records the workload below `folder`, which is empty, and opens disks that power cuts may have left.
///
/// # Errors
/// An acknowledged event is missing or differs, a disk is refused, or the recording fails.
pub fn run(plan: &Plan, folder: &Path) -> Result<Report> {
    let recording = record::record(plan, folder)?;
    let mut random = Random::new(plan.seed);
    let mut report = Report { reuses: recording.reuses()?, ..Report::default() };
    for number in 0..plan.images {
        let cut = recording.cut(&mut random);
        let fate = Fate::any(&mut random);
        let disk = recording.disk_at(cut)?;
        let image = folder.join(format!("image-{number}"));
        let losses = image::write(&disk, fate, &mut random.fork(), &image.join("disk"))?;
        let receipts = recording.receipts_at(cut)?;
        fs::write(image.join("receipts"), &receipts)?;
        let data = image.join("disk").join(record::DATA);
        match outcome::check(&plan.program, plan.subject, &data, &image.join("receipts"), &["--append"])? {
            Outcome::Full => fs::remove_dir_all(&image)?,
            other => bail!(
                "image {number} of seed {} ({fate:?} at {cut} of {}): {other:?} (left in {})",
                plan.seed,
                recording.moments.len(),
                image.display()
            ),
        }
        report.images += 1;
        report.receipts += receipts.lines().count() as u64;
        report.unsynced += losses.unsynced;
        report.lost += losses.lost;
    }
    Ok(report)
}

/// What was recorded.
#[derive(Debug)]
struct Recording {
    root: PathBuf,
    disk_lies: bool,
    moments: Vec<Moment>,
}

impl Recording {
    /// A moment to cut the power at: anywhere, where a receipt has just gone out, which is when most is promised, or
    /// where a sync begins, which is when least is safe.
    fn cut(&self, random: &mut Random) -> usize {
        let cut = random.index(self.moments.len());
        let rest = &self.moments[cut..];
        let found = match random.below(3) {
            0 => None,
            1 => rest.iter().position(is_note).map(|note| note + 1),
            _ => rest.iter().position(is_sync),
        };
        cut + found.unwrap_or(0)
    }

    fn disk_at(&self, cut: usize) -> Result<Disk> {
        let mut disk = Disk::new(&self.root, self.disk_lies);
        for moment in &self.moments[..cut] {
            disk.apply(moment)?;
        }
        Ok(disk)
    }

    /// Lines of receipts that had begun to go out before the cut.
    fn receipts_at(&self, cut: usize) -> Result<String> {
        let mut bytes = Vec::new();
        for moment in &self.moments[..cut] {
            if let Moment::Begins(_, call::Call::Write { bytes: line, .. }) = moment
                && is_note(moment)
            {
                bytes.extend_from_slice(line);
            }
        }
        String::from_utf8(bytes).context("a receipt is no text")
    }

    fn reuses(&self) -> Result<u64> {
        Ok(self.disk_at(self.moments.len())?.reuses())
    }
}

/// Whether a receipt goes out here.
fn is_note(moment: &Moment) -> bool {
    let Moment::Begins(_, call::Call::Write { bytes, at: None, .. }) = moment else { return false };
    let line = std::str::from_utf8(bytes).ok().and_then(|line| line.strip_suffix('\n'));
    line.is_some_and(|line| Noted::parse(line).is_some())
}

fn is_sync(moment: &Moment) -> bool {
    matches!(moment, Moment::Begins(_, call::Call::Sync { .. }))
}
