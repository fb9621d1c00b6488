//! The RFC 6962 tree over the records, worked out anew: every leaf is hashed here, every published tile compared, and
//! the root told at every size that is asked for. A second reading of the format, as all of verification.
//!
//! The threads that read hash the leaves and join whole tiles of 256; what is left for the one that collects is one
//! hash in 256. A record that could not be read leaves a hole: what depends on it is unknown, everything else is not.

use sha2::{Digest, Sha256};
use soticket_schema::OrganisationId;

use super::leaves::SpanTree;
use super::published::{Compare, Published};
use super::report::Violations;

/// Hash of a leaf or of a node.
pub type NodeHash = [u8; 32];

/// A hash, or nothing where a record below it could not be read.
pub(super) type Known = Option<NodeHash>;

/// Hashes of a whole tile, and records of a whole bundle.
pub(super) const TILE: u64 = 256;

/// The tree over one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeReport {
    /// Whose log.
    pub organisation: OrganisationId,
    /// Number of leaves.
    pub size: u64,
    /// Root over all of them; none when one could not be read.
    pub root: Option<NodeHash>,
    /// Roots at the sizes that were asked for and that the log has.
    pub roots: Vec<(u64, Option<NodeHash>)>,
    /// Leaf hashes that were asked for and could be read.
    pub leaves: Vec<(u64, NodeHash)>,
    /// Published tiles that were compared.
    pub tiles: u64,
    /// Published bundles that were compared with the records.
    pub bundles: u64,
    /// How many of them are not what they should be, or are absent.
    pub violations: u64,
}

/// Hash of a leaf.
pub fn leaf_hash(bytes: &[u8]) -> NodeHash {
    Sha256::new().chain_update([0]).chain_update(bytes).finalize().into()
}

/// Hash of the node over two others.
pub fn node_hash(left: &NodeHash, right: &NodeHash) -> NodeHash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left);
    bytes[33..].copy_from_slice(right);
    Sha256::digest(bytes).into()
}

fn join(left: Known, right: Known) -> Known {
    Some(node_hash(&left?, &right?))
}

/// Root over a power of two of hashes.
pub(super) fn whole(hashes: &[Known]) -> Known {
    match hashes {
        [] => None,
        [only] => *only,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            join(whole(left), whole(right))
        }
    }
}

/// The root once `hashes`, complete subtrees of equal height, stand to the left of `right`.
pub(super) fn rooted(hashes: &[Known], mut right: Option<Known>) -> Option<Known> {
    let mut end = hashes.len();
    while end > 0 {
        let begin = end & (end - 1);
        let peak = whole(hashes.get(begin..end).unwrap_or_default());
        right = Some(match right {
            Some(right) => join(peak, right),
            None => peak,
        });
        end = begin;
    }
    right
}

/// Root over any number of leaves: none over none.
pub(super) fn root_of(leaves: &[Known]) -> Known {
    rooted(leaves, None).flatten()
}

/// The tree above the tiles of leaves: one open tile for each level.
pub(super) struct Tree<'a> {
    compare: Compare<'a>,
    /// Tiles of leaves so far.
    tiles: u64,
    /// Levels from 1 on: number of the open tile and its hashes.
    levels: Vec<(u64, Vec<Known>)>,
    /// Wanted sizes that were not reached yet.
    sizes: &'a [u64],
    roots: Vec<(u64, Known)>,
    leaves: Vec<(u64, NodeHash)>,
    rest: Option<Known>,
}

impl<'a> Tree<'a> {
    pub(super) fn new(published: &'a dyn Published, organisation: OrganisationId) -> Self {
        Self {
            compare: Compare::new(published, organisation),
            tiles: 0,
            levels: Vec::new(),
            sizes: published.sizes(organisation),
            roots: Vec::new(),
            leaves: Vec::new(),
            rest: None,
        }
    }

    /// Takes the next span.
    pub(super) fn span(&mut self, span: SpanTree, found: &mut Violations) {
        let mut parts = span.parts.into_iter();
        for tile in span.tiles {
            self.roots_within(span.until, &mut parts);
            self.push(tile);
        }
        if span.rest.is_some() {
            self.roots_within(span.until, &mut parts);
            self.rest = span.rest;
        }
        self.leaves.extend(span.leaves);
        self.compare.faults.extend(span.faults);
        self.compare.tiles += span.compared.0;
        self.compare.bundles += span.compared.1;
        self.compare.tell(found);
    }

    /// Roots at the wanted sizes that end at the border before the next tile of leaves, or within it; not beyond `until`.
    fn roots_within(&mut self, until: u64, parts: &mut impl Iterator<Item = Known>) {
        while let Some((&size, later)) = self.sizes.split_first() {
            if size / TILE > self.tiles || size > until {
                return;
            }
            let part = if size % TILE == 0 { None } else { parts.next() };
            self.root_at(size, part);
            self.sizes = later;
        }
    }

    fn root_at(&mut self, size: u64, part: Option<Known>) {
        let root = if size == 0 { Some(empty_root()) } else { self.root(part) };
        self.roots.push((size, root));
        for (level, (number, hashes)) in (1..).zip(&self.levels) {
            if !hashes.is_empty() {
                self.compare.tile(level, *number, hashes);
            }
        }
    }

    /// The root with the leaves of an open tile to the right of all whole ones.
    fn root(&self, part: Option<Known>) -> Known {
        self.levels.iter().fold(part, |right, (_, hashes)| rooted(hashes, right)).flatten()
    }

    /// The root of the next tile of leaves.
    fn push(&mut self, tile: Known) {
        self.tiles += 1;
        let mut hash = tile;
        for level in 1.. {
            if self.levels.len() < level {
                self.levels.push((0, Vec::with_capacity(TILE as usize)));
            }
            let Some((number, hashes)) = self.levels.get_mut(level - 1) else { return };
            hashes.push(hash);
            if hashes.len() < TILE as usize {
                return;
            }
            let full = std::mem::take(hashes);
            let this = *number;
            *number += 1;
            self.compare.tile(level as u8, this, &full);
            hash = whole(&full);
        }
    }

    /// Ends a log of `size` records.
    pub(super) fn end(mut self, size: u64, found: &mut Violations) -> TreeReport {
        // What is wanted exactly at the end, on the border of a tile. Other sizes are beyond the log.
        while let Some((&wanted, later)) = self.sizes.split_first() {
            if wanted <= size {
                self.root_at(wanted, None);
            }
            self.sizes = later;
        }
        let root = if size == 0 { Some(empty_root()) } else { self.root(self.rest) };
        self.compare.tell(found);
        TreeReport {
            organisation: self.compare.organisation,
            size,
            root,
            roots: self.roots,
            leaves: self.leaves,
            tiles: self.compare.tiles,
            bundles: self.compare.bundles,
            violations: 0,
        }
    }
}

/// Root over nothing.
fn empty_root() -> NodeHash {
    Sha256::digest([]).into()
}
