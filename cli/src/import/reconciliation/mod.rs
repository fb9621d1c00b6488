//! Compares what the ledger holds of an import with what the source itself adds up to: per product and rate, per way
//! of paying, and what is still open.

mod view;

use std::collections::{BTreeMap, HashMap};

use soticket_schema::event::v1::{ItemLine, Leg, TicketLine};
use soticket_schema::money::{Taxed, document_lines, vat_of_gross};
use soticket_schema::{Amount, Currency, Event, ItemId, Rate, Rounding, TicketId};

pub use self::view::{Balance, ProductLine, ProviderLine, Reconciliation};
use super::pretix::Sold;
use super::run::Outcome;
use super::step::{Ask, Name, Sale, Step};

/// A line of an accounting report: one product at one price and rate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Group {
    fee: bool,
    item: u64,
    variation: u64,
    label: String,
    price: Amount,
    rate: Rate,
}

impl Group {
    /// The group of what a row sells.
    pub(crate) fn of(sold: &Sold) -> Self {
        let (item, variation) = sold.what.ids();
        Self { fee: item == 0, item, variation, label: sold.what.label(), price: sold.price, rate: sold.rate }
    }
}

/// Number and sums of a group.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Sums {
    /// How many.
    pub(crate) number: i64,
    /// With VAT.
    pub(crate) gross: Amount,
    /// VAT, worked out line by line.
    pub(crate) vat: Amount,
}

/// What the source says.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// Currency of the amounts.
    pub(crate) currency: Currency,
    /// Per product and rate.
    pub(crate) products: BTreeMap<Group, Sums>,
    /// Paid and returned by way of paying.
    pub(crate) providers: BTreeMap<String, (Amount, Amount)>,
    /// What each ticket or item of the plan is.
    pub(crate) sold: HashMap<Name, Sold>,
}

/// One recorded line.
#[derive(Clone, Debug)]
struct Recorded {
    group: Group,
    sums: Sums,
}

/// Adds up what receipts say is in the log.
#[derive(Debug)]
pub(crate) struct Fold<'a> {
    source: &'a Source,
    tickets: HashMap<TicketId, Recorded>,
    items: HashMap<ItemId, Recorded>,
    providers: BTreeMap<String, (Amount, Amount)>,
}

impl<'a> Fold<'a> {
    /// Nothing so far.
    pub(crate) fn new(source: &'a Source) -> Self {
        Self { source, tickets: HashMap::new(), items: HashMap::new(), providers: BTreeMap::new() }
    }

    /// Takes in the events of a step.
    pub(crate) fn note(&mut self, step: &Step, outcome: &Outcome<'_>) {
        let (Outcome::Taken(entries) | Outcome::Known(entries)) = outcome else { return };
        for entry in *entries {
            match (&step.ask, &entry.event) {
                (Ask::Sale(sale), Event::ExternalSaleReported(event)) => {
                    self.sale(sale, &event.lines.tickets, &event.lines.items);
                }
                (_, Event::ExternalSaleCancelled(event)) => {
                    for ticket in &event.cancellation.tickets {
                        self.tickets.remove(&ticket.ticket);
                    }
                    for item in &event.cancellation.items {
                        self.items.remove(&item.item);
                    }
                }
                (_, Event::PriceReduced(event)) => self.reduce(event.ticket, event.after, event.stated_vat),
                (Ask::Payment { legs, .. }, Event::PaymentRecorded(event)) => {
                    self.money(legs, &event.legs, false);
                }
                (Ask::Return { legs, .. }, Event::MoneyReturned(event)) => {
                    self.money(legs, &event.legs, true)
                }
                _ => {}
            }
        }
    }

    fn sale(&mut self, sale: &Sale, tickets: &[TicketLine], items: &[ItemLine]) {
        for (planned, line) in sale.tickets.iter().zip(tickets) {
            if let Some(recorded) = self.recorded(&planned.name, line.price, line.vat, line.stated_vat) {
                self.tickets.insert(line.ticket, recorded);
            }
        }
        for (planned, line) in sale.items.iter().zip(items) {
            if let Some(recorded) = self.recorded(&planned.name, line.price, line.vat, line.stated_vat) {
                self.items.insert(line.item, recorded);
            }
        }
    }

    fn recorded(&self, name: &str, price: Amount, rate: Rate, stated: Option<Amount>) -> Option<Recorded> {
        let group = Group { price, rate, ..Group::of(self.source.sold.get(name)?) };
        let vat = stated.unwrap_or_else(|| vat_of_gross(price, rate).vat);
        Some(Recorded { group, sums: Sums { number: 1, gross: price, vat } })
    }

