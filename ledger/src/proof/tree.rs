//! The tree of RFC 6962, section 2.1: roots, proofs, and checking them.

use super::error::ProofError;
use super::hash::TreeHash;

/// Where hashes of complete subtrees come from.
pub trait Nodes {
    /// Why one cannot be had.
    type Error;

    /// The hash over the 2^`level` leaves of which `index * 2^level` is the first.
    ///
    /// # Errors
    /// The hash cannot be had.
    fn node(&self, level: u8, index: u64) -> Result<TreeHash, Self::Error>;
}

/// The right edge of a growing tree: all that is needed to add leaves and to know the root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Complete subtrees from the largest to the smallest, one for each bit of the size.
    edge: Vec<TreeHash>,
}

impl Frontier {
    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds the next leaf by its hash.
    pub fn push(&mut self, leaf: TreeHash) {
        self.push_subtree(0, leaf);
    }

    /// Adds 2^`level` leaves by the hash over them. The size must be a multiple of as many.
    pub fn push_subtree(&mut self, level: u8, hash: TreeHash) {
        debug_assert_eq!(self.size & ((1 << level) - 1), 0, "a subtree begins at a multiple of its size");
        let mut joined = hash;
        let mut index = self.size >> level;
        while index & 1 == 1
            && let Some(left) = self.edge.pop()
        {
            joined = TreeHash::node(&left, &joined);
            index >>= 1;
        }
        self.edge.push(joined);
        self.size += 1 << level;
    }

    /// The root over all leaves.
    pub fn root(&self) -> TreeHash {
        self.joined(None).unwrap_or_else(TreeHash::empty)
    }

    /// The root over all leaves and what lies to their right, if anything.
    pub(super) fn joined(&self, right: Option<TreeHash>) -> Option<TreeHash> {
        self.edge
            .iter()
            .rev()
            .fold(right, |right, left| Some(right.map_or(*left, |right| TreeHash::node(left, &right))))
    }
}

/// The root of the first `size` leaves.
///
/// # Errors
/// A node cannot be had.
pub fn root<N: Nodes>(nodes: &N, size: u64) -> Result<TreeHash, N::Error> {
    if size == 0 { Ok(TreeHash::empty()) } else { range(nodes, 0, size) }
}

/// The hashes from the leaf `index` to the root of the first `size` leaves: PATH of the RFC. `index < size`.
///
/// # Errors
/// A node cannot be had.
pub fn inclusion<N: Nodes>(nodes: &N, index: u64, size: u64) -> Result<Vec<TreeHash>, N::Error> {
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// What shows that the first `old` leaves are the beginning of the first `size` leaves: PROOF of the RFC. Empty when
/// there is nothing to show, that is for `old` of 0 or `size`; `old <= size`.
///
/// # Errors
/// A node cannot be had.
pub fn consistency<N: Nodes>(nodes: &N, old: u64, size: u64) -> Result<Vec<TreeHash>, N::Error> {
    let mut proof = Vec::new();
    if old == 0 || old == size {
        return Ok(proof);
    }
    let (mut from, mut to) = (0, size);
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range(nodes, middle, to)?);
            to = middle;
        } else {
            proof.push(range(nodes, from, middle)?);
            from = middle;
        }
    }
    if from != 0 {
        // Whoever asks knows the old root, but not the hash over this end of the old tree.
        proof.push(range(nodes, from, to)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The hash over leaves `from` to `to`, which lie as the RFC cuts them.
fn range<N: Nodes>(nodes: &N, from: u64, to: u64) -> Result<TreeHash, N::Error> {
    let count = to - from;
    if count.is_power_of_two() {
        return nodes.node(count.trailing_zeros() as u8, from / count);
    }
    let middle = from + split(count);
    let left = range(nodes, from, middle)?;
    Ok(TreeHash::node(&left, &range(nodes, middle, to)?))
}

/// The largest power of two below `count`, which is at least 2.
fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// Checks that the leaf with hash `leaf` is number `index` of the tree of `size` leaves with `root`.
///
/// # Errors
/// The proof does not show it.
pub fn check_inclusion(
    leaf: TreeHash,
    index: u64,
    size: u64,
    proof: &[TreeHash],
    root: TreeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Inclusion);
    }
    let (mut number, mut last, mut hash) = (index, size - 1, leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Inclusion);
        }
        if number & 1 == 1 || number == last {
            hash = TreeHash::node(sibling, &hash);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            hash = TreeHash::node(&hash, sibling);
        }
        number >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == root { Ok(()) } else { Err(ProofError::Inclusion) }
}

/// Checks that the tree of `old` leaves with `old_root` is the beginning of that of `size` leaves with `root`.
///
/// # Errors
/// The proof does not show it.
pub fn check_consistency(
    (old, old_root): (u64, TreeHash),
    (size, root): (u64, TreeHash),
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    let shown = match old {
        _ if old > size => false,
        0 => proof.is_empty() && old_root == TreeHash::empty(),
        _ if old == size => proof.is_empty() && old_root == root,
        _ => leads(old, old_root, size, root, proof),
    };
    if shown { Ok(()) } else { Err(ProofError::Consistency) }
}

