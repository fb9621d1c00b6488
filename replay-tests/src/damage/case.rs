//! One way to damage a folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::build::Built;
use crate::random::Random;

/// A block that disks lose or misplace as a whole.
const BLOCK: u64 = 4096;

/// What is done to the folder. Paths lie below the folder that holds data and keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Case {
    /// One bit is the other way round.
    Flip {
        /// The file.
        file: PathBuf,
        /// The byte.
        at: u64,
        /// The bit.
        bit: u8,
    },
    /// The file ends early.
    Truncate {
        /// The file.
        file: PathBuf,
        /// Its new length.
        length: u64,
    },
    /// A block is all zeros.
    Zero {
        /// The file.
        file: PathBuf,
        /// Where the block begins.
        at: u64,
    },
    /// A block was written to the place of another.
    Misplace {
        /// The file.
        file: PathBuf,
        /// The block that is read.
        from: u64,
        /// The block that it replaces.
        to: u64,
    },
    /// The file is missing.
    Delete {
        /// The file.
        file: PathBuf,
    },
    /// Two files have each other's content.
    Swap {
        /// One file.
        one: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// The file is as it was earlier on, all others are not.
    Stale {
        /// The file.
        file: PathBuf,
    },
    /// Bytes that belong to nothing follow the end of the file.
    Append {
        /// The file.
        file: PathBuf,
        /// How many.
        count: u64,
    },
}

impl Case {
    /// A case by chance; every file has its turn as the cases go on.
    pub(super) fn any(built: &Built, number: u32, random: &mut Random) -> Result<Self> {
        let filled: Vec<_> = built.files.iter().filter(|(_, length)| *length > 0).collect();
        let (file, length) = if random.chance(40) {
            by_size(&filled, random)
        } else {
            filled.get(number as usize % filled.len().max(1)).copied()
        }
        .context("the folder holds no files")?
        .clone();
        let at = random.below(length);
        Ok(match random.below(100) {
            0..50 => Self::Flip { file, at, bit: random.below(8) as u8 },
            50..65 => Self::Truncate { file, length: at },
            65..73 => Self::Zero { file, at: at / BLOCK * BLOCK },
            73..80 => {
                let from = random.below(length) / BLOCK * BLOCK;
                Self::Misplace { file, from, to: at / BLOCK * BLOCK }
            }
            80..88 => Self::Delete { file },
            88..92 => {
                let other = random.pick(&filled).map(|(other, _)| other.clone()).unwrap_or_default();
                Self::Swap { one: file, other }
            }
            92..96 => Self::Stale { file },
            _ => Self::Append { file, count: 1 + random.below(2 * BLOCK) },
        })
    }

    /// Does it to a copy of the folder.
    pub(super) fn apply(&self, copy: &Path, built: &Built) -> Result<()> {
        match self {
            Self::Flip { file, at, bit } => edit(&copy.join(file), |bytes| {
                bytes[index(*at)] ^= 1 << bit;
            }),
            Self::Truncate { file, length } => edit(&copy.join(file), |bytes| bytes.truncate(index(*length))),
            Self::Zero { file, at } => edit(&copy.join(file), |bytes| {
                let end = index(at + BLOCK).min(bytes.len());
                bytes[index(*at)..end].fill(0);
            }),
            Self::Misplace { file, from, to } => edit(&copy.join(file), |bytes| {
                let end = index(from + BLOCK).min(bytes.len());
                let block = bytes[index(*from)..end].to_vec();
                let count = block.len().min(bytes.len() - index(*to));
                bytes[index(*to)..index(*to) + count].copy_from_slice(&block[..count]);
            }),
            Self::Delete { file } => Ok(fs::remove_file(copy.join(file))?),
            Self::Swap { one, other } => {
                let (one, other) = (copy.join(one), copy.join(other));
                let (first, second) = (fs::read(&one)?, fs::read(&other)?);
                fs::write(one, second)?;
                Ok(fs::write(other, first)?)
            }
            Self::Stale { file } => match built.earlier(file) {
                Some(bytes) => Ok(fs::write(copy.join(file), bytes)?),
                None => Ok(fs::remove_file(copy.join(file))?),
            },
            Self::Append { file, count } => {
                edit(&copy.join(file), |bytes| bytes.resize(bytes.len() + index(*count), 0xa5))
            }
        }
    }
}

/// A file, the longer the likelier.
fn by_size<'a>(files: &[&'a (PathBuf, u64)], random: &mut Random) -> Option<&'a (PathBuf, u64)> {
    let mut left = random.below(files.iter().map(|(_, length)| length).sum());
    for file in files {
        if left < file.1 {
            return Some(file);
        }
        left -= file.1;
    }
    None
}

fn edit(file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
    let mut bytes = fs::read(file)?;
    change(&mut bytes);
    Ok(fs::write(file, bytes)?)
}

fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
