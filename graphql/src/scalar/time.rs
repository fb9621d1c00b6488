//! Instants.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use soticket_schema::Timestamp;

/// See the scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Timestamp);

/// An instant as RFC 3339 text, such as "2026-03-14T19:30:00.000001Z": read with any offset, written in UTC, exact to
/// the microsecond.
#[Scalar(specified_by_url = "https://scalars.graphql.org/andimarek/date-time.html")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        instant(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        instant(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any instant that can be written: what lies too far away is refused by the decision, with the field.
fn instant(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => {
            let instant: jiff::Timestamp = text.parse().ok()?;
            Some(Timestamp(instant.as_microsecond()))
        }
        _ => None,
    }
}
