//! Webhooks against receivers that are real processes: killed, restarted, slow, wrong, elsewhere.

#![expect(clippy::unwrap_used, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command as Process, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use soticket_graphql::{Service, WebhookOptions};
use soticket_ledger::{Ledger, Options};
use soticket_projections::Projections;
use soticket_schema::command::DefineProduct;
use soticket_schema::event::v1::ProductKind;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId};
use standardwebhooks::Webhook;
use support::venue::{OURS, THEIRS};
use support::{ADMINISTRATOR, Api, input};

/// What the receiver, as a process of its own, is told.
const PORT: &str = "SOTICKET_TEST_RECEIVER_PORT";
const BOOK: &str = "SOTICKET_TEST_RECEIVER_BOOK";
const SECRETS: &str = "SOTICKET_TEST_RECEIVER_SECRETS";

fn options(folder: &Path) -> WebhookOptions {
    WebhookOptions {
        allow_private: true,
        retry_first: Duration::from_millis(10),
        retry_longest: Duration::from_millis(100),
        attempt_longest: Duration::from_secs(5),
        ..WebhookOptions::new(folder.join("webhooks"))
    }
}

/// A request as it was received.
struct Request {
    head: BTreeMap<String, String>,
    body: Vec<u8>,
}

/// Reads one request; none when the sender is gone.
fn receive(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let (mut head, mut line) = (BTreeMap::new(), String::new());
    stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
    loop {
        line.clear();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        head.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; head.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).ok()?;
    Some(Request { head, body })
}

impl Request {
    /// Whether a verifier of others says that it was signed with this secret.
    fn is_signed_with(&self, secret: &str) -> bool {
        let mut headers = axum::http::HeaderMap::new();
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
            headers.insert(name, self.head[name].parse().unwrap());
        }
        Webhook::new(secret).unwrap().verify(&self.body, &headers).is_ok()
    }
}

/// The receiver, when this program is started as one: verifies, writes down, then answers.
#[test]
fn receiver() {
    let Ok(port) = std::env::var(PORT) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port.parse::<u16>().unwrap())).unwrap();
    let secrets: Vec<String> = std::env::var(SECRETS).unwrap().split(',').map(str::to_owned).collect();
    let book = std::env::var(BOOK).unwrap();
    for stream in listener.incoming() {
        let (mut stream, secrets, book) = (BufReader::new(stream.unwrap()), secrets.clone(), book.clone());
        std::thread::spawn(move || {
            while let Some(request) = receive(&mut stream) {
                let event: Value = serde_json::from_slice(&request.body).unwrap();
                assert_eq!(event["id"], request.head["webhook-id"]);
                let status = if secrets.iter().any(|secret| request.is_signed_with(secret)) {
                    let mut book = OpenOptions::new().create(true).append(true).open(&book).unwrap();
                    let signatures = request.head["webhook-signature"].split(' ').count();
                    // One write: a kill leaves a line or none.
                    let line = format!("{} {signatures}\n", request.head["webhook-id"]);
                    book.write_all(line.as_bytes()).unwrap();
                    204
                } else {
                    400
                };
                let answer = format!("HTTP/1.1 {status} \r\ncontent-length: 0\r\n\r\n");
                if stream.get_mut().write_all(answer.as_bytes()).is_err() {
                    break;
                }
            }
        });
    }
}

