//! Compact tables for what is numbered in ascending order (tickets, items) and for values that repeat.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

/// Rows by number. Numbers come from counters, so that a row costs 4 bytes beside its value; a number out of order, or
/// too far from the first, costs a tree node.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rows<T> {
    base: u64,
    dense: Vec<(u32, T)>,
    strays: BTreeMap<u64, T>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self { base: 0, dense: Vec::new(), strays: BTreeMap::new() }
    }
}

impl<T> Rows<T> {
    /// Adds a row; false when the number has one already, which stays as it is.
    pub(crate) fn add(&mut self, number: u64, row: T) -> bool {
        let Some(&(last, _)) = self.dense.last() else {
            self.base = number;
            self.dense.push((0, row));
            return true;
        };
        match self.offset(number) {
            Some(offset) if offset > last => {
                // A stray above the dense rows would be found twice.
                if self.strays.contains_key(&number) {
                    return false;
                }
                self.dense.push((offset, row));
                true
            }
            _ => self.add_stray(number, row),
        }
    }

    fn add_stray(&mut self, number: u64, row: T) -> bool {
        let known = self.dense_index(number).is_some() || self.strays.contains_key(&number);
        if !known {
            self.strays.insert(number, row);
        }
        !known
    }

    pub(crate) fn get(&self, number: u64) -> Option<&T> {
        match self.dense_index(number) {
            Some(index) => self.dense.get(index).map(|(_, row)| row),
            None => self.strays.get(&number),
        }
    }

    pub(crate) fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        match self.dense_index(number) {
            Some(index) => self.dense.get_mut(index).map(|(_, row)| row),
            None => self.strays.get_mut(&number),
        }
    }

    /// Every row with its number, the dense ones first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &T)> {
        let dense =
            self.dense.iter().map(|(offset, row)| (self.base.saturating_add(u64::from(*offset)), row));
        dense.chain(self.strays.iter().map(|(number, row)| (*number, row)))
    }

    fn offset(&self, number: u64) -> Option<u32> {
        u32::try_from(number.checked_sub(self.base)?).ok()
    }

    /// Place of a number. Numbers of one show are spread evenly over those of all shows that sell at the same time, so
    /// that the place is near where the number lies between the first and the last.
    fn dense_index(&self, number: u64) -> Option<usize> {
        let offset = self.offset(number)?;
        let (last, _) = self.dense.last().filter(|(last, _)| offset <= *last)?;
        let highest = self.dense.len() - 1;
        let guess = u128::from(offset) * highest as u128 / u128::from((*last).max(1));
        let guess = usize::try_from(guess).unwrap_or(highest);
        let (from, to) = self.around(guess, offset);
        let found = self.dense.get(from..to)?.binary_search_by_key(&offset, |(found, _)| *found).ok()?;
        Some(from + found)
    }

    /// Limits between which the offset lies if it is there: from the guess outwards in growing steps.
    fn around(&self, guess: usize, offset: u32) -> (usize, usize) {
        let below = |index: usize| self.dense.get(index).is_some_and(|(found, _)| *found < offset);
        let mut step = 4;
        if below(guess) {
            let mut from = guess;
            while below(from + step) {
                (from, step) = (from + step, step * 4);
            }
            (from, (from + step + 1).min(self.dense.len()))
        } else {
            let mut to = guess;
            while to >= step && !below(to - step) {
                (to, step) = (to - step, step * 4);
            }
            (to.saturating_sub(step), to + 1)
        }
    }
}

/// Values by key, numbered in the order in which the keys were first seen.
///
/// The index is no part of the state: it is built again from the rows after loading.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Interned<K, V = ()> {
    rows: Vec<(K, V)>,
    #[serde(skip)]
    index: FxHashMap<u64, u32>,
    #[serde(skip)]
    last: u32,
}

/// Keys that are looked through before the index is asked.
const FEW: usize = 8;

impl<K, V> Default for Interned<K, V> {
    fn default() -> Self {
        Self { rows: Vec::new(), index: FxHashMap::default(), last: 0 }
    }
}

impl<K: Eq + Hash, V: Default> Interned<K, V> {
    /// Number of the key, which is added when it is new.
    pub(crate) fn number(&mut self, key: K) -> u32 {
        // Sales come in runs: the key asked for last is the likeliest. A show has few lines: looking through them costs
        // less than a hash.
        if self.rows.get(self.last as usize).is_some_and(|(known, _)| *known == key) {
            return self.last;
        }
        if let Some(number) = self.rows.iter().take(FEW).position(|(known, _)| *known == key) {
            self.last = index_of(number);
            return self.last;
        }
        let hash = hash_of(&key);
        let found = self.find(&key, hash);
        self.last = found.unwrap_or_else(|| {
            let number = index_of(self.rows.len());
            self.index.entry(hash).or_insert(number);
            self.rows.push((key, V::default()));
            number
        });
        self.last
    }

    fn find(&mut self, key: &K, hash: u64) -> Option<u32> {
        if self.index.is_empty() {
            self.build();
        }
        let number = *self.index.get(&hash)?;
        if self.key(number) == Some(key) {
            return Some(number);
        }
        // Two keys with one hash: the later one is not in the index.
        self.rows.iter().position(|(known, _)| known == key).map(index_of)
    }

    fn build(&mut self) {
        for (number, (key, _)) in self.rows.iter().enumerate() {
            self.index.entry(hash_of(key)).or_insert(index_of(number));
        }
    }
}

impl<K, V> Interned<K, V> {
    pub(crate) fn get(&self, number: u32) -> Option<&(K, V)> {
        self.rows.get(number as usize)
    }

    /// The key asked for last, with its number.
    pub(crate) fn last(&self) -> Option<(u32, &K)> {
        self.key(self.last).map(|key| (self.last, key))
    }

    pub(crate) fn key(&self, number: u32) -> Option<&K> {
        self.get(number).map(|(key, _)| key)
    }

    /// The key and its value. Changing the key is not possible: the index would not find it.
    pub(crate) fn get_mut(&mut self, number: u32) -> Option<(&K, &mut V)> {
        self.rows.get_mut(number as usize).map(|(key, value)| (&*key, value))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.rows.iter()
    }
}

/// More than `u32::MAX` keys would not fit in memory.
fn index_of(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

fn hash_of(key: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rows_behave_as_a_map_in_which_the_first_value_stays(
            numbers in prop::collection::vec(prop_oneof![0_u64..40, Just(u64::MAX), 5_000_000_000_u64..5_000_000_003], 0..60)
        ) {
            let (mut rows, mut map) = (Rows::default(), BTreeMap::new());
            for (value, number) in numbers.iter().enumerate() {
                let new = !map.contains_key(number);
                map.entry(*number).or_insert(value);
                prop_assert_eq!(rows.add(*number, value), new);
            }
            for (number, value) in &map {
                prop_assert_eq!(rows.get(*number), Some(value));
            }
            prop_assert_eq!(rows.iter().map(|(number, value)| (number, *value)).collect::<BTreeMap<_, _>>(), map);
        }

        #[test]
        fn interned_keys_keep_their_numbers(keys in prop::collection::vec(0_u8..20, 0..60)) {
            let mut interned: Interned<u8, u64> = Interned::default();
            let mut seen: Vec<u8> = Vec::new();
            for key in keys {
                if !seen.contains(&key) {
                    seen.push(key);
                }
                let number = interned.number(key);
                prop_assert_eq!(seen.get(number as usize), Some(&key));
                // What a snapshot keeps gives the same numbers.
                interned = crate::partition::decode(&crate::partition::encode(&interned)).unwrap();
            }
        }
    }
}
