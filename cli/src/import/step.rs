//! What an import asks of the ledger, in the source's own names: ids are known only once receipts are there.

use soticket_projections::deals::text::DealFile;
use soticket_schema::command::{CodeText, DefineHall, OpenOrganisation, Person};
use soticket_schema::event::v1::{
    ActorKind, CancelReason, ChannelKind, CompReason, CostTerms, Direction, FeeKind, GateDecision,
    InsideCommission, MethodKind, PackShare, ProductKind, ReportSource, TariffKind,
};
use soticket_schema::{Amount, Currency, Rate, Timestamp};

use super::refusal::Place;

/// The source's name of a thing.
pub(crate) type Name = String;

/// One command to be, with the places of the source that it stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    /// The lines; the first is told when the step as a whole is refused.
    pub(crate) places: Vec<Place>,
    /// Idempotency key.
    pub(crate) key: String,
    /// When it happened; none for the catalogue.
    pub(crate) at: Option<Timestamp>,
    /// What is asked.
    pub(crate) ask: Ask,
    /// Whether details may have changed in the source since an earlier import: what is recorded stays, and the money
    /// must be the same.
    pub(crate) lenient: bool,
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// Opens the organisation's log.
    Organisation(OpenOrganisation),
    /// Registers a device or importer.
    Actor { name: Name, kind: ActorKind },
    /// Defines a hall; `zones` are the names of its zones in order.
    Hall { hall: DefineHall, zones: Vec<Name> },
    /// Defines a gate.
    Gate { name: Name },
    /// Plans a show.
    Show(Show),
    /// Opens a show for sale.
    Open { show: Name },
    /// Defines a tariff.
    Tariff(Tariff),
    /// Opens a channel.
    Channel(Channel),
    /// Defines a way of paying.
    Method { name: Name, kind: MethodKind },
    /// Defines a product.
    Product { name: Name, label: String, kind: ProductKind },
    /// Adds to a channel's quota.
    Allocate { show: Name, zone: Name, channel: Name, places: u32 },
    /// Moves quota between channels.
    Transfer { show: Name, zone: Name, from: Name, to: Name, places: u32 },
    /// Reports a sale.
    Sale(Sale),
    /// Records a payment.
    Payment { order: Name, legs: Vec<Part> },
    /// Reports a cancellation.
    Cancel(Cancel),
    /// Reduces a price.
    Reduce { ticket: Name, price: Amount, stated_vat: Option<Amount> },
    /// Records money that went back.
    Return { order: Name, legs: Vec<Part> },
    /// Reports a scan.
    Scan(Scan),
    /// Registers a party.
    Party { name: Name },
    /// Agrees on the show's deal; parties and channels are named in it.
    Deal { show: Name, currency: Currency, file: Box<DealFile> },
    /// Records a cost of the show.
    Cost { show: Name, terms: CostTerms },
}

/// See [`Ask::Show`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Show {
    /// Its name in the source and its reference.
    pub(crate) name: Name,
    /// Title as printed.
    pub(crate) title: String,
    /// Name of the hall.
    pub(crate) hall: Name,
    /// Zones with places on sale.
    pub(crate) zones: Vec<(Name, u32)>,
    /// Begin of the performance.
    pub(crate) starts_at: Timestamp,
    /// Opening of the doors.
    pub(crate) doors_at: Timestamp,
    /// Live sales begin.
    pub(crate) sale_from: Timestamp,
    /// Live sales end.
    pub(crate) sale_until: Timestamp,
    /// Tax territory.
    pub(crate) territory: String,
}

/// See [`Ask::Tariff`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Tariff {
    /// Its name in the source.
    pub(crate) name: Name,
    /// The show.
    pub(crate) show: Name,
    /// Its name as printed.
    pub(crate) label: String,
    /// What it is.
    pub(crate) kind: TariffKind,
    /// Price per zone.
    pub(crate) prices: Vec<(Name, Amount)>,
    /// VAT rate.
    pub(crate) vat: Rate,
    /// Channels that sell it; empty for all.
    pub(crate) channels: Vec<Name>,
    /// Reasons of free tickets.
    pub(crate) reasons: Vec<CompReason>,
}

/// See [`Ask::Channel`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Channel {
    /// Its name.
    pub(crate) name: Name,
    /// What it is.
    pub(crate) kind: ChannelKind,
    /// Fee on top of each ticket.
    pub(crate) fee_on_top: Amount,
    /// VAT on that fee.
    pub(crate) fee_vat: Rate,
    /// Commission inside the price.
    pub(crate) commission: Option<InsideCommission>,
}

