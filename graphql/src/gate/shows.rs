//! `GET /gate/v1/device` and `GET /gate/v1/shows`: who a device is, and what it may be asked to scan.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde_json::{Value, json as object};
use soticket_ledger::admission::{self, ShowTimes};
use soticket_projections::OrganisationViews;
use soticket_projections::catalogue::ShowInfo;
use soticket_schema::ids::GateId;

use super::{Device, Fault, json};
use crate::service::Service;

/// Who the device is and where it stands. `now` is the ledger's clock, to set the device's by.
pub(crate) async fn device(
    State(service): State<Arc<Service>>,
    device: Device,
) -> Result<Response<Body>, Fault> {
    let now = service.core.ledger.now();
    let answer = service.core.view(device.scope, |views| {
        let gates = views.catalogue.gates();
        Some(object!({
            "organisation": device.scope.organisation.to_string(),
            "device": device.actor,
            "label": views.catalogue.actor(device.actor)?.label,
            "gate": device.gate,
            "gates": gates.map(|(gate, name)| object!({ "number": gate, "name": name })).collect::<Vec<_>>(),
            "now": now.to_string(),
        }))
    });
    Ok(json(StatusCode::OK, &answer))
}

/// The shows whose scanning has not ended, with their rules as they stand for the device's gate.
pub(crate) async fn list(
    State(service): State<Arc<Service>>,
    device: Device,
) -> Result<Response<Body>, Fault> {
    let now = service.core.ledger.now();
    let shows = service.core.view(device.scope, |views| {
        let rules = |show: &ShowInfo| views.catalogue.access().rules(Some(show.show()));
        let open =
            views.catalogue.shows().filter(|show| admission::window(&rules(show), times(show)).1 >= now);
        Some(open.map(|show| described(views, show, device.gate)).collect::<Vec<_>>())
    });
    Ok(json(StatusCode::OK, &object!({ "shows": shows.unwrap_or_default(), "now": now.to_string() })))
}

pub(super) fn times(show: &ShowInfo) -> ShowTimes {
    ShowTimes { doors_at: show.scheduled.doors_at, starts_at: show.scheduled.starts_at }
}

/// A show with what a gate must know of it.
pub(super) fn described(views: &OrganisationViews, show: &ShowInfo, gate: GateId) -> Value {
    let access = views.catalogue.access();
    let rules = access.rules(Some(show.show()));
    let (from, until) = admission::window(&rules, times(show));
    let zones = show.scheduled.zones.iter().filter_map(|zone| views.catalogue.zone(zone.zone));
    object!({
        "show": show.show(),
        "reference": show.scheduled.reference,
        "title": show.scheduled.title,
        "doorsAt": show.scheduled.doors_at.to_string(),
        "startsAt": show.scheduled.starts_at.to_string(),
        "zones": zones.map(|zone| object!({ "number": zone.zone, "name": zone.name })).collect::<Vec<_>>(),
        "gate": gate,
        "admitsTo": access.zones(gate, Some(show.show())),
        "rules": {
            "from": from.to_string(),
            "until": until.to_string(),
            "reEntry": reentry_text(rules.re_entry),
            "passbackSeconds": rules.passback_seconds,
            "admitUnpaid": rules.admit_unpaid,
        },
    })
}

fn reentry_text(policy: soticket_schema::event::v1::ReEntry) -> async_graphql::Value {
    async_graphql::resolver_utils::enum_value(crate::types::access::ReEntryPolicy::from(policy))
}
