//! By which ways the money of orders came in: it goes back the same ways.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::Leg;
use soticket_schema::money::allocate;
use soticket_schema::{Amount, MethodId, OrderId, StoredValueId};

use super::dense::Dense;

/// Ways of paying per order. Nearly every order has one: 4 bytes each, and what an order keeps came that way.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Paid {
    /// The one way of each order; 0 while there is none.
    single: Dense<u32>,
    /// What several ways brought, less what went back by them.
    mixed: BTreeMap<u32, Vec<(MethodId, Amount)>>,
    /// What stored values paid of orders, less what went back to them.
    values: BTreeMap<OrderId, Vec<(StoredValueId, Amount)>>,
}

impl Paid {
    /// Notes legs that came in (`sign` 1) or went back (-1) for an order that exists and kept so much before.
    pub(super) fn note(&mut self, order: OrderId, kept: Amount, legs: &[Leg], sign: i64) {
        let Ok(id) = u32::try_from(order.0) else { return };
        while self.single.len() < order.0 {
            self.single.push(self.single.next(), 0);
        }
        let mut kept = kept;
        for leg in legs {
            let amount = leg.amount.times(sign);
            match (self.mixed.get_mut(&id), self.single.get_mut(order.0)) {
                (Some(parts), _) => add(parts, leg.method, amount),
                (None, Some(single)) if *single == 0 || *single == leg.method.0 => *single = leg.method.0,
                (None, Some(single)) => {
                    let parts = vec![(MethodId(*single), kept), (leg.method, amount)];
                    self.mixed.insert(id, parts);
                }
                (None, None) => {}
            }
            kept += amount;
        }
    }

    /// How `amount` goes back, of an order that keeps so much: in proportion to what each way brought, to the cent.
    pub(super) fn legs_back(&self, order: OrderId, kept: Amount, amount: Amount) -> Vec<Leg> {
        let mixed = u32::try_from(order.0).ok().and_then(|id| self.mixed.get(&id));
        let single = || self.single.get(order.0).map(|method| (MethodId(*method), kept));
        let parts = mixed.cloned().unwrap_or_else(|| single().into_iter().collect());
        let weights: Vec<i64> = parts.iter().map(|(_, amount)| amount.0.max(0)).collect();
        let legs = parts.iter().zip(allocate(amount, &weights));
        let legs = legs.map(|((method, _), amount)| Leg { method: *method, amount });
        legs.filter(|leg| leg.amount > Amount::ZERO).collect()
    }

    /// A stored value paid for an order, or, below zero, got money of it back.
    pub(super) fn note_value(&mut self, order: OrderId, value: StoredValueId, amount: Amount) {
        let values = self.values.entry(order).or_default();
        match values.iter_mut().find(|(known, _)| *known == value) {
            Some((_, sum)) => *sum += amount,
            None => values.push((value, amount)),
        }
    }

    /// What stored values paid of an order, less what went back to them.
    pub(super) fn values(&self, order: OrderId) -> &[(StoredValueId, Amount)] {
        self.values.get(&order).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn bytes(&self) -> usize {
        self.single.bytes()
    }
}

fn add(parts: &mut Vec<(MethodId, Amount)>, method: MethodId, amount: Amount) {
    match parts.iter_mut().find(|(known, _)| *known == method) {
        Some((_, sum)) => *sum += amount,
        None => parts.push((method, amount)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leg(method: u32, amount: i64) -> Leg {
        Leg { method: MethodId(method), amount: Amount(amount) }
    }

    #[test]
    fn one_way_takes_everything_back() {
        let mut paid = Paid::default();
        paid.note(OrderId(3), Amount::ZERO, &[leg(1, 5_000)], 1);
        paid.note(OrderId(3), Amount(5_000), &[leg(1, 1_000)], -1);
        assert_eq!(paid.legs_back(OrderId(3), Amount(4_000), Amount(2_500)), [leg(1, 2_500)]);
        assert_eq!(paid.legs_back(OrderId(9), Amount::ZERO, Amount::ZERO), []);
    }

    #[test]
    fn several_ways_share_by_what_they_brought() {
        let mut paid = Paid::default();
        paid.note(OrderId(1), Amount::ZERO, &[leg(1, 2_000), leg(2, 1_000)], 1);
        let back = |paid: &Paid, kept, amount| paid.legs_back(OrderId(1), Amount(kept), Amount(amount));
        assert_eq!(back(&paid, 3_000, 1_000), [leg(1, 667), leg(2, 333)]);
        assert_eq!(back(&paid, 3_000, 3_000), [leg(1, 2_000), leg(2, 1_000)]);
        // Cash went back for what a card had brought: the card gives back the rest.
        paid.note(OrderId(1), Amount(3_000), &[leg(2, 1_500)], -1);
        assert_eq!(back(&paid, 1_500, 1_500), [leg(1, 1_500)]);
    }
}
