//! Profiles, consents, segments, and what is given out of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use serde_json::{Value, json};
use soticket_schema::OrganisationId;
use support::Api;
use support::venue::{OURS, THEIRS, Venue};

const READ: &str = "customer { id person { email name telephone language postalCode country }
    profileChanges { set cleared byPerson }
    consents { purpose { purposeKey } state last { version source } }
    consentHistory { given version source occurredAt } lastContactAt orderCount }";

async fn change(api: &Api, venue: &Venue, key: &str, fields: Value) -> Value {
    api.record("profileChange", venue.input(key, fields), READ).await["customer"].clone()
}

async fn purpose(api: &Api, venue: &Venue, key: &str) -> Value {
    let terms = json!({ "name": key, "wording": format!("I agree to {key}.") });
    let input = venue.input(&format!("register {key}"), json!({ "purposeKey": key, "terms": terms }));
    api.record("purposeRegister", input, "purpose { id }").await["purpose"]["id"].clone()
}

async fn says(api: &Api, venue: &Venue, key: &str, subject: &Value, purpose: &Value, given: bool) -> Value {
    let fields = json!({ "subject": subject, "purpose": purpose, "given": given, "source": "WEB_FORM" });
    api.record("consentRecord", venue.input(key, fields), READ).await
}

async fn buy(api: &Api, venue: &Venue, key: &str, email: &str, count: usize) -> Value {
    let mut sale = venue.sale(key, count);
    sale["buyer"] = json!({ "email": email });
    let placed = api.record("orderPlace", sale, "order { id }").await;
    let query = "query($o: ID!, $p: LogPosition, $e: String!) { organisation(id: $o, minPosition: $p) {
        customerByEmail(email: $e) { id } } }";
    let variables = json!({ "o": venue.organisation, "p": placed["position"], "e": email });
    api.data(query, variables).await["organisation"]["customerByEmail"]["id"].clone()
}

/// Waits until the read models have everything that is in the log.
fn settle(api: &Api) {
    let organisation = OrganisationId::parse(OURS).unwrap();
    let last = api.ledger.head(organisation).unwrap().length - 1;
    assert!(api.projections.wait_for_blocking(organisation, last, Duration::from_secs(20)));
}

