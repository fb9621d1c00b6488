//! Payments of one show by channel and way of paying: what prices of each payment are worked out on.

use serde::{Deserialize, Serialize};
use soticket_schema::{ChannelId, MethodId, OrderId};

use crate::event::Money;
use crate::rows::Rows;

/// A whole payment, in the parts that payments of orders over several shows are shared in.
pub(crate) const WHOLE_PAYMENT: i64 = 1_000_000;

/// Payments of orders that hold tickets of the show, and the show's part of payments for orders over several shows.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Debits {
    /// The channel of each order: 4 bytes beside its number.
    orders: Rows<u32>,
    /// By channel and way of paying, ascending.
    counts: Vec<Debit>,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Debit {
    pub(super) channel: ChannelId,
    pub(super) method: MethodId,
    /// Legs that came in.
    pub(super) payments: u64,
    /// Legs that went back.
    pub(super) refunds: u64,
    /// Legs that came in for orders over several shows.
    pub(super) shared: u64,
    /// The show's part of these, in millionths.
    pub(super) share: u64,
}

impl Debits {
    pub(super) fn placed(&mut self, order: OrderId, channel: ChannelId) {
        self.orders.add(order.0, channel.0);
    }

    pub(super) fn record(&mut self, money: &Money<'_>) {
        let Some(channel) = self.orders.get(money.order.0).copied().map(ChannelId) else { return };
        for leg in money.legs {
            let count = self.count(channel, leg.method);
            let counted = if money.refund { &mut count.refunds } else { &mut count.payments };
            *counted = counted.saturating_add(1);
        }
    }

    /// The show's part of a leg that came in for an order over several shows, in millionths.
    pub(super) fn share(&mut self, order: OrderId, method: MethodId, part: u64) {
        let Some(channel) = self.orders.get(order.0).copied().map(ChannelId) else { return };
        let count = self.count(channel, method);
        count.shared = count.shared.saturating_add(1);
        count.share = count.share.saturating_add(part);
    }

    fn count(&mut self, channel: ChannelId, method: MethodId) -> &mut Debit {
        let found =
            self.counts.binary_search_by_key(&(channel, method), |count| (count.channel, count.method));
        let index = found.unwrap_or_else(|index| {
            self.counts.insert(index, Debit { channel, method, ..Debit::default() });
            index
        });
        &mut self.counts[index]
    }

    pub(super) fn all(&self) -> &[Debit] {
        &self.counts
    }
}
