//! What stands in the log with other terms than the source's: found by name, so that what names it can still be
//! imported while the difference is reported.

use std::collections::HashMap;
use std::ops::ControlFlow;

use soticket_ledger::{Entry, Ledger};
use soticket_schema::event::v1::{Leg, OrderLines};
use soticket_schema::{ActorId, Currency, Event, OrderId, OrganisationId};

use super::ImportError;
use super::book::{Book, Kind};
use super::step::{Ask, Part, Sale, Step};

/// Notes in `book` the ids of what `ask` would have defined, as far as the log holds something of the same name.
///
/// # Errors
/// The log cannot be read.
pub(crate) fn existing(
    ledger: &Ledger,
    organisation: OrganisationId,
    ask: &Ask,
    book: &mut Book,
) -> Result<(), ImportError> {
    if !is_definition(ask) {
        return Ok(());
    }
    let read = ledger.read(organisation, 0, &mut |entry| {
        note(ask, &entry.event, book);
        ControlFlow::Continue(())
    });
    read.map_err(|error| ImportError::Stopped(error.to_string()))
}

/// The currency that an organisation's log is kept in.
///
/// # Errors
/// The log cannot be read.
pub(crate) fn currency(
    ledger: &Ledger,
    organisation: OrganisationId,
) -> Result<Option<Currency>, ImportError> {
    let mut currency = None;
    let read = ledger.read(organisation, 0, &mut |entry| match &entry.event {
        Event::OrganisationOpened(event) => {
            currency = Some(event.currency);
            ControlFlow::Break(())
        }
        _ => ControlFlow::Continue(()),
    });
    read.map_err(|error| ImportError::Stopped(error.to_string()))?;
    Ok(currency)
}

fn is_definition(ask: &Ask) -> bool {
    matches!(
        ask,
        Ask::Hall { .. }
            | Ask::Show(_)
            | Ask::Tariff(_)
            | Ask::Channel(_)
            | Ask::Method { .. }
            | Ask::Product { .. }
            | Ask::Party { .. }
    )
}

fn note(ask: &Ask, event: &Event, book: &mut Book) {
    match (ask, event) {
        (Ask::Hall { hall, .. }, Event::HallDefined(event)) if event.name == hall.name => {
            book.note(Kind::Hall, &hall.name, event.hall.0.into());
        }
        (Ask::Hall { hall, zones }, Event::ZoneDefined(event))
            if book.small(Kind::Hall, &hall.name) == Ok(event.hall.0) =>
        {
            let index = hall.zones.iter().position(|zone| zone.name == event.name);
            if let Some(name) = index.and_then(|index| zones.get(index)) {
                book.learn_zone(name, event);
            }
        }
        (Ask::Show(show), Event::ShowScheduled(event)) if event.reference == show.name => {
            book.note(Kind::Show, &show.name, event.show.0);
        }
        (Ask::Tariff(tariff), Event::TariffDefined(event))
            if event.terms.name == tariff.label
                && event.terms.vat == tariff.vat
                && event.terms.kind == tariff.kind
                && book.id(Kind::Show, &tariff.show) == Ok(event.show.0) =>
        {
            book.note(Kind::Tariff, &tariff.name, event.tariff.0.into());
        }
        (Ask::Channel(channel), Event::ChannelOpened(event)) if event.name == channel.name => {
            book.note(Kind::Channel, &channel.name, event.channel.0.into());
        }
        (Ask::Method { name, .. }, Event::MethodDefined(event)) if event.name == *name => {
            book.note(Kind::Method, name, event.method.0.into());
        }
        (Ask::Party { name }, Event::PartyRegistered(event)) if event.name == *name => {
            book.note(Kind::Party, name, event.party.0.into());
        }
        (Ask::Product { name, label, .. }, Event::ProductDefined(event)) if event.name == *label => {
            book.note(Kind::Product, name, event.product.0.into());
        }
        _ => {}
    }
}

