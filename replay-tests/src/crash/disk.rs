//! What a disk may hold when the power goes: everything that was synced, and any part of the rest.
//!
//! The model is the strict reading of POSIX. Content is safe once an fsync or fdatasync of the file has returned that
//! began after the write had returned; a name is safe once the folder was synced after it was made. Everything else
//! may be there or not, independently, and a write may be there in part.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::call::{Call, Descriptor, Place};
use super::trace::Moment;

/// Number of a file or folder.
pub(super) type Node = usize;

/// The root of the recorded folders.
pub(super) const ROOT: Node = 0;

/// Threads of the database write this close to each other.
const FAR: u64 = 1 << 19;

/// A change of a file or folder.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Write {
        at: u64,
        bytes: Vec<u8>,
    },
    Resize(u64),
    Link {
        name: PathBuf,
        node: Node,
    },
    Unlink {
        name: PathBuf,
    },
    /// Within one folder: the name changes in one step or not at all.
    Rename {
        from: PathBuf,
        to: PathBuf,
        node: Node,
    },
}

#[derive(Debug)]
pub(super) struct Effect {
    pub(super) change: Change,
    call: usize,
    returned: bool,
    pub(super) durable: bool,
}

#[derive(Debug, Default)]
pub(super) struct Inode {
    pub(super) is_folder: bool,
    pub(super) effects: Vec<Effect>,
    length: u64,
}

impl Inode {
    /// How often writing went back far: the database writes on and on, but where a freed segment is used again.
    fn rewinds(&self) -> u64 {
        let mut last = 0;
        let mut rewinds = 0;
        for effect in &self.effects {
            if let Change::Write { at, .. } = effect.change {
                rewinds += u64::from(at + FAR < last);
                last = at;
            }
        }
        rewinds
    }
}

#[derive(Debug, Clone)]
struct Open {
    node: Node,
    path: PathBuf,
    offset: u64,
    append: bool,
}

/// The disk and the page cache above it, as the recording goes on.
#[derive(Debug)]
pub(super) struct Disk {
    root: PathBuf,
    /// Whether syncs do nothing.
    lies: bool,
    pub(super) inodes: Vec<Inode>,
    names: HashMap<PathBuf, Node>,
    open: HashMap<Descriptor, Open>,
    calls: HashMap<usize, Pending>,
}

/// A call that has begun.
#[derive(Debug)]
enum Pending {
    /// What it needs the result for.
    Call(Call),
    /// The changes that it made.
    Changes(Vec<Node>),
    /// The changes that a sync makes durable once it returns: the first so many of a file that had returned.
    Sync(Node, Vec<usize>),
}

impl Disk {
    /// An empty disk, which may lie about syncs; only what happens below `root` is followed.
    pub(super) fn new(root: &Path, lies: bool) -> Self {
        Self {
            root: root.to_path_buf(),
            lies,
            inodes: vec![Inode { is_folder: true, ..Inode::default() }],
            names: HashMap::from([(root.to_path_buf(), ROOT)]),
            open: HashMap::new(),
            calls: HashMap::new(),
        }
    }

    /// Goes one moment on.
    pub(super) fn apply(&mut self, moment: &Moment) -> Result<()> {
        match moment {
            Moment::Begins(number, call) => self.begin(*number, call),
            Moment::Ends(number, result) => self.end(*number, *result),
        }
    }

    /// How often a segment of the database was used again.
    pub(super) fn reuses(&self) -> u64 {
        self.inodes.iter().map(Inode::rewinds).sum()
    }

    fn begin(&mut self, number: usize, call: &Call) -> Result<()> {
        let pending = match call {
            Call::Write { file, bytes, at } => {
                let Some(open) = self.open.get_mut(file) else { return Ok(()) };
                let node = open.node;
                let end = self.inodes[node].length;
                let at = at.unwrap_or(if open.append { end } else { open.offset });
                open.offset = at + bytes.len() as u64;
                self.inodes[node].length = end.max(open.offset);
                self.change(number, node, Change::Write { at, bytes: bytes.clone() })
            }
            Call::Resize { file, length } => {
                let Some(node) = self.open.get(file).map(|open| open.node) else { return Ok(()) };
                self.inodes[node].length = *length;
                self.change(number, node, Change::Resize(*length))
            }
            Call::Sync { file } => {
                let Some(node) = self.open.get(file).map(|open| open.node) else { return Ok(()) };
                let effects = self.inodes[node].effects.iter().enumerate();
                Pending::Sync(node, effects.filter(|(_, effect)| effect.returned).map(|(at, _)| at).collect())
            }
            Call::Unlink { place } => {
                let Some((folder, name, path)) = self.entry(place) else { return Ok(()) };
                self.names.remove(&path);
                self.change(number, folder, Change::Unlink { name })
            }
            Call::Rename { from, to } => return self.rename(number, from, to),
            Call::MakeFolder { place } => {
                let Some((folder, name, path)) = self.entry(place) else { return Ok(()) };
                if self.names.contains_key(&path) {
                    return Ok(());
                }
                let node = self.create(path, true);
                self.change(number, folder, Change::Link { name, node })
            }
            Call::Unknown { file } if self.open.contains_key(file) => {
                bail!("a call that the replay does not know changed a file")
            }
            Call::Open { .. } | Call::Duplicate { .. } | Call::Seek { .. } => Pending::Call(call.clone()),
            Call::Unknown { .. } | Call::Irrelevant => return Ok(()),
        };
        self.calls.insert(number, pending);
        Ok(())
    }

