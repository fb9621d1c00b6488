//! Who may ask which path, and the door that every request but those to `/graphql` comes through. A path that stands in no
//! line is for nobody.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode};
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use soticket_schema::event::v1::DenialReason;
use soticket_schema::ids::OrganisationId;

use super::principal::Principal;
use super::role::{Role, Roles};
use super::{Access, Denied};
use crate::gate::Fault;
use crate::http::refusal::Refusal;
use crate::service::Service;

/// Who comes in at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Door {
    /// Everybody: nothing of an organisation is behind it.
    Public,
    /// Whoever the path's own protocol lets in.
    Own,
    /// Principals in these roles; each request costs so many points.
    Roles(Roles, u32),
}

/// Owners, accountants and auditors.
const BOOKS: Roles = Roles::of(&[Role::Owner, Role::Accountant, Role::Auditor]);
const OWNERS: Roles = Roles::of(&[Role::Owner]);
const KEEPERS: Roles = Roles::of(&[Role::Owner, Role::Accountant]);
const ADMINISTRATORS: Roles = Roles::of(&[Role::CooperativeAdministrator]);
/// Points of a file that is rendered or written out.
const FILE: u32 = 50;
/// Points of a page of the feed: a hundred events as of any page.
const FEED: u32 = 4;

/// Paths as the router has them.
pub(crate) const PATHS: &[(&str, Door)] = &[
    ("/graphql", Door::Own),
    ("/graphiql", Door::Public),
    ("/graphiql/{file}", Door::Public),
    ("/healthz", Door::Public),
    // Who signs in proves nothing before; the session proves itself after that.
    ("/session", Door::Own),
    ("/session/password", Door::Own),
    ("/session/openid", Door::Own),
    ("/session/openid/back", Door::Own),
    ("/readyz", Door::Public),
    ("/metrics", Door::Roles(ADMINISTRATORS, 1)),
    ("/documents/show/{show}/{file}", Door::Roles(BOOKS, FILE)),
    ("/documents/file", Door::Roles(KEEPERS, FILE)),
    ("/documents/file/{hash}", Door::Roles(BOOKS, FILE)),
    ("/documents/{file}", Door::Roles(BOOKS, FILE)),
    ("/customers/{organisation}/{file}", Door::Roles(OWNERS, FILE)),
    ("/feed/{organisation}", Door::Roles(BOOKS, FEED)),
    ("/accounts/{organisation}/{file}", Door::Roles(BOOKS, FILE)),
    ("/accounts/{organisation}/fec", Door::Roles(BOOKS, FILE)),
    ("/accounts/{organisation}/journal", Door::Roles(BOOKS, FILE)),
    ("/accounts/{organisation}/receipts", Door::Roles(BOOKS, FILE)),
    // Tokens of the settings open these as well: auditors' and those of programs that prepare declarations.
    ("/api/v2/closing-statements", Door::Own),
    ("/logs/{log}/tile/{*path}", Door::Own),
    ("/logs/{log}/proof/{position}", Door::Own),
    // Checkpoints and keys are for everybody: witnesses and auditors hold them against each other.
    ("/logs/{log}/checkpoint", Door::Public),
    ("/logs/{log}/checkpoints", Door::Public),
    ("/logs/{log}/checkpoints/{name}", Door::Public),
    ("/logs/{log}/key", Door::Public),
    // Devices prove themselves in the words of these protocols.
    ("/gate/v1/device", Door::Own),
    ("/gate/v1/shows", Door::Own),
    ("/gate/v1/shows/{show}/whitelist", Door::Own),
    ("/gate/v1/redeem", Door::Own),
    ("/gate/v1/scans", Door::Own),
    ("/api/v1/organizers/{organizer}/checkinrpc/redeem/", Door::Own),
    ("/api/v1/device/initialize", Door::Own),
    ("/api/v1/device/update", Door::Own),
    ("/api/v1/device/roll", Door::Own),
    ("/api/v1/device/revoke", Door::Own),
    ("/api/v1/organizers/{organizer}/events/", Door::Own),
    ("/api/v1/organizers/{organizer}/events/{event}/", Door::Own),
    ("/api/v1/organizers/{organizer}/events/{event}/checkinlists/", Door::Own),
    ("/api/v1/organizers/{organizer}/events/{event}/checkinlists/{list}/", Door::Own),
    ("/api/v1/organizers/{organizer}/events/{event}/checkinlists/{list}/status/", Door::Own),
];

