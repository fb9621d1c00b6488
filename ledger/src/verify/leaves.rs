//! The leaves of a span of records, hashed and joined into tiles by the thread that reads them.

use soticket_schema::OrganisationId;

use super::published::{Compare, Fault, Published};
use super::tree::{Known, NodeHash, TILE, leaf_hash, root_of, rooted, whole};

/// What a reading thread makes of a span of leaves.
#[derive(Debug, Default)]
pub(super) struct SpanTree {
    /// Position behind the last leaf.
    pub(super) until: u64,
    /// Roots of the whole tiles.
    pub(super) tiles: Vec<Known>,
    /// For each wanted size that ends within a tile: the root over the tile's leaves below it.
    pub(super) parts: Vec<Known>,
    /// The root over the leaves behind the last whole tile.
    pub(super) rest: Option<Known>,
    /// Wanted leaf hashes.
    pub(super) leaves: Vec<(u64, NodeHash)>,
    pub(super) faults: Vec<Fault>,
    /// Tiles and bundles that were compared.
    pub(super) compared: (u64, u64),
}

/// The leaves of a span while it is read, and its records where they are to be compared with bundles.
#[derive(Debug, Default)]
pub(super) struct SpanLeaves {
    from: u64,
    hashes: Vec<Known>,
    keeps_records: bool,
    /// The records of each tile as a bundle holds them.
    bundles: Vec<Vec<u8>>,
}

impl SpanLeaves {
    /// Begins a span that starts at the border of a tile.
    pub(super) fn begin(&mut self, from: u64, keeps_records: bool) {
        self.from = from;
        self.hashes.clear();
        self.keeps_records = keeps_records;
        self.bundles.iter_mut().for_each(Vec::clear);
    }

    /// The next record.
    pub(super) fn record(&mut self, bytes: &[u8]) {
        if self.keeps_records {
            let tile = self.hashes.len() / TILE as usize;
            if self.bundles.len() <= tile {
                self.bundles.resize_with(tile + 1, Vec::new);
            }
            if let (Some(bundle), Ok(length)) = (self.bundles.get_mut(tile), u16::try_from(bytes.len())) {
                bundle.extend_from_slice(&length.to_be_bytes());
                bundle.extend_from_slice(bytes);
            }
        }
        self.hashes.push(Some(leaf_hash(bytes)));
    }

    /// Up to `position` nothing could be read.
    pub(super) fn skip_to(&mut self, position: u64) {
        let length = usize::try_from(position.saturating_sub(self.from)).unwrap_or(usize::MAX);
        if length > self.hashes.len() {
            self.hashes.resize(length, None);
        }
    }

    /// Joins the leaves of each tile, and compares with what is published.
    pub(super) fn tree(&self, published: &dyn Published, organisation: OrganisationId) -> SpanTree {
        let mut compare = Compare::new(published, organisation);
        let mut tree = SpanTree { until: self.until(), ..SpanTree::default() };
        let first = self.from / TILE;
        for (number, (place, leaves)) in (first..).zip(self.hashes.chunks(TILE as usize).enumerate()) {
            if leaves.len() == TILE as usize {
                tree.tiles.push(whole(leaves));
                compare.tile(0, number, leaves);
                self.compare_bundle(&mut compare, place, number, leaves);
            } else {
                tree.rest = rooted(leaves, None);
            }
        }
        for size in between(published.sizes(organisation), self.from + 1, self.until() + 1) {
            self.part(*size, &mut tree, &mut compare);
        }
        for index in between(published.leaves(organisation), self.from, self.until()) {
            if let Some(hash) = self.hashes.get((index - self.from) as usize).copied().flatten() {
                tree.leaves.push((*index, hash));
            }
        }
        tree.faults = compare.faults;
        tree.compared = (compare.tiles, compare.bundles);
        tree
    }

    fn until(&self) -> u64 {
        self.from + self.hashes.len() as u64
    }

    /// A wanted size that ends within a tile: the leaves of the tile below it.
    fn part(&self, size: u64, tree: &mut SpanTree, compare: &mut Compare<'_>) {
        let (number, width) = (size / TILE, size % TILE);
        if width == 0 {
            return;
        }
        let begin = (number * TILE - self.from) as usize;
        let leaves = self.hashes.get(begin..begin + width as usize).unwrap_or_default();
        tree.parts.push(root_of(leaves));
        compare.tile(0, number, leaves);
        self.compare_bundle(compare, begin / TILE as usize, number, leaves);
    }

    fn compare_bundle(&self, compare: &mut Compare<'_>, place: usize, number: u64, leaves: &[Known]) {
        // What could not be read cannot be compared, and is a fault already.
        if !self.keeps_records || leaves.iter().any(Option::is_none) {
            return;
        }
        let bundle = self.bundles.get(place).map(Vec::as_slice).unwrap_or_default();
        let end = leaves.iter().try_fold(0_usize, |end, _| {
            let length = bundle.get(end..)?.first_chunk::<2>()?;
            Some(end + 2 + usize::from(u16::from_be_bytes(*length)))
        });
        let records = end.and_then(|end| bundle.get(..end)).unwrap_or_default();
        compare.bundle(number, leaves.len() as u64, records);
    }
}

/// Those of ascending numbers that are at least `from` and below `until`.
fn between(numbers: &[u64], from: u64, until: u64) -> &[u64] {
    let begin = numbers.partition_point(|number| *number < from);
    let end = numbers.partition_point(|number| *number < until);
    numbers.get(begin..end).unwrap_or_default()
}
