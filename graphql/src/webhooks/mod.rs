//! Delivery of events to addresses that organisations registered, as Standard Webhooks says: signed, in order, one at a
//! time, again until it succeeds. Where each delivery stands is kept in a file of its own, outside the log.
//!
//! Every webhook has a thread, so that one that answers slowly or never holds up no other.

mod address;
mod client;
mod deliveries;
mod progress;
mod secret;
mod state;
mod worker;

use std::path::PathBuf;
use std::time::Duration;

use soticket_schema::Timestamp;

pub(crate) use deliveries::Deliveries;
pub(crate) use progress::{Progress, Span};
pub(crate) use secret::written as written_secret;

/// How events are delivered.
#[derive(Debug, Clone)]
pub struct WebhookOptions {
    /// Folder of the files that say where each delivery stands.
    pub folder: PathBuf,
    /// Deliver to addresses within this machine and its networks as well, and without TLS to this machine.
    pub allow_private: bool,
    /// Pause after the first failure; doubled after each that follows.
    pub retry_first: Duration,
    /// Longest pause between two attempts.
    pub retry_longest: Duration,
    /// How long a delivery may fail before it is suspended.
    pub suspend_after: Duration,
    /// How long one attempt may take in all.
    pub attempt_longest: Duration,
}

impl WebhookOptions {
    /// The usual, with this folder.
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            allow_private: false,
            retry_first: Duration::from_secs(2),
            retry_longest: Duration::from_secs(15 * 60),
            suspend_after: Duration::from_secs(3 * 24 * 60 * 60),
            attempt_longest: Duration::from_secs(15),
        }
    }
}

/// The present instant by the machine's clock: receivers compare it with theirs.
fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_microsecond())
}
