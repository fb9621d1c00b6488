//! What sales over time answers.

use jiff::civil::Date;
use soticket_schema::{Amount, ChannelId, TariffId};

/// What one channel sold of one tariff on one commercial day.
///
/// A cancellation or price reduction counts on the day when it happened, not on the day of the sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaySales {
    /// The commercial day: from the organisation's cut-off to the next one, in its time zone.
    pub day: Date,
    /// The channel that sold.
    pub channel: ChannelId,
    /// The tariff; tells the show.
    pub tariff: TariffId,
    /// Tickets issued.
    pub issued: u64,
    /// Tickets cancelled.
    pub cancelled: u64,
    /// Face prices of the tickets issued, with VAT.
    pub issued_amount: Amount,
    /// Face prices of the tickets cancelled.
    pub cancelled_amount: Amount,
    /// What price reductions took off.
    pub reduced_amount: Amount,
    /// Issued less cancelled less reduced.
    pub net_amount: Amount,
}

/// What was sold, added up over channels and tariffs.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct SalesTotals {
    /// Tickets issued.
    pub issued: u64,
    /// Tickets cancelled.
    pub cancelled: u64,
    /// Face prices of the tickets issued, with VAT.
    pub issued_amount: Amount,
    /// Face prices of the tickets cancelled.
    pub cancelled_amount: Amount,
    /// What price reductions took off.
    pub reduced_amount: Amount,
    /// Issued less cancelled less reduced.
    pub net_amount: Amount,
}
