//! Live sales, and the lines that live and reported sales share.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::tariff::CompReason;
use crate::ids::{
    ChannelId, CodeHash, HoldId, ItemId, OrderId, ProductId, SeatId, ShowId, SubjectRef, TariffId, TicketId,
    ZoneId,
};
use crate::money::{Amount, Rate};

/// Who issued a ticket code.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CodeIssuer {
    /// This ledger.
    House,
    /// The channel that sold the ticket.
    Channel(ChannelId),
    /// The system that the ticket was imported from.
    Import,
}

/// How a ticket code is drawn.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Symbology {
    /// QR code.
    Qr,
    /// Code 128.
    Code128,
    /// EAN-13.
    Ean13,
    /// Interleaved 2 of 5.
    Interleaved2of5,
    /// Aztec.
    Aztec,
    /// PDF417.
    Pdf417,
    /// Data Matrix.
    DataMatrix,
    /// Not known.
    Unknown,
}

/// A ticket's code, by its keyed hash; the code itself is in the vault.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketCode {
    /// Keyed hash of the code.
    pub hash: CodeHash,
    /// Who issued it.
    pub issuer: CodeIssuer,
    /// How it is drawn.
    pub symbology: Symbology,
}

/// A pack's price and this show's weight in it, frozen at the sale.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PackShare {
    /// Price of the whole pack.
    pub pack_price: Amount,
    /// Weight of this show.
    pub weight: i64,
    /// Sum of the weights of all shows of the pack.
    pub weights: i64,
}

/// One ticket of an order.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TicketLine {
    /// Its number.
    pub ticket: TicketId,
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// The tariff.
    pub tariff: TariffId,
    /// Serial number, from 1, without gaps within its series.
    pub serial: u64,
    /// Face price.
    pub price: Amount,
    /// Fee on top of it, with VAT.
    pub fee: Amount,
    /// VAT rate of the face price.
    pub vat: Rate,
    /// VAT of the face price as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
    /// VAT rate of the fee.
    pub fee_vat: Rate,
    /// The pack that it is a share of.
    pub pack: Option<PackShare>,
    /// Why it is free.
    pub comp: Option<CompReason>,
    /// The ticket that it stands for after an exchange.
    pub replaces: Option<TicketId>,
    /// Its codes.
    pub codes: Vec<TicketCode>,
}

/// What kind of fee an item is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum FeeKind {
    /// For the service of selling.
    Service,
    /// For sending.
    Shipping,
    /// For a way of paying.
    Payment,
    /// Kept at a cancellation.
    Cancellation,
    /// For insurance.
    Insurance,
    /// Taken from or given as stored value.
    GiftCard,
    /// Anything else.
    Other,
}

/// What an item of an order is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ItemKind {
    /// A product.
    Product(ProductId),
    /// A fee of the order.
    Fee(FeeKind),
}

/// One line of an order that is no ticket.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ItemLine {
    /// Its number.
    pub item: ItemId,
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
    /// The ticket that it came with, if any.
    pub ticket: Option<TicketId>,
}

/// The content of a sale, live or reported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct OrderLines {
    /// The order; a report may add lines to an order that exists.
    pub order: OrderId,
    /// Where it was sold.
    pub channel: ChannelId,
    /// Till or point of sale, as the venue names it; may be empty.
    pub seller: String,
    /// Who bought, if known.
    pub subject: Option<SubjectRef>,
    /// Tickets.
    pub tickets: Vec<TicketLine>,
    /// Products and fees.
    pub items: Vec<ItemLine>,
}

/// A live sale. It may stay unpaid.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct OrderPlaced {
    /// What was sold.
    pub lines: OrderLines,
    /// Holds that it uses up, whole.
    pub holds: Vec<HoldId>,
}