    fn reduce(&mut self, ticket: TicketId, price: Amount, stated: Option<Amount>) {
        if let Some(recorded) = self.tickets.get_mut(&ticket) {
            recorded.group.price = price;
            let vat = stated.unwrap_or_else(|| vat_of_gross(price, recorded.group.rate).vat);
            recorded.sums = Sums { number: 1, gross: price, vat };
        }
    }

    fn money(&mut self, planned: &[(Name, Amount)], legs: &[Leg], returned: bool) {
        for ((provider, _), leg) in planned.iter().zip(legs) {
            let (paid, back) = self.providers.entry(provider.clone()).or_default();
            *(if returned { back } else { paid }) += leg.amount;
        }
    }

    /// The comparison under a rounding policy.
    pub(crate) fn compare(self, rounding: Rounding) -> Reconciliation {
        let mut held: BTreeMap<Group, Sums> = BTreeMap::new();
        for recorded in self.tickets.values().chain(self.items.values()) {
            let sums = held.entry(recorded.group.clone()).or_default();
            sums.number += recorded.sums.number;
            sums.gross += recorded.sums.gross;
            sums.vat += recorded.sums.vat;
        }
        for group in self.source.products.keys() {
            held.entry(group.clone()).or_default();
        }
        let taxed = taxed(&held, rounding);
        let currency = self.source.currency;
        let mut agrees = true;
        let mut total = (0, Taxed::default());
        let mut products = Vec::new();
        for ((group, sums), taxed) in held.iter().zip(&taxed) {
            let source = self.source.products.get(group).copied().unwrap_or_default();
            let same = sums.number == source.number
                && sums.gross == source.gross
                && (rounding == Rounding::Document || taxed.vat == source.vat);
            agrees &= same;
            total = (total.0 + sums.number, total.1 + *taxed);
            let net = source.gross - source.vat;
            products.push(ProductLine {
                product: group.label.clone(),
                price: group.price.display(currency),
                rate: group.rate.percent(),
                ledger: balance(sums.number, *taxed, currency),
                source: balance(source.number, Taxed { gross: source.gross, net, vat: source.vat }, currency),
                agrees: same,
            });
        }
        let providers = self.provider_lines();
        let (paid, returned) = self
            .providers
            .values()
            .fold((Amount::ZERO, Amount::ZERO), |sum, next| (sum.0 + next.0, sum.1 + next.1));
        agrees &= providers.iter().all(|line| line.agrees);
        Reconciliation {
            rounding: if rounding == Rounding::Document { "document" } else { "per-ticket" },
            products,
            total: balance(total.0, total.1, currency),
            providers,
            open: (total.1.gross - paid + returned).display(currency),
            agrees,
        }
    }

    fn provider_lines(&self) -> Vec<ProviderLine> {
        let currency = self.source.currency;
        let mut names: Vec<&String> = self.providers.keys().chain(self.source.providers.keys()).collect();
        names.sort();
        names.dedup();
        let lines = names.into_iter().map(|name| {
            let held = self.providers.get(name).copied().unwrap_or_default();
            let source = self.source.providers.get(name).copied().unwrap_or_default();
            ProviderLine {
                provider: name.clone(),
                paid: held.0.display(currency),
                returned: held.1.display(currency),
                source_paid: source.0.display(currency),
                source_returned: source.1.display(currency),
                agrees: held == source,
            }
        });
        lines.collect()
    }
}

/// Net and VAT of each group: added up line by line, or those of the whole document shared over its lines per rate.
fn taxed(held: &BTreeMap<Group, Sums>, rounding: Rounding) -> Vec<Taxed> {
    let per_line =
        held.values().map(|sums| Taxed { gross: sums.gross, net: sums.gross - sums.vat, vat: sums.vat });
    let mut taxed: Vec<Taxed> = per_line.collect();
    if rounding == Rounding::Document {
        let mut rates: Vec<Rate> = held.keys().map(|group| group.rate).collect();
        rates.sort();
        rates.dedup();
        for rate in rates {
            let of_rate: Vec<usize> = held
                .keys()
                .enumerate()
                .filter(|(_, group)| group.rate == rate)
                .map(|(index, _)| index)
                .collect();
            let gross: Vec<Amount> =
                of_rate.iter().filter_map(|index| taxed.get(*index).map(|line| line.gross)).collect();
            for (index, line) in of_rate.into_iter().zip(document_lines(&gross, rate)) {
                if let Some(slot) = taxed.get_mut(index) {
                    *slot = line;
                }
            }
        }
    }
    taxed
}

fn balance(number: i64, taxed: Taxed, currency: Currency) -> Balance {
    Balance {
        number,
        net: taxed.net.display(currency),
        vat: taxed.vat.display(currency),
        gross: taxed.gross.display(currency),
    }
}
