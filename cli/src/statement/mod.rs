//! The box-office statement (bordereau de recettes) of a show, ready to be printed or read by a program.

mod build;
mod labels;
mod settlement;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) use self::build::statement;
pub(crate) use self::labels::Language;
pub(crate) use self::settlement::{Settlement, settlement};

/// A statement. Amounts are decimal strings in the show's currency.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Statement {
    /// Whose.
    pub(crate) organisation: Organisation,
    /// Of what.
    pub(crate) show: Show,
    /// What it rests on.
    pub(crate) log: LogRange,
    /// Where VAT is rounded: `document` or `per-ticket`.
    pub(crate) rounding: &'static str,
    /// Code of the currency.
    pub(crate) currency: &'static str,
    /// Paid tickets.
    pub(crate) lines: Vec<Line>,
    /// All of them: the receipts.
    pub(crate) paid: Total,
    /// Free tickets by reason.
    pub(crate) free: Vec<Free>,
    /// All of them.
    pub(crate) free_total: Total,
    /// Tickets that entitle to an entry.
    pub(crate) entries: u64,
    /// Places that the safety commission allows.
    pub(crate) authorised_capacity: u64,
    /// Receipts per VAT rate.
    pub(crate) vat: Vec<VatLine>,
    /// Fees on top of tickets: outside the receipts.
    pub(crate) fees: Vec<FeeLine>,
    /// Commissions: those inside are part of the receipts, those on top are not and are not among the fees.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) commissions: Vec<CommissionLine>,
    /// Tickets whose commissions came to more than the cap when they were sold.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) over_cap: u64,
    /// Products and fees of orders: outside the receipts.
    pub(crate) items: Vec<ItemLine>,
    /// Money by way of paying.
    pub(crate) money: Vec<MoneyLine>,
    /// Who came; none for an earlier moment, because scans arrive late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attendance: Option<Attendance>,
}

/// The organisation of a statement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Organisation {
    /// Its id.
    pub(crate) id: String,
    /// Its name.
    pub(crate) name: String,
    /// SIRET number.
    pub(crate) siret: String,
    /// VAT number.
    pub(crate) vat_number: String,
    /// Licence number.
    pub(crate) licence: String,
    /// `live`, `training` or `demo`.
    pub(crate) mode: String,
}

/// The show of a statement.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Show {
    /// Its number.
    pub(crate) number: u64,
    /// Its reference.
    pub(crate) reference: String,
    /// Its title.
    pub(crate) title: String,
    /// The hall.
    pub(crate) hall: String,
    /// Begin, in the organisation's time zone.
    pub(crate) starts_at: String,
}

/// The part of the log that a statement rests on.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LogRange {
    /// Position of the first event about the show.
    pub(crate) first: u64,
    /// Position of the last event taken into account.
    pub(crate) last: u64,
    /// Hash of that event.
    pub(crate) hash: String,
}

/// Tickets of one tariff, zone, channel and price.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// Name of the tariff.
    pub(crate) tariff: String,
    /// Name of the zone.
    pub(crate) zone: String,
    /// Name of the channel.
    pub(crate) channel: String,
    /// Unit price.
    pub(crate) price: String,
    /// VAT rate in percent.
    pub(crate) rate: String,
    /// First serial number.
    pub(crate) first_serial: u64,
    /// Last serial number.
    pub(crate) last_serial: u64,
    /// The counts and amounts.
    #[serde(flatten)]
    pub(crate) total: Total,
}

/// Counts and amounts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Total {
    /// Issued.
    pub(crate) issued: u64,
    /// Of these, cancelled.
    pub(crate) cancelled: u64,
    /// Issued less cancelled.
    pub(crate) net: u64,
    /// With VAT.
    pub(crate) ttc: String,
    /// Without VAT.
    pub(crate) ht: String,
    /// VAT.
    pub(crate) vat: String,
}

/// Free tickets of one reason.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Free {
    /// The reason, such as `artist`.
    pub(crate) reason: &'static str,
    /// Issued.
    pub(crate) issued: u64,
    /// Of these, cancelled.
    pub(crate) cancelled: u64,
    /// Issued less cancelled.
    pub(crate) net: u64,
}

/// Receipts of one VAT rate.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct VatLine {
    /// Percent.
    pub(crate) rate: String,
    /// With VAT.
    pub(crate) ttc: String,
    /// Without VAT.
    pub(crate) ht: String,
    /// VAT.
    pub(crate) vat: String,
}

/// Fees on top that one channel kept.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct FeeLine {
    /// The channel.
    pub(crate) channel: String,
    /// Tickets.
    pub(crate) tickets: u64,
    /// Amounts and rate.
    #[serde(flatten)]
    pub(crate) amounts: VatLine,
}

/// A commission in one version, on one channel.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct CommissionLine {
    /// Its name, with the version if it is not the first.
    pub(crate) name: String,
    /// The channel that sold.
    pub(crate) channel: String,
    /// Who earns it.
    pub(crate) beneficiary: String,
    /// `inside` or `on-top`.
    pub(crate) mode: &'static str,
    /// `buyer` or `organiser`.
    pub(crate) payer: &'static str,
    /// Tickets or orders charged.
    pub(crate) count: u64,
    /// Of these, given back.
    pub(crate) reversed_count: u64,
    /// What those that stay charged were worked out on.
    pub(crate) basis: String,
    /// What was given back: with VAT if the buyer pays, without if the organiser does.
    pub(crate) reversed: String,
    /// What stays, and its rate.
    #[serde(flatten)]
    pub(crate) amounts: VatLine,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde calls")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Products or fees of orders.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ItemLine {
    /// Name of the product, or kind of the fee.
    pub(crate) name: String,
    /// Unit price.
    pub(crate) price: String,
    /// Sold less cancelled.
    pub(crate) net: u64,
    /// Amounts and rate.
    #[serde(flatten)]
    pub(crate) amounts: VatLine,
}

/// Money by one way of paying.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MoneyLine {
    /// Its name.
    pub(crate) method: String,
    /// Came in.
    pub(crate) paid: String,
    /// Went back.
    pub(crate) returned: String,
    /// The difference.
    pub(crate) net: String,
}

/// Who came.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub(crate) struct Attendance {
    /// Different valid tickets that entered.
    pub(crate) scanned: u64,
    /// Valid tickets that did not.
    pub(crate) no_show: u64,
    /// What was not in order, by kind.
    pub(crate) anomalies: BTreeMap<&'static str, u64>,
}
