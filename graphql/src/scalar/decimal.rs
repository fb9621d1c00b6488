//! Decimals and currencies as strings. Nothing passes through a float in either direction.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use soticket_schema::{Amount, Currency, Rate};

/// Longest decimal that is read.
const DECIMAL_BYTES_MAX: usize = 24;

/// See the scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal(pub(crate) String);

/// A decimal number as a string such as "24.00": digits with an optional minus sign and point. Amounts always have as
/// many decimal places as their currency; rates are percentages.
#[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema11-2/#decimal")]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if is_decimal(&text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(text) if is_decimal(text))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl Decimal {
    /// An amount with its currency's decimal places.
    pub(crate) fn amount(amount: Amount, currency: Currency) -> Self {
        Self(amount.display(currency))
    }

    /// A rate as a percentage without trailing zeros.
    pub(crate) fn percent(rate: Rate) -> Self {
        Self(rate.percent())
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let numeric = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    text.len() <= DECIMAL_BYTES_MAX && numeric(whole) && numeric(fraction)
}

/// See the scalar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CurrencyCode(pub(crate) String);

/// A currency by its three-letter ISO 4217 code.
#[Scalar(
    specified_by_url = "https://www.six-group.com/en/products-services/financial-information/data-standards.html"
)]
impl ScalarType for CurrencyCode {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) => Ok(Self(text)),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl From<Currency> for CurrencyCode {
    fn from(currency: Currency) -> Self {
        Self(currency.code().to_owned())
    }
}

impl CurrencyCode {
    /// The currency; an unknown code gives a number that no currency has, which decisions refuse by name.
    pub(crate) fn currency(&self) -> Currency {
        Currency::from_code(&self.0).unwrap_or(Currency(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimal_strings_are_read() {
        for good in ["0", "24.00", "-3.5", "007.10", "99999999999999999999"] {
            assert!(Decimal::is_valid(&Value::from(good)), "{good}");
        }
        let long = "1".repeat(25);
        for bad in ["", ".", "1.", ".5", "1e3", "1,00", " 1", "+1", "NaN", "--1", "1.2.3", "٣", &long] {
            assert!(!Decimal::is_valid(&Value::from(bad)), "{bad}");
        }
        assert!(!Decimal::is_valid(&Value::from(24)));
        assert!(!Decimal::is_valid(&Value::from(0.1)));
    }
}
