//! Commercial days.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use jiff::civil;

/// See the scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(pub(crate) civil::Date);

/// A day such as "2026-03-14"; commercial days are in the organisation's time zone and end at its cut-off.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/local-date.html")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        day(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        day(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn day(value: &Value) -> Option<civil::Date> {
    match value {
        Value::String(text) if text.len() == 10 => text.parse().ok(),
        _ => None,
    }
}
