//! `checkinrpc/redeem`: a scan, decided now or reported with `force`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json as object};
use soticket_ledger::SubmitError;
use soticket_schema::event::v1::{Direction, GateDecision, ScanReason};
use soticket_schema::ids::{ShowId, TicketId};
use soticket_schema::{RejectionCode, Timestamp};

use super::position::position;
use super::{lists, own};
use crate::core::Core;
use crate::gate::{Device, Fault, Judgement, Presented, Read, decide, instruction, json, record};
use crate::scalar::LogPosition;
use crate::service::Service;

/// The request. Questions and exchanges for media do not exist here: their fields are ignored, as the protocol has it.
#[derive(Deserialize)]
pub(crate) struct Redeem {
    secret: String,
    #[serde(default = "barcode")]
    source_type: String,
    lists: Vec<u64>,
    #[serde(rename = "type", default)]
    kind: Kind,
    datetime: Option<String>,
    #[serde(default)]
    force: bool,
    #[serde(default)]
    ignore_unpaid: bool,
    nonce: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    #[default]
    Entry,
    Exit,
}

fn barcode() -> String {
    "barcode".to_owned()
}

/// Answers 201 for a ticket that passes, 404 for a code of nobody's and 400 for what else is wrong.
pub(crate) async fn redeem(
    State(service): State<Arc<Service>>,
    Path(organizer): Path<String>,
    device: Device,
    Read(asked): Read<Redeem>,
) -> Result<Response<Body>, Fault> {
    own(&organizer, &device)?;
    let core = &service.core;
    if asked.source_type != "barcode" {
        return Ok(refused("medium_invalid", None, Value::Null));
    }
    let presented = match presented(core, &device, &asked) {
        Ok(presented) => presented,
        Err(fields) => return Ok(json(StatusCode::BAD_REQUEST, &fields)),
    };
    if asked.force {
        return happened(core, &device, presented).await;
    }
    match decide(core, &device, &presented).await {
        Ok(judgement) => decided(core, &device, &presented, &judgement).await,
        // The nonce of another request about the same code: what that one was told cannot be said again.
        Err(SubmitError::Rejected(rejection)) if rejection.code == RejectionCode::IdempotencyKeyReused => {
            Ok(refused("error", Some(rejection.to_string()), Value::Null))
        }
        Err(error) => Err(error.into()),
    }
}

/// The scan, or which fields cannot be used.
fn presented(core: &Core, device: &Device, asked: &Redeem) -> Result<Presented, Value> {
    let mut shows: Vec<ShowId> = asked.lists.iter().copied().map(ShowId).collect();
    shows.dedup();
    if shows.is_empty() {
        return Err(object!({ "lists": ["This list may not be empty."] }));
    }
    let known =
        |show: &ShowId| core.view(device.scope, |views| views.catalogue.show(*show).map(|_| ())).is_some();
    if let Some(unknown) = shows.iter().find(|show| !known(show)) {
        return Err(object!({ "lists": [format!("There is no check-in list {unknown}.")] }));
    }
    let at = asked.datetime.as_deref().map(Timestamp::parse).transpose();
    let at = at.map_err(|error| object!({ "datetime": [error.to_string()] }))?;
    let direction = match asked.kind {
        Kind::Entry => Direction::Entry,
        Kind::Exit => Direction::Exit,
    };
    Ok(Presented {
        shows,
        code: asked.secret.clone(),
        gate: device.gate,
        direction,
        nonce: asked.nonce.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string()),
        at,
        ignore_unpaid: asked.ignore_unpaid,
    })
}

