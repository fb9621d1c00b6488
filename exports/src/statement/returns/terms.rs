//! Terms of returns as dated data: when they are due, their floors, and how contracts and tariffs are classed.

use std::sync::LazyLock;

use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;
use soticket_schema::event::v1::TariffKind;
use soticket_schema::{Amount, Currency};

use crate::document::Text;

/// Beside the rates, so that a change of it changes no settlement.
const FILE: &str = include_str!("../../../../data/law/returns.json");

static TERMS: LazyLock<Terms> = LazyLock::new(|| serde_json::from_str(FILE).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Terms {
    #[serde(rename = "about")]
    _about: String,
    returns: Vec<ReturnTerms>,
    contracts: Vec<Contract>,
    introduction_fees: Vec<String>,
    sibil: Vec<SibilMapping>,
}

/// Terms of one return, from a day on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReturnTerms {
    key: String,
    valid_from: Day,
    valid_until: Option<Day>,
    due: Option<Due>,
    floor: Option<Floor>,
    #[serde(rename = "legalBasis")]
    _legal_basis: String,
    #[serde(rename = "source")]
    _source: String,
    /// Whether the source is not sure of it.
    pub(super) uncertain: bool,
    fr: String,
    en: String,
}

/// When a return is due: so many days after the end of the month that lies so many months after the performance's.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Due {
    months: u8,
    days: u8,
    /// Whether it is due before that day, not on it.
    before: bool,
}

/// A day as it is written in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct Day(Date);

impl TryFrom<String> for Day {
    type Error = jiff::Error;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    amount: String,
    currency: String,
}

/// How a contract is called, and what its price is to SACD.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Contract {
    template: String,
    fr: String,
    en: String,
    /// SACD's accounting category.
    pub(super) sacd: String,
}

/// Which kinds of tariffs are what to SIBIL, from a day on. What is free is told by its price.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SibilMapping {
    /// Its number.
    pub(super) version: u32,
    valid_from: Day,
    valid_until: Option<Day>,
    /// Full price, reduced included.
    full: Vec<KindName>,
    /// Subscriptions and packs.
    subscription: Vec<KindName>,
    #[serde(rename = "source")]
    _source: String,
    /// Whether the source is not sure of it.
    pub(super) uncertain: bool,
}

/// A kind of tariff by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KindName {
    Full,
    Reduced,
    Subscriber,
    Pack,
}

/// What a ticket is to SIBIL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SibilCategory {
    /// Full price, reduced included.
    Full,
    /// Subscription, pack, membership.
    Subscription,
    /// Free.
    Free,
}

/// Terms of a return that hold on a day.
pub(super) fn of(key: &str, day: Date) -> Option<&'static ReturnTerms> {
    let mut known = TERMS.returns.iter();
    known.find(|terms| terms.key == key && holds(terms.valid_from, terms.valid_until, day))
}

/// The contract that deals of this template are.
pub(super) fn contract(template: &str) -> Option<&'static Contract> {
    TERMS.contracts.iter().find(|known| known.template == template)
}

/// Whether costs of a category are what SACD calls introduction fees.
pub(super) fn is_introduction_fee(category: &str) -> bool {
    TERMS.introduction_fees.iter().any(|known| known == category)
}

/// How tariffs are classed on a day.
pub(super) fn sibil(day: Date) -> Option<&'static SibilMapping> {
    TERMS.sibil.iter().find(|known| holds(known.valid_from, known.valid_until, day))
}

fn holds(from: Day, until: Option<Day>, day: Date) -> bool {
    from.0 <= day && until.is_none_or(|until| day < until.0)
}

impl ReturnTerms {
    /// When the return of a performance on this day, or of a period that ends on it, is due.
    pub(super) fn due(&self, day: Date) -> Option<Date> {
        let Due { months, days, .. } = self.due?;
        let month = day.first_of_month().saturating_add(Span::new().months(i32::from(months)));
        Some(month.last_of_month().saturating_add(Span::new().days(i32::from(days))))
    }

    /// Whether it is due before that day, not on it.
    pub(super) fn is_before(&self) -> bool {
        self.due.is_some_and(|due| due.before)
    }

    /// What is not collected below, in a year.
    pub(super) fn floor(&self, currency: Currency) -> Option<Amount> {
        let floor = self.floor.as_ref().filter(|floor| floor.currency == currency.code())?;
        Amount::parse(&floor.amount, currency).ok()
    }

    /// What else is to be known.
    pub(super) fn note(&self) -> Text {
        Text::Both { french: self.fr.clone(), english: self.en.clone() }
    }
}

impl Contract {
    /// Its name.
    pub(super) fn name(&self) -> Text {
        Text::Both { french: self.fr.clone(), english: self.en.clone() }
    }
}

impl SibilMapping {
    /// The day from which it holds.
    pub(super) fn from(&self) -> Date {
        self.valid_from.0
    }

    /// What paid tickets of this kind of tariff are; none where it does not say.
    pub(super) fn paid(&self, kind: TariffKind) -> Option<SibilCategory> {
        let kind = match kind {
            TariffKind::Full => KindName::Full,
            TariffKind::Reduced => KindName::Reduced,
            TariffKind::Subscriber => KindName::Subscriber,
            TariffKind::Pack => KindName::Pack,
            TariffKind::Free => return None,
        };
        if self.full.contains(&kind) {
            return Some(SibilCategory::Full);
        }
        self.subscription.contains(&kind).then_some(SibilCategory::Subscription)
    }
}

#[cfg(test)]
mod tests {
    use soticket_projections::deals::text::{categories, templates};

    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_file_is_read_whole_and_knows_every_template() {
        let terms: Terms = serde_json::from_str(FILE).unwrap();
        assert_eq!(terms.returns.len(), TERMS.returns.len());
        assert!(
            terms.returns.iter().all(|terms| !terms._source.is_empty() && !terms._legal_basis.is_empty())
        );
        assert!(terms.sibil.iter().all(|mapping| !mapping._source.is_empty()));
        for template in templates() {
            assert!(contract(&template.key).is_some(), "{}", template.key);
        }
        for category in &terms.introduction_fees {
            assert!(categories().iter().any(|known| known.key == *category), "{category}");
        }
    }

    #[test]
    fn returns_are_due_by_the_terms_of_the_day() {
        let due = |key, text| of(key, day(text)).and_then(|terms| terms.due(day(text)));
        assert_eq!(due("fr.cnm", "2026-03-14"), Some(day("2026-04-30")));
        assert_eq!(due("fr.cnm", "2023-11-30"), Some(day("2024-02-29")), "the older terms");
        assert_eq!(due("fr.sacem", "2026-01-31"), Some(day("2026-02-28")));
        assert_eq!(due("fr.sibil", "2026-12-31"), Some(day("2027-01-10")));
        assert_eq!(due("fr.sacd", "2026-03-14"), None);
        assert!(of("fr.sibil", day("2017-05-08")).is_none());
        let terms = of("fr.cnm", day("2026-03-14")).unwrap();
        assert_eq!(terms.floor(Currency::EUR), Some(Amount(8_000)));
        assert_eq!(terms.floor(Currency::from_code("CHF").unwrap()), None);
    }

    #[test]
    fn tariffs_are_classed_by_their_kind() {
        let mapping = sibil(day("2026-03-14")).unwrap();
        assert_eq!(mapping.paid(TariffKind::Reduced), Some(SibilCategory::Full));
        assert_eq!(mapping.paid(TariffKind::Pack), Some(SibilCategory::Subscription));
        assert_eq!(mapping.paid(TariffKind::Free), None);
    }
}