/// The line of a path.
fn door(path: &str) -> Option<Door> {
    PATHS.iter().find(|(known, _)| *known == path).map(|(_, door)| *door)
}

/// Lets a request in, with its principal where the path is for principals.
pub(crate) async fn admit(
    State(service): State<Arc<Service>>,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    let path = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // What the router does not have is nowhere, for everybody.
    let Some(path) = path else { return next.run(request).await };
    match door(path) {
        Some(Door::Public | Door::Own) => next.run(request).await,
        Some(Door::Roles(roles, cost)) => match entered(&service, &request, roles, cost) {
            Ok(principal) => {
                request.extensions_mut().insert(principal);
                next.run(request).await
            }
            Err(response) => response,
        },
        None => refused("This path is for nobody.").into_response(),
    }
}

#[expect(clippy::result_large_err, reason = "a refusal is made once and returned at once")]
fn entered(
    service: &Service,
    request: &Request,
    roles: Roles,
    cost: u32,
) -> Result<Arc<Principal>, Response<Body>> {
    let (core, access) = (&service.core, &service.core.access);
    let found = access.authenticate(core, request.headers(), request.extensions());
    let principal = found.map_err(unauthenticated)?;
    charge(access, service, &principal, cost)?;
    if !roles.has(principal.role) {
        principal.denied(core, DenialReason::RoleNotAllowed);
        let message = format!("This path is not for the role {}.", principal.role.text());
        return Err(refused(&message).into_response());
    }
    Ok(principal)
}

#[expect(clippy::result_large_err, reason = "a refusal is made once and returned at once")]
fn charge(
    access: &Access,
    service: &Service,
    principal: &Principal,
    cost: u32,
) -> Result<(), Response<Body>> {
    let now = service.core.ledger.now();
    principal.meter.take(cost, access.points_per_minute(), now).map(drop).map_err(|seconds| {
        principal.denied(&service.core, DenialReason::RateExceeded);
        later(Fault::from(Refusal::rate_limited(seconds)).into_response(), seconds)
    })
}

fn refused(message: &str) -> Fault {
    Fault::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
}

/// The answer to whoever does not prove who they are.
pub(crate) fn unauthenticated(denied: Denied) -> Response<Body> {
    let refusal = Refusal::unauthenticated(denied);
    let after = refusal.retry_after;
    let mut response = Fault::from(refusal).into_response();
    if let Some(seconds) = after {
        return later(response, seconds);
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn later(mut response: Response<Body>, seconds: u64) -> Response<Body> {
    response.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The principal that the door has let in.
pub(crate) struct Entered(pub(crate) Arc<Principal>);

impl FromRequestParts<Arc<Service>> for Entered {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Service>) -> Result<Self, Fault> {
        // A handler behind a door that sees no principal must not go on.
        let entered = parts.extensions.get::<Arc<Principal>>();
        entered
            .map(|principal| Self(Arc::clone(principal)))
            .ok_or_else(|| refused("This path is for nobody."))
    }
}

impl Entered {
    /// The organisation if the principal may name it; one that is never opened otherwise, so that whatever follows treats
    /// it as any that does not exist.
    pub(crate) fn own(&self, service: &Service, organisation: OrganisationId) -> OrganisationId {
        own(&self.0, service, organisation)
    }
}

/// As [`Entered::own`].
pub(crate) fn own(principal: &Principal, service: &Service, organisation: OrganisationId) -> OrganisationId {
    if principal.names(organisation) {
        return organisation;
    }
    principal.denied(&service.core, DenialReason::OrganisationNotAllowed);
    NOBODYS
}

/// No organisation is opened under it: ids of organisations are random.
const NOBODYS: OrganisationId = OrganisationId([0xff; 16]);
