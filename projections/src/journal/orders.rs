//! What each order still owes, or has paid too much, by what it is for. An order that owes nothing costs only its channel.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::{Amount, ChannelId, OrderId, ShowId, TariffId};

use crate::partition::Partitions;
use crate::rows::Rows;

/// Orders by number.
#[derive(Debug, Default)]
pub(super) struct Orders(pub(super) Partitions<Block>);

/// Neighbouring orders.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Block {
    channels: Rows<ChannelId>,
    open: BTreeMap<u64, Vec<(Part, Amount)>>,
}

/// Orders of one block, as a power of two.
const BLOCK_BITS: u32 = 12;

/// What a part of an order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Part {
    pub(super) show: Option<ShowId>,
    pub(super) what: What,
}

/// What money is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum What {
    /// Face prices of a tariff's tickets.
    Tickets(TariffId),
    /// Fees on top and fees of orders.
    Fees,
    /// Products.
    Products,
    /// More than what was open, in either direction.
    Beyond,
}

impl Orders {
    fn block(&mut self, order: OrderId) -> &mut Block {
        self.0.entry(order.0 >> BLOCK_BITS)
    }

    /// Notes where an order was sold; a later sale to the same order changes nothing.
    pub(super) fn sold(&mut self, order: OrderId, channel: ChannelId) {
        self.block(order).channels.add(order.0, channel);
    }

    /// Where an order was sold; none for one that never was.
    pub(super) fn channel(&self, order: OrderId) -> Option<ChannelId> {
        self.0.get(order.0 >> BLOCK_BITS)?.channels.get(order.0).copied()
    }

    /// Adds what an order costs for a part, or less of it.
    pub(super) fn owe(&mut self, order: OrderId, part: Part, amount: Amount) {
        if amount == Amount::ZERO {
            return;
        }
        let open = &mut self.block(order).open;
        let parts = open.entry(order.0).or_default();
        add(parts, part, amount);
        if parts.is_empty() {
            open.remove(&order.0);
        }
    }

    /// Which parts money is for: what is open in its direction, in the order of the sale, and the rest beyond that.
    /// Money that goes out is below zero.
    pub(super) fn settle(
        &mut self,
        order: OrderId,
        beyond: Option<ShowId>,
        amount: Amount,
    ) -> Vec<(Part, Amount)> {
        let open = &mut self.block(order).open;
        let parts = open.entry(order.0).or_default();
        let mut left = amount;
        let mut settled = Vec::new();
        for (part, owed) in parts.iter_mut() {
            if owed.0.signum() != left.0.signum() || left == Amount::ZERO {
                continue;
            }
            let taken = if left.0 > 0 { left.min(*owed) } else { left.max(*owed) };
            *owed -= taken;
            left -= taken;
            settled.push((*part, taken));
        }
        parts.retain(|(_, owed)| *owed != Amount::ZERO);
        if left != Amount::ZERO {
            let part = Part { show: beyond, what: What::Beyond };
            add(parts, part, -left);
            settled.push((part, left));
        }
        if parts.is_empty() {
            open.remove(&order.0);
        }
        settled
    }
}

fn add(parts: &mut Vec<(Part, Amount)>, part: Part, amount: Amount) {
    match parts.iter_mut().find(|(known, _)| *known == part) {
        Some((_, owed)) => *owed += amount,
        None => parts.push((part, amount)),
    }
    parts.retain(|(_, owed)| *owed != Amount::ZERO);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(tariff: u32) -> Part {
        Part { show: Some(ShowId(1)), what: What::Tickets(TariffId(tariff)) }
    }

    #[test]
    fn money_goes_to_what_is_open_in_the_order_of_the_sale() {
        let (mut orders, order) = (Orders::default(), OrderId(5_000));
        let fees = Part { show: Some(ShowId(1)), what: What::Fees };
        orders.sold(order, ChannelId(2));
        orders.owe(order, part(1), Amount(2_400));
        orders.owe(order, fees, Amount(100));
        assert_eq!(orders.settle(order, None, Amount(1_200)), [(part(1), Amount(1_200))]);
        let rest = orders.settle(order, None, Amount(1_500));
        let beyond = Part { show: None, what: What::Beyond };
        assert_eq!(rest, [(part(1), Amount(1_200)), (fees, Amount(100)), (beyond, Amount(200))]);
        // What was paid too much goes back first, then what was cancelled.
        orders.owe(order, part(1), Amount(-2_400));
        let back = orders.settle(order, None, Amount(-2_600));
        assert_eq!(back, [(beyond, Amount(-200)), (part(1), Amount(-2_400))]);
        assert_eq!(orders.channel(order), Some(ChannelId(2)));
        assert!(orders.block(order).open.is_empty());
    }
}