/// Part of a payment or refund: method and amount.
pub(crate) type Part = (Name, Amount);

/// See [`Ask::Sale`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Sale {
    /// Where it comes from.
    pub(crate) source: ReportSource,
    /// Name of the order.
    pub(crate) order: Name,
    /// Whether an earlier step placed the order.
    pub(crate) extends: bool,
    /// Where it was sold.
    pub(crate) channel: Name,
    /// Till or point of sale.
    pub(crate) seller: String,
    /// Who bought.
    pub(crate) buyer: Option<Person>,
    /// Tickets.
    pub(crate) tickets: Vec<Ticket>,
    /// Products and fees.
    pub(crate) items: Vec<Item>,
    /// How it was paid at once.
    pub(crate) payment: Vec<Part>,
}

/// A ticket of a sale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Ticket {
    /// Its name in the source.
    pub(crate) name: Name,
    /// The show.
    pub(crate) show: Name,
    /// The zone.
    pub(crate) zone: Name,
    /// Label of the seat, where they are numbered.
    pub(crate) seat: Option<String>,
    /// The zone to use when the seat is none of the hall's; none to refuse the ticket then.
    pub(crate) unseated: Option<Name>,
    /// The tariff.
    pub(crate) tariff: Name,
    /// Face price.
    pub(crate) price: Amount,
    /// Fee on top.
    pub(crate) fee: Amount,
    /// VAT rate of the price.
    pub(crate) vat: Rate,
    /// VAT of the price as the source states it, if it does.
    pub(crate) stated_vat: Option<Amount>,
    /// VAT rate of the fee.
    pub(crate) fee_vat: Rate,
    /// The pack that it is a share of.
    pub(crate) pack: Option<PackShare>,
    /// Why it is free.
    pub(crate) comp: Option<CompReason>,
    /// The ticket that it stands for after an exchange.
    pub(crate) replaces: Option<Name>,
    /// Its codes.
    pub(crate) codes: Vec<CodeText>,
}

/// What an item of a sale is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ItemIs {
    /// A product.
    Product(Name),
    /// A fee.
    Fee(FeeKind),
}

/// A product or fee of a sale.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Item {
    /// Its name in the source.
    pub(crate) name: Name,
    /// What it is.
    pub(crate) is: ItemIs,
    /// The show that it belongs to.
    pub(crate) show: Option<Name>,
    /// Price with VAT.
    pub(crate) price: Amount,
    /// VAT rate.
    pub(crate) vat: Rate,
    /// VAT of the price as the source states it, if it does.
    pub(crate) stated_vat: Option<Amount>,
    /// The ticket that it came with: its place among the sale's tickets.
    pub(crate) ticket: Option<u16>,
}

/// See [`Ask::Cancel`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Cancel {
    /// Where it comes from.
    pub(crate) source: ReportSource,
    /// Name of the order.
    pub(crate) order: Name,
    /// Tickets, and whether the fee on top of each is kept.
    pub(crate) tickets: Vec<(Name, bool)>,
    /// Products and fees.
    pub(crate) items: Vec<Name>,
    /// Why.
    pub(crate) reason: CancelReason,
    /// Money returned with it.
    pub(crate) refund: Vec<Part>,
}

/// See [`Ask::Scan`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Scan {
    /// The show.
    pub(crate) show: Name,
    /// The code as presented.
    pub(crate) code: String,
    /// The gate.
    pub(crate) gate: Name,
    /// The device.
    pub(crate) device: Name,
    /// The device's number of the scan.
    pub(crate) nonce: u64,
    /// Which way.
    pub(crate) direction: Direction,
    /// Whether the device was offline.
    pub(crate) offline: bool,
    /// What the gate decided.
    pub(crate) decision: GateDecision,
}

impl Step {
    /// A definition of the catalogue.
    pub(crate) fn define(place: Place, key: String, ask: Ask) -> Self {
        Self { places: vec![place], key, at: None, ask, lenient: false }
    }

    /// A fact of its own time.
    pub(crate) fn fact(places: Vec<Place>, key: String, at: Timestamp, ask: Ask) -> Self {
        Self { places, key, at: Some(at), ask, lenient: false }
    }

    /// The same step, of a source that describes the present and not only what happened.
    pub(crate) fn lenient(self) -> Self {
        Self { lenient: true, ..self }
    }
}
