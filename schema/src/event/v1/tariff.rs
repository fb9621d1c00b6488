//! Tariffs of shows, and products that are no tickets.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::{ChannelId, ProductId, ShowId, TariffId, ZoneId};
use crate::money::{Amount, Rate};

/// What a tariff is to the statements.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum TariffKind {
    /// Full price.
    Full,
    /// Reduced price.
    Reduced,
    /// Holders of a subscriber card.
    Subscriber,
    /// A share of a pack.
    Pack,
    /// Free, with a reason.
    Free,
}

/// Why a ticket is free.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum CompReason {
    /// Guests of the artists.
    Artist,
    /// Guests of the production.
    Production,
    /// Press.
    Press,
    /// Professionals.
    Professional,
    /// Partners.
    Partner,
    /// Staff.
    Staff,
    /// Schools.
    School,
    /// Prizes.
    Prize,
    /// Goodwill.
    Goodwill,
    /// Holders of a card or pack that has been paid for.
    Prepaid,
}

/// The price of a tariff in a zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ZonePrice {
    /// The zone.
    pub zone: ZoneId,
    /// Face price.
    pub price: Amount,
}

/// All that defines a tariff.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TariffTerms {
    /// Its name.
    pub name: String,
    /// What it is to the statements.
    pub kind: TariffKind,
    /// Price per zone; a zone that is not named does not sell it.
    pub prices: Vec<ZonePrice>,
    /// VAT rate of the face price.
    pub vat: Rate,
    /// Channels that sell it; empty for all.
    pub channels: Vec<ChannelId>,
    /// Reasons that a free ticket may have; empty unless the kind is free.
    pub reasons: Vec<CompReason>,
}

/// A tariff of a show exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TariffDefined {
    /// The show.
    pub show: ShowId,
    /// Its number.
    pub tariff: TariffId,
    /// Its terms.
    pub terms: TariffTerms,
}

/// A tariff has other terms for sales from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TariffChanged {
    /// The show.
    pub show: ShowId,
    /// The tariff.
    pub tariff: TariffId,
    /// All terms, changed or not.
    pub terms: TariffTerms,
}

/// What a product that is no ticket is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ProductKind {
    /// Subscriber card, membership.
    Card,
    /// Pack whose price is not yet shared among shows.
    Pack,
    /// Gift card: a stored value, not a sale.
    GiftCard,
    /// Voucher.
    Voucher,
    /// Merchandise, food, drink.
    Merchandise,
    /// Donation.
    Donation,
    /// Anything else.
    Other,
}

/// A product exists.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ProductDefined {
    /// Its number.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ProductKind,
}
