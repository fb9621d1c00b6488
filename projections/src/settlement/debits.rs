//! Payments of one show by channel and way of paying: what prices of each payment are worked out on.

use serde::{Deserialize, Serialize};
use soticket_schema::{ChannelId, MethodId, OrderId};

use crate::event::Money;
use crate::rows::Rows;

/// Payments of orders that hold tickets of one show only.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Debits {
    /// The channel of each order: 4 bytes beside its number.
    orders: Rows<u32>,
    /// By channel and way of paying, ascending.
    counts: Vec<Debit>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Debit {
    pub(super) channel: ChannelId,
    pub(super) method: MethodId,
    /// Legs that came in.
    pub(super) payments: u64,
    /// Legs that went back.
    pub(super) refunds: u64,
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

    fn count(&mut self, channel: ChannelId, method: MethodId) -> &mut Debit {
        let found =
            self.counts.binary_search_by_key(&(channel, method), |count| (count.channel, count.method));
        let index = found.unwrap_or_else(|index| {
            self.counts.insert(index, Debit { channel, method, payments: 0, refunds: 0 });
            index
        });
        &mut self.counts[index]
    }

    pub(super) fn all(&self) -> &[Debit] {
        &self.counts
    }
}
