//! Browsers: signing in, what a session is worth, and what other sites' pages get with its cookie.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::body::Body;
use axum::http::Method;
use serde_json::{Value, json};
use soticket_schema::{OrganisationId, Timestamp};

use crate::support::venue::{OURS, THEIRS, Venue};
use crate::support::{Answer, Api, NOW, input, request};

const PASSWORD: &str = "a first password";
const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");

/// A service whose clock the test moves.
fn clocked() -> (Api, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(NOW.0));
    let shown = Arc::clone(&now);
    (Api::with_clock(Arc::new(move || Timestamp(shown.load(Ordering::Relaxed)))), now)
}

fn pass(now: &AtomicI64, seconds: i64) {
    now.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
}

async fn login(api: &Api, organisation: &str, name: &str) -> Value {
    let fields = json!({ "name": name, "password": PASSWORD, "label": "office", "role": "ACCOUNTANT" });
    let key = format!("login-{name}");
    let issued =
        api.record("loginIssue", input(organisation, &key, fields), "token { id proof secret role }").await;
    assert_eq!((&issued["token"]["proof"], &issued["token"]["secret"]), (&json!("PASSWORD"), &Value::Null));
    issued["token"].clone()
}

async fn send(api: &Api, method: Method, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
    let mut all = vec![("authorization", ""), ("content-type", "application/json")];
    all.extend(headers);
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    api.send(request(method, path, &all, body)).await
}

async fn sign_in(api: &Api, organisation: &str, name: &str, password: &str) -> Answer {
    let body = json!({ "organisation": organisation, "name": name, "password": password });
    send(api, Method::POST, "/session", &[OWN], body).await
}

