//! Money: whole minor units in records, exact decimals in calculation, and the only rounding in the workspace.
//!
//! Rounding is half away from zero and happens here only: [`Amount::from_decimal`], [`vat_of_gross`] and
//! [`allocate`]. Nothing ever passes through a float.

mod unit_price;

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use bincode::{Decode, Encode};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

pub use unit_price::UnitPrice;

use crate::event::v1::StepRounding;

/// An amount in minor units (cents) of a currency that the context names.
///
/// Sums saturate at the ends of `i64`, which no log can reach: a line is at most [`crate::limits::AMOUNT_MAX`].
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub struct Amount(pub i64);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The exact value in major units.
    pub fn to_decimal(self, currency: Currency) -> Decimal {
        Decimal::new(self.0, currency.digits())
    }

    /// Rounds a value in major units to the currency's minor unit, half away from zero.
    ///
    /// Values beyond the range of the ledger saturate.
    pub fn from_decimal(value: Decimal, currency: Currency) -> Self {
        let unit = Decimal::from(10_i64.pow(currency.digits()));
        let minor = (value * unit).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let limit = if minor.is_sign_negative() { i64::MIN } else { i64::MAX };
        Self(i64::try_from(minor).unwrap_or(limit))
    }

    /// Reads a decimal string such as `24.00` or `-3.5` that sits exactly on the minor unit.
    ///
    /// # Errors
    /// No decimal number, more digits than the currency has, or out of range.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, InvalidAmount> {
        let value = parse_decimal(text).ok_or(InvalidAmount::Syntax)?;
        if value.normalize().scale() > currency.digits() {
            return Err(InvalidAmount::Precision);
        }
        let minor =
            value.checked_mul(Decimal::from(10_i64.pow(currency.digits()))).ok_or(InvalidAmount::Range)?;
        i64::try_from(minor).map(Self).map_err(|_| InvalidAmount::Range)
    }

    /// The amount with the currency's fixed number of digits, such as `24.00`.
    pub fn display(self, currency: Currency) -> String {
        self.to_decimal(currency).to_string()
    }

    /// `self` times a count.
    #[must_use]
    pub fn times(self, count: i64) -> Self {
        Self(self.0.saturating_mul(count))
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAmount {
    /// Not a plain decimal number.
    #[error("not a decimal number such as 24.00")]
    Syntax,
    /// More digits than the currency has.
    #[error("more decimal places than the currency has")]
    Precision,
    /// Too large for the ledger.
    #[error("out of range")]
    Range,
}

/// Digits with an optional sign and point only: no exponent, no grouping, no spaces.
fn parse_decimal(text: &str) -> Option<Decimal> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !plain || text.len() > 24 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Decimal::from_str_exact(text).ok()
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Amount {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

/// A currency by its ISO 4217 number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Encode, Decode)]
pub struct Currency(pub u16);

/// ISO 4217 number, code and digits of every currency that an organisation may use.
const CURRENCIES: [(u16, &str, u32); 28] = [
    (978, "EUR", 2),
    (756, "CHF", 2),
    (826, "GBP", 2),
    (840, "USD", 2),
    (124, "CAD", 2),
    (953, "XPF", 0),
    (208, "DKK", 2),
    (752, "SEK", 2),
    (578, "NOK", 2),
    (985, "PLN", 2),
    (203, "CZK", 2),
    (348, "HUF", 2),
    (946, "RON", 2),
    (975, "BGN", 2),
    (352, "ISK", 0),
    (949, "TRY", 2),
    (980, "UAH", 2),
    (504, "MAD", 2),
    (788, "TND", 3),
    (952, "XOF", 0),
    (950, "XAF", 0),
    (392, "JPY", 0),
    (36, "AUD", 2),
    (554, "NZD", 2),
    (986, "BRL", 2),
    (484, "MXN", 2),
    (710, "ZAR", 2),
    (414, "KWD", 3),
];

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(978);

    /// Finds a currency by its three-letter code.
    pub fn from_code(code: &str) -> Option<Self> {
        CURRENCIES.iter().find(|(_, known, _)| *known == code).map(|(number, _, _)| Self(*number))
    }

    /// The three-letter code; `XXX` for a number that is not in the table.
    pub fn code(self) -> &'static str {
        CURRENCIES.iter().find(|(number, _, _)| *number == self.0).map_or("XXX", |(_, code, _)| code)
    }

    /// Decimal digits of the minor unit.
    pub fn digits(self) -> u32 {
        CURRENCIES.iter().find(|(number, _, _)| *number == self.0).map_or(2, |(_, _, digits)| *digits)
    }

    /// Whether the number is in the table.
    pub fn is_known(self) -> bool {
        CURRENCIES.iter().any(|(number, _, _)| *number == self.0)
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::EUR
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A rate in millionths: 5.5 % is 55,000.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub struct Rate(pub i64);

impl Rate {
    /// No rate.
    pub const ZERO: Self = Self(0);
    /// 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// Reads a percentage such as `5.5`, with at most four decimal places.
    ///
    /// # Errors
    /// As [`Amount::parse`].
    pub fn parse_percent(text: &str) -> Result<Self, InvalidAmount> {
        let percent = parse_decimal(text).ok_or(InvalidAmount::Syntax)?;
        if percent.normalize().scale() > 4 {
            return Err(InvalidAmount::Precision);
        }
        let millionths = percent.checked_mul(Decimal::from(10_000)).ok_or(InvalidAmount::Range)?;
        i64::try_from(millionths).map(Self).map_err(|_| InvalidAmount::Range)
    }

    /// The rate as a fraction: 0.055 for 5.5 %.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 6)
    }

    /// The rate as a percentage without trailing zeros: `5.5`.
    pub fn percent(self) -> String {
        Decimal::new(self.0, 4).normalize().to_string()
    }
}

/// Where VAT is rounded: data of the organisation, printed on every statement.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub enum Rounding {
    /// On the document's aggregate per rate; lines share the result by largest remainder.
    #[default]
    Document,
    /// On every ticket; a document adds them up.
    PerTicket,
}

