//! Repeatable chance: the output of BLAKE3 over a name.

/// A stream of numbers that is the same for the same name.
pub(super) struct Chance(blake3::OutputReader);

impl Chance {
    pub(super) fn new(name: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("soticket-ledger 2026 demonstration season v1");
        hasher.update(name.as_bytes());
        Self(hasher.finalize_xof())
    }

    /// A number below `end`, which is above zero.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes).checked_rem(end).unwrap_or(0)
    }

    /// True in so many cases of a thousand.
    pub(super) fn per_mille(&mut self, cases: u64) -> bool {
        self.below(1_000) < cases
    }

    /// One of the items, if there are any.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(usize::try_from(self.below(items.len() as u64)).unwrap_or(0))
    }
}
