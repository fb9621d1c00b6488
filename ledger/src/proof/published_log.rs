//! A published log, read back from its files wherever they are: a folder, a copy of it, or a server.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use soticket_schema::OrganisationId;

use super::checkpoint::{Checkpoint, decimal, read_checkpoint};
use super::folder::names;
use super::note::Note;
use super::tiles::{TILE_WIDTH, Tile, TileLevel};

/// The files of one published log. Nothing that they hold is trusted.
pub trait PublishedFiles: Send + Sync + 'static {
    /// A file by its path below the log, such as `tile/0/000`; none if it is not there.
    ///
    /// # Errors
    /// It cannot be read; the text says why.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// In the place of a part that is not there any more, a longer one that begins with it.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn longer(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match path.split_once(".p/") {
            Some((whole, _)) => self.read(whole),
            None => Ok(None),
        }
    }

    /// Names of the files in `checkpoints/`; none where they cannot be listed.
    ///
    /// # Errors
    /// As [`Self::read`].
    fn checkpoint_names(&self) -> Result<Vec<String>, String>;
}

/// Published files in a folder.
#[derive(Debug, Clone)]
pub struct FolderFiles(pub PathBuf);

impl FolderFiles {
    fn names(&self, path: &str) -> Result<Vec<String>, String> {
        names(&self.0.join(path)).map_err(|error| error.to_string())
    }
}

impl PublishedFiles for FolderFiles {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        match fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }

    fn longer(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let Some((whole, width)) = path.split_once(".p/") else { return Ok(None) };
        if let Some(bytes) = self.read(whole)? {
            return Ok(Some(bytes));
        }
        let widths = self.names(&format!("{whole}.p"))?;
        let widths = widths.iter().filter_map(|name| decimal(name));
        let longer = widths.filter(|other| Some(*other) > decimal(width)).max();
        longer.map_or(Ok(None), |longer| self.read(&format!("{whole}.p/{longer}")))
    }

    fn checkpoint_names(&self) -> Result<Vec<String>, String> {
        self.names("checkpoints")
    }
}

/// Whose log was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PublishedOf {
    /// The cooperative's: its entries are signed checkpoints of its members.
    Cooperative,
    /// An organisation's: its entries are records.
    Organisation(OrganisationId),
}

/// A published log with what it says of itself.
#[derive(Clone)]
pub struct PublishedLog {
    /// Its files.
    pub files: Arc<dyn PublishedFiles>,
    /// Whose it is.
    pub of: PublishedOf,
    /// The newest checkpoint; none when there is none that can be read.
    pub newest: Option<(Note, Checkpoint)>,
    /// Sizes of the kept checkpoints, ascending.
    pub kept: Vec<u64>,
    /// Sizes of the checkpoints that have an RFC 3161 token, ascending: `checkpoints/<size>.tsr`.
    pub tokens: Vec<u64>,
    /// How many entries it has by its newest checkpoint.
    pub size: u64,
}

/// One bundle of entries.
pub(super) struct Entries {
    bytes: Vec<u8>,
    /// Where each entry lies in the bytes.
    places: Vec<(usize, usize)>,
    /// Why there are not as many as there should be.
    pub(super) short: String,
}

impl Entries {
    /// The entry of this number within the bundle.
    pub(super) fn get(&self, number: usize) -> Option<&[u8]> {
        self.places.get(number).and_then(|(begin, end)| self.bytes.get(*begin..*end))
    }
}

impl PublishedLog {
    /// Looks at what is published; nothing is checked yet.
    ///
    /// # Errors
    /// The files cannot be listed or read.
    pub fn open(files: Arc<dyn PublishedFiles>) -> Result<Self, String> {
        let newest = files.read("checkpoint")?.and_then(|bytes| read_checkpoint(&bytes));
        let names = files.checkpoint_names()?;
        let mut kept: Vec<u64> = names.iter().filter_map(|name| decimal(name)).collect();
        kept.sort_unstable();
        let mut tokens: Vec<u64> =
            names.iter().filter_map(|name| name.strip_suffix(".tsr").and_then(decimal)).collect();
        tokens.sort_unstable();
        let last = kept.last().copied().unwrap_or_default();
        let size = newest.as_ref().map_or(last, |(_, checkpoint)| checkpoint.size);
        let of = PublishedOf::Organisation(OrganisationId::default());
        let mut log = Self { files, of, newest, kept, tokens, size };
        log.of = log.whose();
        Ok(log)
    }

    /// Whose it is: by its name, or by its first entry where that names nobody.
    fn whose(&self) -> PublishedOf {
        let origin = self.newest.as_ref().map_or("", |(_, checkpoint)| checkpoint.origin.as_str());
        let name = origin.rsplit('/').next().unwrap_or_default();
        if name == "cooperative" {
            return PublishedOf::Cooperative;
        }
        let named = OrganisationId::parse(name).filter(|id| id.to_string() == name);
        let first = || {
            let entries = self.entries(0).ok()?;
            let id = entries.get(0)?.strip_prefix(b"STL1")?.first_chunk::<16>()?;
            Some(OrganisationId(*id))
        };
        PublishedOf::Organisation(named.or_else(first).unwrap_or_default())
    }

    /// Name of the log: the organisation's id, or `cooperative`.
    pub fn name(&self) -> String {
        match self.of {
            PublishedOf::Cooperative => "cooperative".to_owned(),
            PublishedOf::Organisation(id) => id.to_string(),
        }
    }

    /// How many entries the bundle of this number has.
    pub(super) fn width(&self, number: u64) -> u64 {
        self.size.saturating_sub(number.saturating_mul(TILE_WIDTH)).min(TILE_WIDTH)
    }

    /// The bundle's path.
    pub(super) fn path(&self, number: u64) -> String {
        Tile { level: TileLevel::Entries, number, width: self.width(number) as u16 }.to_string()
    }

    /// The entries of a bundle; an error when it cannot be used at all.
    pub(super) fn entries(&self, number: u64) -> Result<Entries, String> {
        let (width, path) = (self.width(number) as usize, self.path(number));
        let exact = self.files.read(&path).map_err(|error| format!("{path}: {error}"))?;
        let is_exact = exact.is_some();
        let bytes = match exact {
            Some(bytes) => Some(bytes),
            None => self.files.longer(&path).map_err(|error| format!("{path}: {error}"))?,
        };
        let bytes = bytes.ok_or_else(|| format!("{path} is not there"))?;
        let (mut places, mut at) = (Vec::with_capacity(width), 0);
        while places.len() < width
            && let Some(length) = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>())
        {
            let (begin, end) = (at + 2, at + 2 + usize::from(u16::from_be_bytes(*length)));
            if end > bytes.len() {
                break;
            }
            places.push((begin, end));
            at = end;
        }
        if is_exact && at < bytes.len() && places.len() == width {
            return Err(format!("{path} holds more than its {width} entries"));
        }
        Ok(Entries { bytes, places, short: format!("{path} ends before its {width} entries") })
    }

    /// Calls `visit` with every entry in order; why it cannot be read where it cannot.
    pub fn visit(&self, mut visit: impl FnMut(u64, Result<&[u8], &str>)) {
        for number in 0..self.size.div_ceil(TILE_WIDTH) {
            let entries = self.entries(number);
            for place in 0..self.width(number) as usize {
                let entry = match &entries {
                    Ok(entries) => entries.get(place).ok_or(entries.short.as_str()),
                    Err(reason) => Err(reason.as_str()),
                };
                visit(number * TILE_WIDTH + place as u64, entry);
            }
        }
    }
}