fn start_receiver(port: u16, book: &Path, secrets: &[String]) -> Child {
    Process::new(std::env::current_exe().unwrap())
        .args(["--exact", "receiver", "--nocapture"])
        .env(PORT, port.to_string())
        .env(BOOK, book)
        .env(SECRETS, secrets.join(","))
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// A service over a data folder.
fn serve(folder: &Path) -> Api {
    let until = Instant::now() + Duration::from_secs(20);
    let ledger = loop {
        match Ledger::open(&folder.join("data"), Options::default()) {
            Ok(ledger) => break ledger,
            // The last one may not have let go of it yet.
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let projections = Projections::start(ledger.clone(), soticket_projections::Options::default()).unwrap();
    let service = Service::new(ledger.clone(), Arc::clone(&projections));
    service.deliver_webhooks(options(folder)).unwrap();
    Api::over(ledger, projections, service)
}

fn stop(api: Api) {
    api.service.stop_webhooks();
    api.projections.close();
    api.ledger.close();
}

async fn open(api: &Api, organisation: &str) {
    let parameters = json!({ "name": "La Grange", "timeZone": "Europe/Paris" });
    let opening = json!({ "mode": "DEMO", "currency": "EUR", "parameters": parameters });
    let administrator = api.with_token(ADMINISTRATOR);
    administrator.record("organisationOpen", input(organisation, "open", opening), "").await;
}

/// Registers a webhook: its id and secret.
async fn register(api: &Api, organisation: &str, key: &str, mut fields: Value) -> (String, String) {
    fields["organisation"] = json!(organisation);
    fields["idempotencyKey"] = json!(key);
    let owner = api.as_owner(organisation);
    let payload = owner.record("webhookRegister", fields, "webhook { id secret }").await;
    let text = |name: &str| payload["webhook"][name].as_str().unwrap().to_owned();
    (text("id"), text("secret"))
}

const DELIVERY: &str =
    "id url kinds delivery { state position lag deliveries attempts failingSince errorCode errorDetail
    nextAttemptAt suspendedAt replaying { from to } deadLetters { from to } }";

async fn status(api: &Api, webhook: &str) -> Value {
    let query = format!("query ($id: ID!) {{ node(id: $id) {{ ... on Webhook {{ {DELIVERY} }} }} }}");
    api.data(&query, json!({ "id": webhook })).await["node"]["delivery"].clone()
}

/// Waits for a delivery to be as it should.
async fn until(api: &Api, webhook: &str, is: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let found = status(api, webhook).await;
        if is(&found) {
            return found;
        }
        assert!(Instant::now() < end, "{found}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn product(organisation: &str, key: String) -> Command {
    let body =
        CommandBody::DefineProduct(DefineProduct { name: key.clone(), kind: ProductKind::Merchandise });
    let organisation = OrganisationId::parse(organisation).unwrap();
    Command { organisation, actor: ActorId(0), key, occurred_at: None, body }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_missed_or_out_of_order_when_receiver_and_ledger_are_restarted() {
    let folder = tempfile::tempdir().unwrap();
    let (book, port) = (folder.path().join("book"), free_port());
    let organisations = [OURS, THEIRS];
    let api = serve(folder.path());
    let (mut hooks, mut secrets) = (Vec::new(), Vec::new());
    for organisation in organisations {
        open(&api, organisation).await;
        let url = format!("http://127.0.0.1:{port}/hook");
        let (hook, secret) = register(&api, organisation, "hook", json!({ "url": url, "from": "0" })).await;
        hooks.push(hook);
        secrets.push(secret);
    }
    stop(api);
    let mut kills = 0;
    for phase in 0..4 {
        let api = serve(folder.path());
        if phase == 2 {
            let fields = json!({ "webhook": hooks[0], "overlapHours": 1 });
            let fields = input(OURS, "rotate", fields);
            let rotated = api.record("webhookRotateSecret", fields.clone(), "webhook { secret }").await;
            assert_ne!(rotated["webhook"]["secret"], secrets[0]);
            let repeated = api.record("webhookRotateSecret", fields, "webhook { secret }").await;
            assert_eq!(repeated["webhook"]["secret"], Value::Null, "told once");
        }
        let load = organisations.map(|organisation| {
            let ledger = api.ledger.clone();
            tokio::spawn(async move {
                for number in 0..120 {
                    ledger.submit(product(organisation, format!("{phase}-{number}"))).await.unwrap();
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            })
        });
        for pause in [40, 90, 10, 150, 70] {
            let mut receiver = start_receiver(port, &book, &secrets);
            tokio::time::sleep(Duration::from_millis(200 + pause)).await;
            receiver.kill().unwrap();
            receiver.wait().unwrap();
            kills += 1;
            tokio::time::sleep(Duration::from_millis(pause)).await;
        }
        for load in load {
            load.await.unwrap();
        }
        stop(api);
    }
    let api = serve(folder.path());
    let mut receiver = start_receiver(port, &book, &secrets);
    for (hook, organisation) in hooks.iter().zip(organisations) {
        let done = until(&api.as_owner(organisation), hook, |delivery| delivery["lag"] == "0").await;
        assert_eq!(done["deadLetters"], json!([]));
    }
    let lengths =
        organisations.map(|name| api.ledger.head(OrganisationId::parse(name).unwrap()).unwrap().length);
    stop(api);
    receiver.kill().unwrap();
    receiver.wait().unwrap();
    let book = fs::read_to_string(&book).unwrap();
    let (mut repeated, mut twice_signed) = (0, 0);
    for (organisation, length) in organisations.into_iter().zip(lengths) {
        let mut next = 0;
        for line in book.lines() {
            let (id, signatures) = line.split_once(' ').unwrap();
            let Some(position) = id.strip_prefix(&format!("{organisation}/")) else { continue };
            let position: u64 = position.parse().unwrap();
            assert!(position <= next, "{position} came before {next}");
            if position == next {
                next += 1
            } else {
                repeated += 1
            }
            twice_signed += usize::from(signatures == "2");
        }
        assert_eq!(next, length, "{organisation}");
    }
    assert!(twice_signed > 100, "both secrets hold while one replaces the other");
    println!("{kills} kills, {} deliveries, {repeated} of them repeated", book.lines().count());
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A receiver within this process that answers as `answer` says; counts what it was sent.
fn answering(
    answer: impl Fn(usize, &Request) -> Vec<u8> + Send + Sync + 'static,
) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let received = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&received);
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
            let mut stream = BufReader::new(stream.unwrap());
            std::thread::spawn(move || {
                while let Some(request) = receive(&mut stream) {
                    let number = counter.fetch_add(1, Ordering::SeqCst);
                    if stream.get_mut().write_all(&answer(number, &request)).is_err() {
                        break;
                    }
                }
            });
        }
    });
    (url, received)
}

fn status_line(status: u16) -> Vec<u8> {
    format!("HTTP/1.1 {status} \r\ncontent-length: 0\r\n\r\n").into_bytes()
}

/// A service in memory that delivers.
async fn delivering(change: impl FnOnce(&mut WebhookOptions)) -> (Api, tempfile::TempDir) {
    let api = Api::ticking();
    let folder = tempfile::tempdir().unwrap();
    let mut options = options(folder.path());
    change(&mut options);
    api.service.deliver_webhooks(options).unwrap();
    open(&api, OURS).await;
    (api, folder)
}

async fn test(api: &Api, key: &str, hook: &str) -> Value {
    let query =
        "mutation ($input: WebhookTestInput!) { webhookTest(input: $input) { delivered status errorCode
        userErrors { code field } } }";
    api.data(query, json!({ "input": input(OURS, key, json!({ "webhook": hook })) })).await["webhookTest"]
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_for_too_long_is_suspended_and_passed_over_only_when_asked() {
    let poison = format!("{OURS}/3");
    let (url, _) = answering({
        let poison = poison.clone();
        move |_: usize, request: &Request| {
            status_line(if request.head["webhook-id"] == poison { 500 } else { 200 })
        }
    });
    let (api, _folder) = delivering(|options| options.suspend_after = Duration::from_millis(300)).await;
    for number in 0..6 {
        api.ledger.submit(product(OURS, number.to_string())).await.unwrap();
    }
    let (hook, _) = register(&api, OURS, "hook", json!({ "url": url, "from": "1" })).await;
    let stuck = until(&api, &hook, |delivery| delivery["state"] == "SUSPENDED").await;
    assert_eq!(
        (&stuck["position"], &stuck["errorCode"], &stuck["deliveries"]),
        (&json!("3"), &json!("STATUS"), &json!("2"))
    );
    assert_eq!(stuck["nextAttemptAt"], Value::Null);
    let replay = |key: &'static str, fields: Value| {
        let (api, hook) = (&api, hook.clone());
        async move {
            let mut fields = input(OURS, key, fields);
            fields["webhook"] = json!(hook);
            api.record("webhookReplay", fields, "").await
        }
    };
    replay("go-on", json!({ "from": "4" })).await;
    let on = until(&api, &hook, |delivery| delivery["lag"] == "0").await;
    assert_eq!(
        (&on["state"], &on["deadLetters"]),
        (&json!("DELIVERING"), &json!([{ "from": "3", "to": "3" }]))
    );
    replay("again", json!({ "from": "3", "to": "3" })).await;
    let stuck = until(&api, &hook, |delivery| delivery["state"] == "SUSPENDED").await;
    assert_eq!(stuck["replaying"], json!([{ "from": "3", "to": "3" }]));
    // Delivered elsewhere, what was passed over is no more.
    let (other, received) = answering(|_, _| status_line(202));
    let fields = json!({ "webhook": hook, "url": other, "kinds": ["PRODUCT_DEFINED"] });
    api.record("webhookChange", input(OURS, "change", fields), "").await;
    replay("resume", json!({})).await;
    let on = until(&api, &hook, |delivery| delivery["lag"] == "0").await;
    assert_eq!((&on["deadLetters"], &on["replaying"]), (&json!([]), &json!([])));
    assert_eq!(received.load(Ordering::SeqCst), 1, "of the kinds that go there, one was left");
    api.record("webhookRetire", input(OURS, "retire", json!({ "webhook": hook })), "").await;
    until(&api, &hook, |delivery| delivery["state"] == "RETIRED").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_gone_is_not_asked_again() {
    let (url, received) = answering(|_, _| status_line(410));
    let (api, _folder) = delivering(|_| {}).await;
    let (hook, _) = register(&api, OURS, "hook", json!({ "url": url, "from": "0" })).await;
    until(&api, &hook, |delivery| delivery["state"] == "SUSPENDED").await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(received.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn own_addresses_are_refused_redirects_not_followed_and_waits_bounded() {
    let (ours, reached) = answering(|_, _| status_line(200));
    {
        let (api, _folder) = delivering(|options| options.allow_private = false).await;
        let local = ours.replace("127.0.0.1", "localhost");
        for (key, url) in [("address", &ours), ("name", &local)] {
            let (hook, _) = register(&api, OURS, key, json!({ "url": url, "from": "0" })).await;
            assert_eq!(test(&api, &format!("test-{key}"), &hook).await["errorCode"], "ADDRESS_REFUSED");
            until(&api, &hook, |delivery| delivery["errorCode"] == "ADDRESS_REFUSED").await;
        }
        assert_eq!(reached.load(Ordering::SeqCst), 0, "nothing was sent");
        api.service.stop_webhooks();
    }
    let target = ours.clone();
    let (redirect, _) = answering(move |_, _| {
        format!("HTTP/1.1 307 \r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n").into_bytes()
    });
    let (endless, _) = answering(|_, _| {
        let mut answer = b"HTTP/1.1 200 \r\ncontent-length: 100000000\r\n\r\n".to_vec();
        answer.resize(4 << 20, b'x');
        answer
    });
    let (silent, _) = answering(|_, _| {
        std::thread::sleep(Duration::from_secs(5));
        Vec::new()
    });
    let (api, _folder) = delivering(|options| options.attempt_longest = Duration::from_millis(500)).await;
    let gone = format!("http://127.0.0.1:{}/", free_port());
    let kinds = json!(["SHOW_SCHEDULED"]);
    for (key, url, expected) in [
        ("redirect", &redirect, json!("STATUS")),
        ("endless", &endless, Value::Null),
        ("silent", &silent, json!("TIMEOUT")),
        ("gone", &gone, json!("CONNECTION")),
        ("well", &ours, Value::Null),
    ] {
        let (hook, secret) = register(&api, OURS, key, json!({ "url": url, "kinds": kinds })).await;
        assert!(secret.starts_with("whsec_"));
        let begun = Instant::now();
        assert_eq!(test(&api, &format!("test-{key}"), &hook).await["errorCode"], expected, "{key}");
        assert!(begun.elapsed() < Duration::from_secs(4), "{key}");
    }
    assert_eq!(reached.load(Ordering::SeqCst), 1, "by the last test, and not by the redirect");
    let unknown = test(&api, "unknown", "nonsense").await;
    assert_eq!(unknown["userErrors"], json!([{ "code": "WEBHOOK_UNKNOWN", "field": ["webhook"] }]));
    api.service.stop_webhooks();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_and_no_address_of_the_machine_is_where_it_does_not_belong() {
    let (url, _) = answering(|_, _| status_line(200));
    let (api, folder) = delivering(|_| {}).await;
    let (hook, secret) = register(&api, OURS, "hook", json!({ "url": url, "from": "0" })).await;
    until(&api, &hook, |delivery| delivery["lag"] == "0").await;
    let answer = api.get(&format!("/feed/{OURS}"), &[]).await.body;
    let bare = secret.strip_prefix("whsec_").unwrap();
    assert!(answer.contains("webhook_registered") && !answer.contains(bare));
    api.service.stop_webhooks();
    for file in fs::read_dir(folder.path().join("webhooks")).unwrap() {
        assert!(!fs::read_to_string(file.unwrap().path()).unwrap().contains(bare));
    }
    for (field, value, code) in [
        ("url", json!("http://erp.example.org/"), "URL_INVALID"),
        ("url", json!("https://user:secret@erp.example.org/"), "URL_INVALID"),
        ("from", json!("99999"), "POSITION_INVALID"),
    ] {
        let mut fields = json!({ "url": "https://erp.example.org/" });
        fields[field] = value;
        let refused = api.refused("webhookRegister", input(OURS, "refused", fields)).await;
        assert_eq!(refused, (code.to_owned(), json!([field])));
    }
}
