//! Rows of transactions.csv as lines of a sale, with what orders.json adds: channel, buyer, seat, ticket code.

use std::collections::BTreeSet;

use soticket_schema::command::{CodeText, Person};
use soticket_schema::event::v1::{CompReason, FeeKind, Symbology};
use soticket_schema::{Amount, Rate};

use super::changes::{Change, Sold, What};
use super::lives::is_fee;
use super::orders::{Event, Order};
use crate::import::step::{Item, ItemIs, Name, Ticket};

/// Zone of tickets without a seat.
pub(crate) const GENERAL: &str = "general";
/// Zone of numbered seats.
pub(crate) const SEATS: &str = "seats";
/// The event as the lines of its orders need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lines<'a> {
    /// The event.
    pub(crate) event: &'a Event,
    /// Labels of the seats that the hall has.
    pub(crate) seats: &'a BTreeSet<String>,
}

impl<'a> Lines<'a> {
    /// Short name of the event.
    pub(crate) fn slug(&self) -> &'a str {
        &self.event.slug
    }

    fn order(&self, code: &str) -> Option<&'a Order> {
        self.event.orders.get(code)
    }

    /// Whether a row sells an entry; an item that is not in the catalogue any more is taken for one. Tickets do not
    /// cost less than nothing: an entry that pretix sells below zero is recorded as a product, so that the sums are right.
    pub(crate) fn is_ticket(&self, sold: &Sold) -> bool {
        match &sold.what {
            What::Item { item, .. } => {
                sold.price >= Amount::ZERO && self.event.items.get(item).is_none_or(|item| item.admission)
            }
            What::Fee { .. } => false,
        }
    }

    /// Name of the channel that sold the order.
    pub(crate) fn channel(&self, code: &str) -> Name {
        self.order(code).map(|order| order.channel.clone()).unwrap_or_default()
    }

    /// Who bought the order.
    pub(crate) fn buyer(&self, code: &str) -> Option<Person> {
        let email = self.order(code).map(|order| order.email.clone()).filter(|email| !email.is_empty())?;
        Some(Person { email, ..Person::default() })
    }

    /// Number of the position that a position was bought with.
    pub(crate) fn parent(&self, code: &str, position: u64) -> Option<u64> {
        self.order(code)?.parent(position)
    }

    /// The ticket that a row sells, in exchange for `replaces` if there is one.
    pub(crate) fn ticket(&self, row: &Change, name: Name, replaces: Option<Name>) -> Ticket {
        let position = row
            .position
            .and_then(|number| self.order(&row.order).and_then(|order| order.positions.get(&number)));
        let seat = position.map(|position| position.seat.clone()).filter(|seat| self.seats.contains(seat));
        let codes = position
            .map(|position| position.secret.clone())
            .filter(|secret| !secret.is_empty())
            .map(|text| CodeText { text, symbology: Symbology::Qr });
        Ticket {
            name,
            show: show_name(self.slug(), row.sold.date),
            zone: if seat.is_some() { SEATS } else { GENERAL }.to_owned(),
            seat,
            unseated: Some(GENERAL.to_owned()),
            tariff: tariff_name(self.slug(), &row.sold),
            price: row.sold.price,
            fee: Amount::ZERO,
            vat: row.sold.rate,
            stated_vat: Some(row.sold.tax),
            fee_vat: Rate::ZERO,
            pack: None,
            comp: self.comp(&row.sold),
            replaces,
            codes: codes.into_iter().collect(),
        }
    }

    /// Why a ticket is free: pretix does not say; holders of a membership have paid for it.
    pub(crate) fn comp(&self, sold: &Sold) -> Option<CompReason> {
        let What::Item { item, .. } = &sold.what else { return None };
        let membership = self.event.items.get(item).is_some_and(|item| item.membership);
        let reason = if membership { CompReason::Prepaid } else { CompReason::Goodwill };
        (sold.price == Amount::ZERO).then_some(reason)
    }

    /// The product or fee that a row sells. A fee belongs to the show of the order, if there is one only.
    pub(crate) fn item(&self, row: &Change, name: Name, beside: &[Change]) -> Item {
        let date = if is_fee(&row.sold.what) { only_date(beside) } else { Some(row.sold.date) };
        Item {
            name,
            is: match &row.sold.what {
                What::Item { item, variation, .. } => {
                    ItemIs::Product(product_name(self.slug(), *item, *variation))
                }
                What::Fee { kind, .. } => ItemIs::Fee(fee_kind(kind)),
            },
            show: date.map(|date| show_name(self.slug(), date)),
            price: row.sold.price,
            vat: row.sold.rate,
            stated_vat: Some(row.sold.tax),
            ticket: None,
        }
    }
}

/// The date that all items of a batch are of.
fn only_date(rows: &[Change]) -> Option<Option<u64>> {
    let mut dates = rows.iter().filter(|row| !is_fee(&row.sold.what)).map(|row| row.sold.date);
    let first = dates.next()?;
    dates.all(|date| date == first).then_some(first)
}

fn fee_kind(kind: &str) -> FeeKind {
    match kind {
        "service" => FeeKind::Service,
        "shipping" => FeeKind::Shipping,
        "payment" => FeeKind::Payment,
        "cancellation" => FeeKind::Cancellation,
        "insurance" => FeeKind::Insurance,
        "giftcard" => FeeKind::GiftCard,
        _ => FeeKind::Other,
    }
}

/// Reference of the show on a date of the series, or of the single show.
pub(crate) fn show_name(slug: &str, date: Option<u64>) -> Name {
    date.map_or_else(|| slug.to_owned(), |date| format!("{slug}-{date}"))
}

/// A tariff is an item in a variation at a price and rate: what an accounting report has a line for.
pub(crate) fn tariff_name(slug: &str, sold: &Sold) -> Name {
    let show = show_name(slug, sold.date);
    let (item, variation) = match &sold.what {
        What::Item { item, variation, .. } => (*item, variation.unwrap_or(0)),
        What::Fee { .. } => (0, 0),
    };
    format!("{show}/{item}/{variation}/{}/{}", sold.price.0, sold.rate.0)
}

/// Name of a product.
pub(crate) fn product_name(slug: &str, item: u64, variation: Option<u64>) -> Name {
    format!("{slug}/{item}/{}", variation.unwrap_or(0))
}
