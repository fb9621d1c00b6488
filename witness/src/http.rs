//! Requests to witnesses and authorities: one at a time, small, and none that hangs.

use std::time::Duration;

use ureq::Agent;

/// How long a request may take in all.
const TIME_MAX: Duration = Duration::from_secs(15);
/// Longest answer that is read.
const ANSWER_BYTES_MAX: u64 = 256 * 1024;

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) kind: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body for a person to read: its first line, and not much of it.
    pub(crate) fn told(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line = text.lines().next().unwrap_or_default();
        line.chars().filter(|sign| !sign.is_control()).take(200).collect()
    }
}

/// Posts a body, and reads the answer whatever its status.
pub(crate) fn post(url: &str, kind: &str, body: &[u8]) -> Result<Answer, String> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIME_MAX))
        // Who redirects a submission is not who was configured.
        .max_redirects(0)
        .http_status_as_error(false)
        .user_agent(concat!("soticket/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    let mut answer = agent.post(url).content_type(kind).send(body).map_err(|error| error.to_string())?;
    let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().to_owned();
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec();
    Ok(Answer { status, kind, body: body.map_err(|error| error.to_string())? })
}
