//! Money as clients see it: decimal strings with their currency.

use async_graphql::SimpleObject;
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, Currency, Rate};

use crate::scalar::{CurrencyCode, Decimal};

/// An amount of money.
#[derive(Debug, Clone, PartialEq, SimpleObject)]
pub(crate) struct Money {
    /// The amount, with as many decimal places as the currency has.
    amount: Decimal,
    /// The currency.
    currency: CurrencyCode,
}

impl Money {
    /// An amount in a currency.
    pub(crate) fn new(amount: Amount, currency: Currency) -> Self {
        Self { amount: Decimal::amount(amount, currency), currency: currency.into() }
    }
}

/// An amount with and without VAT.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct TaxedMoney {
    /// With VAT (TTC).
    gross: Money,
    /// Without VAT (HT).
    net: Money,
    /// The VAT: gross less net.
    vat: Money,
    /// VAT rate in percent; null where several rates add up.
    vat_rate: Option<Decimal>,
}

impl TaxedMoney {
    /// An amount at one rate, or added up over several.
    pub(crate) fn new(taxed: Taxed, rate: Option<Rate>, currency: Currency) -> Self {
        Self {
            gross: Money::new(taxed.gross, currency),
            net: Money::new(taxed.net, currency),
            vat: Money::new(taxed.vat, currency),
            vat_rate: rate.map(Decimal::percent),
        }
    }
}
