//! The vocabulary of SoTicket Ledger: identifiers, money, time, events, commands, rejections and the byte formats.
//!
//! Nothing here does I/O, reads a clock or draws randomness. Everything that ends in a record is integers, enums
//! and ordered lists: no floats, no maps with random order, no free text about people.

pub mod codec;
pub mod command;
pub mod day;
pub mod envelope;
pub mod event;
pub mod hash;
pub mod ids;
pub mod limits;
pub mod money;
pub mod profile;
pub mod rejection;
pub mod ticket_code;
pub mod time;

pub use command::{Command, CommandBody};
pub use day::CommercialDay;
pub use envelope::{Envelope, RecordView};
pub use event::Event;
pub use hash::Hash;
pub use ids::*;
pub use money::{Amount, Currency, Rate, Rounding, UnitPrice};
pub use rejection::{Rejection, RejectionCode};
pub use ticket_code::PublicKey;
pub use time::Timestamp;
