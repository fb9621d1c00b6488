//! How a scanner gets its token, says what it is, changes its token and gives it up.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json as object};
use soticket_schema::command::{ReplaceCredential, RevokeCredential};
use soticket_schema::ids::CredentialId;
use soticket_schema::{Command, CommandBody, Event};

use crate::core::Core;
use crate::gate::{AuthFault, Device, Fault, Read, Token, device_of, json};
use crate::scalar::LogPosition;
use crate::service::Service;

/// The request to initialise; what a scanner says about its hardware is not kept.
#[derive(Deserialize)]
pub(crate) struct Initialize {
    token: String,
}

/// Changes the token that was given out for one that only the scanner knows. Each token can be used once.
pub(crate) async fn initialize(
    State(service): State<Arc<Service>>,
    Read(asked): Read<Initialize>,
) -> Result<Response<Body>, Fault> {
    let said = |reason: &str| json(StatusCode::BAD_REQUEST, &object!({ "token": [reason] }));
    match device_of(&service.core, &asked.token) {
        Ok(device) => renewed(&service.core, &device).await,
        Err(AuthFault::Unknown) => Ok(said("Unknown initialization token.")),
        Err(AuthFault::Ended) => Ok(said("This initialization token has already been used.")),
    }
}

/// Takes note of nothing, and says who the device is.
pub(crate) async fn update(
    State(service): State<Arc<Service>>,
    device: Device,
) -> Result<Response<Body>, Fault> {
    Ok(json(StatusCode::OK, &described(&service.core, &device, device.credential)))
}

/// Gives the device another token; the old one is worth nothing any more.
pub(crate) async fn roll(
    State(service): State<Arc<Service>>,
    device: Device,
) -> Result<Response<Body>, Fault> {
    renewed(&service.core, &device).await
}

/// Ends the device's credential.
pub(crate) async fn revoke(
    State(service): State<Arc<Service>>,
    device: Device,
) -> Result<Response<Body>, Fault> {
    let body = CommandBody::RevokeCredential(RevokeCredential { credential: device.credential });
    let receipt = service.core.ledger.try_submit(command(&device, "revoke", body)).await?;
    reached(&service.core, &device, receipt.position()).await?;
    Ok(json(StatusCode::OK, &described(&service.core, &device, device.credential)))
}

async fn renewed(core: &Core, device: &Device) -> Result<Response<Body>, Fault> {
    let organisation = device.scope.organisation;
    let (secret, hash) = core.ledger.device_secret(organisation);
    let body = CommandBody::ReplaceCredential(ReplaceCredential { credential: device.credential, hash });
    let receipt = core.ledger.try_submit(command(device, "replace", body)).await?;
    let issued = receipt.entries().iter().find_map(|entry| match &entry.event {
        Event::CredentialIssued(issued) => Some(issued.credential),
        _ => None,
    });
    // Two that ask at the same time: the secret of the first is the one that counts.
    let credential = issued.filter(|_| !receipt.replayed).ok_or(AuthFault::Ended)?;
    reached(core, device, receipt.position()).await?;
    let mut answer = described(core, device, credential);
    answer["api_token"] = object!(Token { organisation, credential, secret }.text());
    Ok(json(StatusCode::OK, &answer))
}

fn command(device: &Device, what: &str, body: CommandBody) -> Command {
    Command {
        organisation: device.scope.organisation,
        actor: device.actor,
        key: format!("credential/{}/{what}", device.credential),
        occurred_at: None,
        body,
    }
}

/// The next request may come at once: the read models must know the credential.
async fn reached(core: &Core, device: &Device, position: u64) -> Result<(), Fault> {
    let reached = core.reach(device.scope.organisation, LogPosition(position)).await;
    reached.map_err(|error| Fault::internal(&error.message))
}

fn described(core: &Core, device: &Device, credential: CredentialId) -> Value {
    let label = core.view(device.scope, |views| Some(views.catalogue.actor(device.actor)?.label.clone()));
    object!({
        "organizer": device.scope.organisation.to_string(),
        "device_id": device.actor,
        "unique_serial": format!("{}-{credential}", device.actor),
        "name": label,
    })
}
