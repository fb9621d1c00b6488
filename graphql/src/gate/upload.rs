//! `POST /gate/v1/scans`: what happened while the ledger could not be asked. Recorded whatever it is.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json as object;
use soticket_ledger::SubmitError;
use soticket_schema::ids::{GateId, ShowId, TicketId};
use tokio::task::JoinSet;

use super::fields::{Decided, Nonce, Way, instant};
use super::{Device, Fault, Presented, Read, UPLOAD_SCANS_MAX, json, record};
use crate::service::Service;

/// The request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Upload {
    /// The scans, in any order.
    scans: Vec<Scanned>,
}

/// A scan that a device decided by itself.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Scanned {
    /// The show whose entry was controlled.
    show: u64,
    /// The code as presented.
    code: String,
    /// The device's own name of the scan, 1 to 64 characters.
    nonce: Nonce,
    /// Device time.
    at: String,
    /// The gate; the credential's if absent.
    gate: Option<u32>,
    /// `ENTRY` or `EXIT`.
    #[serde(default)]
    direction: Way,
    /// `ADMITTED`, `REFUSED` or `UNSTATED`.
    #[serde(default)]
    decision: Decided,
    /// Whether the device was offline.
    #[serde(default = "yes")]
    offline: bool,
}

fn yes() -> bool {
    true
}

/// What became of one scan.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    /// `RECORDED`; `DUPLICATE` when it was there before; `KEPT_BACK` when it cannot be expressed: correct it.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Outcome {
    fn kept_back(fault: Fault) -> Self {
        let Fault { code, detail, .. } = fault;
        Self { status: "KEPT_BACK", position: None, ticket: None, code: Some(code), detail: Some(detail) }
    }
}

/// Records the scans and says of each, in their order, what became of it. An answer other than 200 leaves it open
/// which scans were recorded: send all of them again.
pub(crate) async fn upload(
    State(service): State<Arc<Service>>,
    device: Device,
    Read(upload): Read<Upload>,
) -> Result<Response<Body>, Fault> {
    if upload.scans.len() > UPLOAD_SCANS_MAX {
        return Err(Fault::bad(format!("scans: send at most {UPLOAD_SCANS_MAX} at a time.")));
    }
    let mut outcomes: Vec<Option<Outcome>> = Vec::new();
    outcomes.resize_with(upload.scans.len(), || None);
    // All at once: they become durable together.
    let mut running = JoinSet::new();
    for (place, scanned) in upload.scans.into_iter().enumerate() {
        let service = Arc::clone(&service);
        running.spawn(async move { (place, one(&service, &device, scanned).await) });
    }
    while let Some(done) = running.join_next().await {
        let (place, outcome) = done.map_err(|error| Fault::internal(&error))?;
        if let Some(slot) = outcomes.get_mut(place) {
            *slot = Some(outcome?);
        }
    }
    Ok(json(StatusCode::OK, &object!({ "scans": outcomes })))
}

async fn one(service: &Service, device: &Device, scanned: Scanned) -> Result<Outcome, Fault> {
    let presented = match presented(device, &scanned) {
        Ok(presented) => presented,
        Err(fault) => return Ok(Outcome::kept_back(fault)),
    };
    match record(&service.core, device, &presented, scanned.decision.into(), scanned.offline).await {
        Ok(recorded) => Ok(Outcome {
            status: if recorded.duplicate { "DUPLICATE" } else { "RECORDED" },
            position: recorded.position,
            ticket: recorded.ticket,
            code: None,
            detail: None,
        }),
        // An unknown show, or no code at all: there is nothing that could be recorded.
        Err(SubmitError::Rejected(rejection)) => Ok(Outcome::kept_back(rejection.into())),
        Err(error) => Err(error.into()),
    }
}

fn presented(device: &Device, scanned: &Scanned) -> Result<Presented, Fault> {
    Ok(Presented {
        shows: vec![ShowId(scanned.show)],
        code: scanned.code.clone(),
        gate: scanned.gate.map_or(device.gate, GateId),
        direction: scanned.direction.into(),
        nonce: scanned.nonce.text()?,
        at: Some(instant(&scanned.at)?),
        ignore_unpaid: false,
    })
}
