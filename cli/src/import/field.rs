//! The values of single fields: texts, amounts, rates, instants and numbers, with the fault of each.

use soticket_schema::limits::AMOUNT_MAX;
use soticket_schema::money::InvalidAmount;
use soticket_schema::{Amount, Currency, Rate, Timestamp};

use super::refusal::Fault;

/// A text within `limit` bytes and without control characters, outer spaces removed.
pub(crate) fn text(text: &str, limit: usize) -> Result<String, Fault> {
    let text = text.trim();
    if text.len() > limit {
        Err(Fault::TextTooLong)
    } else if text.chars().any(char::is_control) {
        Err(Fault::TextNotAllowed)
    } else {
        Ok(text.to_owned())
    }
}

/// An amount that is not negative and within the ledger's range; a single comma may stand for the point.
pub(crate) fn amount(text: &str, currency: Currency) -> Result<Amount, Fault> {
    let amount = Amount::parse(&pointed(text), currency).map_err(|error| match error {
        InvalidAmount::Syntax => Fault::AmountUnreadable,
        InvalidAmount::Precision => Fault::AmountPrecision,
        InvalidAmount::Range => Fault::AmountTooLarge,
    })?;
    match amount.0 {
        ..0 => Err(Fault::AmountNegative),
        0..=AMOUNT_MAX => Ok(amount),
        _ => Err(Fault::AmountTooLarge),
    }
}

/// A percentage between 0 and 100.
pub(crate) fn percent(text: &str) -> Result<Rate, Fault> {
    let rate = Rate::parse_percent(&pointed(text)).map_err(|_| Fault::RateOutOfRange)?;
    if (Rate::ZERO..=Rate::ONE).contains(&rate) { Ok(rate) } else { Err(Fault::RateOutOfRange) }
}

/// An instant with an offset.
pub(crate) fn time(text: &str) -> Result<Timestamp, Fault> {
    Timestamp::parse(text).map_err(|_| Fault::TimeUnreadable)
}

/// A whole number.
pub(crate) fn count(text: &str) -> Result<u32, Fault> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().map_err(|_| Fault::NumberUnreadable) } else { Err(Fault::NumberUnreadable) }
}

/// A decimal comma as a point; anything else is left for the parser to refuse.
fn pointed(text: &str) -> String {
    if text.contains('.') { text.to_owned() } else { text.replacen(',', ".", 1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_values_have_their_own_faults() {
        let euros = |text| amount(text, Currency::EUR);
        assert_eq!(euros("24.00"), Ok(Amount(2_400)));
        assert_eq!(euros("24,5"), Ok(Amount(2_450)));
        for (text, fault) in [
            ("-1.00", Fault::AmountNegative),
            ("1.005", Fault::AmountPrecision),
            ("1.000,00", Fault::AmountUnreadable),
            ("1,000,00", Fault::AmountUnreadable),
            ("", Fault::AmountUnreadable),
            ("1e3", Fault::AmountUnreadable),
            ("10000000.01", Fault::AmountTooLarge),
        ] {
            assert_eq!(euros(text), Err(fault), "{text}");
        }
        assert_eq!(percent("5.5"), Ok(Rate(55_000)));
        assert_eq!(percent("101"), Err(Fault::RateOutOfRange));
        assert_eq!(percent("-1"), Err(Fault::RateOutOfRange));
        assert_eq!(count("+5"), Err(Fault::NumberUnreadable));
        assert_eq!(count("99999999999"), Err(Fault::NumberUnreadable));
        assert_eq!(time("2026-03-14 20:30"), Err(Fault::TimeUnreadable));
        assert_eq!(text("a\u{7}", 10), Err(Fault::TextNotAllowed));
    }
}
