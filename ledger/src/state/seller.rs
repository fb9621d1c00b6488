//! What decisions know of those who sell: which actors are bound to which channels.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{OrderLines, SellerRole};
use soticket_schema::{ActorId, ChannelId, Event, OrderId};

use super::State;

/// Actors that are bound to channels.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Sellers {
    assigned: BTreeMap<ActorId, Assignment>,
    /// Channels of orders without a ticket, whose tickets would tell.
    without_tickets: BTreeMap<OrderId, ChannelId>,
}

/// What an actor sells as, and where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assignment {
    pub(crate) role: SellerRole,
    /// Ascending.
    channels: Vec<ChannelId>,
}

impl Assignment {
    /// Whether the actor may act on the channel.
    pub(crate) fn covers(&self, channel: ChannelId) -> bool {
        self.channels.binary_search(&channel).is_ok()
    }
}

impl Sellers {
    /// What the actor is bound to; none for an actor that was never assigned.
    pub(crate) fn assignment(&self, actor: ActorId) -> Option<&Assignment> {
        self.assigned.get(&actor)
    }

    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::ActorAssigned(event) => {
                let mut channels = event.channels.clone();
                channels.sort_unstable();
                self.assigned.insert(event.actor, Assignment { role: event.role, channels });
            }
            Event::OrderPlaced(event) => self.note_lines(&event.lines),
            Event::ExternalSaleReported(event) => self.note_lines(&event.lines),
            _ => {}
        }
    }

    fn note_lines(&mut self, lines: &OrderLines) {
        if lines.tickets.is_empty() {
            self.without_tickets.entry(lines.order).or_insert(lines.channel);
        }
    }
}

impl State {
    /// The channel that an order was sold on: that of its first line.
    pub(crate) fn channel_of(&self, order: OrderId) -> Option<ChannelId> {
        let noted = || self.sellers.without_tickets.get(&order).copied();
        let first = self.orders.tickets(order).next().and_then(|ticket| self.tickets.get(ticket));
        noted().or_else(|| first.map(|ticket| ticket.channel()))
    }
}
