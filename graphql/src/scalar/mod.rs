//! Scalars. Amounts, positions and counters are strings: a GraphQL `Int` has 32 bits, and a `Float` no cents.

mod counter;
mod date;
mod decimal;
mod hash;
mod time;

pub(crate) use counter::{Counter, LogPosition};
pub(crate) use date::Date;
pub(crate) use decimal::{CurrencyCode, Decimal};
pub(crate) use hash::Hash;
pub(crate) use time::DateTime;
