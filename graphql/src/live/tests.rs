//! Who is let in at the one entrance, and for how long.

use std::sync::Arc;

use axum::http::Request;
use serde_json::{Value, json};
use soticket_ledger::Ledger;
use soticket_ledger::clock::system_clock;
use soticket_projections::{Options, Projections};

use super::entrance::Arrival;
use crate::access::{Denied, Role};
use crate::{ConfiguredToken, Service};

const TOKEN: &str = "the-token-of-the-administrator-in-tests";
const OTHER: &str = "another-token-of-32-characters-or-so";

/// A service that lets nobody in.
fn closed() -> Arc<Service> {
    let ledger = Ledger::in_memory(system_clock()).unwrap();
    let projections = Projections::start(ledger.clone(), Options::default()).unwrap();
    Service::new(ledger, projections)
}

fn service() -> Arc<Service> {
    let service = closed();
    service.admit(&ConfiguredToken::administrator(TOKEN).unwrap());
    service
}

fn admitted(service: &Service, header: Option<&str>, init: Option<Value>) -> Result<Role, Denied> {
    let mut request = Request::get("/graphql");
    if let Some(header) = header {
        request = request.header("authorization", header);
    }
    let arrival = Arrival::of(&service.core, &request.body(()).unwrap());
    arrival.admit(&service.core, init.as_ref()).map(|pass| pass.principal.role)
}

#[test]
fn a_token_lets_in_wherever_it_is_stated_and_the_message_counts_more_than_the_header() {
    let service = service();
    let (good, bad) = (format!("Bearer {TOKEN}"), format!("Bearer {OTHER}"));
    let administrator = Ok(Role::CooperativeAdministrator);
    assert_eq!(admitted(&service, Some(&good), None), administrator);
    assert_eq!(admitted(&service, None, Some(json!({ "authorization": good }))), administrator);
    assert_eq!(admitted(&service, Some(&bad), Some(json!({ "Authorization": good }))), administrator);
    assert_eq!(admitted(&service, Some(&good), Some(json!({ "authorization": bad }))), Err(Denied::Unknown));
    for init in [None, Some(json!(null)), Some(json!([TOKEN])), Some(json!({ "authorization": TOKEN }))] {
        assert_eq!(admitted(&service, None, init), Err(Denied::Unknown));
    }
}

#[test]
fn a_pass_holds_while_its_token_does_and_is_never_printed() {
    let service = service();
    let request =
        Request::get("/graphql").header("authorization", format!("Bearer {TOKEN}")).body(()).unwrap();
    let pass = Arrival::of(&service.core, &request).admit(&service.core, None).unwrap();
    assert!(pass.holds(&service.core));
    assert!(!format!("{pass:?}").contains(TOKEN));
    assert!(!pass.holds(&closed().core), "what lets in here lets in nowhere else");
}
