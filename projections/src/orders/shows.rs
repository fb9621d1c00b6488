//! Orders and active holds of one show.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{HoldPlaced, ShowRelocated};
use soticket_schema::{HoldId, OrderId};

use super::view::Hold;

/// Orders and active holds of one show.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct ShowOrders {
    /// Ascending.
    orders: Vec<OrderId>,
    pub(super) holds: BTreeMap<HoldId, Hold>,
}

impl ShowOrders {
    pub(super) fn add(&mut self, order: OrderId) {
        // Orders come in ascending order but for reports that add lines to an earlier one.
        match self.orders.last() {
            Some(last) if *last == order => {}
            Some(last) if *last > order => {
                if let Err(index) = self.orders.binary_search(&order) {
                    self.orders.insert(index, order);
                }
            }
            _ => self.orders.push(order),
        }
    }

    pub(super) fn hold(&mut self, event: &HoldPlaced) {
        self.holds.entry(event.hold).or_insert_with(|| Hold {
            hold: event.hold,
            show: event.show,
            zone: event.zone,
            channel: event.channel,
            places: event.places.clone(),
            expires_at: event.expires_at,
            subject: event.subject,
        });
    }

    pub(super) fn relocate(&mut self, event: &ShowRelocated) {
        for hold in self.holds.values_mut() {
            if let Some(moved) = event.moved(hold.zone) {
                (hold.zone, hold.places) = (moved.to, moved.places(&hold.places));
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(super) fn after(&self, after: Option<OrderId>) -> impl Iterator<Item = OrderId> {
        let from = self.orders.partition_point(|order| after.is_some_and(|after| *order <= after));
        self.orders.get(from..).unwrap_or_default().iter().copied()
    }

    pub(super) fn before(&self, before: Option<OrderId>) -> impl Iterator<Item = OrderId> {
        let to = self.orders.partition_point(|order| before.is_none_or(|before| *order < before));
        self.orders.get(..to).unwrap_or_default().iter().rev().copied()
    }
}
