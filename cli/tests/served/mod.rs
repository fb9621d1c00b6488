//! A dossier imported into a data folder and served: asked over HTTP by a client that knows no more of it than it must.

#![allow(dead_code, reason = "every test uses its own part")]

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use serde_json::{Value, json};
use soticket_cli::import::{Files, PretixOptions, import};
use soticket_graphql::{ConfiguredToken, Role, ServeOptions, Service, serve};
use soticket_ledger::{Ledger, Options};
use soticket_projections::Projections;
use soticket_schema::{OrganisationId, Timestamp};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// When everything is asked: after the show, before anything of it is due.
pub(crate) const NOW: &str = "2026-04-02T10:00:00Z";
/// The sample show.
pub(crate) const SHOW: &str = "S-2026-0314";

/// The token of the organisation's owner.
const TOKEN: &str = "a-token-of-more-than-thirty-two-characters";

/// A served organisation with one show.
pub(crate) struct Served {
    pub(crate) ledger: Ledger,
    pub(crate) organisation: String,
    /// Global id of the show.
    pub(crate) show: String,
    address: SocketAddr,
    _folder: TempDir,
}

/// An answer over HTTP.
pub(crate) struct Fetched {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/seance-2026-03-14")
}

/// A copy of the sample show whose description was edited.
pub(crate) fn edited(edit: impl FnOnce(String) -> String) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(shipped()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let description = folder.path().join("show.json");
    let before = fs::read_to_string(&description).unwrap();
    let after = edit(before.clone());
    assert_ne!(before, after, "the description must have what is edited");
    fs::write(description, after).unwrap();
    folder
}

impl Served {
    /// Imports a dossier and serves it until the test ends.
    pub(crate) async fn open(dossier: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp::parse(NOW).unwrap();
        let options = Options { clock: Arc::new(move || now), ..Options::default() };
        let ledger = Ledger::open(&folder.path().join("data"), options).unwrap();
        let projections =
            Projections::start(ledger.clone(), soticket_projections::Options::default()).unwrap();
        let files = Files::Folder(dossier.to_owned());
        let report =
            import(&ledger, &files, &PretixOptions::default(), &ProgressBar::hidden()).await.unwrap();
        assert!(report.refused.is_empty(), "{:?}", report.refused);
        let organisation = report.organisation.clone();
        let id = OrganisationId::parse(&organisation).unwrap();
        let last = ledger.head(id).unwrap().length - 1;
        assert!(projections.wait_for(id, last, std::time::Duration::from_secs(60)).await);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = Service::new(ledger.clone(), projections);
        service.admit(&ConfiguredToken::of_organisation(id, Role::Owner, TOKEN).unwrap());
        tokio::spawn(serve(listener, service, ServeOptions::default(), std::future::pending::<()>()));
        let mut served = Self { ledger, organisation, show: String::new(), address, _folder: folder };
        let query = "query ($organisation: ID!, $reference: String!) { organisation(id: $organisation) { \
                     showByReference(reference: $reference) { id } } }";
        let variables = json!({ "organisation": served.organisation, "reference": SHOW });
        let found = served.data(query, variables).await;
        served.show = found["organisation"]["showByReference"]["id"].as_str().unwrap().to_owned();
        served
    }

    /// Where it is served.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The token of the organisation's owner.
    pub(crate) fn token(&self) -> String {
        TOKEN.to_owned()
    }

    /// Sends one request.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: &[u8]) -> Fetched {
        let kind = if path == "/graphql" { "application/json" } else { "application/octet-stream" };
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: ledger.test\r\nconnection: close\r\ncontent-type: {kind}\r\n\
             authorization: Bearer {TOKEN}\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Fetched { status, head, body: answer.split_off(end + 4) }
    }

    /// The data of a query that must succeed.
    pub(crate) async fn data(&self, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer = self.ask("POST", "/graphql", body.as_bytes()).await;
        let json: Value = serde_json::from_slice(&answer.body).unwrap();
        assert!(json.get("errors").is_none(), "{json}");
        json["data"].clone()
    }

    /// What is selected of the show.
    pub(crate) async fn show(&self, selection: &str) -> Value {
        let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Show {{ {selection} }} }} }}");
        self.data(&query, json!({ "id": self.show })).await["node"].clone()
    }

    /// Runs a mutation that must be recorded.
    pub(crate) async fn record(&self, name: &str, key: &str, mut input: Value, selection: &str) -> Value {
        input["organisation"] = json!(self.organisation);
        input["idempotencyKey"] = json!(key);
        let (first, rest) = name.split_at(1);
        let query = format!(
            "mutation ($input: {}{rest}Input!) {{ {name}(input: $input) {{ {selection} position userErrors {{ code \
             field }} }} }}",
            first.to_uppercase()
        );
        let payload = self.data(&query, json!({ "input": input })).await[name].clone();
        assert_eq!(payload["userErrors"], json!([]), "{name}: {payload}");
        payload
    }
}
