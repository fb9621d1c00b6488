//! What the VAT of a ticket or item is worked out from, by a number: there are few such sets, and many tickets.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use soticket_schema::{Amount, Rate};

/// Rates of a line, and its VAT where another system stated it and it counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
pub(super) struct Tax {
    pub(super) rate: Rate,
    pub(super) fee_rate: Rate,
    pub(super) stated: Option<Amount>,
}

/// The sets met so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Taxes {
    sets: Vec<Tax>,
    /// No part of the state: built again when it is missing.
    #[serde(skip)]
    index: FxHashMap<Tax, u32>,
    #[serde(skip)]
    latest: u32,
}

impl Taxes {
    /// Number of a set, which is added when it is new.
    pub(super) fn number(&mut self, tax: Tax) -> u32 {
        // Sales come in runs: the set asked for last is the likeliest.
        if self.sets.get(self.latest as usize) == Some(&tax) {
            return self.latest;
        }
        if self.index.is_empty() {
            self.index = self.sets.iter().zip(0..).map(|(tax, number)| (*tax, number)).collect();
        }
        self.latest = *self.index.entry(tax).or_insert_with(|| {
            self.sets.push(tax);
            u32::try_from(self.sets.len() - 1).unwrap_or(u32::MAX)
        });
        self.latest
    }

    /// The set with a number; one without VAT for a number that was never given.
    pub(super) fn get(&self, number: u32) -> Tax {
        self.sets.get(number as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_after_reading_back() {
        let tax = |rate| Tax { rate: Rate(rate), ..Tax::default() };
        let mut taxes = Taxes::default();
        assert_eq!([5, 7, 5, 5, 7].map(|rate| taxes.number(tax(rate))), [0, 1, 0, 0, 1]);
        let bytes = bincode::serde::encode_to_vec(&taxes, bincode::config::standard()).unwrap();
        let (mut copy, _): (Taxes, _) =
            bincode::serde::decode_from_slice(&bytes, bincode::config::standard()).unwrap();
        assert_eq!([7, 9, 5].map(|rate| copy.number(tax(rate))), [1, 2, 0]);
        assert_eq!(copy.get(1), tax(7));
        assert_eq!(copy.get(99), Tax::default());
    }
}