/// See [`is_near`].
const DAYS_NEAR_MICROSECONDS: i64 = 2 * 86_400 * 1_000_000;

/// What earlier imports recorded of orders.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// Sales by the order's code, which such sources put in the place of the till.
    sales: HashMap<String, Vec<Entry>>,
    /// Payments and returned money by order.
    money: HashMap<OrderId, Vec<Entry>>,
}

impl Recorded {
    /// Reads the log once.
    ///
    /// # Errors
    /// The log cannot be read.
    pub(crate) fn read(
        ledger: &Ledger,
        organisation: OrganisationId,
        importer: ActorId,
    ) -> Result<Self, ImportError> {
        let mut recorded = Self::default();
        let read = ledger.read(organisation, 0, &mut |entry| {
            if entry.envelope.actor == importer {
                recorded.note(entry);
            }
            ControlFlow::Continue(())
        });
        read.map_err(|error| ImportError::Stopped(error.to_string()))?;
        Ok(recorded)
    }

    fn note(&mut self, entry: Entry) {
        let entries = match &entry.event {
            Event::ExternalSaleReported(event) => self.sales.entry(event.lines.seller.clone()).or_default(),
            Event::PaymentRecorded(event) => self.money.entry(event.order).or_default(),
            Event::MoneyReturned(event) => self.money.entry(event.order).or_default(),
            _ => return,
        };
        entries.push(entry);
    }

    /// The recorded fact that a step repeats with other details (buyer, seat, code, name of the way of paying): a sale of
    /// the same instant, or a payment of about the same time, of the same money.
    pub(crate) fn same_money(&self, step: &Step, book: &Book) -> Option<&Entry> {
        let entries = match &step.ask {
            Ask::Sale(sale) => self.sales.get(&sale.seller)?,
            Ask::Payment { order, .. } | Ask::Return { order, .. } => {
                self.money.get(&OrderId(book.id(Kind::Order, order).ok()?))?
            }
            _ => return None,
        };
        let same = |entry: &&Entry| match (&step.ask, &entry.event) {
            (Ask::Sale(sale), Event::ExternalSaleReported(event)) => {
                Some(entry.envelope.occurred_at) == step.at && is_same_money(sale, &event.lines, book)
            }
            (Ask::Payment { legs, .. }, Event::PaymentRecorded(event)) => is_same_amounts(legs, &event.legs),
            (Ask::Return { legs, .. }, Event::MoneyReturned(event)) => is_same_amounts(legs, &event.legs),
            _ => false,
        };
        entries.iter().filter(|entry| is_near(entry, step)).find(same)
    }
}

/// Within two days: such sources know the day of a payment only, and its hour is taken from what else happened then.
fn is_near(entry: &Entry, step: &Step) -> bool {
    step.at.is_some_and(|at| (at.0 - entry.envelope.occurred_at.0).abs() <= DAYS_NEAR_MICROSECONDS)
}

fn is_same_amounts(planned: &[Part], recorded: &[Leg]) -> bool {
    planned.iter().map(|(_, amount)| *amount).eq(recorded.iter().map(|leg| leg.amount))
}

fn is_same_money(sale: &Sale, lines: &OrderLines, book: &Book) -> bool {
    let tickets = sale.tickets.iter().map(|ticket| {
        let show = book.id(Kind::Show, &ticket.show).ok();
        let tariff = book.small(Kind::Tariff, &ticket.tariff).ok();
        (show, tariff, ticket.price, ticket.vat, ticket.stated_vat)
    });
    let recorded = lines
        .tickets
        .iter()
        .map(|line| (Some(line.show.0), Some(line.tariff.0), line.price, line.vat, line.stated_vat));
    let items = sale.items.iter().map(|item| (item.price, item.vat, item.stated_vat));
    let recorded_items = lines.items.iter().map(|line| (line.price, line.vat, line.stated_vat));
    tickets.eq(recorded) && items.eq(recorded_items)
}
