//! Hashes of records.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// See the scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hash(pub(crate) soticket_schema::Hash);

/// A BLAKE3 hash as 64 lower-case hexadecimal digits.
#[Scalar(specified_by_url = "https://github.com/BLAKE3-team/BLAKE3-specs/blob/master/blake3.pdf")]
impl ScalarType for Hash {
    fn parse(value: Value) -> InputValueResult<Self> {
        hash(&value).map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        hash(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn hash(value: &Value) -> Option<soticket_schema::Hash> {
    match value {
        Value::String(text) => soticket_schema::Hash::parse(text),
        _ => None,
    }
}
