//! Commissions as the orders' tickets have them, against those of the settlement.

use std::collections::BTreeMap;

use soticket_projections::OrganisationViews;
use soticket_projections::orders::Commission;
use soticket_schema::{Amount, ChannelId, CommissionId, OrderId, ShowId};

/// Commissions by channel, number and version: how often and how much was charged, and given back.
pub(super) type Sums = BTreeMap<(ChannelId, CommissionId, u32), (u64, u64, Amount, Amount)>;

/// By every ticket and order with something of the show.
pub(super) fn charged(views: &OrganisationViews, show: ShowId) -> Sums {
    let mut sums = Sums::new();
    let mut after: Option<OrderId> = None;
    loop {
        let orders = views.orders.of_show(show, after, 500);
        let Some(last) = orders.last() else { return sums };
        after = Some(last.order);
        for order in &orders {
            let of_tickets = order.tickets.iter().flat_map(|ticket| &ticket.commissions);
            for one in of_tickets.chain(&order.commissions).filter(|one| one.show == show) {
                add(&mut sums, one);
            }
        }
    }
}

fn add(sums: &mut Sums, one: &Commission) {
    let sum = sums.entry((one.channel, one.commission, one.version)).or_default();
    (sum.0, sum.2) = (sum.0 + 1, sum.2 + one.amount);
    if one.reversed {
        (sum.1, sum.3) = (sum.1 + 1, sum.3 + one.amount);
    }
}

/// By the settlement.
pub(super) fn settled(views: &OrganisationViews, show: ShowId) -> Sums {
    let settlement = views.settlement.show(show);
    let totals = settlement.iter().flat_map(|settlement| &settlement.commissions);
    totals
        .map(|total| {
            let key = (total.channel, total.commission, total.version);
            (key, (total.count, total.reversed_count, total.charged, total.reversed))
        })
        .collect()
}

/// What stays charged over all shows.
pub(super) fn total(views: &OrganisationViews) -> Amount {
    let shows = views.catalogue.shows().map(|info| settled(views, info.show()));
    shows.flat_map(|sums| sums.into_values().map(|(_, _, charged, reversed)| charged - reversed)).sum()
}
