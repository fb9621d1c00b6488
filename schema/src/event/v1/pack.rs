//! Packs (pass): several shows sold together at one price.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, OrderId, PackId, PackSaleId, ShowId, SubjectRef, TariffId, TicketId, ZoneId};
use crate::money::Amount;
use crate::time::Timestamp;

/// One of the shows of a pack.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackShow {
    /// The show.
    pub show: ShowId,
    /// The zone that the pack gives a place in.
    pub zone: ZoneId,
    /// The tariff, of kind pack, that its tickets are of.
    pub tariff: TariffId,
    /// Its weight, above zero: the shows of a pack that was sold share its price in proportion.
    pub weight: i64,
}

/// All that defines a pack.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackTerms {
    /// Its name.
    pub name: String,
    /// Price of the whole pack, with VAT.
    pub price: Amount,
    /// Its shows, each once.
    pub shows: Vec<PackShow>,
    /// How many of the shows the buyer chooses; none for all of them.
    pub pick: Option<u16>,
    /// Channels that sell it; empty for all.
    pub channels: Vec<ChannelId>,
    /// When its sale ends, if before that of its shows.
    pub sale_until: Option<Timestamp>,
}

/// A pack is offered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackDefined {
    /// Its number.
    pub pack: PackId,
    /// Its terms.
    pub terms: PackTerms,
}

/// A pack has other terms for sales from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackChanged {
    /// The pack.
    pub pack: PackId,
    /// All terms, changed or not.
    pub terms: PackTerms,
}

/// A pack of an order, and which of the order's tickets it consists of.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SoldPack {
    /// Its number.
    pub sale: PackSaleId,
    /// The pack.
    pub pack: PackId,
    /// What it was sold for: the sum of its tickets' face prices.
    pub price: Amount,
    /// Its tickets, one for each show that was chosen; their lines hold weights and shares.
    pub tickets: Vec<TicketId>,
}

/// Packs were sold with an order, in the same command as its tickets.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PacksSold {
    /// The order.
    pub order: OrderId,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Shows of the packs' tickets.
    pub shows: Vec<ShowId>,
    /// The packs.
    pub packs: Vec<SoldPack>,
}
