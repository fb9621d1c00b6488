//! The pretix check-in protocol, as far as scanners speak it, so that those that exist work with this ledger.
//!
//! An organisation is an organizer (its UUID is the slug), a show is an event and its only check-in list, both by the
//! show's number. What a scanner uploads with `force` has happened: it is recorded whatever it is.

mod device;
mod lists;
mod position;
mod redeem;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use soticket_schema::ids::{OrganisationId, ShowId};

use crate::gate::{Device, Fault};
use crate::service::Service;

/// The paths of the protocol.
pub(crate) fn routes() -> Router<Arc<Service>> {
    let organizer = "/api/v1/organizers/{organizer}";
    let event = format!("{organizer}/events/{{event}}");
    Router::new()
        .route(&format!("{organizer}/checkinrpc/redeem/"), post(redeem::redeem))
        .route("/api/v1/device/initialize", post(device::initialize))
        .route("/api/v1/device/update", post(device::update))
        .route("/api/v1/device/roll", post(device::roll))
        .route("/api/v1/device/revoke", post(device::revoke))
        .route(&format!("{organizer}/events/"), get(lists::events))
        .route(&format!("{event}/"), get(lists::event))
        .route(&format!("{event}/checkinlists/"), get(lists::checkin_lists))
        .route(&format!("{event}/checkinlists/{{list}}/"), get(lists::checkin_list))
        .route(&format!("{event}/checkinlists/{{list}}/status/"), get(lists::status))
}

/// The slug of a show's event.
pub(crate) fn slug(show: ShowId) -> String {
    format!("show-{show}")
}

/// The show of an event's slug.
fn show_of(slug: &str) -> Option<ShowId> {
    slug.strip_prefix("show-")?.parse().ok().map(ShowId)
}

/// A device sees its own organizer only.
fn own(organizer: &str, device: &Device) -> Result<(), Fault> {
    match OrganisationId::parse(organizer) {
        Some(organizer) if organizer == device.scope.organisation => Ok(()),
        _ => Err(denied()),
    }
}

fn denied() -> Fault {
    Fault::new(
        StatusCode::FORBIDDEN,
        "PERMISSION_DENIED",
        "You do not have permission to perform this action.",
    )
}
