//! The `payment` column: `carte`, `carte:12.00+especes:15.00`, `carte:pass`, or nothing for a free ticket.

use soticket_schema::{Amount, Currency};

use crate::import::field;
use crate::import::refusal::Fault;
use crate::import::step::Part;

/// Longest name of a way of paying.
const METHOD_BYTES_MAX: usize = 40;

/// How `due` was paid. `carte:pass` says that the whole pack was paid by card elsewhere: this show's share of it is
/// paid with the pack.
///
/// # Errors
/// The text is none of these forms, or its parts do not add up to `due`.
pub(crate) fn parse(text: &str, due: Amount, currency: Currency) -> Result<Vec<Part>, Fault> {
    if text.is_empty() {
        return if due == Amount::ZERO { Ok(Vec::new()) } else { Err(Fault::PaymentMismatch) };
    }
    let mut parts: Vec<Part> = Vec::new();
    for leg in text.split('+') {
        let part = match leg.split_once(':') {
            Some((_, "pass")) => ("pass".to_owned(), due),
            Some((method, amount)) => (name(method)?, field::amount(amount, currency)?),
            None => (name(leg)?, due),
        };
        if part.1 > Amount::ZERO {
            parts.push(part);
        }
    }
    let paid: Amount = parts.iter().map(|(_, amount)| *amount).sum();
    if paid == due { Ok(parts) } else { Err(Fault::PaymentMismatch) }
}

/// The name of a way of paying: lower-case letters, digits and hyphens.
fn name(text: &str) -> Result<String, Fault> {
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if plain && !text.is_empty() && text.len() <= METHOD_BYTES_MAX {
        Ok(text.to_owned())
    } else {
        Err(Fault::WordUnknown)
    }
}

/// Adds parts of the same way of paying together, in order of first appearance.
pub(crate) fn merge(parts: impl IntoIterator<Item = Part>) -> Vec<Part> {
    let mut merged: Vec<Part> = Vec::new();
    for (method, amount) in parts {
        match merged.iter_mut().find(|(known, _)| *known == method) {
            Some((_, sum)) => *sum += amount,
            None => merged.push((method, amount)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_must_add_up() {
        let parse = |text, due| parse(text, Amount(due), Currency::EUR);
        let part = |name: &str, amount| (name.to_owned(), Amount(amount));
        assert_eq!(parse("carte", 2_500), Ok(vec![part("carte", 2_500)]));
        assert_eq!(
            parse("carte:12.00+especes:15.00", 2_700),
            Ok(vec![part("carte", 1_200), part("especes", 1_500)])
        );
        assert_eq!(parse("carte:pass", 2_087), Ok(vec![part("pass", 2_087)]));
        assert_eq!(parse("", 0), Ok(vec![]));
        for (text, due, fault) in [
            ("", 2_400, Fault::PaymentMismatch),
            ("carte:12.00+especes:15.01", 2_700, Fault::PaymentMismatch),
            ("carte+especes", 2_700, Fault::PaymentMismatch),
            ("carte:-1.00+especes:28.00", 2_700, Fault::AmountNegative),
            ("carte:12.005+especes:15.00", 2_700, Fault::AmountPrecision),
            ("Carte Bleue", 2_700, Fault::WordUnknown),
            ("carte+", 2_700, Fault::WordUnknown),
        ] {
            assert_eq!(parse(text, due), Err(fault), "{text}");
        }
    }
}
