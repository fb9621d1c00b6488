//! Live sales as they are asked for.

use bincode::Encode;
use serde::Serialize;

use super::Person;
use crate::event::v1::{CompReason, ItemKind, Leg};
use crate::ids::{ChannelId, HoldId, SeatId, ShowId, TariffId, ZoneId};
use crate::money::{Amount, Rate};

/// See [`super::CommandBody::PlaceOrder`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct PlaceOrder {
    /// Where it is sold.
    pub channel: ChannelId,
    /// Till or point of sale; may be empty.
    pub seller: String,
    /// Who buys, if known.
    pub buyer: Option<Person>,
    /// Holds to use up, whole: the tickets must take exactly their places.
    pub holds: Vec<HoldId>,
    /// Tickets, one each.
    pub tickets: Vec<TicketRequest>,
    /// Products and fees.
    pub items: Vec<ItemRequest>,
    /// How it is paid now; empty for an order that stays unpaid, else exactly the total.
    pub payment: Vec<Leg>,
}

/// A ticket to be sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TicketRequest {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// The tariff.
    pub tariff: TariffId,
    /// The price that the buyer was shown, if it is to be checked against the tariff's.
    pub price: Option<Amount>,
    /// Why it is free, for a free tariff.
    pub comp: Option<CompReason>,
}

/// A product or fee to be sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ItemRequest {
    /// What it is.
    pub kind: ItemKind,
    /// The show that it belongs to, if any.
    pub show: Option<ShowId>,
    /// Price with VAT.
    pub price: Amount,
    /// VAT rate.
    pub vat: Rate,
    /// VAT of the price as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
    /// The ticket that it came with: its place among the command's tickets, from 0.
    pub ticket: Option<u16>,
}
