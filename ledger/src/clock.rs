//! The ledger's clock: the only place where the write side learns the time.

use std::sync::Arc;

use soticket_schema::Timestamp;

/// A source of the present instant.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The system's clock.
pub fn system_clock() -> Clock {
    Arc::new(|| Timestamp(jiff::Timestamp::now().as_microsecond()))
}