/// RFC 9162, section 2.1.4.2, for `0 < old < size`.
fn leads(old: u64, old_root: TreeHash, size: u64, root: TreeHash, proof: &[TreeHash]) -> bool {
    // The old tree is one complete subtree: its root is the first hash of the way, which the proof leaves out.
    let whole = old.is_power_of_two().then_some(old_root);
    let mut hashes = whole.iter().chain(proof);
    let Some(first) = hashes.next() else { return false };
    let (mut number, mut last) = (old - 1, size - 1);
    while number & 1 == 1 {
        number >>= 1;
        last >>= 1;
    }
    let (mut to_old, mut to_new) = (*first, *first);
    for hash in hashes {
        if last == 0 {
            return false;
        }
        if number & 1 == 1 || number == last {
            to_old = TreeHash::node(hash, &to_old);
            to_new = TreeHash::node(hash, &to_new);
            while number & 1 == 0 && number != 0 {
                number >>= 1;
                last >>= 1;
            }
        } else {
            to_new = TreeHash::node(&to_new, hash);
        }
        number >>= 1;
        last >>= 1;
    }
    last == 0 && to_old == old_root && to_new == root
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as the RFC defines it, from all leaves.
    struct Leaves(Vec<TreeHash>);

    impl Leaves {
        fn of(count: u64) -> Self {
            Self((0..count).map(|number| TreeHash::leaf(&number.to_be_bytes())).collect())
        }

        fn mth(&self, from: usize, to: usize) -> TreeHash {
            match to - from {
                0 => TreeHash::empty(),
                1 => self.0[from],
                count => {
                    let middle = from + split(count as u64) as usize;
                    TreeHash::node(&self.mth(from, middle), &self.mth(middle, to))
                }
            }
        }
    }

    impl Nodes for Leaves {
        type Error = ();
        fn node(&self, level: u8, index: u64) -> Result<TreeHash, ()> {
            let (from, to) = (index << level, (index + 1) << level);
            if to > self.0.len() as u64 { Err(()) } else { Ok(self.mth(from as usize, to as usize)) }
        }
    }

    #[test]
    fn the_rfc_vectors_hold() {
        let hex = |hash: TreeHash| hash.0.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(
            hex(TreeHash::empty()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            hex(TreeHash::leaf(b"")),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
    }

    #[test]
    fn every_proof_of_every_small_tree_holds_and_no_other() {
        let leaves = Leaves::of(40);
        let mut frontier = Frontier::default();
        for size in 0..=40 {
            let whole = leaves.mth(0, size as usize);
            assert_eq!((frontier.root(), root(&leaves, size)), (whole, Ok(whole)));
            for index in 0..size {
                let proof = inclusion(&leaves, index, size).unwrap();
                let leaf = leaves.0[index as usize];
                assert_eq!(check_inclusion(leaf, index, size, &proof, whole), Ok(()));
                refuse_changes(&proof, |proof| check_inclusion(leaf, index, size, proof, whole));
                for other in (0..size).filter(|&other| other != index) {
                    assert!(check_inclusion(leaf, other, size, &proof, whole).is_err());
                }
            }
            for old in 0..=size {
                let proof = consistency(&leaves, old, size).unwrap();
                let before = (old, leaves.mth(0, old as usize));
                assert_eq!(check_consistency(before, (size, whole), &proof), Ok(()));
                refuse_changes(&proof, |proof| check_consistency(before, (size, whole), proof));
                assert!(check_consistency((old, TreeHash([7; 32])), (size, whole), &proof).is_err());
            }
            if size < 40 {
                frontier.push(leaves.0[size as usize]);
            }
        }
    }

    fn refuse_changes(proof: &[TreeHash], check: impl Fn(&[TreeHash]) -> Result<(), ProofError>) {
        for place in 0..proof.len() {
            let mut changed = proof.to_vec();
            changed[place].0[5] ^= 4;
            assert!(check(&changed).is_err());
            changed.remove(place);
            assert!(check(&changed).is_err());
        }
        assert!(check(&[proof, &[TreeHash([1; 32])]].concat()).is_err());
    }

    #[test]
    fn subtrees_are_added_whole() {
        let leaves = Leaves::of(21);
        let mut frontier = Frontier::default();
        frontier.push_subtree(3, leaves.mth(0, 8));
        frontier.push_subtree(3, leaves.mth(8, 16));
        frontier.push_subtree(2, leaves.mth(16, 20));
        frontier.push(leaves.0[20]);
        assert_eq!((frontier.size(), frontier.root()), (21, leaves.mth(0, 21)));
    }
}
