//! Closings (clôtures) of days, months and years.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::codec::{self, CodecError};
use crate::day::CommercialDay;
use crate::hash::Hash;
use crate::ids::{MethodId, OrganisationId};
use crate::money::{Amount, Rate, Taxed};
use crate::time::Timestamp;

/// BLAKE3 derive-key context of a closing's hash. Frozen with the payload.
pub const CLOSING_CONTEXT: &str = "soticket-ledger 2026 closing v1";
/// BLAKE3 derive-key context of the hash that the first closing of a kind names as its previous one.
pub const CLOSING_GENESIS_CONTEXT: &str = "soticket-ledger 2026 closing genesis v1";

/// What is closed.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Period {
    /// A commercial day.
    Day,
    /// A calendar month.
    Month,
    /// A fiscal year.
    Year,
}

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Day, Self::Month, Self::Year];
}

/// What kind of sale an amount is.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum SaleClass {
    /// Face prices of tickets: the receipts of shows.
    Face,
    /// Fees on top of tickets.
    FeeOnTop,
    /// Products and fees of orders; gift cards and vouchers are no sale.
    Item,
}

/// Sales of one kind at one VAT rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct SalesTotal {
    /// What was sold.
    pub class: SaleClass,
    /// VAT rate.
    pub rate: Rate,
    /// Lines sold.
    pub sold: u64,
    /// Lines cancelled, of this period or earlier ones.
    pub cancelled: u64,
    /// What was sold, with VAT.
    pub sales: Amount,
    /// What was cancelled and reduced, with VAT, above zero.
    pub returns: Amount,
    /// Sales less returns. The VAT is that of everything up to the end of the period less that of everything before it, per
    /// show and rate.
    pub taxed: Taxed,
}

/// Money of one way of paying.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct MoneyTotal {
    /// The way of paying.
    pub method: MethodId,
    /// Payments.
    pub payments: u64,
    /// What came in.
    pub received: Amount,
    /// Returns.
    pub refunds: u64,
    /// What went back.
    pub returned: Amount,
}

/// Gift cards and vouchers: money that is no sale yet, or no more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct PrepaidTotals {
    /// Sold, with VAT if any.
    pub issued: Amount,
    /// Taken back.
    pub cancelled: Amount,
    /// Spent on orders.
    pub spent: Amount,
    /// Given back to them from orders.
    pub restored: Amount,
    /// Lapsed: past their time, or the rest of a voucher.
    pub lapsed: Amount,
}

/// Cash of drawers other than by sales.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct FloatTotals {
    /// Floats of the tills that opened.
    pub opened: Amount,
    /// Put in.
    pub put_in: Amount,
    /// Taken out.
    pub taken_out: Amount,
    /// What was counted beyond what was expected when tills closed, below zero for what was missing.
    pub differences: Amount,
}

/// Totals since the first day, never reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct Perpetual {
    /// Sales less returns.
    pub algebraic: Amount,
    /// Sales and returns added up.
    pub absolute: Amount,
}

/// A day, month or year is closed. What comes late belongs to the first open day: nothing is ever opened again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct PeriodClosed {
    /// What is closed.
    pub period: Period,
    /// Its number, from 1, without gaps among those of its kind.
    pub number: u64,
    /// First commercial day.
    pub from: CommercialDay,
    /// Last commercial day.
    pub until: CommercialDay,
    /// When the first day began, by the zone and cut-off below.
    pub opened_at: Timestamp,
    /// When the last day ended: the first instant that is not of it.
    pub ended_at: Timestamp,
    /// IANA time zone.
    pub time_zone: String,
    /// When the commercial day ends, in minutes after local midnight.
    pub cutoff_minutes: u16,
    /// Lowest position of a record of the period; none when it has none.
    pub first: Option<u64>,
    /// Highest position of a record of the period.
    pub last: Option<u64>,
    /// Records of the period.
    pub records: u64,
    /// Sales, live or reported.
    pub orders: u64,
    /// Sales by kind, then VAT rate from low to high.
    pub sales: Vec<SalesTotal>,
    /// Money by way of paying.
    pub money: Vec<MoneyTotal>,
    /// Gift cards and vouchers, which are in no sale.
    pub prepaid: PrepaidTotals,
    /// Cash of drawers, which is in no sale.
    pub floats: FloatTotals,
    /// Totals since the first day, to the end of this period.
    pub perpetual: Perpetual,
    /// Hash of the closing of the same kind before this one.
    pub previous: Hash,
}

impl PeriodClosed {
    /// What the next closing of its kind names as its previous one: BLAKE3 over the payload, without fingerprint.
    ///
    /// # Errors
    /// The closing is longer than a payload may be.
    pub fn hash(&self) -> Result<Hash, CodecError> {
        Ok(Hash(blake3::derive_key(CLOSING_CONTEXT, &codec::encode(self)?)))
    }

    /// What the first closing of a kind names as its previous one.
    pub fn genesis(organisation: OrganisationId, period: Period) -> Hash {
        let mut seed = organisation.0.to_vec();
        seed.push(match period {
            Period::Day => 0,
            Period::Month => 1,
            Period::Year => 2,
        });
        Hash(blake3::derive_key(CLOSING_GENESIS_CONTEXT, &seed))
    }

    /// Sales of all kinds and rates.
    pub fn sold(&self) -> Amount {
        self.sales.iter().map(|total| total.sales).sum()
    }

    /// Returns of all kinds and rates.
    pub fn returned(&self) -> Amount {
        self.sales.iter().map(|total| total.returns).sum()
    }

    /// Sales less returns of all kinds and rates.
    pub fn taxed(&self) -> Taxed {
        self.sales.iter().map(|total| total.taxed).sum()
    }
}

/// In which month fiscal years begin. The running one ends where the next begins, and after twelve months at the latest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct FiscalYearSet {
    /// The month, from 1.
    pub first_month: u8,
}
