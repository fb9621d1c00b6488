//! `POST /gate/v1/redeem`: the ledger decides for the person at the gate.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json as object;
use soticket_projections::OrganisationViews;
use soticket_schema::event::v1::ScanReason;
use soticket_schema::ids::{GateId, ShowId, TicketId};

use super::fields::{Nonce, Way, instant};
use super::{Device, Fault, Judgement, Presented, Read, decide, instruction, json};
use crate::scalar::LogPosition;
use crate::service::Service;

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Redeem {
    /// The shows whose entry is controlled.
    shows: Vec<u64>,
    /// The code as presented.
    code: String,
    /// The device's own name of the scan, 1 to 64 characters.
    nonce: Nonce,
    /// The gate; the credential's if absent.
    gate: Option<u32>,
    /// `ENTRY` or `EXIT`.
    #[serde(default)]
    direction: Way,
    /// Device time, if the ledger could not be reached at once.
    at: Option<String>,
    /// Whether a ticket that is not paid enters all the same.
    #[serde(default)]
    ignore_unpaid: bool,
}

/// Answers with the decision, its reason and what to do; 200 whatever it is.
pub(crate) async fn redeem(
    State(service): State<Arc<Service>>,
    device: Device,
    Read(asked): Read<Redeem>,
) -> Result<Response<Body>, Fault> {
    let presented = Presented {
        shows: asked.shows.into_iter().map(ShowId).collect(),
        code: asked.code,
        gate: asked.gate.map_or(device.gate, GateId),
        direction: asked.direction.into(),
        nonce: asked.nonce.text()?,
        at: asked.at.as_deref().map(instant).transpose()?,
        ignore_unpaid: asked.ignore_unpaid,
    };
    let judgement = decide(&service.core, &device, &presented).await?;
    if !judgement.admitted() {
        // Why it is refused may have happened a moment ago; a refusal can wait for the read models, and does without them
        // if they take too long.
        let _ = service.core.reach(device.scope.organisation, LogPosition(judgement.position)).await;
    }
    let details = service.core.view(device.scope, |views| details(views, &judgement));
    let answer = object!({
        "admitted": judgement.admitted(),
        "reason": reason_text(judgement.reason),
        "message": instruction(judgement.reason, presented.direction),
        "show": judgement.show,
        "ticket": details,
        "at": judgement.at.to_string(),
        "position": judgement.position,
        "replayed": judgement.replayed,
    });
    Ok(json(StatusCode::OK, &answer))
}

/// The ticket, where it belongs, and when it first came if it has.
fn details(views: &OrganisationViews, judgement: &Judgement) -> Option<serde_json::Value> {
    let ticket: TicketId = judgement.ticket?;
    let known = views.orders.ticket(ticket)?;
    let zone = views.catalogue.zone(known.zone)?;
    let seat = known.seat.and_then(|seat| zone.seats.get(usize::try_from(seat.0).ok()?));
    let tariff = views.catalogue.tariff(known.tariff).map(|tariff| tariff.terms.name.as_str());
    let entered = views.attendance.show(known.show).and_then(|show| show.presence(ticket).copied());
    // Of a ticket that is let in now, the entry is this one.
    let entered = entered.filter(|_| !judgement.admitted()).map(|presence| presence.entered_at.to_string());
    Some(object!({
        "number": ticket,
        "show": known.show,
        "zone": { "number": known.zone, "name": zone.name },
        "seat": seat,
        "tariff": tariff,
        "enteredAt": entered,
    }))
}

/// The reason as GraphQL names it.
pub(crate) fn reason_text(reason: ScanReason) -> async_graphql::Value {
    async_graphql::resolver_utils::enum_value(crate::types::access::ScanReason::from(reason))
}