    fn end(&mut self, number: usize, result: i64) -> Result<()> {
        match self.calls.remove(&number) {
            Some(Pending::Call(call)) if result >= 0 => self.opened(number, &call, result),
            Some(Pending::Changes(nodes)) => {
                if result < 0 {
                    bail!("a recorded change failed: the recording cannot be used");
                }
                for node in nodes {
                    let effects = self.inodes[node].effects.iter_mut();
                    effects.filter(|effect| effect.call == number).for_each(|effect| effect.returned = true);
                }
            }
            Some(Pending::Sync(node, effects)) if result >= 0 && !self.lies => {
                for effect in effects {
                    self.inodes[node].effects[effect].durable = true;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Calls whose meaning depends on their result, once it is there.
    fn opened(&mut self, number: usize, call: &Call, result: i64) {
        match call {
            Call::Open { place, create, truncate, append } => {
                self.open.remove(&result);
                let Some((folder, name, path)) = self.entry(place) else { return };
                let known = self.names.get(&path).copied();
                if known.is_none() && !create {
                    return;
                }
                let node = known.unwrap_or_else(|| {
                    let node = self.create(path.clone(), false);
                    self.change(number, folder, Change::Link { name, node });
                    self.returned(folder);
                    node
                });
                if *truncate && self.inodes[node].length > 0 {
                    self.inodes[node].length = 0;
                    self.change(number, node, Change::Resize(0));
                    self.returned(node);
                }
                self.open.insert(result, Open { node, path, offset: 0, append: *append });
            }
            Call::Duplicate { of } => {
                self.open.remove(&result);
                if let Some(open) = self.open.get(of).cloned() {
                    self.open.insert(result, open);
                }
            }
            Call::Seek { file } => {
                if let Some(open) = self.open.get_mut(file) {
                    open.offset = result.unsigned_abs();
                }
            }
            _ => {}
        }
    }

    fn rename(&mut self, number: usize, from: &Place, to: &Place) -> Result<()> {
        let (Some((folder, from_name, from)), Some((other, to_name, to))) =
            (self.entry(from), self.entry(to))
        else {
            return Ok(());
        };
        if folder != other {
            bail!("a rename from one folder to another is not modelled");
        }
        let Some(node) = self.names.remove(&from) else { return Ok(()) };
        self.names.insert(to, node);
        let pending = self.change(number, folder, Change::Rename { from: from_name, to: to_name, node });
        self.calls.insert(number, pending);
        Ok(())
    }

    /// Folder, name and whole path of a place below the root; the root itself is its own folder without a name.
    fn entry(&self, place: &Place) -> Option<(Node, PathBuf, PathBuf)> {
        let base = match place.folder {
            Some(folder) => self.open.get(&folder)?.path.clone(),
            None => PathBuf::new(),
        };
        let path = base.join(&place.path);
        if path == self.root {
            return Some((ROOT, PathBuf::new(), path));
        }
        let folder = *self.names.get(path.parent()?)?;
        let name = PathBuf::from(path.file_name()?);
        path.starts_with(&self.root).then_some((folder, name, path))
    }

    fn create(&mut self, path: PathBuf, is_folder: bool) -> Node {
        self.inodes.push(Inode { is_folder, ..Inode::default() });
        let node = self.inodes.len() - 1;
        self.names.insert(path, node);
        node
    }

    fn change(&mut self, call: usize, node: Node, change: Change) -> Pending {
        self.inodes[node].effects.push(Effect { change, call, returned: false, durable: false });
        Pending::Changes(vec![node])
    }

    fn returned(&mut self, node: Node) {
        if let Some(effect) = self.inodes[node].effects.last_mut() {
            effect.returned = true;
        }
    }
}
