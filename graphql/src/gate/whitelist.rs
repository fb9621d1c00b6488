//! `GET /gate/v1/shows/{show}/whitelist`: what a device carries to decide by itself, and what has changed since.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json as object};
use soticket_ledger::vault::VaultError;
use soticket_projections::OrganisationViews;
use soticket_projections::attendance::{WhitelistEntry, WhitelistPage};
use soticket_schema::ids::{ShowId, TicketId};
use soticket_schema::ticket_code;

use super::{Device, Fault, json, shows};
use crate::core::Core;
use crate::service::Service;

/// Entries of a page that states no size, and the most of one.
const PAGE: usize = 1_000;

/// How `hashes` are made: see `docs/gates.md`.
const SCHEME: &str = "sha256-16";

/// Which part of the list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    /// Only what changed after this version; everything if absent.
    since: Option<u64>,
    /// Only tickets with higher numbers: the last of the page before.
    after: Option<u64>,
    /// Most entries.
    limit: Option<usize>,
}

struct Found {
    version: Option<u64>,
    head: Value,
    page: WhitelistPage,
}

/// A page of the list.
pub(crate) async fn page(
    State(service): State<Arc<Service>>,
    device: Device,
    Path(show): Path<u64>,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Fault> {
    let core = Arc::clone(&service.core);
    let read = move || read(&core, &device, ShowId(show), &asked);
    let answer = tokio::task::spawn_blocking(read).await.map_err(|error| Fault::internal(&error))??;
    Ok(json(StatusCode::OK, &answer))
}

fn read(core: &Core, device: &Device, show: ShowId, asked: &Asked) -> Result<Value, Fault> {
    let limit = asked.limit.unwrap_or(PAGE).clamp(1, PAGE);
    let found = core.view(device.scope, |views| {
        let page = views.attendance.whitelist(show, asked.since, asked.after.map(TicketId), limit)?;
        Some(Found { version: views.position(), head: head(views, device, show)?, page })
    });
    let Some(Found { version, mut head, page }) = found else {
        return Err(Fault::new(StatusCode::NOT_FOUND, "SHOW_UNKNOWN", "check the show's number"));
    };
    let salt = core.ledger.offline_salt(device.scope.organisation, show);
    let next = page.entries.last().filter(|_| page.more).map(|entry| entry.ticket);
    let entries = page.entries.iter().map(|entry| described(core, device, &salt, asked, entry));
    let entries = entries.collect::<Result<Vec<_>, _>>().map_err(|error| Fault::internal(&error))?;
    head["version"] = object!(version);
    head["scheme"] = object!(SCHEME);
    head["salt"] = object!(URL_SAFE_NO_PAD.encode(salt));
    head["entries"] = Value::Array(entries);
    head["next"] = object!(next);
    head["now"] = object!(core.ledger.now().to_string());
    Ok(head)
}

/// The show, its rules, and the keys that codes are checked with.
fn head(views: &OrganisationViews, device: &Device, show: ShowId) -> Option<Value> {
    let mut head = shows::described(views, views.catalogue.show(show)?, device.gate);
    let keys = views
        .catalogue
        .access()
        .keys()
        .map(|key| object!({ "key": key.key, "public": key.public.to_string(), "trusted": key.trusted }));
    head["organisation"] = object!(device.scope.organisation.to_string());
    head["keys"] = Value::Array(keys.collect());
    Some(head)
}

fn described(
    core: &Core,
    device: &Device,
    salt: &[u8; 32],
    asked: &Asked,
    entry: &WhitelistEntry,
) -> Result<Value, VaultError> {
    let codes = match core.ledger.codes(device.scope.organisation, entry.ticket) {
        Ok(codes) => codes,
        // The person was erased, and the codes with them: only the ledger can tell that ticket now.
        Err(VaultError::SubjectKeyMissing { .. }) => Vec::new(),
        Err(error) => return Err(error),
    };
    let hashes: Vec<String> =
        codes.iter().map(|code| URL_SAFE_NO_PAD.encode(ticket_code::offline_hash(salt, code))).collect();
    let change = match (entry.valid, asked.since.is_none_or(|since| entry.added > since)) {
        (false, _) => "REVOKED",
        (true, true) => "ADDED",
        (true, false) => "CHANGED",
    };
    Ok(object!({
        "ticket": entry.ticket,
        "hashes": hashes,
        "zone": entry.zone,
        "change": change,
        "inside": entry.presence.is_some_and(|presence| presence.inside),
        "enteredAt": entry.presence.map(|presence| presence.entered_at.to_string()),
    }))
}
