//! Whether a password is right. However it is wrong, and whether there is such a name at all, the answer is the same and
//! takes as long.

use std::net::IpAddr;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse as _;
use soticket_ledger::state::Token;
use soticket_schema::Hash;
use soticket_schema::event::v1::{DenialReason, TokenProof};
use soticket_schema::ids::{ActorId, OrganisationId};

use super::later;
use crate::access::password::Kept;
use crate::gate::Fault;
use crate::service::Service;

/// Whose password, from where.
#[derive(Clone, Copy)]
pub(super) struct Checked {
    pub(super) organisation: OrganisationId,
    /// What the log knows the name by.
    pub(super) name: Hash,
    pub(super) address: Option<IpAddr>,
}

/// The login that a password opens, or what to answer.
pub(super) async fn password(
    service: &Service,
    checked: Checked,
    password: String,
) -> Result<Token, Response<Body>> {
    let Checked { organisation, name, address } = checked;
    let (core, now) = (&service.core, service.core.ledger.now());
    if let Some(seconds) = core.access.attempts.wait(name, address, now) {
        return Err(later(wait("Too many wrong passwords: wait."), seconds));
    }
    let login = core.ledger.token_known_by(name).filter(|(of, login)| {
        *of == organisation && login.proof == TokenProof::Password && login.is_in_force(now)
    });
    let kept = login.and_then(|(_, login)| core.access.passwords.of(organisation, login.token));
    let right = hashing(service, move || Kept::is_of(kept.as_ref(), &password)).await?;
    if let (true, Some((_, login))) = (right, login) {
        core.access.attempts.succeeded(name, address);
        return Ok(login);
    }
    core.access.attempts.failed(name, address, now);
    ::metrics::counter!("soticket_authentication_failures_total").increment(1);
    // Of an organisation that there is, so that its owners see that somebody tries.
    if core.currency(organisation).is_some() {
        let (asker, token) = login.map_or((ActorId(0), None), |(_, login)| (login.holder, Some(login.token)));
        core.notes.denied(organisation, asker, token, DenialReason::PasswordWrong, now);
    }
    let detail = "The organisation, the name or the password is wrong.";
    Err(Fault::new(StatusCode::UNAUTHORIZED, "SIGN_IN_REFUSED", detail).into_response())
}

/// Does what hashes a password, away from where requests are answered and not for too many at once.
pub(super) async fn hashing<T: Send + 'static>(
    service: &Service,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Response<Body>> {
    let Ok(_permit) = service.core.access.checking.try_acquire() else {
        return Err(later(wait("Too many sign in at once: wait."), 1));
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Fault::internal(&error).into_response())
}

fn wait(detail: &str) -> Fault {
    Fault::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", detail)
}
