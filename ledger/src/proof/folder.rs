//! The folder of a published log: plain files where the formats place them, to be served, copied and checked as they are.
//!
//! ```text
//! checkpoint                 the newest signed checkpoint
//! checkpoints/<size>         those that receipts, reports and witnesses refer to
//! checkpoints/<size>.tsr     an authority's timestamp of one of them (RFC 3161)
//! key                        the public keys of the log, one a line
//! witnessed                  which size each witness cosigned last: a hint
//! tile/<level>/<number>      hashes of the tree; tile/entries/<number> the records themselves
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use parking_lot::Mutex;

use super::checkpoint::{Checkpoint, decimal};
use super::hash::TreeHash;
use super::note::{Note, NoteSignature, VerifierKey};
use super::tiles::{Bundle, TILE_WIDTH, Tile, TileLevel};
use crate::durable::{self, Readers};

/// Held while a checkpoint is replaced: cosignatures that come in for one must not put it back over its successor. One
/// process writes the folders of a ledger, whose own lock sees to that.
static REPLACING: Mutex<()> = Mutex::new(());

/// The folder of one log.
#[derive(Debug, Clone)]
pub struct PublishedFolder {
    path: PathBuf,
}

impl PublishedFolder {
    /// The folder at a path, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The newest signed checkpoint; none before the first.
    ///
    /// # Errors
    /// The file cannot be read or is no signed note.
    pub fn checkpoint(&self) -> io::Result<Option<Note>> {
        self.note("checkpoint")
    }

    /// The kept checkpoint of a size.
    ///
    /// # Errors
    /// As [`Self::checkpoint`].
    pub fn kept(&self, size: u64) -> io::Result<Option<Note>> {
        self.note(&format!("checkpoints/{size}"))
    }