/// A gross amount split into what is net of VAT and the VAT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize, Encode, Decode)]
pub struct Taxed {
    /// With VAT (TTC).
    pub gross: Amount,
    /// Without VAT (HT).
    pub net: Amount,
    /// The VAT: gross less net.
    pub vat: Amount,
}

impl Add for Taxed {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { gross: self.gross + other.gross, net: self.net + other.net, vat: self.vat + other.vat }
    }
}

impl Sum for Taxed {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::default(), Add::add)
    }
}

/// Splits a gross amount: net = gross / (1 + rate) rounded to the minor unit, VAT by difference.
///
/// Done in integers: gross and rate are exact, and minor units need no currency to round.
pub fn vat_of_gross(gross: Amount, rate: Rate) -> Taxed {
    let net = Amount(divide_half_away(i128::from(gross.0) * 1_000_000, 1_000_000 + i128::from(rate.0)));
    Taxed { gross, net, vat: gross - net }
}

/// Adds VAT to a net amount: rounded to the minor unit.
pub fn vat_on_net(net: Amount, rate: Rate) -> Taxed {
    let vat = share(net, rate);
    Taxed { gross: net + vat, net, vat }
}

/// `amount` times `rate`, rounded to the minor unit.
pub fn share(amount: Amount, rate: Rate) -> Amount {
    Amount(divide_half_away(i128::from(amount.0) * i128::from(rate.0), 1_000_000))
}

/// A step of a deal: `dividend` by `divisor` minor units, rounded as the step says.
pub fn round_step(dividend: i128, divisor: i128, rounding: StepRounding, currency: Currency) -> Amount {
    let clamp = |minor: i128| Amount(i64::try_from(minor).unwrap_or(i64::MAX));
    match rounding {
        StepRounding::Minor => Amount(divide_half_away(dividend, divisor)),
        StepRounding::MinorDown => clamp(dividend.checked_div(divisor).unwrap_or(0)),
        StepRounding::Major => {
            let unit = 10_i64.pow(currency.digits());
            Amount(divide_half_away(dividend, divisor.saturating_mul(i128::from(unit)))).times(unit)
        }
    }
}

/// What falls on each of `count` on average, rounded to the minor unit; nothing for a count of zero.
pub fn average(total: Amount, count: u64) -> Amount {
    Amount(divide_half_away(i128::from(total.0), i128::from(count)))
}

/// Which share of `whole` a part is, rounded to a millionth; nothing for a whole that is not above zero.
pub fn share_of(part: Amount, whole: Amount) -> Rate {
    Rate(divide_half_away(i128::from(part.0) * 1_000_000, i128::from(whole.0)))
}

