//! `/session`: browsers sign in with a name and a password, learn who they are, change their password and sign out. Programs
//! send tokens and need none of it.

mod check;
mod note;
mod openid;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::TechnicalKind;
use soticket_schema::ids::OrganisationId;

use crate::access::password::{self, Kept};
use crate::access::{Denied, Origin, Peer, Principal, Session, cookie, paths};
use crate::gate::{Fault, json};
use crate::http::refusal::Refusal;
use crate::http::{body, security};
use crate::ids;
use crate::service::Service;
use check::Checked;
pub(crate) use openid::OpenId;
pub use openid::OpenIdSettings;

/// Most bytes of what is sent here.
const BODY_BYTES_MAX: usize = 4 * 1024;

/// The paths of sessions.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/session", get(who).post(sign_in).delete(sign_out))
        .route("/session/password", post(change_password))
        .route("/session/openid", get(openid::begin))
        .route("/session/openid/back", get(openid::back))
}

/// Who signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    organisation: String,
    name: String,
    password: String,
}

/// A new password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewPassword {
    password: String,
    new_password: String,
}

/// Who has signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Signed {
    organisation: String,
    role: &'static str,
    actor: String,
    ends_at: String,
}

impl Signed {
    fn of(principal: &Principal, session: &Session) -> Self {
        Self {
            organisation: session.organisation.to_string(),
            role: principal.role.text(),
            actor: ids::global(session.organisation, principal.actor).to_string(),
            ends_at: session.ends_at().to_string(),
        }
    }
}

async fn sign_in(State(service): State<Arc<Service>>, request: Request) -> Response<Body> {
    opened(&service, request).await.unwrap_or_else(|refused| refused)
}

async fn opened(service: &Service, request: Request) -> Result<Response<Body>, Response<Body>> {
    let core = &service.core;
    // A page of others must not sign anybody in as somebody else.
    if Origin::of(request.headers()) == Origin::Foreign {
        return Err(paths::unauthenticated(Denied::Foreign));
    }
    let address = request.extensions().get::<Peer>().map(|peer| peer.0);
    let asked: SignIn = read(request).await?;
    // An organisation that is none has no logins, and takes as long to say so.
    let organisation = OrganisationId::parse(&asked.organisation).unwrap_or_default();
    let name = core.ledger.login_name(organisation, &asked.name);
    let checked = Checked { organisation, name, address };
    let login = check::password(service, checked, asked.password).await?;
    note::technical(core, organisation, TechnicalKind::SignedIn, login.holder).await?;
    let (secret, session) =
        core.access.sessions.open(organisation, &login, core.ledger.token_secret().0, core.ledger.now());
    let (principal, _) = core.access.holder_of_session(core, &secret).map_err(paths::unauthenticated)?;
    let mut response = json(StatusCode::OK, &Signed::of(&principal, &session));
    keep(&mut response, cookie::set(&secret, core.access.has_secure_cookies()));
    Ok(response)
}

async fn who(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response<Body> {
    match signed_in(&service, &headers) {
        Ok((principal, session, _)) => json(StatusCode::OK, &Signed::of(&principal, &session)),
        Err(denied) => paths::unauthenticated(denied),
    }
}

/// The session of a request, and its secret.
fn signed_in(service: &Service, headers: &HeaderMap) -> Result<(Arc<Principal>, Session, String), Denied> {
    let access = &service.core.access;
    let secret = access.session_secret(headers)?;
    let (principal, session) = access.holder_of_session(&service.core, secret)?;
    Ok((principal, session, secret.to_owned()))
}

/// Ends the session. Whoever has none is signed out as well.
async fn sign_out(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response<Body> {
    match ended(&service, &headers).await {
        Ok(response) | Err(response) => response,
    }
}

async fn ended(service: &Service, headers: &HeaderMap) -> Result<Response<Body>, Response<Body>> {
    let core = &service.core;
    match signed_in(service, headers) {
        Ok((principal, session, secret)) => {
            core.access.sessions.end(&secret);
            note::technical(core, session.organisation, TechnicalKind::SignedOut, principal.actor).await?;
        }
        Err(Denied::Foreign) if headers.contains_key(COOKIE) => {
            return Err(paths::unauthenticated(Denied::Foreign));
        }
        Err(_) => {}
    }
    let mut response = empty();
    keep(&mut response, cookie::clear(core.access.has_secure_cookies()));
    Ok(response)
}

async fn change_password(State(service): State<Arc<Service>>, request: Request) -> Response<Body> {
    changed(&service, request).await.unwrap_or_else(|refused| refused)
}

async fn changed(service: &Service, request: Request) -> Result<Response<Body>, Response<Body>> {
    let core = &service.core;
    let (_, session, secret) = signed_in(service, request.headers()).map_err(paths::unauthenticated)?;
    let address = request.extensions().get::<Peer>().map(|peer| peer.0);
    let asked: NewPassword = read(request).await?;
    let checked = Checked { organisation: session.organisation, name: session.name, address };
    let login = check::password(service, checked, asked.password).await?;
    // The name is not known here, only what the log knows it by.
    if let Err(code) = password::check(&asked.new_password, "") {
        let fault = Fault::new(StatusCode::UNPROCESSABLE_ENTITY, code.code(), code.advice());
        return Err(fault.into_response());
    }
    let new = asked.new_password;
    let kept = check::hashing(service, move || Kept::of(&new)).await?;
    let kept = kept.map_err(|error| Fault::internal(&error).into_response())?;
    let set = core.access.passwords.set(session.organisation, login.token, kept);
    set.map_err(|error| Fault::internal(&error).into_response())?;
    // Whoever knew the old one is out.
    core.access.sessions.end_others(session.organisation, login.token, Some(&secret));
    note::technical(core, session.organisation, TechnicalKind::PasswordChanged, login.holder).await?;
    Ok(empty())
}

/// Reads what is sent as JSON.
async fn read<T: for<'a> Deserialize<'a>>(request: Request) -> Result<T, Response<Body>> {
    let (head, body) = request.into_parts();
    let refused = |refusal: Refusal| Fault::from(refusal).into_response();
    crate::http::request::check_content_type(&head.headers).map_err(refused)?;
    let bytes = body::read_file(&head.headers, body, BODY_BYTES_MAX).await.map_err(refused)?;
    // What is told of a mistake names fields, never what was sent in them.
    serde_json::from_slice(&bytes).map_err(|_| {
        Fault::bad(
            "send JSON with `organisation`, `name` and `password`, or with `password` and `newPassword`",
        )
        .into_response()
    })
}

fn empty() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    security::data_headers(response.headers_mut());
    response
}

fn keep(response: &mut Response<Body>, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
}

/// Tells whoever asked to come back after so many seconds.
fn later(fault: Fault, seconds: u64) -> Response<Body> {
    let mut response = fault.into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}
