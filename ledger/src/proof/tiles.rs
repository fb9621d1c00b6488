//! Tiles of a tree and bundles of its entries (c2sp.org/tlog-tiles), by path and by bytes.

use std::fmt;
use std::str::FromStr;

use super::error::ProofError;
use super::hash::TreeHash;

/// Hashes of a whole tile, and entries of a whole bundle.
pub const TILE_WIDTH: u64 = 256;
/// Levels of tiles that a tree of 2^63 leaves has.
const LEVELS_MAX: u8 = 8;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TileLevel {
    /// The entries themselves.
    Entries,
    /// Hashes over 256^level entries each.
    Hashes(u8),
}

/// A tile or bundle by its place in the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tile {
    /// What it holds.
    pub level: TileLevel,
    /// Which one of its level.
    pub number: u64,
    /// How many of 256 hashes or entries it has: 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Whether nothing will ever be added to it.
    pub fn is_whole(&self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// Of its first hash or entry, the number within its level.
    pub fn first(&self) -> u64 {
        self.number * TILE_WIDTH
    }

    /// The hashes of a tile's bytes.
    ///
    /// # Errors
    /// There are not as many as the tile is wide.
    pub fn hashes(&self, bytes: &[u8]) -> Result<Vec<TreeHash>, ProofError> {
        let (chunks, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() || chunks.len() != usize::from(self.width) {
            return Err(ProofError::Tile("it does not hold as many hashes as its name says"));
        }
        Ok(chunks.iter().copied().map(TreeHash).collect())
    }
}

/// `tile/0/x001/234`, `tile/entries/000.p/12`.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            TileLevel::Entries => f.write_str("tile/entries/")?,
            TileLevel::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        let (mut groups, mut rest) = (vec![self.number % 1_000], self.number / 1_000);
        while rest > 0 {
            groups.push(rest % 1_000);
            rest /= 1_000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.is_whole() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

impl FromStr for Tile {
    type Err = ProofError;

    fn from_str(path: &str) -> Result<Self, ProofError> {
        let refuse = || ProofError::Tile("its path is not of the form tile/<level>/<number>[.p/<width>]");
        let rest = path.strip_prefix("tile/").ok_or_else(refuse)?;
        let (level, rest) = rest.split_once('/').ok_or_else(refuse)?;
        let (number, width) = rest.split_once(".p/").unwrap_or((rest, "256"));
        let level = match level {
            "entries" => TileLevel::Entries,
            level => {
                TileLevel::Hashes(level.parse().ok().filter(|level| *level < LEVELS_MAX).ok_or_else(refuse)?)
            }
        };
        let digits: String = number.split('/').map(|group| group.trim_start_matches('x')).collect();
        let tile = Self {
            level,
            number: digits.parse().map_err(|_| refuse())?,
            width: width.parse().ok().filter(|width| (1..=256).contains(width)).ok_or_else(refuse)?,
        };
        // There is one path for a tile: any other is nobody's.
        if tile.to_string() == path { Ok(tile) } else { Err(refuse()) }
    }
}

/// The tiles and bundles that a tree of `size` has and one of `old` had not: partial ones at their last width only.
pub fn tiles_of(old: u64, size: u64) -> impl Iterator<Item = Tile> {
    let levels = [(TileLevel::Entries, 0)].into_iter();
    let levels = levels.chain((0..LEVELS_MAX).map(|level| (TileLevel::Hashes(level), level)));
    levels.flat_map(move |(level, height)| {
        let (before, now) = (old >> (8 * height), size >> (8 * height));
        let numbers = before / TILE_WIDTH..now.div_ceil(TILE_WIDTH);
        numbers.filter(move |_| before != now).map(move |number| Tile {
            level,
            number,
            width: (now - number * TILE_WIDTH).min(TILE_WIDTH) as u16,
        })
    })
}

/// Appends an entry to a bundle. Entries are at most 65,535 bytes, which a record never exceeds.
pub fn bundle_entry(entry: &[u8], bundle: &mut Vec<u8>) {
    let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(&entry[..usize::from(length)]);
}

/// The entries of a bundle's bytes, one after the other.
#[derive(Debug, Clone)]
pub struct Bundle<'a>(&'a [u8]);

impl<'a> Bundle<'a> {
    /// Over a bundle's bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
}

impl<'a> Iterator for Bundle<'a> {
    type Item = Result<&'a [u8], ProofError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let entry = self
            .0
            .split_first_chunk::<2>()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        match entry {
            Some((entry, rest)) => {
                self.0 = rest;
                Some(Ok(entry))
            }
            None => {
                self.0 = &[];
                Some(Err(ProofError::Tile("its last entry is cut short")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_has_one_path() {
        let tile = |level, number, width| Tile { level, number, width };
        let cases = [
            (tile(TileLevel::Hashes(0), 0, 256), "tile/0/000"),
            (tile(TileLevel::Hashes(1), 1_234_067, 256), "tile/1/x001/x234/067"),
            (tile(TileLevel::Entries, 999, 12), "tile/entries/999.p/12"),
            (tile(TileLevel::Entries, 1_000, 255), "tile/entries/x001/000.p/255"),
        ];
        for (tile, path) in cases {
            assert_eq!((tile.to_string().as_str(), path.parse()), (path, Ok(tile)));
        }
        let wrong = [
            "tile/0/0",
            "tile/0/x000/001",
            "tile/9/000",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/257",
        ];
        for path in wrong.into_iter().chain(["tile/0/001/000", "tile/00/000", "tile/0/../000", "checkpoint"])
        {
            assert!(path.parse::<Tile>().is_err(), "{path}");
        }
    }

    #[test]
    fn a_tree_has_the_tiles_of_the_specification() {
        let tiles: Vec<Tile> = tiles_of(0, 70_000).collect();
        let of = |level| tiles.iter().filter(move |tile| tile.level == level).collect::<Vec<_>>();
        let widths = |level| of(level).last().map(|tile| tile.width);
        assert_eq!((of(TileLevel::Hashes(0)).len(), widths(TileLevel::Hashes(0))), (274, Some(112)));
        assert_eq!((of(TileLevel::Entries).len(), widths(TileLevel::Entries)), (274, Some(112)));
        assert_eq!((of(TileLevel::Hashes(1)).len(), widths(TileLevel::Hashes(1))), (2, Some(17)));
        assert_eq!((of(TileLevel::Hashes(2)).len(), widths(TileLevel::Hashes(2))), (1, Some(1)));
        assert!(of(TileLevel::Hashes(3)).is_empty());
        assert_eq!(tiles_of(70_000, 70_000).count(), 0);
        let grown: Vec<String> = tiles_of(511, 513).map(|tile| tile.to_string()).collect();
        let expected =
            ["tile/entries/001", "tile/entries/002.p/1", "tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2"];
        assert_eq!(grown, expected);
    }

    #[test]
    fn a_bundle_gives_its_entries_back() {
        let mut bytes = Vec::new();
        for entry in [b"one".as_slice(), b"", &[7; 65_535]] {
            bundle_entry(entry, &mut bytes);
        }
        let entries: Vec<_> = Bundle::new(&bytes).map(|entry| entry.map(<[u8]>::len)).collect();
        assert_eq!(entries, [Ok(3), Ok(0), Ok(65_535)]);
        let cut: Vec<_> = Bundle::new(&bytes[..8]).collect();
        assert!(cut.len() == 3 && cut[2].is_err());
    }
}