/// Files with personal data in the audit journal.
async fn noted(api: &Api, organisation: &str) -> Vec<Value> {
    settle(api);
    let query = "query($o: ID!) { organisation(id: $o) { events(last: 100) { nodes { kind payload } } } }";
    let read = api.data(query, json!({ "o": organisation })).await;
    let events = read["organisation"]["events"]["nodes"].as_array().unwrap().clone();
    let of = |event: &Value| event["kind"] == "PERSONAL_DATA_READ" && event["payload"]["access"] != "Viewed";
    events.iter().filter(|event| of(event)).map(|event| event["payload"].clone()).collect()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() { (byte as char).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_is_in_the_vault_and_its_changes_are_in_the_log() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let fields =
        json!({ "email": "ada@example.org", "country": "FR", "postalCode": "35000", "byPerson": true });
    let ada = change(&api, &venue, "new", fields).await;
    assert_eq!(ada["person"]["postalCode"], "35000");
    assert_eq!(ada["profileChanges"][0]["set"], json!(["EMAIL", "POSTAL_CODE", "COUNTRY"]));
    assert!(ada["lastContactAt"].is_string() && ada["orderCount"] == 0, "{ada}");
    // A purchase with the same e-mail is the same person's.
    assert_eq!(buy(&api, &venue, "sale", "ADA@example.org", 1).await, ada["id"]);
    let fields =
        json!({ "subject": ada["id"], "name": "Ada", "country": "", "telephone": "+33 6 12 34 56 78" });
    let changed = change(&api, &venue, "staff", fields).await;
    assert_eq!((&changed["person"]["name"], &changed["person"]["country"]), (&json!("Ada"), &json!("")));
    let entry = json!({ "set": ["NAME", "TELEPHONE"], "cleared": ["COUNTRY"], "byPerson": false });
    assert_eq!(changed["profileChanges"][1], entry);
    let bo = change(&api, &venue, "bo", json!({ "email": "bo@example.org" })).await;
    let refused = |fields: Value, key: &str| api.refused("profileChange", venue.input(key, fields));
    let taken = refused(json!({ "subject": bo["id"], "email": "ada@example.org" }), "taken").await;
    assert_eq!(taken, ("EMAIL_TAKEN".to_owned(), json!(["email"])));
    let code = refused(json!({ "subject": bo["id"], "postalCode": "x" }), "code").await;
    assert_eq!(code, ("POSTAL_CODE_INVALID".to_owned(), json!(["postalCode"])));
    assert_eq!(refused(json!({}), "nothing").await, ("PROFILE_EMPTY".to_owned(), Value::Null));
    let viewed =
        "query($o: ID!) { organisation(id: $o) { customers(first: 9) { nodes { person { email } } } } }";
    api.data(viewed, json!({ "o": OURS })).await;
    settle(&api);
    let query = "query($o: ID!) { organisation(id: $o) { journal(last: 1, kinds: [PERSONAL_DATA_READ]) {
        nodes { event { payload } } } } }";
    let journal = api.data(query, json!({ "o": OURS })).await;
    let note = &journal["organisation"]["journal"]["nodes"][0]["event"]["payload"];
    assert_eq!(
        (&note["access"], &note["subjects"], &note["subject"]),
        (&json!("Viewed"), &json!(2), &Value::Null)
    );
    // No value is anywhere in the log.
    let query = "query($o: ID!) { organisation(id: $o) { events(last: 100) { nodes { payload } } } }";
    let log = api.data(query, json!({ "o": OURS })).await.to_string();
    for secret in ["ada@", "35000", "+33", "Ada", "bo@"] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_latest_word_counts_whenever_it_was_recorded() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let news = purpose(&api, &venue, "newsletter").await;
    let ada = change(&api, &venue, "ada", json!({ "email": "ada@example.org" })).await["id"].clone();
    let state = |payload: &Value| payload["customer"]["consents"][0]["state"].clone();
    assert_eq!(state(&says(&api, &venue, "yes", &ada, &news, true).await), "GIVEN");
    assert_eq!(state(&says(&api, &venue, "no", &ada, &news, false).await), "WITHDRAWN");
    let paper = json!({ "subject": ada, "purpose": news, "given": true, "source": "PAPER",
        "occurredAt": "2026-02-01T12:00:00+01:00" });
    let payload = api.record("consentRecord", venue.input("paper", paper), READ).await;
    assert_eq!(state(&payload), "WITHDRAWN", "what was signed before does not undo it");
    let history = payload["customer"]["consentHistory"].as_array().unwrap();
    let said: Vec<_> =
        history.iter().map(|entry| (entry["given"].clone(), entry["source"].clone())).collect();
    let web = || json!("WEB_FORM");
    assert_eq!(said, [(json!(true), json!("PAPER")), (json!(true), web()), (json!(false), web())]);
    let terms = json!({ "name": "News", "wording": "I agree to more." });
    let change = venue.input("reword", json!({ "purpose": news, "terms": terms }));
    let selection = "purpose { name open wordings { version text } }";
    let purpose = api.record("purposeChange", change, selection).await["purpose"].clone();
    assert_eq!(purpose["wordings"][1], json!({ "version": 2, "text": "I agree to more." }));
    let again = says(&api, &venue, "again", &ada, &news, true).await;
    assert_eq!(again["customer"]["consents"][0]["last"], json!({ "version": 2, "source": "WEB_FORM" }));
    // Nobody of another organisation's is anybody here.
    let theirs = Venue::open(&api, THEIRS).await;
    let input =
        theirs.input("x", json!({ "subject": ada, "purpose": news, "given": true, "source": "LINK" }));
    let refused = api.as_owner(THEIRS).refused("consentRecord", input).await;
    assert_eq!(refused.0, "SUBJECT_UNKNOWN");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_segment_is_counted_sorted_and_given_out_to_those_who_agree() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let (news, partners) =
        (purpose(&api, &venue, "newsletter").await, purpose(&api, &venue, "partners").await);
    let mut people = Vec::new();
    for (name, count) in [("ada", 1), ("bo", 3), ("cleo", 2)] {
        people.push(buy(&api, &venue, name, &format!("{name}@example.org"), count).await);
        says(&api, &venue, &format!("{name} agrees"), people.last().unwrap(), &news, true).await;
    }
    let dora = change(&api, &venue, "dora", json!({ "email": "dora@example.org", "name": "=1+1" })).await;
    let query = "query($o: ID!, $c: CustomerCriteria, $p: ID!, $after: String) { organisation(id: $o) {
        customerSegment(criteria: $c) { count consenting(purpose: $p)
        customers(first: 2, after: $after, orderBy: SPEND) { pageInfo { hasNextPage endCursor } nodes { id spend { amount } } } } } }";
    let ask = async |criteria: Value, after: Value| {
        let variables = json!({ "o": OURS, "c": criteria, "p": news, "after": after });
        api.data(query, variables).await["organisation"]["customerSegment"].clone()
    };
    let all = ask(json!({}), Value::Null).await;
    assert_eq!((&all["count"], &all["consenting"]), (&json!(4), &json!(3)));
    let buyers = ask(json!({ "spendFrom": "24.00" }), Value::Null).await;
    let spend = |segment: &Value| -> Vec<Value> {
        let nodes = segment["customers"]["nodes"].as_array().unwrap();
        nodes.iter().map(|node| node["spend"]["amount"].clone()).collect()
    };
    assert_eq!((&buyers["count"], spend(&buyers)), (&json!(3), vec![json!("24.00"), json!("48.00")]));
    let rest =
        ask(json!({ "spendFrom": "24.00" }), buyers["customers"]["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(spend(&rest), ["72.00"]);
    assert_eq!(ask(json!({ "spendFrom": "24.00", "spendBelow": "72.00" }), Value::Null).await["count"], 2);
    assert_eq!(ask(json!({ "bought": false }), Value::Null).await["customers"]["nodes"][0]["id"], dora["id"]);
    assert_eq!(ask(json!({ "shows": [venue.show] }), Value::Null).await["count"], 3);
    assert_eq!(ask(json!({ "shows": [venue.show], "attended": true }), Value::Null).await["count"], 0);
    assert_eq!(
        ask(json!({ "reducedFrom": 2, "reducedTariffs": [venue.full] }), Value::Null).await["count"],
        2
    );
    let wrong = api.ask(query, json!({ "o": OURS, "c": { "spendFrom": "1.234" }, "p": news })).await;
    assert_eq!(wrong.code(), "BAD_USER_INPUT");

    // Between the count and the file somebody withdraws, and somebody else is erased.
    says(&api, &venue, "bo withdraws", &people[1], &news, false).await;
    let erase = json!({ "subject": people[2], "reason": "REQUEST", "waived": true });
    api.record("subjectErase", venue.input("erase", erase), "").await;
    says(&api, &venue, "dora agrees", &dora["id"], &news, true).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let path = |file: &str, purpose: &Value, criteria: &str| {
        let criteria = encoded(criteria);
        format!("/customers/{OURS}/{file}?lang=en&purpose={}&criteria={criteria}", text(purpose))
    };
    let file = api.get(&path("segment.csv", &news, "{}"), &[]).await;
    assert_eq!((file.status.as_u16(), file.header("soticket-left-out-count")), (200, "1"), "{}", file.body);
    assert_eq!((file.header("soticket-segment-count"), file.header("soticket-consenting-count")), ("3", "2"));
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.body.contains("ada@example.org") && file.body.contains("dora@example.org"), "{}", file.body);
    assert!(!file.body.contains("bo@") && !file.body.contains("cleo@"), "{}", file.body);
    assert!(file.body.contains("'=1+1"), "a name is no formula: {}", file.body);
    let lines = api.get(&path("segment.jsonl", &news, r#"{"spendFrom":"1.00"}"#), &[]).await;
    let line: Value = serde_json::from_str(lines.body.trim()).unwrap();
    assert_eq!((&line["email"], &line["spend"]), (&json!("ada@example.org"), &json!("24.00")));
    let nobody = api.get(&path("segment.jsonl", &partners, "{}"), &[]).await;
    assert_eq!((nobody.body.as_str(), nobody.header("soticket-consenting-count")), ("", "0"));

    let notes = noted(&api, OURS).await;
    let counts: Vec<_> =
        notes.iter().map(|note| (note["access"].clone(), note["subjects"].clone())).collect();
    let segment = || json!("Segment");
    assert_eq!(counts, [(segment(), json!(2)), (segment(), json!(1)), (segment(), json!(0))]);

    for (query, code) in [
        (path("segment.csv", &venue.show.clone().into(), "{}"), "BAD_USER_INPUT"),
        (path("segment.csv", &news, "{"), "BAD_USER_INPUT"),
        (path("segment.csv", &news, r#"{"spend":1}"#), "BAD_USER_INPUT"),
        (path("segment.doc", &news, "{}"), "FILE_UNKNOWN"),
        (path("segment.csv", &news, "{}").replace(OURS, THEIRS), "ORGANISATION_UNKNOWN"),
    ] {
        let refused = api.get(&query, &[]).await;
        assert!(refused.status.is_client_error() && refused.body.contains(code), "{query}: {}", refused.body);
    }
    assert_eq!(noted(&api, OURS).await.len(), 3, "what was refused was not read");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_takes_everything_along_and_nobody_elses_reference() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let news = purpose(&api, &venue, "newsletter").await;
    let ada = buy(&api, &venue, "sale", "ada@example.org", 2).await;
    says(&api, &venue, "yes", &ada, &news, true).await;
    let query = "query($o: ID!, $c: ID!) { organisation(id: $o) { customer(id: $c) { portabilityPath
        orders { tickets { id codes } } } } }";
    let read = api.data(query, json!({ "o": OURS, "c": ada })).await["organisation"]["customer"].clone();
    let ticket = &read["orders"][0]["tickets"][0];
    let transfer =
        venue.input("hand on", json!({ "ticket": ticket["id"], "to": { "email": "bo@example.org" } }));
    api.record("ticketTransfer", transfer, "").await;
    let path = read["portabilityPath"].as_str().unwrap().to_owned();
    let file = api.get(&path, &[]).await;
    assert_eq!(file.status.as_u16(), 200, "{}", file.body);
    let person = file.json();
    assert_eq!(
        (&person["format"], &person["profile"]["email"]),
        (&json!("soticket-person/1"), &json!("ada@example.org"))
    );
    assert_eq!(person["consents"][0]["wording"], "I agree to newsletter.");
    assert_eq!(
        (&person["totals"]["spend"], &person["orders"][0]["tickets"][1]["price"]),
        (&json!("48.00"), &json!("24.00"))
    );
    assert_eq!(person["codes"].as_array().unwrap().len(), 1, "the other ticket is somebody else's");
    let kinds: Vec<&str> =
        person["records"].as_array().unwrap().iter().map(|of| of["event"].as_str().unwrap()).collect();
    for kind in ["OrderPlaced", "PaymentRecorded", "ConsentGiven", "TicketTransferred"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let query = "query($o: ID!) { organisation(id: $o) { customerByEmail(email: \"bo@example.org\") { portabilityPath } } }";
    let bo = api.data(query, json!({ "o": OURS })).await["organisation"]["customerByEmail"].clone();
    let bo = api.get(bo["portabilityPath"].as_str().unwrap(), &[]).await.json();
    let (own, other) = (bo["reference"].as_str().unwrap(), person["reference"].as_str().unwrap());
    assert!(!file.body.contains(own) && !bo.to_string().contains(other), "references of others are left out");
    assert_eq!(bo["received_tickets"].as_array().unwrap().len(), 1);
    let kinds: Vec<_> = bo["records"].as_array().unwrap().iter().map(|of| of["event"].clone()).collect();
    assert_eq!(kinds, ["TicketTransferred"], "the order is its buyer's");
    let notes = noted(&api, OURS).await;
    assert_eq!(
        (notes.len(), &notes[0]["access"], &notes[0]["subject"]),
        (2, &json!("Portability"), &json!(other))
    );
    let unknown = api.get(&path.replace(OURS, THEIRS), &[]).await;
    assert_eq!(unknown.status.as_u16(), 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_says_before_what_is_in_its_way_and_what_it_leaves() {
    let api = Api::ticking();
    let venue = Venue::open(&api, OURS).await;
    let news = purpose(&api, &venue, "newsletter").await;
    let ada = buy(&api, &venue, "sale", "ada@example.org", 1).await;
    says(&api, &venue, "yes", &ada, &news, true).await;
    let mut unpaid = venue.sale("unpaid", 1);
    unpaid["buyer"] = json!({ "email": "ada@example.org" });
    unpaid.as_object_mut().unwrap().remove("payment");
    let placed = api.record("orderPlace", unpaid, "order { tickets { id } }").await;
    let query = "query($o: ID!, $c: ID!, $p: LogPosition) { organisation(id: $o, minPosition: $p) { customer(id: $c) {
        erasure { openMatters { error { code } waivable } kept { recordKey until legalBasis uncertain } } } } }";
    let variables = json!({ "o": OURS, "c": ada, "p": placed["position"] });
    let outlook = api.data(query, variables).await["organisation"]["customer"]["erasure"].clone();
    let matter = |code: &str, waivable| json!({ "error": { "code": code }, "waivable": waivable });
    let matters = json!([matter("SUBJECT_HOLDS_TICKETS", true), matter("SUBJECT_MONEY_OPEN", false)]);
    assert_eq!(outlook["openMatters"], matters);
    let kept: Vec<_> = outlook["kept"].as_array().unwrap().iter().map(|of| of["recordKey"].clone()).collect();
    assert_eq!(kept, ["fr.accounting", "fr.tax", "fr.consent-proof"]);
    assert_eq!(outlook["kept"][0]["until"], "2036-12-31T23:00:00Z", "ten years after the fiscal year");
    let set = json!({ "class": "PROSPECT", "months": 12, "source": "DPO, 2026-05-04" });
    api.record("retentionSet", venue.input("retention", set), "organisation { id }").await;
    let query = "query($o: ID!) { organisation(id: $o) { retentionDue { count }
        retentionPeriods { class months atLeast position } } }";
    let read = api.data(query, json!({ "o": OURS })).await["organisation"].clone();
    let months: Vec<_> =
        read["retentionPeriods"].as_array().unwrap().iter().map(|of| of["months"].clone()).collect();
    assert_eq!(
        (months, &read["retentionDue"]["count"]),
        (vec![json!(12), json!(36), json!(120), json!(72), json!(60)], &json!(0))
    );
}
