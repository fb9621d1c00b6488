//! SKIDATA Handshake, interface HSHIF25: whitelist records out, transactions in.
//!
//! The access control's times are those of the venue's time zone, without an offset.

mod coding;
mod export;
mod import;
#[cfg(test)]
mod tests;
mod time;
mod transaction;

pub(crate) use export::{Part, export};
pub(crate) use import::{Import, import};

/// The version of the header.
const VERSION: &str = "HSHIF25";
