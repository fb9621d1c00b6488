//! The tree of a published folder as it was at a size, read from its tiles.

use std::io;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use super::folder::{PublishedFolder, invalid};
use super::hash::TreeHash;
use super::tiles::{TILE_WIDTH, Tile, TileLevel};
use super::tree::{Frontier, Nodes};

/// Tiles that are remembered: 4 MiB of hashes.
const TILES_REMEMBERED: usize = 512;

/// The first so many entries of a published log.
#[derive(Debug)]
pub struct PublishedTree<'a> {
    folder: &'a PublishedFolder,
    size: u64,
    tiles: Mutex<FxHashMap<Tile, Vec<TreeHash>>>,
}

impl<'a> PublishedTree<'a> {
    /// The tree at a size, which the folder must have reached.
    pub fn new(folder: &'a PublishedFolder, size: u64) -> Self {
        Self { folder, size, tiles: Mutex::default() }
    }
}

impl Nodes for PublishedTree<'_> {
    type Error = io::Error;

    fn node(&self, level: u8, index: u64) -> io::Result<TreeHash> {
        let (tile_level, inner) = (level / 8, level % 8);
        let first = index << inner;
        let hashes = self.size >> (8 * tile_level);
        let number = first / TILE_WIDTH;
        let width = hashes.saturating_sub(number * TILE_WIDTH).min(TILE_WIDTH) as u16;
        let tile = Tile { level: TileLevel::Hashes(tile_level), number, width };
        let mut tiles = self.tiles.lock();
        if !tiles.contains_key(&tile) {
            let bytes = self.folder.tile(tile)?.ok_or_else(|| invalid(format!("{tile} is absent")))?;
            if tiles.len() >= TILES_REMEMBERED {
                tiles.clear();
            }
            tiles.insert(tile, tile.hashes(&bytes).map_err(invalid)?);
        }
        let from = (first % TILE_WIDTH) as usize;
        let hashes = tiles.get(&tile).and_then(|hashes| hashes.get(from..from + (1 << inner)));
        let hashes = hashes.ok_or_else(|| invalid(format!("{tile} does not reach that far")))?;
        let mut frontier = Frontier::default();
        hashes.iter().for_each(|hash| frontier.push(*hash));
        Ok(frontier.root())
    }
}
