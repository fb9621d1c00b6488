//! What a comparison with the source says.

use serde::Serialize;

/// The comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Reconciliation {
    /// Where VAT is rounded.
    pub rounding: &'static str,
    /// Products and fees.
    pub products: Vec<ProductLine>,
    /// All of them.
    pub total: Balance,
    /// Ways of paying.
    pub providers: Vec<ProviderLine>,
    /// What is sold less what was paid and not returned.
    pub open: String,
    /// Whether everything agrees: numbers, gross and money always, net and VAT where VAT is rounded per ticket.
    pub agrees: bool,
}

/// Sums as decimal strings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Balance {
    /// How many.
    pub number: i64,
    /// Without VAT.
    pub net: String,
    /// VAT.
    pub vat: String,
    /// With VAT.
    pub gross: String,
}

/// A product at a price and rate.
#[derive(Clone, Debug, Serialize)]
pub struct ProductLine {
    /// Its name.
    pub product: String,
    /// Unit price with VAT.
    pub price: String,
    /// VAT rate in percent.
    pub rate: String,
    /// What the ledger holds.
    pub ledger: Balance,
    /// What the source says, VAT worked out line by line.
    pub source: Balance,
    /// Whether they agree.
    pub agrees: bool,
}

/// A way of paying.
#[derive(Clone, Debug, Serialize)]
pub struct ProviderLine {
    /// Its name.
    pub provider: String,
    /// Paid, by the ledger.
    pub paid: String,
    /// Returned, by the ledger.
    pub returned: String,
    /// Paid, by the source.
    pub source_paid: String,
    /// Returned, by the source.
    pub source_returned: String,
    /// Whether they agree.
    pub agrees: bool,
}
