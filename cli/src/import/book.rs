//! The import's memory of which id the ledger gave to what the source names: learnt from receipts, used to make
//! the commands that depend on them.

use std::collections::BTreeMap;

use soticket_ledger::Entry;
use soticket_schema::*;

use super::step::{Ask, Name, Sale, Step};

/// What a name stands for, for messages and look-ups.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// A device or importer.
    Actor,
    /// A hall.
    Hall,
    /// A zone.
    Zone,
    /// A gate.
    Gate,
    /// A show.
    Show,
    /// A tariff.
    Tariff,
    /// A channel.
    Channel,
    /// A way of paying.
    Method,
    /// A product.
    Product,
    /// An order.
    Order,
    /// A ticket.
    Ticket,
    /// A product or fee of an order.
    Item,
    /// A numbered seat: `zone/label`.
    Seat,
    /// A party of deals.
    Party,
}

/// A name without an id so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Missing {
    /// What it is.
    pub(crate) kind: Kind,
    /// The name.
    pub(crate) name: Name,
}

/// Ids by kind and name. Every id fits 64 bits.
#[derive(Debug, Default)]
pub(crate) struct Book {
    ids: BTreeMap<Kind, BTreeMap<Name, u64>>,
}

impl Book {
    /// Notes an id.
    pub(crate) fn note(&mut self, kind: Kind, name: &str, id: u64) {
        self.ids.entry(kind).or_default().insert(name.to_owned(), id);
    }

    /// The id of a name.
    ///
    /// # Errors
    /// No receipt has given it one.
    pub(crate) fn id(&self, kind: Kind, name: &str) -> Result<u64, Missing> {
        let known = self.ids.get(&kind).and_then(|names| names.get(name));
        known.copied().ok_or_else(|| Missing { kind, name: name.to_owned() })
    }

    /// As [`Self::id`], for ids of 32 bits.
    pub(crate) fn small(&self, kind: Kind, name: &str) -> Result<u32, Missing> {
        // Only 32-bit ids are noted under the kinds that have them.
        self.id(kind, name).map(|id| u32::try_from(id).unwrap_or(u32::MAX))
    }

    /// Learns the ids that the events of a step's receipt assign.
    pub(crate) fn learn(&mut self, step: &Step, entries: &[Entry]) {
        for entry in entries {
            self.learn_event(&step.ask, &entry.event);
        }
    }

    fn learn_event(&mut self, ask: &Ask, event: &Event) {
        match (ask, event) {
            (Ask::Actor { name, .. }, Event::ActorRegistered(event)) => {
                self.note(Kind::Actor, name, event.actor.0.into());
            }
            (Ask::Hall { hall, .. }, Event::HallDefined(event)) => {
                self.note(Kind::Hall, &hall.name, event.hall.0.into());
            }
            (Ask::Hall { hall, zones }, Event::ZoneDefined(event)) => {
                let index = hall.zones.iter().position(|zone| zone.name == event.name);
                if let Some(name) = index.and_then(|index| zones.get(index)) {
                    self.learn_zone(name, event);
                }
            }
            (Ask::Gate { name }, Event::GateDefined(event)) => {
                self.note(Kind::Gate, name, event.gate.0.into());
            }
            (Ask::Show(show), Event::ShowScheduled(event)) => self.note(Kind::Show, &show.name, event.show.0),
            (Ask::Tariff(tariff), Event::TariffDefined(event)) => {
                self.note(Kind::Tariff, &tariff.name, event.tariff.0.into());
            }
            (Ask::Channel(channel), Event::ChannelOpened(event)) => {
                self.note(Kind::Channel, &channel.name, event.channel.0.into());
            }
            (Ask::Method { name, .. }, Event::MethodDefined(event)) => {
                self.note(Kind::Method, name, event.method.0.into());
            }
            (Ask::Party { name }, Event::PartyRegistered(event)) => {
                self.note(Kind::Party, name, event.party.0.into());
            }
            (Ask::Product { name, .. }, Event::ProductDefined(event)) => {
                self.note(Kind::Product, name, event.product.0.into());
            }
            (Ask::Sale(sale), Event::ExternalSaleReported(event)) => self.learn_sale(sale, &event.lines),
            _ => {}
        }
    }

    /// Learns a zone and its seats.
    pub(crate) fn learn_zone(&mut self, name: &str, zone: &event::v1::ZoneDefined) {
        self.note(Kind::Zone, name, zone.zone.0.into());
        for (number, label) in (0_u64..).zip(&zone.seats) {
            self.note(Kind::Seat, &seat_name(name, label), number);
        }
    }

    /// A recorded sale keeps the order of the lines that were reported.
    fn learn_sale(&mut self, sale: &Sale, lines: &event::v1::OrderLines) {
        self.note(Kind::Order, &sale.order, lines.order.0);
        for (ticket, line) in sale.tickets.iter().zip(&lines.tickets) {
            self.note(Kind::Ticket, &ticket.name, line.ticket.0);
        }
        for (item, line) in sale.items.iter().zip(&lines.items) {
            self.note(Kind::Item, &item.name, line.item.0);
        }
    }
}

/// The name that a seat has in the book.
pub(crate) fn seat_name(zone: &str, label: &str) -> Name {
    format!("{zone}/{label}")
}
