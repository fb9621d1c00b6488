//! Whether the read models agree: what each says was sold, by show, channel and tariff.

use std::collections::BTreeMap;

use super::happened::{self, Happened};
use super::{commissions, tills};
use serde::Serialize;
use soticket_projections::OrganisationViews;
use soticket_projections::orders::TicketStatus;
use soticket_schema::{Amount, ChannelId, OrderId, ShowId, TariffId};

/// Tickets and face prices of one show, as each read model has them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ShowRow {
    /// The venue's reference.
    pub(crate) reference: String,
    /// Places on sale.
    pub(crate) on_sale: u64,
    /// Valid tickets by availability.
    pub(crate) sold: u64,
    /// Receipts by the settlement, in cents.
    pub(crate) receipts: i64,
    /// What does not agree; empty if everything does.
    pub(crate) differences: Vec<String>,
}

/// What all read models say.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Agreement {
    /// By show.
    pub(crate) shows: Vec<ShowRow>,
    /// Valid tickets of all shows.
    pub(crate) tickets: u64,
    /// Commissions that stay charged, in cents.
    pub(crate) commissions: i64,
    /// Till sessions.
    pub(crate) tills: u64,
    /// What became of tickets and tills.
    pub(crate) happened: Happened,
    /// Tickets by the customers.
    pub(crate) customers_tickets: u64,
    /// Known customers.
    pub(crate) customers: u64,
    /// What does not agree over all shows.
    pub(crate) differences: Vec<String>,
}

impl Agreement {
    /// Whether there is no difference at all.
    pub(crate) fn holds(&self) -> bool {
        self.differences.is_empty() && self.shows.iter().all(|show| show.differences.is_empty())
    }
}

/// Tickets and face prices by something.
type By<K> = BTreeMap<K, (u64, Amount)>;

/// Sums of one show by channel and by tariff.
#[derive(Default, PartialEq, Eq)]
struct Sums {
    channels: By<ChannelId>,
    tariffs: By<TariffId>,
}

impl Sums {
    fn add(&mut self, channel: ChannelId, tariff: TariffId, tickets: u64, amount: Amount) {
        if tickets == 0 {
            return;
        }
        for sum in [self.channels.entry(channel).or_default(), self.tariffs.entry(tariff).or_default()] {
            sum.0 += tickets;
            sum.1 += amount;
        }
    }

    fn tickets(&self) -> u64 {
        self.channels.values().map(|(tickets, _)| tickets).sum()
    }

    fn amount(&self) -> Amount {
        self.channels.values().map(|(_, amount)| *amount).sum()
    }
}

/// Compares the read models of an organisation.
pub(crate) fn agreement(views: &OrganisationViews) -> Agreement {
    let shows: Vec<ShowRow> = views.catalogue.shows().map(|info| row(views, info.show())).collect();
    let tickets = shows.iter().map(|show| show.sold).sum();
    let anonymous = views.customers.anonymous();
    let known = views.customers.list(None, usize::MAX);
    let customers_tickets = known.iter().map(|customer| customer.tickets).sum::<u64>() + anonymous.tickets;
    let mut differences = Vec::new();
    if tickets != customers_tickets {
        differences.push(format!("customers hold {customers_tickets} tickets, the shows sold {tickets}"));
    }
    let money = views.settlement.organisation();
    let paid = known.iter().map(|customer| customer.paid).sum::<Amount>() + anonymous.paid;
    if paid != money.paid {
        differences.push(format!("customers paid {}, the settlement has {}", paid.0, money.paid.0));
    }
    differences.extend(tills::differences(views));
    let commissions = commissions::total(views).0;
    let tills = views.tills.sessions().count() as u64;
    let happened = happened::happened(views);
    Agreement {
        shows,
        tickets,
        commissions,
        tills,
        happened,
        customers_tickets,
        customers: views.customers.count() as u64,
        differences,
    }
}

fn row(views: &OrganisationViews, show: ShowId) -> ShowRow {
    let (mut settled, mut sold, mut listed) = (Sums::default(), Sums::default(), Sums::default());
    if let Some(settlement) = views.settlement.show(show) {
        for line in settlement.lines.iter().chain(&settlement.free_lines) {
            settled.add(line.channel, line.tariff, line.net, line.taxed.gross);
        }
    }
    let mut days: BTreeMap<(ChannelId, TariffId), (u64, u64, Amount)> = BTreeMap::new();
    for day in views.sales.show(show) {
        let sum = days.entry((day.channel, day.tariff)).or_default();
        (sum.0, sum.1, sum.2) = (sum.0 + day.issued, sum.1 + day.cancelled, sum.2 + day.net_amount);
    }
    for ((channel, tariff), (issued, cancelled, amount)) in days {
        sold.add(channel, tariff, issued.saturating_sub(cancelled), amount);
    }
    list(views, show, &mut listed);
    let availability = views.availability.show(show);
    let mut places: BTreeMap<ChannelId, u64> = BTreeMap::new();
    for channel in availability.iter().flat_map(|show| &show.zones).flat_map(|zone| &zone.channels) {
        if channel.sold > 0 {
            *places.entry(channel.channel).or_default() += channel.sold;
        }
    }
    let mut differences = Vec::new();
    let mut demand = |holds: bool, what: &str| differences.extend((!holds).then(|| what.to_owned()));
    demand(settled == sold, "settlement and sales by day");
    demand(settled == listed, "settlement and the orders' tickets");
    let by_channel: BTreeMap<ChannelId, u64> =
        settled.channels.iter().map(|(channel, (tickets, _))| (*channel, *tickets)).collect();
    demand(
        commissions::charged(views, show) == commissions::settled(views, show),
        "settlement's and orders' commissions",
    );
    demand(places == by_channel, "settlement and availability by channel");
    let (on_sale, counted) = availability.map_or((0, 0), |show| (show.total.on_sale, show.total.sold));
    demand(counted == settled.tickets(), "settlement and availability");
    let reference = views.catalogue.show(show).map(|info| info.scheduled.reference.clone());
    ShowRow {
        reference: reference.unwrap_or_default(),
        on_sale,
        sold: counted,
        receipts: settled.amount().0,
        differences,
    }
}

/// The valid tickets of a show's orders.
fn list(views: &OrganisationViews, show: ShowId, sums: &mut Sums) {
    let mut after: Option<OrderId> = None;
    loop {
        let orders = views.orders.of_show(show, after, 500);
        let Some(last) = orders.last() else { return };
        after = Some(last.order);
        for ticket in orders.iter().flat_map(|order| &order.tickets) {
            if ticket.show == show && ticket.status == TicketStatus::Valid {
                sums.add(ticket.channel, ticket.tariff, 1, ticket.price);
            }
        }
    }
}
