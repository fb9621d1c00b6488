//! What scanners speak with: their credentials, the lists they carry, decisions and uploads, all under `/gate/v1`.
//!
//! Decisions and uploads are ordinary commands under an idempotency key made of device, nonce and code: repeating them,
//! after a lost answer or a restart on either side, adds nothing.

mod answer;
mod device;
mod fields;
mod read;
mod redeem;
mod scan;
mod shows;
mod token;
mod upload;
mod whitelist;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use answer::{Fault, json};
pub(crate) use device::{AuthFault, Device, device_of};
pub(crate) use read::Read;
pub(crate) use scan::{Judgement, Presented, decide, record};
pub(crate) use token::Token;
pub(crate) use words::instruction;

use crate::service::Service;

/// Most scans of one upload.
pub(crate) const UPLOAD_SCANS_MAX: usize = 500;

/// The paths of the scanner API.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/gate/v1/device", get(shows::device))
        .route("/gate/v1/shows", get(shows::list))
        .route("/gate/v1/shows/{show}/whitelist", get(whitelist::page))
        .route("/gate/v1/redeem", post(redeem::redeem))
        .route("/gate/v1/scans", post(upload::upload))
}