/// Integer division rounded half away from zero; a divisor that is not positive gives 0.
fn divide_half_away(dividend: i128, divisor: i128) -> i64 {
    if divisor <= 0 {
        return 0;
    }
    let magnitude = (dividend.abs() * 2 + divisor) / (divisor * 2);
    i64::try_from(magnitude * dividend.signum()).unwrap_or(i64::MAX)
}

/// Splits `total` over `weights` by largest remainder: the parts add up to `total` exactly.
///
/// Every part is first rounded towards zero; the minor units left go one each to the largest remainders, ties to the
/// earlier line. A negative total mirrors the positive one. No weight above zero gives the whole to the first part.
pub fn allocate(total: Amount, weights: &[i64]) -> Vec<Amount> {
    let weights: Vec<i128> = weights.iter().map(|weight| i128::from((*weight).max(0))).collect();
    let sum: i128 = weights.iter().sum();
    if sum == 0 {
        let mut parts = vec![Amount::ZERO; weights.len()];
        if let Some(first) = parts.first_mut() {
            *first = total;
        }
        return parts;
    }
    let magnitude = i128::from(total.0).abs();
    let mut parts: Vec<i128> = weights.iter().map(|weight| magnitude * weight / sum).collect();
    let left = usize::try_from(magnitude - parts.iter().sum::<i128>()).unwrap_or(0);
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&line| {
        std::cmp::Reverse(weights.get(line).map_or(0, |weight| magnitude * weight % sum))
    });
    for line in order.into_iter().take(left) {
        if let Some(part) = parts.get_mut(line) {
            *part += 1;
        }
    }
    let sign = i128::from(total.0.signum());
    parts.into_iter().map(|part| Amount(i64::try_from(part * sign).unwrap_or(0))).collect()
}

