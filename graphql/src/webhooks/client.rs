//! One attempt to deliver: a request that follows nobody, waits a bounded time and reads a bounded answer.

use std::time::Duration;

use ureq::Agent;
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;

use super::WebhookOptions;
use super::address::{AddressRefused, CheckedResolver};
use super::secret::Headers;
use crate::cloud_event;

/// Longest answer that is read: what it says is of no interest, but the connection is used again once it is read.
const ANSWER_BYTES_MAX: u64 = 16 * 1024;
/// Longest time to look a name up and connect.
const CONNECT_LONGEST: Duration = Duration::from_secs(5);
/// What the receiver says when it is gone for good.
const GONE: u16 = 410;

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Stable code.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) detail: String,
    /// When the receiver wants the next attempt.
    pub(super) retry_after: Option<Duration>,
    /// Whether there will be no receiver any more.
    pub(super) gone: bool,
}

impl Fault {
    pub(super) fn new(code: &'static str, detail: impl std::fmt::Display) -> Self {
        Self { code, detail: detail.to_string(), retry_after: None, gone: false }
    }
}

/// Delivers.
pub(super) struct Client(Agent);

impl Client {
    pub(super) fn new(options: &WebhookOptions, attempt_longest: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(attempt_longest))
            .timeout_resolve(Some(CONNECT_LONGEST.min(attempt_longest)))
            .timeout_connect(Some(CONNECT_LONGEST.min(attempt_longest)))
            // Where a redirect leads was not registered.
            .max_redirects(0)
            .max_redirects_will_error(false)
            // A proxy of the environment would connect to where the addresses are not checked.
            .proxy(None)
            .http_status_as_error(false)
            .user_agent(concat!("soticket/", env!("CARGO_PKG_VERSION")))
            .build();
        let resolver =
            CheckedResolver { allow_private: options.allow_private, names: DefaultResolver::default() };
        Self(Agent::with_parts(config, DefaultConnector::default(), resolver))
    }

    /// Posts a signed event. Any answer from 200 to 299 is a success: its status.
    pub(super) fn post(&self, url: &str, headers: &Headers, body: &[u8]) -> Result<u16, Fault> {
        let mut request = self.0.post(url).header(CONTENT_TYPE, cloud_event::ONE);
        for (name, value) in headers.all() {
            request = request.header(name, value);
        }
        let mut answer = request.send(body).map_err(|error| failed(&error))?;
        let status = answer.status().as_u16();
        let seconds = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        // What cannot be read whole closes the connection and changes nothing about the status.
        let _ = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
        if (200..300).contains(&status) {
            return Ok(status);
        }
        let mut fault = Fault::new("STATUS", format!("answered with status {status}"));
        fault.retry_after = seconds.map(Duration::from_secs);
        fault.gone = status == GONE;
        Err(fault)
    }
}

/// The codes are ours: what the library calls its errors may change.
fn failed(error: &ureq::Error) -> Fault {
    let code = match error {
        ureq::Error::Other(other) if other.is::<AddressRefused>() => {
            return Fault::new("ADDRESS_REFUSED", AddressRefused);
        }
        ureq::Error::HostNotFound => "NAME_UNKNOWN",
        ureq::Error::Timeout(_) => "TIMEOUT",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "TLS",
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => "URL",
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => "PROTOCOL",
        _ => "CONNECTION",
    };
    Fault::new(code, error)
}
