//! Values by counter id: ids begin at 1 and have no gaps, so that an id is a place in a list.

use serde::{Deserialize, Serialize};

/// Values in one block. A list that outgrows its first block never moves again, which keeps the slack to one block
/// and spares a busy organisation the copy of millions of tickets in the middle of a sale.
const BLOCK: usize = 4_096;

/// A list of values by id, from 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Dense<T> {
    blocks: Vec<Vec<T>>,
}

impl<T> Default for Dense<T> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<T> Dense<T> {
    /// How many values there are: the last id.
    pub(crate) fn len(&self) -> u64 {
        let full = self.blocks.len().saturating_sub(1) * BLOCK;
        (full + self.blocks.last().map_or(0, Vec::len)) as u64
    }

    /// The id that the next value gets.
    pub(crate) fn next(&self) -> u64 {
        self.len() + 1
    }

    /// The id that the next value gets, for ids of 32 bits.
    pub(crate) fn next_u32(&self) -> u32 {
        u32::try_from(self.next()).unwrap_or(u32::MAX)
    }

    /// Adds a value if `id` is the next one. Any other id is from no decision of this ledger: it is left out rather
    /// than trusted with an allocation of its size.
    pub(crate) fn push(&mut self, id: impl Into<u64>, value: T) -> bool {
        if id.into() != self.next() {
            return false;
        }
        match self.blocks.last_mut() {
            Some(block) if block.len() < BLOCK => block.push(value),
            last => {
                let mut block = if last.is_some() { Vec::with_capacity(BLOCK) } else { Vec::new() };
                block.push(value);
                self.blocks.push(block);
            }
        }
        true
    }

    pub(crate) fn get(&self, id: impl Into<u64>) -> Option<&T> {
        let index = usize::try_from(id.into().checked_sub(1)?).ok()?;
        self.blocks.get(index / BLOCK)?.get(index % BLOCK)
    }

    pub(crate) fn get_mut(&mut self, id: impl Into<u64>) -> Option<&mut T> {
        let index = usize::try_from(id.into().checked_sub(1)?).ok()?;
        self.blocks.get_mut(index / BLOCK)?.get_mut(index % BLOCK)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten()
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.blocks.iter_mut().flatten()
    }

    /// Bytes of memory that the values take, slack included.
    pub(crate) fn bytes(&self) -> usize {
        self.blocks.iter().map(|block| block.capacity() * size_of::<T>()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_next_id_is_taken() {
        let mut list = Dense::default();
        for id in 1..=(2 * BLOCK as u64 + 3) {
            assert!(!list.push(id + 1, 0) && !list.push(id.wrapping_sub(1), 0), "around {id}");
            assert!(list.push(id, id));
        }
        assert!(!list.push(u64::MAX, 0));
        assert_eq!(list.len(), 2 * BLOCK as u64 + 3);
        assert_eq!(list.get(0_u64), None);
        assert_eq!(list.get(BLOCK as u64 + 1), Some(&(BLOCK as u64 + 1)));
        assert_eq!(list.get(list.next()), None);
        assert!((1..=list.len()).all(|id| list.get(id) == Some(&id)));
    }
}