    /// Sizes of the kept checkpoints, ascending.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn kept_sizes(&self) -> io::Result<Vec<u64>> {
        let names = names(&self.path.join("checkpoints"))?;
        let mut sizes: Vec<u64> = names.iter().filter_map(|name| decimal(name)).collect();
        sizes.sort_unstable();
        Ok(sizes)
    }

    /// Names of what is kept in `checkpoints/`, ascending by size: checkpoints `<size>` and tokens `<size>.tsr`.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn kept_names(&self) -> io::Result<Vec<String>> {
        let mut names = names(&self.path.join("checkpoints"))?;
        let size = |name: &String| decimal(name.strip_suffix(".tsr").unwrap_or(name));
        names.retain(|name| size(name).is_some());
        names.sort_by_key(|name| (size(name), name.len()));
        Ok(names)
    }

    /// The public keys of the log as the folder states them: a convenience, trusted for nothing.
    ///
    /// # Errors
    /// The file cannot be read or holds no keys.
    pub fn keys(&self) -> io::Result<Vec<VerifierKey>> {
        let text = self.bytes("key")?.unwrap_or_default();
        let text = String::from_utf8(text).map_err(invalid)?;
        text.lines().map(|line| line.parse().map_err(invalid)).collect()
    }

    /// The bytes of a tile or bundle; none when there are not as many as that. A part is taken from a longer one when
    /// that is what there is.
    ///
    /// # Errors
    /// A file cannot be read, or is shorter than its name says.
    pub fn tile(&self, tile: Tile) -> io::Result<Option<Vec<u8>>> {
        if let Some(bytes) = self.bytes(&tile.to_string())? {
            return Ok(Some(bytes));
        }
        if tile.is_whole() {
            return Ok(None);
        }
        let whole = Tile { width: TILE_WIDTH as u16, ..tile };
        let longer = match self.bytes(&whole.to_string())? {
            None => self.longer_part(tile)?,
            bytes => bytes,
        };
        longer.map(|bytes| beginning(tile, bytes)).transpose()
    }

    fn longer_part(&self, tile: Tile) -> io::Result<Option<Vec<u8>>> {
        let parts = self.parts_folder(tile);
        let names = names(&parts)?;
        let widths = names.iter().filter_map(|name| decimal(name));
        let width = widths.filter(|width| *width > u64::from(tile.width)).max();
        width.map(|width| fs::read(parts.join(width.to_string()))).transpose()
    }

    fn parts_folder(&self, tile: Tile) -> PathBuf {
        let whole = Tile { width: TILE_WIDTH as u16, ..tile };
        self.path.join(format!("{whole}.p"))
    }

    fn note(&self, name: &str) -> io::Result<Option<Note>> {
        let Some(bytes) = self.bytes(name)? else { return Ok(None) };
        String::from_utf8(bytes).map_err(invalid)?.parse().map(Some).map_err(invalid)
    }

    fn bytes(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file in full, with a durable name.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path.join(name);
        if let Some(folder) = path.parent() {
            durable::create_folder(folder)?;
        }
        durable::write(&path, bytes, Readers::All)
    }

    /// Writes a tile or bundle. A whole one takes the place of its parts.
    pub(super) fn write_tile(&self, tile: Tile, bytes: &[u8]) -> io::Result<()> {
        self.write(&tile.to_string(), bytes)?;
        if tile.is_whole() {
            match fs::remove_dir_all(self.parts_folder(tile)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// Makes a checkpoint the newest.
    pub(super) fn publish(&self, note: &Note) -> io::Result<()> {
        let _replacing = REPLACING.lock();
        self.write("checkpoint", note.to_string().as_bytes())
    }

    /// Keeps a checkpoint; signatures that are kept of the same one stay.
    ///
    /// # Errors
    /// The note is no checkpoint, or the file cannot be written.
    pub fn keep(&self, note: &Note) -> io::Result<()> {
        let _replacing = REPLACING.lock();
        self.keep_with_kept(note)
    }

    fn keep_with_kept(&self, note: &Note) -> io::Result<()> {
        let checkpoint: Checkpoint = note.text.parse().map_err(invalid)?;
        let kept = self.kept(checkpoint.size).ok().flatten().filter(|kept| kept.text == note.text);
        let mut kept = kept.unwrap_or_else(|| note.clone());
        note.signatures.iter().for_each(|signature| kept.add(signature.clone()));
        self.write(&format!("checkpoints/{}", checkpoint.size), kept.to_string().as_bytes())
    }

    /// Adds signatures of others to a checkpoint: where it is kept, and where it is the newest, if it still is. A crash in
    /// between leaves them in the first place only; who asks again adds them to both.
    ///
    /// # Errors
    /// The note is no checkpoint, another one of its size is kept, or a file cannot be written.
    pub fn attest(&self, note: &Note, signatures: &[NoteSignature]) -> io::Result<()> {
        let checkpoint: Checkpoint = note.text.parse().map_err(invalid)?;
        let _replacing = REPLACING.lock();
        let add = |mut note: Note| {
            signatures.iter().for_each(|signature| note.add(signature.clone()));
            note
        };
        if self.kept(checkpoint.size)?.is_some_and(|kept| kept.text != note.text) {
            return Err(invalid("another checkpoint of this size is kept"));
        }
        self.keep_with_kept(&add(note.clone()))?;
        match self.checkpoint()? {
            Some(newest) if newest.text == note.text => {
                self.write("checkpoint", add(newest).to_string().as_bytes())
            }
            _ => Ok(()),
        }
    }

    /// The timestamp of the kept checkpoint of a size, as the authority gave it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn timestamp(&self, size: u64) -> io::Result<Option<Vec<u8>>> {
        self.bytes(&format!("checkpoints/{size}.tsr"))
    }

    /// Keeps a checkpoint with the timestamp of it.
    ///
    /// # Errors
    /// The note is no checkpoint, another one of its size is kept, or a file cannot be written.
    pub fn keep_timestamp(&self, note: &Note, answer: &[u8]) -> io::Result<()> {
        self.attest(note, &[])?;
        let checkpoint: Checkpoint = note.text.parse().map_err(invalid)?;
        self.write(&format!("checkpoints/{}.tsr", checkpoint.size), answer)
    }

    /// The size of the newest checkpoint that a witness cosigned, as far as was noted: a hint that saves a round trip.
    pub fn witnessed(&self, witness: &VerifierKey) -> Option<u64> {
        let text = String::from_utf8(self.bytes("witnessed").ok()??).ok()?;
        let witness = witness.to_string();
        text.lines().find_map(|line| decimal(line.strip_prefix(&witness)?.strip_prefix(' ')?))
    }

    /// Notes such sizes.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note_witnessed(&self, sizes: &[(VerifierKey, u64)]) -> io::Result<()> {
        let lines: String = sizes.iter().map(|(witness, size)| format!("{witness} {size}\n")).collect();
        self.write("witnessed", lines.as_bytes())
    }
}

/// Names of the files in a folder; none where there is no such folder.
pub(super) fn names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
}

/// The first hashes or entries of a longer part.
fn beginning(tile: Tile, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let length = match tile.level {
        TileLevel::Hashes(_) => usize::from(tile.width) * size_of::<TreeHash>(),
        TileLevel::Entries => {
            let entries = Bundle::new(&bytes).take(usize::from(tile.width));
            entries
                .map(|entry| entry.map(|entry| 2 + entry.len()))
                .sum::<Result<usize, _>>()
                .map_err(invalid)?
        }
    };
    if length > bytes.len() {
        return Err(invalid("a tile is shorter than its name says"));
    }
    bytes.truncate(length);
    Ok(bytes)
}

pub(super) fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