/// Records what the scanner says has happened.
async fn happened(core: &Core, device: &Device, mut presented: Presented) -> Result<Response<Body>, Fault> {
    // The show that knows the code goes first.
    let organisation = device.scope.organisation;
    let code = core.ledger.code_hash(organisation, &presented.code);
    let own = core.view(device.scope, |views| {
        presented.shows.iter().copied().find(|show| views.attendance.has_code(*show, code))
    });
    let show = own.or_else(|| presented.shows.first().copied()).unwrap_or_default();
    presented.shows = vec![show];
    // Without a time of the device's it has happened just now.
    presented.at = presented.at.or_else(|| Some(core.ledger.now()));
    let recorded = record(core, device, &presented, GateDecision::Admitted, true).await?;
    if let Some(position) = recorded.position {
        core.reach(organisation, LogPosition(position))
            .await
            .map_err(|error| Fault::internal(&error.message))?;
    }
    // A ticket of this show, whatever its state; a repetition in other words is known by its code.
    let known = recorded.ticket.is_some() || own.is_some();
    if !known {
        return Ok(unknown(None));
    }
    Ok(accepted(core, device, show, recorded.ticket, &presented.code))
}

async fn decided(
    core: &Core,
    device: &Device,
    presented: &Presented,
    judgement: &Judgement,
) -> Result<Response<Body>, Fault> {
    let reached = core.reach(device.scope.organisation, LogPosition(judgement.position)).await;
    reached.map_err(|error| Fault::internal(&error.message))?;
    if judgement.admitted() {
        return Ok(accepted(core, device, judgement.show, judgement.ticket, &presented.code));
    }
    let words = serde_json::to_value(instruction(judgement.reason, presented.direction)).unwrap_or_default();
    let said = words["fr"].as_str().map(str::to_owned);
    let reason = match judgement.reason {
        ScanReason::UnknownCode | ScanReason::Forged | ScanReason::WrongShow => return Ok(unknown(said)),
        ScanReason::Ambiguous => "ambiguous",
        ScanReason::Cancelled => "canceled",
        ScanReason::Unpaid => "unpaid",
        ScanReason::TooEarly | ScanReason::TooLate => "invalid_time",
        ScanReason::WrongZone => "product",
        ScanReason::AlreadyInside | ScanReason::AlreadyUsed => "already_redeemed",
        ScanReason::TooSoon => "rules",
        ScanReason::CodeReplaced => "revoked",
        ScanReason::Valid | ScanReason::NotInside => "error",
    };
    let details = details(core, device, judgement.show, judgement.ticket, &presented.code);
    Ok(refused(reason, said, details))
}

fn details(core: &Core, device: &Device, show: ShowId, ticket: Option<TicketId>, secret: &str) -> Value {
    let scope = device.scope;
    let found = core.view(scope, |views| {
        let position = ticket.and_then(|ticket| position(views, ticket, secret, scope.currency));
        Some(object!({ "list": lists::excerpt(views, show), "position": position }))
    });
    found.unwrap_or_default()
}

fn accepted(
    core: &Core,
    device: &Device,
    show: ShowId,
    ticket: Option<TicketId>,
    secret: &str,
) -> Response<Body> {
    let answer = object!({ "status": "ok", "require_attention": false, "checkin_texts": [] });
    json(StatusCode::CREATED, &merged(answer, details(core, device, show, ticket, secret)))
}

fn refused(reason: &str, explanation: Option<String>, details: Value) -> Response<Body> {
    json(StatusCode::BAD_REQUEST, &merged(error(reason, explanation), details))
}

fn unknown(explanation: Option<String>) -> Response<Body> {
    let detail = object!({ "detail": "Not found." });
    json(StatusCode::NOT_FOUND, &merged(error("invalid", explanation), detail))
}

fn error(reason: &str, explanation: Option<String>) -> Value {
    object!({
        "status": "error",
        "reason": reason,
        "reason_explanation": explanation,
        "require_attention": false,
        "checkin_texts": [],
    })
}

fn merged(mut answer: Value, details: Value) -> Value {
    if let (Value::Object(answer), Value::Object(details)) = (&mut answer, details) {
        answer.extend(details);
    }
    answer
}
