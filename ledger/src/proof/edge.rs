//! The growing end of a published tree: what its last tiles and its last bundle hold so far.

use std::io;

use super::folder::{PublishedFolder, invalid};
use super::hash::TreeHash;
use super::tiles::{TILE_WIDTH, Tile, TileLevel, bundle_entry};
use super::tree::Frontier;

/// Tiles that are not whole yet, and the bundle that is not.
#[derive(Debug, Clone, Default)]
pub(super) struct Edge {
    size: u64,
    levels: Vec<Vec<TreeHash>>,
    bundle: Vec<u8>,
}

impl Edge {
    /// The edge of a folder at a size: read from its parts.
    pub(super) fn load(folder: &PublishedFolder, size: u64) -> io::Result<Self> {
        let mut edge = Self { size, ..Self::default() };
        let absent = |tile: Tile| invalid(format!("{tile} is absent"));
        for level in 0_u8.. {
            let hashes = size >> (8 * level);
            if hashes == 0 {
                break;
            }
            let read = |tile_level| match part(tile_level, hashes) {
                Some(tile) => folder.tile(tile)?.ok_or_else(|| absent(tile)).map(|bytes| Some((tile, bytes))),
                None => Ok(None),
            };
            let tile = read(TileLevel::Hashes(level))?;
            let hashes = tile.map(|(tile, bytes)| tile.hashes(&bytes).map_err(invalid)).transpose()?;
            edge.levels.push(hashes.unwrap_or_default());
            if level == 0 {
                edge.bundle = read(TileLevel::Entries)?.map(|(_, bytes)| bytes).unwrap_or_default();
            }
        }
        Ok(edge)
    }

    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// The root over everything so far.
    pub(super) fn root(&self) -> TreeHash {
        let joined = self.levels.iter().fold(None, |right, hashes| {
            let mut frontier = Frontier::default();
            hashes.iter().for_each(|hash| frontier.push(*hash));
            frontier.joined(right)
        });
        joined.unwrap_or_else(TreeHash::empty)
    }

    /// Adds the next entry and hands over the tiles that it makes whole.
    pub(super) fn push(
        &mut self,
        entry: &[u8],
        whole: &mut dyn FnMut(Tile, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        bundle_entry(entry, &mut self.bundle);
        self.size += 1;
        if self.size.is_multiple_of(TILE_WIDTH) {
            whole(ending(TileLevel::Entries, self.size), &self.bundle)?;
            self.bundle.clear();
        }
        let mut carried = TreeHash::leaf(entry);
        for level in 0_u8.. {
            if self.levels.len() == usize::from(level) {
                self.levels.push(Vec::with_capacity(TILE_WIDTH as usize));
            }
            let hashes = &mut self.levels[usize::from(level)];
            hashes.push(carried);
            if (hashes.len() as u64) < TILE_WIDTH {
                break;
            }
            whole(ending(TileLevel::Hashes(level), self.size >> (8 * level)), &bytes(hashes))?;
            let mut frontier = Frontier::default();
            hashes.drain(..).for_each(|hash| frontier.push(hash));
            carried = frontier.root();
        }
        Ok(())
    }

    /// Hands over the tiles and the bundle that are not whole.
    pub(super) fn parts(&self, write: &mut dyn FnMut(Tile, &[u8]) -> io::Result<()>) -> io::Result<()> {
        if let Some(tile) = part(TileLevel::Entries, self.size) {
            write(tile, &self.bundle)?;
        }
        for (level, hashes) in (0_u8..).zip(&self.levels) {
            if let Some(tile) = part(TileLevel::Hashes(level), self.size >> (8 * level)) {
                write(tile, &bytes(hashes))?;
            }
        }
        Ok(())
    }
}

/// The part at the end of a level of so many hashes or entries; none if its last tile is whole.
fn part(level: TileLevel, count: u64) -> Option<Tile> {
    let width = count % TILE_WIDTH;
    (width != 0).then_some(Tile { level, number: count / TILE_WIDTH, width: width as u16 })
}

/// The whole tile at the end of a level of so many hashes or entries.
fn ending(level: TileLevel, count: u64) -> Tile {
    Tile { level, number: count / TILE_WIDTH - 1, width: TILE_WIDTH as u16 }
}

fn bytes(hashes: &[TreeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}
