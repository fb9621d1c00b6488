//! The tariffs of a simulation: JSON with a date and a source each, amounts as decimal strings.

use serde::Deserialize;
use soticket_schema::event::v1::ProviderPlanTerms;
use soticket_schema::{Amount, Currency, Rate, UnitPrice};

/// Why a tariff cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataError {
    /// The text is no such tariff.
    #[error("TARIFF_UNREADABLE: {0}")]
    Syntax(String),
    /// A value is no amount, rate or price.
    #[error("TARIFF_UNREADABLE: {field} is no {what}")]
    Value {
        /// Name of the field.
        field: &'static str,
        /// What it should be.
        what: &'static str,
    },
    /// It is in another currency.
    #[error(
        "TARIFF_CURRENCY: the tariff is in {found}, the season in {wanted}; state one of the same currency"
    )]
    Currency {
        /// The tariff's.
        found: String,
        /// The season's.
        wanted: &'static str,
    },
    /// Its steps do not begin at zero or do not rise.
    #[error("TARIFF_ORDER: {0} must begin at 0 and rise")]
    Order(&'static str),
}

/// A payment provider's plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Whether the figures are an example.
    pub example: bool,
    /// What it charges; it names no ways of paying.
    pub terms: ProviderPlanTerms,
}

/// The cooperative's own tariff, by the means of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cooperative {
    /// Its name.
    pub name: String,
    /// Where the figures are from.
    pub source: String,
    /// Whether the figures are an example.
    pub example: bool,
    /// By the lowest budget, ascending, the first from zero.
    pub bands: Vec<Band>,
}

/// What members of some means pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Lowest yearly budget.
    pub budget_from: Amount,
    /// Contribution for a year.
    pub yearly: Amount,
    /// Price of a ticket by the number sold, ascending, the first from zero; each ticket has the price of its tranche.
    pub tranches: Vec<Tranche>,
}

/// Tickets from a number on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tranche {
    /// How many come before.
    pub from: u64,
    /// Price of each.
    pub price: UnitPrice,
}

/// A distributor that takes commissions of the face price, level by level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distributor {
    /// Its name.
    pub name: String,
    /// Where the figures are from.
    pub source: String,
    /// Whether the figures are an example.
    pub example: bool,
    /// Those that take a commission, in order.
    pub levels: Vec<Level>,
}

/// One that takes a commission of each ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Level {
    /// Its name.
    pub name: String,
    /// Share of the face price.
    pub rate: Rate,
    /// Fixed amount beside it.
    pub fixed: Amount,
}

/// All that a season is compared on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tariffs {
    /// What payments cost the cooperative's members.
    pub providers: Vec<Provider>,
    /// The cooperative's own tariff.
    pub cooperative: Cooperative,
    /// What it is compared with.
    pub distributor: Distributor,
}

