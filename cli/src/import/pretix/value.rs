//! Values as pretix writes them: localised decimals, dates and times in the event's zone.

use jiff::civil;
use soticket_schema::limits::AMOUNT_MAX;
use soticket_schema::{Amount, Currency, Rate};

use crate::import::field;
use crate::import::refusal::Fault;

/// A decimal with a point or a comma, possibly below zero, without the blanks that some locales put in.
fn decimal(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{a0}' | '\u{202f}' | '\u{200e}' | '\u{200f}' | ' ' | '\''))
        .map(|c| if c == '\u{2212}' { '-' } else { c })
        .collect::<String>()
        .replacen(',', ".", 1)
}

/// An amount, possibly below zero. Zero times -1 is printed as `-0,00`.
pub(crate) fn signed_amount(text: &str, currency: Currency) -> Result<Amount, Fault> {
    let amount = Amount::parse(&decimal(text), currency).map_err(|error| match error {
        soticket_schema::money::InvalidAmount::Syntax => Fault::AmountUnreadable,
        soticket_schema::money::InvalidAmount::Precision => Fault::AmountPrecision,
        soticket_schema::money::InvalidAmount::Range => Fault::AmountTooLarge,
    })?;
    if amount.0.abs() <= AMOUNT_MAX { Ok(amount) } else { Err(Fault::AmountTooLarge) }
}

/// A percentage.
pub(crate) fn percent(text: &str) -> Result<Rate, Fault> {
    field::percent(&decimal(text))
}

/// A whole number, possibly below zero.
pub(crate) fn integer(text: &str) -> Result<i64, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().map_err(|_| Fault::NumberUnreadable) } else { Err(Fault::NumberUnreadable) }
}

/// An id; none when the cell is empty.
pub(crate) fn optional_id(text: &str) -> Result<Option<u64>, Fault> {
    match text {
        "" | "None" => Ok(None),
        text => field::count(text).map(|id| Some(id.into())),
    }
}

/// `2026-09-12` and `20:00:00`: never localised in the files that use them.
pub(crate) fn date(text: &str) -> Result<civil::Date, Fault> {
    text.parse().map_err(|_| Fault::TimeUnreadable)
}

/// See [`date`].
pub(crate) fn time(text: &str) -> Result<civil::Time, Fault> {
    text.parse().map_err(|_| Fault::TimeUnreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localised_decimals_are_read() {
        let euros = |text| signed_amount(text, Currency::EUR);
        assert_eq!(euros("90,00"), Ok(Amount(9_000)));
        assert_eq!(euros("-0,00"), Ok(Amount(0)));
        assert_eq!(euros("-12.50"), Ok(Amount(-1_250)));
        assert_eq!(euros("1\u{202f}200,00"), Ok(Amount(120_000)));
        assert_eq!(euros("1.200,00"), Err(Fault::AmountUnreadable));
        assert_eq!(percent("5,5"), Ok(Rate(55_000)));
        assert_eq!(percent("8.875"), Ok(Rate(88_750)));
        assert_eq!(integer("-1"), Ok(-1));
        assert_eq!(integer("--1"), Err(Fault::NumberUnreadable));
        assert_eq!(optional_id("None"), Ok(None));
    }
}
