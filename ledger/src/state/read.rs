//! What the state tells callers outside decisions.

use soticket_schema::{
    Amount, ChannelId, CodeHash, ItemId, OrderId, OrganisationId, SeatId, ShowId, SubjectRef, TicketId,
    ZoneId,
};

use super::{Account, ShowStatus, State};

/// A show's places. Holds past their time count as held until an event expires them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ShowCounts {
    /// The hall's authorised capacity.
    pub authorised_capacity: i64,
    /// Places on sale over all zones.
    pub on_sale: i64,
    /// Sold and not cancelled.
    pub sold: i64,
    /// Held.
    pub held: i64,
    /// Left before the hall is full; below zero once facts have oversold it.
    pub left: i64,
}

/// A zone's places for a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ZoneCounts {
    /// Places on sale.
    pub on_sale: i64,
    /// Sum of the open quotas.
    pub quotas: i64,
    /// Sold and not cancelled.
    pub sold: i64,
    /// Held.
    pub held: i64,
    /// Left in the pool; below zero once facts have oversold it.
    pub pool_left: i64,
    /// Left in the zone; below zero once facts have oversold it.
    pub left: i64,
}

/// A channel's places in a zone for a show.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ChannelCounts {
    /// Its quota; none when it sells from the pool.
    pub quota: Option<i64>,
    /// Sold and not cancelled.
    pub sold: i64,
    /// Held.
    pub held: i64,
    /// What it can sell now, within its quota or the pool, the zone and the hall; never below zero.
    pub left: i64,
}

/// An order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OrderView {
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// What its lines come to.
    pub due: Amount,
    /// What was received.
    pub received: Amount,
    /// What was returned.
    pub returned: Amount,
    /// Its tickets, cancelled or not, ascending.
    pub tickets: Vec<TicketId>,
    /// Its items, cancelled or not, ascending.
    pub items: Vec<ItemId>,
    /// Shows of its lines, ascending.
    pub shows: Vec<ShowId>,
}

/// A ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TicketView {
    /// Its order.
    pub order: OrderId,
    /// Its show.
    pub show: ShowId,
    /// Its zone.
    pub zone: ZoneId,
    /// The channel that sold it.
    pub channel: ChannelId,
    /// Its seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// Its present face price.
    pub price: Amount,
    /// Whether it was cancelled.
    pub cancelled: bool,
    /// Whether its fee was kept when it was cancelled.
    pub fee_kept: bool,
}

impl State {
    /// The organisation.
    pub fn organisation(&self) -> OrganisationId {
        self.organisation
    }

    /// How many events of the log the state holds: the position of the next one.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The show with the venue's own reference.
    pub fn show_by_reference(&self, reference: &str) -> Option<ShowId> {
        self.references.get(reference).copied()
    }

    /// Where a show stands.
    pub fn show_status(&self, show: ShowId) -> Option<ShowStatus> {
        self.shows.get(show.0).map(|show| show.status)
    }

    /// A show's places.
    pub fn show_counts(&self, show: ShowId) -> Option<ShowCounts> {
        let show = self.shows.get(show.0)?;
        let channels = || show.zones.iter().flat_map(|zone| &zone.channels);
        Some(ShowCounts {
            authorised_capacity: show.authorised_capacity,
            on_sale: sum(show.zones.iter().map(|zone| zone.on_sale)),
            sold: show.sold(),
            held: sum(channels().map(|channel| channel.held)),
            left: show.hall_left(),
        })
    }

    /// The zones of a show, in its order.
    pub fn show_zones(&self, show: ShowId) -> Vec<ZoneId> {
        self.shows.get(show.0).map_or_else(Vec::new, |show| show.zones.iter().map(|zone| zone.zone).collect())
    }

    /// A zone's places for a show.
    pub fn zone_counts(&self, show: ShowId, zone: ZoneId) -> Option<ZoneCounts> {
        let show = self.shows.get(show.0)?;
        let zone = show.zone(show.zone_index(zone)?)?;
        Some(ZoneCounts {
            on_sale: zone.on_sale,
            quotas: zone.quotas,
            sold: sum(zone.channels.iter().map(|channel| channel.sold)),
            held: sum(zone.channels.iter().map(|channel| channel.held)),
            pool_left: zone.left(Account::Pool),
            left: zone.zone_left(),
        })
    }

    /// A channel's places in a zone for a show.
    pub fn channel_counts(&self, show: ShowId, zone: ZoneId, channel: ChannelId) -> Option<ChannelCounts> {
        let show = self.shows.get(show.0)?;
        let zone = show.zone(show.zone_index(zone)?)?;
        let places = zone.channel(channel).copied().unwrap_or_default();
        let left = show.left_for(zone, channel);
        Some(ChannelCounts { quota: places.quota, sold: places.sold, held: places.held, left })
    }

    /// An order.
    pub fn order(&self, id: OrderId) -> Option<OrderView> {
        let order = self.orders.get(id)?;
        Some(OrderView {
            subject: order.subject(),
            due: self.due(id),
            received: order.received(),
            returned: order.returned(),
            tickets: self.orders.tickets(id).collect(),
            items: self.orders.items(id).collect(),
            shows: self.shows_of(id),
        })
    }

    /// Whether less was received for an order than its lines come to.
    pub(crate) fn owes(&self, id: OrderId) -> bool {
        self.orders.get(id).is_some_and(|order| order.kept() < self.due(id))
    }

    /// A ticket.
    pub fn ticket(&self, id: TicketId) -> Option<TicketView> {
        let ticket = self.tickets.get(id)?;
        let zone = self.shows.get(ticket.show().0).and_then(|show| show.zone(ticket.zone));
        Some(TicketView {
            order: ticket.order(),
            show: ticket.show(),
            zone: zone.map_or_else(ZoneId::default, |zone| zone.zone),
            channel: ticket.channel(),
            seat: ticket.seat(),
            price: ticket.price(),
            cancelled: ticket.cancelled,
            fee_kept: ticket.fee_kept,
        })
    }

    /// The ticket that a code stands for at a show: of several, one of the show before others, a valid one before a
    /// cancelled one, the first sold before later ones.
    pub fn ticket_by_code(&self, code: CodeHash, show: ShowId) -> Option<TicketId> {
        self.tickets.by_code(code).min_by_key(|id| {
            let ticket = self.tickets.get(*id);
            let elsewhere = ticket.is_none_or(|ticket| ticket.show() != show);
            (elsewhere, ticket.is_none_or(|ticket| ticket.cancelled), *id)
        })
    }

    /// Bytes of memory that orders, tickets and their codes take: what grows with sales.
    pub fn sales_bytes(&self) -> usize {
        self.orders.bytes() + self.tickets.bytes() + self.commissions.charged.bytes()
    }
}

fn sum(counts: impl Iterator<Item = i64>) -> i64 {
    counts.fold(0, i64::saturating_add)
}