impl Tariffs {
    /// The tariffs that are shipped with the program.
    ///
    /// # Errors
    /// They are in another currency than the season.
    pub fn shipped(currency: Currency) -> Result<Self, DataError> {
        Ok(Self {
            providers: vec![
                Provider::parse(include_str!("../../../data/fees/paybox-2016.json"), currency)?,
                Provider::parse(include_str!("../../../data/fees/card-2026.json"), currency)?,
            ],
            cooperative: Cooperative::parse(
                include_str!("../../../data/fees/cooperative-2026.json"),
                currency,
            )?,
            distributor: Distributor::parse(
                include_str!("../../../data/fees/distributor-2026.json"),
                currency,
            )?,
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ProviderFile {
    name: String,
    source: String,
    valid_from: String,
    example: bool,
    currency: String,
    access_fee: String,
    yearly_fee: String,
    included_per_month: u32,
    per_transaction: String,
    rate: String,
    per_payment: String,
    vat: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CooperativeFile {
    name: String,
    source: String,
    valid_from: String,
    example: bool,
    currency: String,
    bands: Vec<BandFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BandFile {
    budget_from: String,
    yearly: String,
    per_ticket: Vec<TrancheFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TrancheFile {
    from: u64,
    price: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DistributorFile {
    name: String,
    source: String,
    valid_from: String,
    example: bool,
    currency: String,
    levels: Vec<LevelFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LevelFile {
    name: String,
    rate: String,
    fixed: String,
}

impl Provider {
    /// Reads a plan.
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, DataError> {
        let file: ProviderFile = read(text)?;
        same_currency(&file.currency, currency)?;
        let terms = ProviderPlanTerms {
            name: file.name,
            source: dated(&file.source, &file.valid_from),
            methods: Vec::new(),
            access_fee: amount(&file.access_fee, "accessFee", currency)?,
            yearly_fee: amount(&file.yearly_fee, "yearlyFee", currency)?,
            included: file.included_per_month,
            per_transaction: price(&file.per_transaction, "perTransaction")?,
            rate: rate(&file.rate, "rate")?,
            per_payment: price(&file.per_payment, "perPayment")?,
            vat: rate(&file.vat, "vat")?,
        };
        Ok(Self { example: file.example, terms })
    }
}

impl Cooperative {
    /// Reads the cooperative's tariff.
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, DataError> {
        let file: CooperativeFile = read(text)?;
        same_currency(&file.currency, currency)?;
        let bands = file.bands.iter().map(|band| Band::of(band, currency)).collect::<Result<Vec<_>, _>>()?;
        rising(bands.iter().map(|band| band.budget_from.0), "budgetFrom")?;
        let source = dated(&file.source, &file.valid_from);
        Ok(Self { name: file.name, source, example: file.example, bands })
    }

    /// The band of a member with this yearly budget.
    pub fn band(&self, budget: Amount) -> Option<&Band> {
        self.bands.iter().rev().find(|band| band.budget_from <= budget)
    }
}

impl Band {
    fn of(file: &BandFile, currency: Currency) -> Result<Self, DataError> {
        let tranches = file
            .per_ticket
            .iter()
            .map(|tranche| Ok(Tranche { from: tranche.from, price: price(&tranche.price, "price")? }));
        let tranches = tranches.collect::<Result<Vec<_>, DataError>>()?;
        rising(tranches.iter().map(|tranche| i64::try_from(tranche.from).unwrap_or(i64::MAX)), "from")?;
        Ok(Self {
            budget_from: amount(&file.budget_from, "budgetFrom", currency)?,
            yearly: amount(&file.yearly, "yearly", currency)?,
            tranches,
        })
    }
}

impl Distributor {
    /// Reads a distributor's tariff.
    ///
    /// # Errors
    /// See [`DataError`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, DataError> {
        let file: DistributorFile = read(text)?;
        same_currency(&file.currency, currency)?;
        let levels = file.levels.into_iter().map(|level| {
            Ok(Level {
                rate: rate(&level.rate, "rate")?,
                fixed: amount(&level.fixed, "fixed", currency)?,
                name: level.name,
            })
        });
        Ok(Self {
            name: file.name,
            source: dated(&file.source, &file.valid_from),
            example: file.example,
            levels: levels.collect::<Result<Vec<_>, DataError>>()?,
        })
    }
}

fn read<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, DataError> {
    serde_json::from_str(text).map_err(|error| DataError::Syntax(error.to_string()))
}

fn dated(source: &str, from: &str) -> String {
    format!("{source} ({from})")
}

fn same_currency(code: &str, currency: Currency) -> Result<(), DataError> {
    if Currency::from_code(code) == Some(currency) {
        return Ok(());
    }
    Err(DataError::Currency { found: code.to_owned(), wanted: currency.code() })
}

fn amount(text: &str, field: &'static str, currency: Currency) -> Result<Amount, DataError> {
    let amount = Amount::parse(text, currency).ok().filter(|amount| *amount >= Amount::ZERO);
    amount.ok_or(DataError::Value { field, what: "amount of zero or more" })
}

fn price(text: &str, field: &'static str) -> Result<UnitPrice, DataError> {
    let price =
        UnitPrice::parse(text).ok().filter(|price| (UnitPrice::ZERO..=UnitPrice::MAX).contains(price));
    price.ok_or(DataError::Value { field, what: "price of zero or more" })
}

fn rate(text: &str, field: &'static str) -> Result<Rate, DataError> {
    let rate = Rate::parse_percent(text).ok().filter(|rate| (Rate::ZERO..=Rate::ONE).contains(rate));
    rate.ok_or(DataError::Value { field, what: "percentage from 0 to 100" })
}

fn rising(steps: impl Iterator<Item = i64>, name: &'static str) -> Result<(), DataError> {
    let steps: Vec<i64> = steps.collect();
    let rises = steps.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
    if rises && steps.first() == Some(&0) { Ok(()) } else { Err(DataError::Order(name)) }
}
