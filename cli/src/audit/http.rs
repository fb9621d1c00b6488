//! Published files over HTTP. Nothing is kept: each file is read into memory, checked and let go.

use std::io::Read as _;
use std::time::Duration;

use soticket_ledger::proof::PublishedFiles;
use ureq::Agent;

/// A whole bundle of the longest records, and more than any checkpoint.
const FILE_BYTES_MAX: u64 = 257 * 65_537;
const TIMEOUT: Duration = Duration::from_secs(30);
/// A server that is busy is asked again.
const ATTEMPTS: u32 = 3;

/// The files below a URL.
pub(crate) struct HttpFiles {
    agent: Agent,
    url: String,
    authorization: Option<String>,
}

impl HttpFiles {
    /// Below `url`, with an auditor's token if there is one.
    pub(crate) fn new(url: &str, token: Option<&str>) -> Self {
        let config =
            Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).build();
        let authorization = token.map(|token| format!("Bearer {token}"));
        Self { agent: config.into(), url: url.trim_end_matches('/').to_owned(), authorization }
    }

    fn ask(&self, path: &str) -> Result<(u16, Vec<u8>), String> {
        let mut request = self.agent.get(format!("{}/{path}", self.url));
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = request.call().map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        let mut body = response.body_mut().as_reader().take(FILE_BYTES_MAX + 1);
        body.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err("it is longer than any published file".to_owned());
        }
        Ok((response.status().as_u16(), bytes))
    }
}

impl PublishedFiles for HttpFiles {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let mut told = String::new();
        for attempt in 1..=ATTEMPTS {
            match self.ask(path) {
                Ok((200, bytes)) => return Ok(Some(bytes)),
                Ok((404 | 410, _)) => return Ok(None),
                Ok((status @ (401 | 403), _)) => {
                    return Err(format!("HTTP {status}: give an auditor's token with --token"));
                }
                Ok((status, _)) => told = format!("HTTP {status}"),
                Err(error) => told = error,
            }
            std::thread::sleep(Duration::from_millis(200 * u64::from(attempt)));
        }
        Err(told)
    }

    /// As the service lists them; a server that lists nothing has only the newest checkpoint to show.
    fn checkpoint_names(&self) -> Result<Vec<String>, String> {
        let listed = match self.ask("checkpoints")? {
            (200, bytes) => String::from_utf8(bytes).unwrap_or_default(),
            _ => return Ok(Vec::new()),
        };
        // A page for people, as file servers make of folders, is no list.
        let is_name = |name: &&str| name.strip_suffix(".tsr").unwrap_or(name).parse::<u64>().is_ok();
        Ok(listed.lines().filter(is_name).map(str::to_owned).collect())
    }
}
