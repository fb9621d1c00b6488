//! Writing one possible disk to a folder: what was synced, and what chance keeps of the rest.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::disk::{Change, Disk, Inode, Node, ROOT};
use crate::random::Random;

/// What happens to changes that were never synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// None reached the disk.
    AllLost,
    /// All reached the disk: what a killed process leaves.
    AllKept,
    /// Each reached the disk in so many cases of a hundred.
    Some(u64),
    /// Each reached the disk in parts: pages of 4 KiB, or sectors of 512 bytes.
    Torn(usize),
    /// The first ones reached the disk, those after some moment did not.
    First(u64),
}

impl Fate {
    /// Any of the fates.
    pub fn any(random: &mut Random) -> Self {
        match random.below(8) {
            0 => Self::AllLost,
            1 => Self::AllKept,
            2 => Self::Torn(4096),
            3 => Self::Torn(512),
            4 => Self::First(random.below(100)),
            _ => Self::Some([5, 50, 90, 97][random.index(4)]),
        }
    }
}

/// What an image was made of.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Losses {
    /// Changes that were never synced.
    pub(super) unsynced: u64,
    /// Those of them that did not reach the disk whole.
    pub(super) lost: u64,
}

/// Writes the disk into the empty folder `to`.
pub(super) fn write(disk: &Disk, fate: Fate, random: &mut Random, to: &Path) -> Result<Losses> {
    let mut losses = Losses::default();
    let mut waiting = vec![(ROOT, to.to_path_buf())];
    while let Some((node, path)) = waiting.pop() {
        let inode = &disk.inodes[node];
        if inode.is_folder {
            fs::create_dir_all(&path)?;
            let names = names(inode, fate, random, &mut losses);
            waiting.extend(names.into_iter().map(|(name, node)| (node, path.join(name))));
        } else {
            fs::write(&path, content(inode, fate, random, &mut losses))?;
        }
    }
    Ok(losses)
}

fn names(inode: &Inode, fate: Fate, random: &mut Random, losses: &mut Losses) -> BTreeMap<PathBuf, Node> {
    let mut names = BTreeMap::new();
    for_each_kept(inode, fate, random, losses, |change, kept| {
        if kept == Kept::Nothing {
            return;
        }
        match change {
            Change::Link { name, node } => {
                names.insert(name.clone(), *node);
            }
            Change::Unlink { name } => {
                names.remove(name);
            }
            Change::Rename { from, to, node } => {
                names.remove(from);
                names.insert(to.clone(), *node);
            }
            Change::Write { .. } | Change::Resize(_) => {}
        }
    });
    names
}

fn content(inode: &Inode, fate: Fate, random: &mut Random, losses: &mut Losses) -> Vec<u8> {
    let mut content = Vec::new();
    let mut tearing = random.fork();
    // The size may have reached the disk although the bytes have not: zeros appear then.
    let sizes_kept = random.chance(30);
    for_each_kept(inode, fate, random, losses, |change, kept| match change {
        Change::Write { at, bytes } => {
            let at = usize::try_from(*at).unwrap_or(usize::MAX);
            if kept != Kept::Nothing || sizes_kept {
                grow(&mut content, at + bytes.len());
            }
            match kept {
                Kept::Whole => content[at..at + bytes.len()].copy_from_slice(bytes),
                Kept::Parts(size) => tear(&mut content, at, bytes, size, &mut tearing),
                Kept::Nothing => {}
            }
        }
        Change::Resize(length) if kept != Kept::Nothing => {
            content.resize(usize::try_from(*length).unwrap_or(usize::MAX), 0);
        }
        _ => {}
    });
    content
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Whole,
    Parts(usize),
    Nothing,
}

/// Calls `visit` with every change of the file in order, and with how much of it is on the disk.
fn for_each_kept(
    inode: &Inode,
    fate: Fate,
    random: &mut Random,
    losses: &mut Losses,
    mut visit: impl FnMut(&Change, Kept),
) {
    let unsynced = inode.effects.iter().filter(|effect| !effect.durable).count() as u64;
    let mut seen = 0;
    for effect in &inode.effects {
        let kept = if effect.durable {
            Kept::Whole
        } else {
            seen += 1;
            let kept = match fate {
                Fate::AllLost => Kept::Nothing,
                Fate::AllKept => Kept::Whole,
                Fate::Some(percent) if random.chance(percent) => Kept::Whole,
                Fate::Some(_) => Kept::Nothing,
                Fate::Torn(size) => Kept::Parts(size),
                Fate::First(percent) if seen * 100 <= unsynced * percent => Kept::Whole,
                Fate::First(_) => Kept::Nothing,
            };
            losses.unsynced += 1;
            losses.lost += u64::from(kept != Kept::Whole);
            kept
        };
        visit(&effect.change, kept);
    }
}

/// Keeps some of the parts that the write has in the file's blocks of `size` bytes.
fn tear(content: &mut [u8], at: usize, bytes: &[u8], size: usize, random: &mut Random) {
    let mut done = 0;
    while done < bytes.len() {
        let part = (size - (at + done) % size).min(bytes.len() - done);
        if random.chance(50) {
            content[at + done..at + done + part].copy_from_slice(&bytes[done..done + part]);
        }
        done += part;
    }
}

fn grow(content: &mut Vec<u8>, length: usize) {
    if content.len() < length {
        content.resize(length, 0);
    }
}
