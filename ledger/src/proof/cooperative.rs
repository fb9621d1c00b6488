//! The log of the cooperative: what every member's log said of itself, one signed checkpoint after the other. Who holds
//! its newest checkpoint holds all members to theirs.

use std::io;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::checkpoint::{Checkpoint, checkpoint_of, read_checkpoint};
use super::folder::{PublishedFolder, invalid};
use super::note::{Note, NoteKey};
use super::promise::Promise;
use super::publication::{Entries, Publication, bundle_of};
use super::publish_error::PublishError;
use super::tiles::Bundle;

/// The open log of the cooperative.
pub(super) struct Cooperative {
    publication: Publication,
    key: NoteKey,
    /// What its entries say last of each member's log.
    members: FxHashMap<String, u64>,
}

impl Cooperative {
    /// Opens the log; its folder is the only place where its entries are.
    pub(super) fn open(folder: PublishedFolder, promise: &Path, key: NoteKey) -> Result<Self, PublishError> {
        let promised = Promise::open(promise).map_err(|error| PublishError::io(promise, &error))?;
        let signed = folder.checkpoint()?.as_ref().and_then(checkpoint_of);
        let length = |checkpoint: Option<&Checkpoint>| checkpoint.map_or(0, |checkpoint| checkpoint.size);
        let length = length(promised.newest()).max(length(signed.as_ref()));
        let entries = Kept { folder: folder.clone(), length };
        let mut members = FxHashMap::default();
        entries.visit(0, length, &mut |entry| {
            let (_, checkpoint) =
                read_checkpoint(entry).ok_or_else(|| invalid("an entry is no checkpoint"))?;
            members.insert(checkpoint.origin, checkpoint.size);
            Ok(())
        })?;
        let publication = Publication::open(folder, promise, key.verifier().name(), &entries)?;
        let text = format!("{}\n", key.verifier());
        publication.folder().write("key", text.as_bytes())?;
        Ok(Self { publication, key, members })
    }

    /// Adds those of the members' checkpoints that are news, and signs.
    pub(super) fn publish(&mut self, members: &[Note]) -> Result<Note, PublishError> {
        let mut news = Vec::new();
        for note in members {
            let Some(checkpoint) = checkpoint_of(note) else { continue };
            let known = self.members.get(&checkpoint.origin);
            if known.is_none_or(|size| *size < checkpoint.size) {
                news.push(note.to_string().into_bytes());
                self.members.insert(checkpoint.origin, checkpoint.size);
            }
        }
        let from = self.publication.size();
        let until = from + news.len() as u64;
        self.publication.advance(&News { from, entries: news }, until)?;
        self.publication.sign(&self.key)
    }
}

/// Entries that a published folder holds.
struct Kept {
    folder: PublishedFolder,
    length: u64,
}

impl Entries for Kept {
    fn length(&self) -> u64 {
        self.length
    }

    fn visit(
        &self,
        from: u64,
        until: u64,
        visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), PublishError> {
        let mut next = from;
        while next < until {
            let tile = bundle_of(next, until);
            let bytes = self.folder.tile(tile)?.ok_or_else(|| invalid(format!("{tile} is absent")))?;
            for entry in Bundle::new(&bytes).skip((next - tile.first()) as usize) {
                visit(entry.map_err(invalid)?)?;
                next += 1;
            }
        }
        Ok(())
    }
}

/// Entries to be added.
struct News {
    from: u64,
    entries: Vec<Vec<u8>>,
}

impl Entries for News {
    fn length(&self) -> u64 {
        self.from + self.entries.len() as u64
    }

    fn visit(
        &self,
        from: u64,
        until: u64,
        visit: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    ) -> Result<(), PublishError> {
        let wanted = self.entries.iter().skip((from - self.from) as usize).take((until - from) as usize);
        Ok(wanted.map(Vec::as_slice).try_for_each(visit)?)
    }
}
