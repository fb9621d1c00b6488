//! What was published of a log, compared with what its records give.

use std::fmt::Write as _;

use soticket_schema::OrganisationId;

use super::report::{Rule, Violations};
use super::tree::{Known, TILE};

/// What was published of logs, and what is asked about their trees.
pub trait Published: Sync {
    /// Size of the newest published tree of a log: every tile and bundle of it has to be there. None when nothing is
    /// published of the log: nothing is compared then.
    fn size(&self, organisation: OrganisationId) -> Option<u64>;

    /// Sizes at which the root is wanted, ascending, each once.
    fn sizes(&self, organisation: OrganisationId) -> &[u64];

    /// Records of which the leaf hash is wanted, ascending, each once.
    fn leaves(&self, organisation: OrganisationId) -> &[u64];

    /// Whether the published bundles are a second copy of the records, to be compared with them.
    fn has_copies(&self) -> bool;

    /// A published file, by its path such as `tile/0/000`; none if it is not there.
    ///
    /// # Errors
    /// It cannot be read.
    fn file(&self, organisation: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// In the place of a part that is not there any more, a longer one that begins with it.
    ///
    /// # Errors
    /// It cannot be read.
    fn longer(&self, organisation: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String>;
}

/// Nothing is published: only the root of each log is worked out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unpublished;

impl Published for Unpublished {
    fn size(&self, _: OrganisationId) -> Option<u64> {
        None
    }
    fn sizes(&self, _: OrganisationId) -> &[u64] {
        &[]
    }
    fn leaves(&self, _: OrganisationId) -> &[u64] {
        &[]
    }
    fn has_copies(&self) -> bool {
        false
    }
    fn file(&self, _: OrganisationId, _: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }
    fn longer(&self, _: OrganisationId, _: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }
}

/// Path of a tile of hashes (`level` given) or of an entry bundle, as in C2SP tlog-tiles.
pub(super) fn path(level: Option<u8>, number: u64, width: u64) -> String {
    let mut groups = vec![number % 1_000];
    let mut rest = number / 1_000;
    while rest > 0 {
        groups.push(rest % 1_000);
        rest /= 1_000;
    }
    let mut path = match level {
        Some(level) => format!("tile/{level}"),
        None => "tile/entries".to_owned(),
    };
    for (left, group) in groups.iter().enumerate().rev() {
        let _ = write!(path, "/{}{group:03}", if left > 0 { "x" } else { "" });
    }
    if width < TILE {
        let _ = write!(path, ".p/{width}");
    }
    path
}

/// A fault of a published file, at the first record that it covers.
#[derive(Debug)]
pub(super) struct Fault {
    position: u64,
    rule: Rule,
    detail: String,
}

/// What was published of one log, and what became of comparing it.
pub(super) struct Compare<'a> {
    published: &'a dyn Published,
    pub(super) organisation: OrganisationId,
    /// Size of the newest published tree.
    size: Option<u64>,
    pub(super) faults: Vec<Fault>,
    pub(super) tiles: u64,
    pub(super) bundles: u64,
}

impl<'a> Compare<'a> {
    pub(super) fn new(published: &'a dyn Published, organisation: OrganisationId) -> Self {
        let size = published.size(organisation);
        Self { published, organisation, size, faults: Vec::new(), tiles: 0, bundles: 0 }
    }

    /// Compares a tile of hashes. One that the newest published tree does not need may be absent.
    pub(super) fn tile(&mut self, level: u8, number: u64, hashes: &[Known]) {
        let Some(size) = self.size else { return };
        let width = hashes.len() as u64;
        let path = path(Some(level), number, width);
        let first = first_record(level, number);
        let needed = is_needed(size, level, number, width);
        let length = 32 * hashes.len();
        let Some(bytes) = self.read(&path, length, Rule::Tile, first, needed) else { return };
        self.tiles += 1;
        let (stored, rest) = bytes.as_chunks::<32>();
        let is_same = rest.is_empty()
            && stored.len() == hashes.len()
            && hashes.iter().zip(stored).all(|(known, stored)| known.is_none_or(|known| known == *stored));
        if !is_same {
            self.fault(first, Rule::Tile, format!("{path} is not what the records give"));
        }
    }

    /// Compares a bundle of entries with the records.
    pub(super) fn bundle(&mut self, number: u64, width: u64, records: &[u8]) {
        let Some(size) = self.size else { return };
        let path = path(None, number, width);
        let needed = is_needed(size, 0, number, width);
        let length = records.len();
        let Some(bytes) = self.read(&path, length, Rule::Entries, number * TILE, needed) else { return };
        self.bundles += 1;
        if bytes != records {
            let detail = format!("{path} does not hold the records of the log");
            self.fault(number * TILE, Rule::Entries, detail);
        }
    }

    /// Reads a file; of a longer one that has taken its place the first `length` bytes.
    fn read(&mut self, path: &str, length: usize, rule: Rule, first: u64, needed: bool) -> Option<Vec<u8>> {
        let found = match self.published.file(self.organisation, path) {
            Ok(None) if needed => self.published.longer(self.organisation, path).map(|longer| {
                longer.map(|mut bytes| {
                    bytes.truncate(length);
                    bytes
                })
            }),
            found => found,
        };
        match found {
            Ok(Some(bytes)) => return Some(bytes),
            Ok(None) if needed => self.fault(first, rule, format!("{path} is not there")),
            Ok(None) => {}
            Err(error) => self.fault(first, rule, format!("{path}: {error}")),
        }
        None
    }

    fn fault(&mut self, position: u64, rule: Rule, detail: String) {
        self.faults.push(Fault { position, rule, detail });
    }

    /// Hands the faults over.
    pub(super) fn tell(&mut self, found: &mut Violations) {
        for Fault { position, rule, detail } in self.faults.drain(..) {
            found.add(self.organisation, position, rule, detail);
        }
    }
}

/// First record below a tile.
fn first_record(level: u8, number: u64) -> u64 {
    number.saturating_mul(TILE.saturating_pow(u32::from(level) + 1))
}

/// Whether the tree of this size has this tile.
fn is_needed(size: u64, level: u8, number: u64, width: u64) -> bool {
    let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
    if width == TILE { number < hashes / TILE } else { number == hashes / TILE && width == hashes % TILE }
}
