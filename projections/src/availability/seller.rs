//! Places as one seller sees them: its own channels', and nothing of the others.

use soticket_schema::ChannelId;

use super::view::{
    ChannelAvailability, Occupancy, PoolAvailability, QuotaFlow, SeatAvailability, ShowAvailability,
    ZoneAvailability,
};

/// Whose places are seen.
#[derive(Debug, Clone, Copy)]
pub struct SellerView<'a> {
    /// The channels.
    pub channels: &'a [ChannelId],
    /// Whether a channel without a quota sells from the pool, as all do but remote box offices.
    pub pool: bool,
}

impl ShowAvailability {
    /// What a seller may know of it.
    #[must_use]
    pub fn seen_by(&self, seller: SellerView<'_>) -> Self {
        let zones: Vec<ZoneAvailability> = self.zones.iter().map(|zone| zone.seen_by(seller)).collect();
        let mut total = Occupancy::default();
        for zone in &zones {
            total.on_sale += zone.total.on_sale;
            total.held += zone.total.held;
            total.sold += zone.total.sold;
            total.free += zone.total.free;
            total.left += zone.total.left;
        }
        total.left = total.left.min(self.total.left);
        Self { zones, total, ..self.clone() }
    }
}

impl ZoneAvailability {
    fn seen_by(&self, seller: SellerView<'_>) -> Self {
        let channels: Vec<_> = seller.channels.iter().map(|channel| self.channel(*channel, seller)).collect();
        let from_pool = seller.pool && channels.iter().any(|channel| channel.quota.is_none());
        let pool = if from_pool { self.pool } else { PoolAvailability::default() };
        let sum = |figure: fn(&ChannelAvailability) -> u64| channels.iter().map(figure).sum::<u64>();
        let of_quotas = channels.iter().filter(|channel| channel.quota.is_some());
        let left = of_quotas.map(|channel| channel.left).sum::<u64>() + pool.left;
        let total = Occupancy {
            on_sale: sum(|channel| channel.quota.unwrap_or(0)) + pool.places,
            held: sum(|channel| channel.held),
            sold: sum(|channel| channel.sold),
            free: sum(|channel| channel.free),
            left: left.min(self.total.left),
            oversold: 0,
        };
        // Used by others of the pool is not the seller's to know.
        let pool = PoolAvailability { used: 0, ..pool };
        Self { total, pool, channels, ..self.clone() }
    }

    fn channel(&self, channel: ChannelId, seller: SellerView<'_>) -> ChannelAvailability {
        let nothing = ChannelAvailability {
            channel,
            quota: None,
            quota_closed: false,
            returns_at: None,
            flow: QuotaFlow::default(),
            held: 0,
            sold: 0,
            free: 0,
            left: self.pool.left,
            over_quota: 0,
        };
        let known = self.channels.iter().find(|known| known.channel == channel);
        let seen = known.copied().unwrap_or(nothing);
        let barred = seen.quota.is_none() && !seller.pool;
        ChannelAvailability { left: if barred { 0 } else { seen.left }, ..seen }
    }
}

impl SellerView<'_> {
    /// Whether the seller may know of a seat: one of its own quota, or, where it sells from the pool, one of that.
    pub fn sees(&self, seat: &SeatAvailability, zone: &ZoneAvailability) -> bool {
        match seat.quota {
            Some(owner) => self.channels.contains(&owner),
            None => self.pool && zone.channels.iter().any(|channel| channel.quota.is_none()),
        }
    }
}