/// The cookie that a browser would send after signing in.
async fn cookie(api: &Api, password: &str) -> String {
    let answer = sign_in(api, OURS, "Office@LaGrange.example ", password).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let set = answer.header("set-cookie");
    assert!(set.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

async fn ask(api: &Api, cookie: &str, headers: &[(&str, &str)], query: &str) -> Answer {
    let mut all = vec![("cookie", cookie)];
    all.extend(headers);
    send(api, Method::POST, "/graphql", &all, json!({ "query": query })).await
}

async fn journal(api: &Api, kinds: &str) -> Vec<Value> {
    let query = format!(
        "query ($o: ID!, $p: LogPosition) {{ organisation(id: $o, minPosition: $p) {{ journal(first: 100, kinds: [{kinds}]) \
         {{ nodes {{ kind event {{ payload }} }} }} }} }}"
    );
    let last = api.ledger.head(OrganisationId::parse(OURS).unwrap()).unwrap().length - 1;
    let data = api.data(&query, json!({ "o": OURS, "p": last.to_string() })).await;
    data["organisation"]["journal"]["nodes"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_works_and_signs_out() {
    let (api, _) = clocked();
    Venue::open(&api, OURS).await;
    login(&api, OURS, "office@lagrange.example").await;
    let cookie = cookie(&api, PASSWORD).await;
    let own = format!("a=b; {cookie}");
    let answer = ask(&api, &own, &[OWN], "{ organisations { id } }").await;
    assert_eq!(answer.json()["data"]["organisations"][0]["id"], OURS, "{}", answer.body);
    let unknown = ask(&api, &own, &[OWN], "mutation { x }").await;
    assert_eq!(unknown.code(), "GRAPHQL_VALIDATION_FAILED", "what the schema does not have");
    let mutation = format!(
        "mutation {{ tokenIssue(input: {{ organisation: \"{OURS}\", idempotencyKey: \"x\", label: \"x\", role: OWNER }}) \
         {{ position }} }}"
    );
    assert_eq!(ask(&api, &own, &[OWN], &mutation).await.code(), "FORBIDDEN", "an accountant's session");
    let who = send(&api, Method::GET, "/session", &[("cookie", &own), OWN], Value::Null).await.json();
    assert_eq!((&who["organisation"], &who["role"]), (&json!(OURS), &json!("accountant")));
    assert_eq!(who["endsAt"], "2026-03-09T08:00:00Z");

    let out = send(&api, Method::DELETE, "/session", &[("cookie", &own), OWN], Value::Null).await;
    assert_eq!(out.status, 204);
    assert!(out.header("set-cookie").ends_with("; Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(ask(&api, &own, &[OWN], "{ __typename }").await.status, 401);
    let told = journal(&api, "SIGNED_IN, SIGNED_OUT").await;
    let kinds: Vec<&Value> = told.iter().map(|entry| &entry["kind"]).collect();
    assert_eq!(kinds, ["SIGNED_IN", "SIGNED_OUT"]);
    assert!(told.iter().all(|entry| entry["event"]["payload"]["about"].is_number()), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn however_it_is_wrong_the_answer_is_the_same() {
    let (api, now) = clocked();
    Venue::open(&api, OURS).await;
    Venue::open(&api.as_owner(THEIRS), THEIRS).await;
    let token = login(&api, OURS, "office@lagrange.example").await;
    let nowhere = "77777777-7777-4777-8777-777777777777";
    let mut seen = Vec::new();
    for (organisation, name, password) in [
        (OURS, "office@lagrange.example", "not the password"),
        (OURS, "office@lagrange.example", ""),
        (OURS, "nobody@lagrange.example", PASSWORD),
        (THEIRS, "office@lagrange.example", PASSWORD),
        (nowhere, "office@lagrange.example", PASSWORD),
        ("nonsense", "office@lagrange.example", PASSWORD),
    ] {
        let answer = sign_in(&api, organisation, name, password).await;
        assert_eq!(answer.status, 401, "{name} {password}");
        assert_eq!(answer.header("set-cookie"), "");
        seen.push(answer.body);
    }
    assert!(seen[0].contains("SIGN_IN_REFUSED"), "{}", seen[0]);
    assert!(seen.iter().all(|body| *body == seen[0]), "{seen:?}");
    // A login that was ended is nobody's.
    let fields = json!({ "token": token["id"] });
    api.record("tokenRevoke", input(OURS, "end", fields), "").await;
    assert_eq!(sign_in(&api, OURS, "office@lagrange.example", PASSWORD).await.body, seen[0]);
    // What is told of it: names and passwords are nowhere.
    pass(&now, 60);
    api.service.note_access(false).await;
    let told = journal(&api, "ACCESS_DENIED").await;
    let mut counts: Vec<(bool, u64)> = told
        .iter()
        .map(|entry| {
            let payload = &entry["event"]["payload"];
            assert_eq!(payload["reason"], "PasswordWrong");
            (payload["token"].is_null(), payload["count"].as_u64().unwrap())
        })
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [(false, 2), (true, 2)], "the login twice, names that are none here twice");
    for body in [
        json!({ "organisation": OURS }),
        json!([]),
        json!({ "organisation": OURS, "name": "x", "password": "y", "z": 1 }),
    ] {
        let answer = send(&api, Method::POST, "/session", &[OWN], body).await;
        assert_eq!((answer.status.as_u16(), answer.body.contains(OURS)), (400, false), "{}", answer.body);
    }
    let large = json!({ "organisation": OURS, "name": "x", "password": "y".repeat(5_000) });
    assert_eq!(send(&api, Method::POST, "/session", &[OWN], large).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_waits() {
    let (api, now) = clocked();
    Venue::open(&api, OURS).await;
    login(&api, OURS, "office@lagrange.example").await;
    for _ in 0..5 {
        assert_eq!(sign_in(&api, OURS, "office@lagrange.example", "wrong").await.status, 401);
    }
    // Also with the right password: a wait that a guess could end would tell that it was right.
    let answer = sign_in(&api, OURS, "office@lagrange.example", PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "1"), "{}", answer.body);
    pass(&now, 1);
    assert_eq!(sign_in(&api, OURS, "office@lagrange.example", "wrong").await.status, 401);
    let answer = sign_in(&api, OURS, "office@lagrange.example", PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "2"));
    pass(&now, 2);
    cookie(&api, PASSWORD).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_worth_nothing_on_a_page_of_others() {
    let (api, _) = clocked();
    Venue::open(&api, OURS).await;
    login(&api, OURS, "office@lagrange.example").await;
    let cookie = cookie(&api, PASSWORD).await;
    let query = "{ organisations { id } }";
    let host = ("host", "ledger.example");
    for (headers, status) in [
        (vec![], 403),
        (vec![("sec-fetch-site", "cross-site")], 403),
        (vec![("sec-fetch-site", "same-site")], 403),
        (vec![host, ("origin", "https://evil.example")], 403),
        (vec![host, ("origin", "null")], 403),
        (vec![host, ("origin", "https://ledger.example")], 200),
        (vec![OWN], 200),
    ] {
        let answer = ask(&api, &cookie, &headers, query).await;
        assert_eq!(answer.status.as_u16(), status, "{headers:?}: {}", answer.body);
        assert!(status == 200 || answer.code() == "CROSS_SITE", "{headers:?}");
        let file = format!("/documents/orders.csv?organisation={OURS}");
        let mut all = headers.clone();
        all.push(("cookie", &cookie));
        assert_eq!(send(&api, Method::GET, &file, &all, Value::Null).await.status.as_u16(), status);
        let out = send(&api, Method::GET, "/session", &all, Value::Null).await;
        assert_eq!(out.status.as_u16(), status);
    }
    // No page of others signs anybody in or out.
    let body = json!({ "organisation": OURS, "name": "office@lagrange.example", "password": PASSWORD });
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(send(&api, Method::POST, "/session", &foreign, body).await.status, 403);
    let out = [("sec-fetch-site", "cross-site"), ("cookie", cookie.as_str())];
    assert_eq!(send(&api, Method::DELETE, "/session", &out, Value::Null).await.status, 403);
    assert_eq!(ask(&api, &cookie, &[OWN], query).await.status, 200);
    // Forms are no JSON.
    let form = [("content-type", "text/plain"), OWN, ("cookie", cookie.as_str()), ("authorization", "")];
    let answer = api.send(request(Method::POST, "/graphql", &form, Body::from("{}"))).await;
    assert_eq!(answer.status, 415);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_with_its_time_its_login_and_its_password() {
    let (api, now) = clocked();
    Venue::open(&api, OURS).await;
    let token = login(&api, OURS, "office@lagrange.example").await;
    let open = async |cookie: &str| ask(&api, cookie, &[OWN], "{ __typename }").await.status == 200;
    let first = cookie(&api, PASSWORD).await;
    pass(&now, 3_599);
    assert!(open(&first).await);
    pass(&now, 3_600);
    assert!(!open(&first).await, "an hour without use");

    // The person changes the password: other sessions end, this one stays.
    let (mine, other) = (cookie(&api, PASSWORD).await, cookie(&api, PASSWORD).await);
    let change = async |password: &str, new: &str| {
        let body = json!({ "password": password, "newPassword": new });
        send(&api, Method::POST, "/session/password", &[OWN, ("cookie", &mine)], body).await
    };
    assert_eq!(change("not the password", "a second password").await.status, 401);
    let weak = change(PASSWORD, "short").await;
    assert_eq!(weak.status, 422);
    assert!(weak.body.contains("PASSWORD_WEAK"), "{}", weak.body);
    assert_eq!(change(PASSWORD, "a second password").await.status, 204);
    assert!(open(&mine).await && !open(&other).await);
    assert_eq!(sign_in(&api, OURS, "office@lagrange.example", PASSWORD).await.status, 401);

    // The owner sets another one: all end.
    let fields = json!({ "token": token["id"], "password": "a third password" });
    api.record("loginPasswordSet", input(OURS, "set", fields.clone()), "").await;
    assert!(!open(&mine).await);
    assert_eq!(journal(&api, "PASSWORD_CHANGED").await.len(), 2);
    let third = cookie(&api, "a third password").await;
    let refused =
        async |key: &str, fields: Value| api.refused("loginPasswordSet", input(OURS, key, fields)).await;
    let weak = json!({ "token": token["id"], "password": "short" });
    assert_eq!(refused("weak", weak).await, ("PASSWORD_WEAK".into(), json!(["password"])));
    assert!(open(&third).await, "what is refused changes nothing");

    // The login ends, and its session with it; somebody else may then have the name.
    api.record("tokenRevoke", input(OURS, "end", json!({ "token": token["id"] })), "").await;
    assert!(!open(&third).await);
    assert_eq!(refused("ended", fields).await, ("TOKEN_ENDED".into(), json!(["token"])));
    let again = json!({ "name": "OFFICE@lagrange.example", "password": "a fourth password", "label": "x", "role": "OWNER" });
    api.record("loginIssue", input(OURS, "again", again.clone()), "").await;
    let taken = api.refused("loginIssue", input(OURS, "taken", again)).await;
    assert_eq!(taken, ("LOGIN_TAKEN".into(), json!(["name"])));
    cookie(&api, "a fourth password").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_are_checked_and_told_to_nobody() {
    let (api, _) = clocked();
    Venue::open(&api, OURS).await;
    let fields = |name: &str, password: &str| json!({ "name": name, "password": password, "label": "x", "role": "OWNER" });
    for (name, password, code, field) in [
        (" ", PASSWORD, "TEXT_EMPTY", "name"),
        (&*"n".repeat(300), PASSWORD, "TEXT_TOO_LONG", "name"),
        ("office", "short", "PASSWORD_WEAK", "password"),
        ("a first passwor", "a first password", "PASSWORD_WEAK", "password"),
    ] {
        let refused = api.refused("loginIssue", input(OURS, code, fields(name, password))).await;
        assert_eq!(refused, (code.into(), json!([field])), "{name}");
    }
    let secret = json!({ "label": "x", "role": "OWNER" });
    let token = api.record("tokenIssue", input(OURS, "secret", secret), "token { id }").await;
    let set = json!({ "token": token["token"]["id"], "password": PASSWORD });
    assert_eq!(api.refused("loginPasswordSet", input(OURS, "set", set)).await.0, "TOKEN_NOT_LOGIN");
    let nobody = json!({ "token": "nonsense", "password": PASSWORD });
    assert_eq!(api.refused("loginPasswordSet", input(OURS, "nobody", nobody)).await.0, "TOKEN_UNKNOWN");
    // Repeated it is the same login; under another name it is another request.
    let first = login(&api, OURS, "office").await;
    let fields = json!({ "name": "OFFICE ", "password": PASSWORD, "label": "office", "role": "ACCOUNTANT" });
    let again = api.record("loginIssue", input(OURS, "login-office", fields), "token { id } replayed").await;
    assert_eq!((&again["replayed"], &again["token"]["id"]), (&json!(true), &first["id"]));
    // No byte of the log leads back to the name or the password.
    let mut log = Vec::new();
    let organisation = OrganisationId::parse(OURS).unwrap();
    api.ledger
        .log()
        .read(organisation, 0, &mut |record| {
            log.extend_from_slice(record.payload);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    for secret in [PASSWORD, "argon2"] {
        assert!(!log.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "{secret}");
    }
}
