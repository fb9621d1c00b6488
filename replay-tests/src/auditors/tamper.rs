//! What an auditor may be shown instead of the log.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::Evidence;
use crate::folders;

/// One way to tamper with a copy.
pub(super) struct Tampering {
    pub(super) name: &'static str,
    alter: fn(&Evidence) -> Result<()>,
}

pub(super) const TAMPERINGS: &[Tampering] = &[
    Tampering { name: "record", alter: |of| flip(&tile(of, "entries", "000"), 300) },
    Tampering { name: "last record", alter: |of| flip_last(&newest(of, "entries")?) },
    Tampering { name: "leaf hash", alter: |of| flip(&tile(of, "0", "000"), 40) },
    Tampering { name: "hash of a tile", alter: |of| flip(&newest(of, "1")?, 5) },
    Tampering { name: "root", alter: |of| edit(&of.folder.join("checkpoint"), |text| line(text, 2, swap)) },
    Tampering {
        name: "size",
        alter: |of| edit(&of.folder.join("checkpoint"), |text| line(text, 1, |size| format!("{size}0"))),
    },
    Tampering {
        name: "signature",
        alter: |of| edit(&of.folder.join("checkpoint"), |text| line(text, 4, swap)),
    },
    Tampering { name: "earlier checkpoint", alter: |of| edit(&of.earlier, |text| line(text, 2, swap)) },
    Tampering { name: "record of a proof", alter: |of| edit(&of.proofs[2], |text| line(text, 1, swap)) },
    Tampering {
        name: "index of a proof",
        alter: |of| edit(&of.proofs[2], |text| text.replace("index 256", "index 257")),
    },
    Tampering { name: "hash of a proof", alter: |of| edit(&of.proofs[2], |text| line(text, 4, swap)) },
];

impl Tampering {
    /// A copy of the evidence, altered.
    pub(super) fn copy(&self, evidence: &Evidence, to: &Path) -> Result<Evidence> {
        if to.exists() {
            fs::remove_dir_all(to)?;
        }
        folders::copy(&evidence.folder, &to.join("log"))?;
        let beside = |path: &PathBuf| -> Result<PathBuf> {
            let copied = to.join(path.file_name().context("no file")?);
            fs::copy(path, &copied)?;
            Ok(copied)
        };
        let copied = Evidence {
            folder: to.join("log"),
            key: evidence.key.clone(),
            earlier: beside(&evidence.earlier)?,
            proofs: evidence.proofs.iter().map(beside).collect::<Result<_>>()?,
        };
        (self.alter)(&copied)?;
        Ok(copied)
    }
}

fn tile(evidence: &Evidence, level: &str, number: &str) -> PathBuf {
    evidence.folder.join("tile").join(level).join(number)
}

/// The widest part of the last tile of a level.
fn newest(evidence: &Evidence, level: &str) -> Result<PathBuf> {
    let mut parts = Vec::new();
    let mut folders = vec![evidence.folder.join("tile").join(level)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if folder.extension().is_some_and(|end| end == "p") {
                parts.push(path);
            }
        }
    }
    let width = |path: &PathBuf| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    parts.into_iter().max_by_key(width).context("no tile that is not whole")
}

fn flip(path: &Path, at: usize) -> Result<()> {
    let mut bytes = fs::read(path)?;
    *bytes.get_mut(at).context("the file is shorter")? ^= 1;
    Ok(fs::write(path, bytes)?)
}

fn flip_last(path: &Path) -> Result<()> {
    flip(path, fs::read(path)?.len() - 1)
}

fn edit(path: &Path, change: impl Fn(&str) -> String) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let changed = change(&text);
    anyhow::ensure!(changed != text, "nothing was altered");
    Ok(fs::write(path, changed)?)
}

/// The text with one line changed.
fn line(text: &str, number: usize, change: impl Fn(&str) -> String) -> String {
    let lines = text.split('\n').enumerate();
    let changed = lines.map(|(at, line)| if at == number { change(line) } else { line.to_owned() });
    changed.collect::<Vec<_>>().join("\n")
}

/// Another base64 of the same length: a sign well within it is exchanged.
fn swap(text: &str) -> String {
    let at = text.len() - 20;
    let (before, after) = text.split_at(at);
    let (sign, rest) = after.split_at(1);
    format!("{before}{}{rest}", if sign == "A" { "B" } else { "A" })
}
