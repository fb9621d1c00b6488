//! What the audit journal is told of sign-ins. It has it before the browser has its answer.

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse as _;
use soticket_schema::command::NoteTechnicalEvent;
use soticket_schema::event::v1::TechnicalKind;
use soticket_schema::ids::{ActorId, OrganisationId};
use soticket_schema::{Command, CommandBody};

use crate::core::Core;
use crate::gate::Fault;

/// Notes what somebody did.
pub(crate) async fn technical(
    core: &Core,
    organisation: OrganisationId,
    what: TechnicalKind,
    who: ActorId,
) -> Result<(), Response<Body>> {
    let body = CommandBody::NoteTechnicalEvent(NoteTechnicalEvent {
        what,
        about: Some(who),
        reference: String::new(),
    });
    let key = format!("session {}", uuid::Uuid::new_v4());
    let command = Command { organisation, actor: ActorId(0), key, occurred_at: None, body };
    let noted = core.ledger.submit(command).await;
    noted.map(drop).map_err(|error| Fault::from(error).into_response())
}
