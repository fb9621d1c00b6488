//! Whole numbers of 64 bits.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

macro_rules! counters {
    ($($(#[doc = $doc:literal])+ $name:ident;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u64);

        $(#[doc = $doc])+
        #[Scalar(specified_by_url = "https://www.w3.org/TR/xmlschema11-2/#unsignedLong")]
        impl ScalarType for $name {
            fn parse(value: Value) -> InputValueResult<Self> {
                number(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
            }

            fn is_valid(value: &Value) -> bool {
                number(value).is_some()
            }

            fn to_value(&self) -> Value {
                Value::String(self.0.to_string())
            }
        }
    )+};
}

counters! {
    /// A whole number of up to 64 bits, as a string of digits.
    Counter;
    /// A place in an organisation's log, from 0 without gaps, as a string of digits.
    LogPosition;
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}
