//! The return of all money of a cancelled show: which orders are left to be worked off.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ShowRefundAdvanced, ShowRefundBegun};
use soticket_schema::{OrderId, ShowId};

use super::{Show, State};

/// A refund that is under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ShowRefund {
    pub(crate) run: u32,
    pub(crate) fees_kept: bool,
    /// Orders that may still have lines of the show; worked off in ascending order.
    pub(crate) pending: BTreeSet<OrderId>,
}

impl State {
    /// Orders with lines of a show that its refund would cancel. Looks at every ticket: asked for once per refund.
    pub(crate) fn orders_to_refund(&self, show: ShowId, fees_kept: bool) -> BTreeSet<OrderId> {
        let tickets = self.tickets.iter().filter(|ticket| ticket.show() == show && !ticket.cancelled);
        let items = self.orders.all_items().filter(|item| item.show() == Some(show) && !item.cancelled);
        let items = items.filter(|item| !(fees_kept && item.fee));
        tickets.map(|ticket| ticket.order()).chain(items.map(|item| item.order())).collect()
    }

    pub(super) fn show_refund_begun(&mut self, event: &ShowRefundBegun) {
        let pending = self.orders_to_refund(event.show, event.fees_kept);
        if let Some(show) = self.shows.get_mut(event.show.0) {
            show.refund = Some(ShowRefund { run: event.run, fees_kept: event.fees_kept, pending });
            show.refund_runs = event.run.max(show.refund_runs);
        }
    }

    pub(super) fn show_refund_advanced(&mut self, event: &ShowRefundAdvanced) {
        let show = self.shows.get_mut(event.show.0);
        let Some(refund) = show.and_then(|show| show.refund.as_mut()) else { return };
        for _ in 0..event.orders {
            if refund.pending.pop_first().is_none() {
                break;
            }
        }
    }

    pub(super) fn show_refund_finished(&mut self, show: ShowId) {
        if let Some(show) = self.shows.get_mut(show.0) {
            show.refund = None;
        }
    }
}

impl Show {
    /// What is sold while the refund is under way, by a report that came late, is returned too.
    pub(super) fn refund_later(&mut self, order: OrderId) {
        if let Some(refund) = &mut self.refund {
            refund.pending.insert(order);
        }
    }
}
