//! What one slot of the head file states about all organisations together.

use std::sync::LazyLock;

use blake3::Hasher;
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use soticket_schema::OrganisationId;

use crate::log::Head;

/// BLAKE3 derive-key context of an organisation's term.
const TERM_CONTEXT: &str = "soticket-ledger 2026 head term v1";

static KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(TERM_CONTEXT));

/// The state of all logs after a commit, in constant size whatever the number of organisations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Totals {
    /// Number of the commit, from 1; 0 before the first.
    pub(super) commit: u64,
    /// Records of all organisations.
    pub(super) records: u64,
    /// Organisations with records.
    pub(super) organisations: u64,
    /// Sum of a hash of every organisation's head, modulo 2^256: any one head that differs changes it.
    pub(super) sum: [u64; 4],
}

impl Totals {
    /// Counts an organisation's head in place of its earlier one.
    pub(super) fn advance(&mut self, organisation: OrganisationId, before: Option<Head>, after: Head) {
        match before {
            Some(before) => {
                self.records -= before.length;
                subtract(&mut self.sum, term(organisation, before));
            }
            None => self.organisations += 1,
        }
        self.records += after.length;
        add(&mut self.sum, term(organisation, after));
    }

    /// Whether both describe the same heads, whatever the commit.
    pub(super) fn same_heads(&self, other: &Self) -> bool {
        (self.records, self.organisations, self.sum) == (other.records, other.organisations, other.sum)
    }
}

fn term(organisation: OrganisationId, head: Head) -> [u64; 4] {
    let mut hasher = Hasher::new_from_context_key(&KEY);
    hasher.update(&organisation.0);
    hasher.update(&head.length.to_be_bytes());
    hasher.update(&head.hash.0);
    let hash = *hasher.finalize().as_bytes();
    let (words, _) = hash.as_chunks::<8>();
    std::array::from_fn(|at| words.get(at).map_or(0, |word| u64::from_le_bytes(*word)))
}

fn add(sum: &mut [u64; 4], term: [u64; 4]) {
    let mut carry = false;
    for (word, other) in sum.iter_mut().zip(term) {
        let (value, over) = word.overflowing_add(other);
        let (value, over_again) = value.overflowing_add(u64::from(carry));
        (*word, carry) = (value, over | over_again);
    }
}

fn subtract(sum: &mut [u64; 4], term: [u64; 4]) {
    let mut borrow = false;
    for (word, other) in sum.iter_mut().zip(term) {
        let (value, under) = word.overflowing_sub(other);
        let (value, under_again) = value.overflowing_sub(u64::from(borrow));
        (*word, borrow) = (value, under | under_again);
    }
}

#[cfg(test)]
mod tests {
    use soticket_schema::{Hash, Timestamp};

    use super::*;

    fn head(length: u64) -> Head {
        Head { length, hash: Hash([length as u8; 32]), recorded_at: Timestamp(0) }
    }

    #[test]
    fn advancing_step_by_step_equals_adding_the_final_heads_in_any_order() {
        let organisations: Vec<_> = (0..50).map(|number| OrganisationId([number; 16])).collect();
        let mut stepwise = Totals::default();
        for &organisation in &organisations {
            stepwise.advance(organisation, None, head(1));
        }
        for length in 2..6 {
            for &organisation in &organisations {
                stepwise.advance(organisation, Some(head(length - 1)), head(length));
            }
        }
        let mut direct = Totals::default();
        for &organisation in organisations.iter().rev() {
            direct.advance(organisation, None, head(5));
        }
        assert_eq!(stepwise, direct);
        assert_eq!((direct.records, direct.organisations), (250, 50));
        direct.advance(organisations[7], Some(head(5)), head(4));
        assert!(!direct.same_heads(&stepwise));
    }
}
