//! One log's published folder: brought up to the log, and signed.
//!
//! Order of writes: whole tiles, parts, the promise, the signed checkpoint. A crash in between leaves tiles that no
//! checkpoint names yet, which are written again, or a promise that the next checkpoint keeps.

use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use soticket_schema::OrganisationId;

use super::checkpoint::{Checkpoint, checkpoint_of};
use super::edge::Edge;
use super::folder::PublishedFolder;
use super::hash::TreeHash;
use super::note::{Note, NoteKey, VerifierKey};
use super::promise::Promise;
use super::publish_error::PublishError;
use super::published_tree::PublishedTree;
use super::tiles::{Bundle, TILE_WIDTH, Tile, TileLevel};
use super::tree;
use crate::log::Log;

/// Where a publication's entries come from.
pub(super) trait Entries {
    /// How many there are.
    fn length(&self) -> u64;

    /// Calls `visit` with the entries `from` to `until`, in order.
    fn visit(
        &self,
        from: u64,
        until: u64,
        visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), PublishError>;
}

/// The records of an organisation's log.
pub(super) struct Records<'a> {
    pub(super) log: &'a dyn Log,
    pub(super) organisation: OrganisationId,
}

impl Entries for Records<'_> {
    fn length(&self) -> u64 {
        self.log.head(self.organisation).map_or(0, |head| head.length)
    }

    fn visit(
        &self,
        from: u64,
        until: u64,
        visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), PublishError> {
        if from >= until {
            return Ok(());
        }
        let mut visited = Ok(());
        self.log.read(self.organisation, from, &mut |record| {
            visited = visit(record.bytes);
            let more = visited.is_ok() && record.envelope.position + 1 < until;
            if more { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        Ok(visited?)
    }
}

/// A published log.
pub(super) struct Publication {
    folder: PublishedFolder,
    promise: Promise,
    origin: String,
    edge: Edge,
    /// The newest checkpoint that is signed, by this program or an earlier run.
    signed: Option<Note>,
}

impl Publication {
    /// Opens the folder and holds the log to what was promised and published. A folder that is absent or damaged is made
    /// anew from the log.
    pub(super) fn open(
        folder: PublishedFolder,
        promise: &Path,
        origin: &str,
        entries: &dyn Entries,
    ) -> Result<Self, PublishError> {
        let promise = Promise::open(promise).map_err(|error| PublishError::io(promise, &error))?;
        let signed = folder.checkpoint().unwrap_or_default();
        let published = signed.as_ref().and_then(checkpoint_of);
        let published = published.filter(|checkpoint| checkpoint.origin == origin);
        let edge = published.as_ref().and_then(|checkpoint| continued(&folder, checkpoint));
        // A folder that does not fit its own checkpoint is rebuilt, but what it was signed for still binds.
        let signed = signed.filter(|_| edge.is_some());
        let edge = edge.unwrap_or_default();
        let mut publication = Self { folder, promise, origin: origin.to_owned(), edge, signed };
        publication.check_join(entries)?;
        let promised = publication.promise.newest().cloned();
        let mut binding: Vec<Checkpoint> = promised.into_iter().chain(published).collect();
        binding.sort_by_key(|checkpoint| checkpoint.size);
        for checkpoint in binding {
            publication.keep_to(&checkpoint, entries)?;
        }
        Ok(publication)
    }

    /// The log must continue what is published: its record before the edge is the last one there.
    fn check_join(&self, entries: &dyn Entries) -> Result<(), PublishError> {
        let size = self.edge.size();
        let Some(last) = size.checked_sub(1) else { return Ok(()) };
        let length = entries.length();
        if length < size {
            return Err(PublishError::RolledBack { promised: size, length });
        }
        let tile = bundle_of(last, size);
        let bundle = self.folder.tile(tile)?.unwrap_or_default();
        let published = Bundle::new(&bundle).last().and_then(Result::ok);
        let mut same = false;
        entries.visit(last, size, &mut |record| {
            same = published == Some(record);
            Ok(())
        })?;
        if same { Ok(()) } else { Err(PublishError::Forked { size }) }
    }

    /// The log must go through a checkpoint that was promised or published.
    fn keep_to(&mut self, checkpoint: &Checkpoint, entries: &dyn Entries) -> Result<(), PublishError> {
        let size = checkpoint.size;
        let length = entries.length();
        if length < size {
            return Err(PublishError::RolledBack { promised: size, length });
        }
        let root = if size > self.edge.size() { self.root_beyond(entries, size)? } else { self.root(size)? };
        if root != checkpoint.root {
            return Err(PublishError::Forked { size });
        }
        self.advance(entries, size)
    }

    /// The root at a size beyond the edge, with nothing written: a log that turns out to be another one must not take the
    /// place of what was published.
    fn root_beyond(&self, entries: &dyn Entries, size: u64) -> Result<TreeHash, PublishError> {
        let mut edge = self.edge.clone();
        entries.visit(edge.size(), size, &mut |entry| edge.push(entry, &mut |_, _| Ok(())))?;
        Ok(edge.root())
    }

    /// Takes in entries up to `until`, writing the tiles that become whole.
    pub(super) fn advance(&mut self, entries: &dyn Entries, until: u64) -> Result<(), PublishError> {
        let Self { folder, edge, .. } = self;
        if edge.size() >= until {
            return Ok(());
        }
        entries.visit(edge.size(), until, &mut |entry| {
            edge.push(entry, &mut |tile, bytes| folder.write_tile(tile, bytes))
        })
    }

    /// Signs everything taken in so far, unless that is signed by this key already.
    pub(super) fn sign(&mut self, key: &NoteKey) -> Result<Note, PublishError> {
        let checkpoint = Checkpoint::new(&self.origin, self.edge.size(), self.edge.root());
        let text = checkpoint.to_string();
        if let Some(note) =
            self.signed.as_ref().filter(|note| note.text == text && note.verify(key.verifier()).is_ok())
        {
            // The folder has what witnesses have added since.
            let attested = self.folder.checkpoint().ok().flatten().filter(|attested| attested.text == text);
            return Ok(attested.unwrap_or_else(|| note.clone()));
        }
        let folder = &self.folder;
        self.edge.parts(&mut |tile, bytes| folder.write_tile(tile, bytes))?;
        self.promise.make(&checkpoint)?;
        let note = checkpoint.signed(key);
        self.folder.publish(&note)?;
        self.signed = Some(note.clone());
        Ok(note)
    }

    /// The signed checkpoint at exactly a size that was taken in, kept for whoever refers to it. One that is kept already is
    /// given again if it says what the log says, signed by one of the `known` keys; else it is replaced.
    pub(super) fn signed_at(
        &mut self,
        size: u64,
        key: &NoteKey,
        known: &[VerifierKey],
    ) -> Result<Note, PublishError> {
        let checkpoint = Checkpoint::new(&self.origin, size, self.root(size)?);
        let fits = |note: &Note| Checkpoint::open(note, known).is_ok_and(|signed| signed == checkpoint);
        // What cannot be read as a note is replaced as well.
        if let Some(kept) = self.folder.kept(size).ok().flatten().filter(fits) {
            return Ok(kept);
        }
        let note = match self.signed.as_ref().filter(|newest| fits(newest)) {
            Some(newest) => newest.clone(),
            // The tree at a smaller size is the beginning of what is promised: signing it promises nothing new.
            None => checkpoint.signed(key),
        };
        self.folder.keep(&note)?;
        Ok(note)
    }

    pub(super) fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The newest signed checkpoint.
    pub(super) fn signed(&self) -> Option<&Note> {
        self.signed.as_ref()
    }

    pub(super) fn folder(&self) -> &PublishedFolder {
        &self.folder
    }

    /// The root at a size up to the edge.
    pub(super) fn root(&self, size: u64) -> io::Result<TreeHash> {
        if size == self.edge.size() {
            return Ok(self.edge.root());
        }
        self.write_parts()?;
        tree::root(&PublishedTree::new(&self.folder, size), size)
    }

    /// The way from an entry to the root at a size up to the edge.
    pub(super) fn inclusion(&self, index: u64, size: u64) -> io::Result<Vec<TreeHash>> {
        self.write_parts()?;
        tree::inclusion(&PublishedTree::new(&self.folder, size), index, size)
    }

    /// What shows that one size is the beginning of another, both up to the edge.
    pub(super) fn consistency(&self, old: u64, size: u64) -> io::Result<Vec<TreeHash>> {
        self.write_parts()?;
        tree::consistency(&PublishedTree::new(&self.folder, size), old, size)
    }

    /// Proofs are read from tiles: what was taken in since the last signing is not in them yet.
    fn write_parts(&self) -> io::Result<()> {
        let last = self.signed.as_ref().and_then(checkpoint_of);
        if last.is_some_and(|checkpoint| checkpoint.size == self.edge.size()) {
            return Ok(());
        }
        self.edge.parts(&mut |tile, bytes| self.folder.write_tile(tile, bytes))
    }
}

/// The edge at a checkpoint, if the folder's tiles lead to its root.
fn continued(folder: &PublishedFolder, checkpoint: &Checkpoint) -> Option<Edge> {
    let edge = Edge::load(folder, checkpoint.size).ok()?;
    (edge.root() == checkpoint.root).then_some(edge)
}

/// The bundle that holds an entry, as wide as a log of this size has it.
pub(super) fn bundle_of(index: u64, size: u64) -> Tile {
    let number = index / TILE_WIDTH;
    Tile { level: TileLevel::Entries, number, width: (size - number * TILE_WIDTH).min(TILE_WIDTH) as u16 }
}
