//! The folder that is damaged, with a copy of itself from earlier on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Plan;
use crate::folders;

/// Name of the data folder; its keys lie beside it.
pub(super) const DATA: &str = "data";
const NOW: &str = "now";
const EARLIER: &str = "earlier";
const RECEIPTS: &str = "receipts";

/// A sound data folder.
#[derive(Debug)]
pub(super) struct Built {
    place: PathBuf,
    /// Its files by their path below the folder that holds data and keys, with their length, sorted.
    pub(super) files: Vec<(PathBuf, u64)>,
}

impl Built {
    /// Receipts of every command, and of every head.
    pub(super) fn receipts(&self) -> PathBuf {
        self.place.join(RECEIPTS)
    }

    /// The bytes that a file had earlier on; none if it was not there.
    pub(super) fn earlier(&self, file: &Path) -> Option<Vec<u8>> {
        fs::read(self.place.join(EARLIER).join(file)).ok()
    }

    pub(super) fn copy(&self, to: &Path) -> Result<()> {
        Ok(folders::copy(&self.place.join(NOW), to)?)
    }
}

/// Builds the folder in `place`: two thirds of the work, a clean end, a copy, and the rest.
pub(super) fn build(plan: &Plan, place: &Path) -> Result<Built> {
    let now = place.join(NOW);
    fs::create_dir_all(&now)?;
    work(plan, place, plan.commands / 3 * 2, &["--caller", "first"])?;
    folders::copy(&now, &place.join(EARLIER))?;
    work(plan, place, plan.commands / 3, &["--caller", "second", "--heads"])?;
    let mut files = Vec::new();
    list(&now, Path::new(""), &mut files)?;
    files.sort();
    Ok(Built { place: place.to_path_buf(), files })
}

fn work(plan: &Plan, place: &Path, commands: u32, options: &[&str]) -> Result<()> {
    let output = Command::new(&plan.program)
        .args(["work", plan.subject.name()])
        .args([place.join(NOW).join(DATA), place.join(RECEIPTS)])
        .args(["--commands", &commands.to_string(), "--seed", &plan.seed.to_string()])
        .args(options)
        .output()
        .context("the work could not be started")?;
    if !output.status.success() {
        bail!("the work failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn list(folder: &Path, below: &Path, files: &mut Vec<(PathBuf, u64)>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            list(&entry.path(), &path, files)?;
        } else {
            files.push((path, entry.metadata()?.len()));
        }
    }
    Ok(())
}