/// Shares a document's net amount over its lines so that the lines add up to it: each line keeps its gross, its exact
/// net is rounded towards zero and the minor units left go to the largest remainders, ties to the earlier line.
pub fn document_lines(gross_lines: &[Amount], rate: Rate) -> Vec<Taxed> {
    let total: Amount = gross_lines.iter().copied().sum();
    let divisor = 1_000_000 + i128::from(rate.0);
    if divisor <= 0 {
        return gross_lines
            .iter()
            .map(|gross| Taxed { gross: *gross, net: *gross, vat: Amount::ZERO })
            .collect();
    }
    let target = i128::from(vat_of_gross(total, rate).net.0);
    let scaled: Vec<i128> = gross_lines.iter().map(|gross| i128::from(gross.0) * 1_000_000).collect();
    let mut nets: Vec<i128> = scaled.iter().map(|line| line.div_euclid(divisor)).collect();
    let left = usize::try_from(target - nets.iter().sum::<i128>()).unwrap_or(0);
    let mut order: Vec<usize> = (0..nets.len()).collect();
    order.sort_by_key(|&line| {
        std::cmp::Reverse(scaled.get(line).map_or(0, |value| value.rem_euclid(divisor)))
    });
    for line in order.into_iter().take(left) {
        if let Some(net) = nets.get_mut(line) {
            *net += 1;
        }
    }
    gross_lines
        .iter()
        .zip(nets)
        .map(|(gross, net)| {
            let net = Amount(i64::try_from(net).unwrap_or(gross.0));
            Taxed { gross: *gross, net, vat: *gross - net }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn euros(text: &str) -> Amount {
        Amount::parse(text, Currency::EUR).unwrap()
    }

    #[test]
    fn the_worked_settlement_splits_to_the_cent() {
        let rate = Rate::parse_percent("5.5").unwrap();
        let taxed = vat_of_gross(euros("9032.75"), rate);
        assert_eq!((taxed.net, taxed.vat), (euros("8561.85"), euros("470.90")));
        let gross = ["1647.00", "2760.00", "840.00", "648.00", "1632.00", "984.00", "521.75"].map(euros);
        let net = ["1561.14", "2616.11", "796.21", "614.22", "1546.92", "932.70", "494.55"].map(euros);
        let lines = document_lines(&gross, rate);
        assert_eq!(lines.iter().map(|line| line.net).collect::<Vec<_>>(), net);
        let reduced = vat_of_gross(euros("9032.75"), Rate::parse_percent("2.1").unwrap());
        assert_eq!((reduced.net, reduced.vat), (euros("8846.96"), euros("185.79")));
    }

    #[test]
    fn a_pass_is_shared_by_largest_remainder() {
        assert_eq!(allocate(euros("40.00"), &[2400, 2200]), [euros("20.87"), euros("19.13")]);
        assert_eq!(allocate(euros("-40.00"), &[2400, 2200]), [euros("-20.87"), euros("-19.13")]);
        assert_eq!(allocate(euros("0.02"), &[1, 1, 1]), [euros("0.01"), euros("0.01"), euros("0.00")]);
        assert_eq!(allocate(euros("1.00"), &[0, 0]), [euros("1.00"), euros("0.00")]);
    }

    #[test]
    fn texts_that_are_no_amount_are_refused() {
        for text in ["", ".", "-", "1e3", "1,00", " 1.00", "1.00 ", "NaN", "+1", "0x1", "--1", "1.2.3", "٣"]
        {
            assert_eq!(Amount::parse(text, Currency::EUR), Err(InvalidAmount::Syntax), "{text:?}");
        }
        assert_eq!(Amount::parse("1.001", Currency::EUR), Err(InvalidAmount::Precision));
        assert_eq!(Amount::parse("1.100", Currency::EUR), Ok(Amount(110)));
        assert_eq!(Amount::parse("1.5", Currency::from_code("XPF").unwrap()), Err(InvalidAmount::Precision));
        assert_eq!(Amount::parse("99999999999999999999", Currency::EUR), Err(InvalidAmount::Range));
        assert_eq!(Rate::parse_percent("5.5").unwrap().percent(), "5.5");
        assert_eq!(Amount(-5).display(Currency::EUR), "-0.05");
    }

    #[test]
    fn decimals_round_half_away_from_zero() {
        for (value, minor) in [("0.005", 1), ("-0.005", -1), ("0.0049", 0), ("2.675", 268)] {
            let value = Decimal::from_str_exact(value).unwrap();
            assert_eq!(Amount::from_decimal(value, Currency::EUR), Amount(minor), "{value}");
        }
    }

    #[test]
    fn steps_of_deals_round_as_they_say() {
        let cnm = |rounding| round_step(856_185 * 35_000, 1_000_000, rounding, Currency::EUR);
        assert_eq!(cnm(StepRounding::Minor), euros("299.66"));
        assert_eq!(cnm(StepRounding::Major), euros("300.00"));
        let half = |sign: i128, rounding| round_step(sign * 5, 10, rounding, Currency::EUR);
        assert_eq!((half(1, StepRounding::Minor), half(-1, StepRounding::Minor)), (Amount(1), Amount(-1)));
        assert_eq!(
            (half(1, StepRounding::MinorDown), half(-3, StepRounding::MinorDown)),
            (Amount(0), Amount(-1))
        );
        assert_eq!(round_step(1, 0, StepRounding::Minor, Currency::EUR), Amount::ZERO);
    }

    proptest! {
        #[test]
        fn allocations_add_up_and_mirror(total in -1_000_000_i64..1_000_000, weights in prop::collection::vec(0_i64..10_000, 1..12)) {
            let parts = allocate(Amount(total), &weights);
            prop_assert_eq!(parts.iter().copied().sum::<Amount>(), Amount(total));
            let mirrored: Vec<Amount> = allocate(Amount(-total), &weights).into_iter().map(Neg::neg).collect();
            prop_assert_eq!(parts, mirrored);
        }

        #[test]
        fn document_lines_add_up_to_the_document(lines in prop::collection::vec(-100_000_i64..100_000, 1..20), rate in 0_i64..250_000) {
            let lines: Vec<Amount> = lines.into_iter().map(Amount).collect();
            let taxed = document_lines(&lines, Rate(rate));
            let whole = vat_of_gross(lines.iter().copied().sum(), Rate(rate));
            prop_assert_eq!(taxed.iter().copied().sum::<Taxed>(), whole);
            for (line, split) in lines.iter().zip(&taxed) {
                prop_assert_eq!(split.gross, *line);
                let exact = vat_of_gross(*line, Rate(rate)).net;
                prop_assert!((split.net.0 - exact.0).abs() <= 1);
            }
        }

        #[test]
        fn the_integer_split_equals_the_decimal_one(gross in -10_000_000_i64..10_000_000, rate in 0_i64..1_000_000) {
            let exact = Amount(gross).to_decimal(Currency::EUR) / (Decimal::ONE + Rate(rate).to_decimal());
            prop_assert_eq!(vat_of_gross(Amount(gross), Rate(rate)).net, Amount::from_decimal(exact, Currency::EUR));
        }
    }
}
