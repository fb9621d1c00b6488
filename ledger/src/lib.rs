//! The write side of the ledger: commands are decided, recorded in hash-chained logs and acknowledged once durable.

pub mod admission;
pub mod books;
pub mod calendar;
pub mod clock;
pub mod decide;
mod due;
pub mod durable;
mod entries;
pub mod entry;
mod erasure;
pub mod fees;
pub mod files;
pub mod law;
mod ledger;
pub mod log;
mod open;
pub mod proof;
pub mod receipt;
pub mod snapshot;
pub mod state;
pub mod vault;
pub mod verify;
mod writer;

pub use due::close_due_days;
pub use entries::read_entries;
pub use entry::{Batch, Entry};
pub use erasure::{VaultUpkeep, keep_vault};
pub use ledger::{Ledger, OpenError, Options};
pub use open::keys_beside;
pub use receipt::{Receipt, SubmitError};

#[cfg(test)]
extern crate self as soticket_ledger;
#[cfg(test)]
#[path = "../tests/support/chain.rs"]
mod testing;
