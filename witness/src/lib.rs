//! What others attest of a log's checkpoints: cosignatures of witnesses, given (the server, [`Witness`]) and asked for
//! (the client, [`submit`]), and timestamps of an authority ([`timestamp`], RFC 3161).
//!
//! A witness needs no ledger and no organisation: it keeps, for each log that it watches, the newest checkpoint that it
//! cosigned, and cosigns nothing that does not continue it.

mod folder;
mod http;
mod server;
mod submit;
mod timestamp;

pub use folder::{FolderError, Witness};
pub use server::routes;
pub use submit::{Outcome, SubmitError, Submitted, WitnessAddress, submit};
pub use timestamp::{Authority, TimestampError, Timestamped, check_roots, timestamp, verify_timestamp};
