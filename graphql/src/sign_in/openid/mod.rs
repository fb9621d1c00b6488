//! Signing in by way of an OpenID Connect provider, such as a venue's own directory: `/session/openid`. The provider says which
//! e-mail somebody has; a login with this name lets them in. What the provider does not vouch for lets nobody in.

mod pending;
mod provider;

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use axum::response::IntoResponse as _;
use serde::Deserialize;
use soticket_schema::event::v1::TechnicalKind;
use soticket_schema::ids::OrganisationId;
use tokio::sync::Semaphore;

use super::note;
use crate::access::{Denied, cookie, paths};
use crate::gate::Fault;
use crate::http::security;
use crate::service::Service;
use pending::Waiting;
pub use provider::OpenIdSettings;
use provider::Provider;

/// The cookie that ties a way through the provider to the browser that began it. Lax: the provider sends the browser back.
const COOKIE_NAME: &str = "soticket-openid";

/// Questions to providers at once: each may take seconds, and passwords must not wait for them.
const ASKING_MAX: usize = 8;

/// Providers, and who is on the way through them.
pub(crate) struct OpenId {
    providers: OnceLock<Vec<Provider>>,
    waiting: Waiting,
    asking: Semaphore,
}

impl Default for OpenId {
    fn default() -> Self {
        let (providers, waiting) = (OnceLock::new(), Waiting::default());
        Self { providers, waiting, asking: Semaphore::new(ASKING_MAX) }
    }
}

impl OpenId {
    /// Signs in by way of these. The first that are named stay.
    pub(crate) fn use_providers(&self, settings: Vec<OpenIdSettings>) {
        let _ = self.providers.set(settings.into_iter().map(Provider::new).collect());
    }

    fn of(&self, organisation: OrganisationId) -> Option<&Provider> {
        self.providers.get()?.iter().find(|provider| provider.organisation() == organisation)
    }
}

/// Where somebody wants to sign in.
#[derive(Deserialize)]
pub(super) struct Begin {
    organisation: String,
    /// A path of the service to go on at.
    #[serde(default)]
    then: Option<String>,
}

/// What the provider sends the browser back with.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    code: Option<String>,
}

/// Sends the browser to the organisation's provider.
pub(super) async fn begin(
    State(service): State<Arc<Service>>,
    asked: Result<Query<Begin>, QueryRejection>,
) -> Response<Body> {
    begun(&service, asked).await.unwrap_or_else(|refused| refused)
}

async fn begun(
    service: &Arc<Service>,
    asked: Result<Query<Begin>, QueryRejection>,
) -> Result<Response<Body>, Response<Body>> {
    let Query(asked) = asked.map_err(|_| Fault::bad("organisation: send its id").into_response())?;
    let then = asked.then.unwrap_or_else(|| "/session".to_owned());
    if !is_own_path(&then) {
        return Err(Fault::bad("then: send a path of this service").into_response());
    }
    let organisation = OrganisationId::parse(&asked.organisation).unwrap_or_default();
    let way = with_provider(service, organisation, Provider::begin).await?.map_err(unavailable)?;
    let (url, state) = (way.url.clone(), way.state.clone());
    let open_id = &service.core.access.open_id;
    let browser = open_id.waiting.add(organisation, way, then, service.core.ledger.now());
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    security::data_headers(headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let unusable = |_| Fault::internal(&"the provider's address cannot be a header").into_response();
    headers.insert(LOCATION, HeaderValue::from_str(&url).map_err(unusable)?);
    tracing::debug!(%organisation, state = state.len(), "somebody is sent to a provider");
    set(headers, &browser, service.core.access.has_secure_cookies(), 600);
    Ok(response)
}

/// Lets in whom the provider sends back, if it vouches for an e-mail that a login has.
pub(super) async fn back(
    State(service): State<Arc<Service>>,
    asked: Result<Query<Back>, QueryRejection>,
    request: Request,
) -> Response<Body> {
    came_back(&service, asked, request.headers()).await.unwrap_or_else(|refused| refused)
}

async fn came_back(
    service: &Arc<Service>,
    asked: Result<Query<Back>, QueryRejection>,
    headers: &HeaderMap,
) -> Result<Response<Body>, Response<Body>> {
    let core = &service.core;
    let Query(Back { state, code }) = asked.map_err(|_| refused())?;
    let (Some(state), Some(code), Some(browser)) = (state, code, cookie::value(headers, COOKIE_NAME)) else {
        return Err(refused());
    };
    let waiting = core.access.open_id.waiting.take(&state, browser, core.ledger.now()).ok_or_else(refused)?;
    let (organisation, then) = (waiting.organisation, waiting.then);
    let way = waiting.way;
    let email = with_provider(service, organisation, move |provider| provider.email(&code, way)).await?;
    let email = email.map_err(|error| {
        tracing::info!(%organisation, %error, "a provider vouches for nobody");
        refused()
    })?;
    let now = core.ledger.now();
    let login = core.ledger.login(organisation, &email).filter(|login| login.is_in_force(now));
    let login = login.ok_or_else(refused)?;
    note::technical(core, organisation, TechnicalKind::SignedIn, login.holder).await?;
    let (secret, _) = core.access.sessions.open(organisation, &login, core.ledger.token_secret().0, now);
    // A page of ours that goes on by itself: a redirect would be one that the provider's page began, and no cookie be sent.
    let page = format!(
        "<!doctype html><meta charset=utf-8><title>SoTicket</title><meta http-equiv=refresh content=\"0;url={then}\">\
         <p><a href=\"{then}\">{then}</a>"
    );
    let mut response = Response::new(Body::from(page));
    let secure = core.access.has_secure_cookies();
    let headers = response.headers_mut();
    security::data_headers(headers);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    set(headers, "", secure, 0);
    if let Some(session) = cookie::set(&secret, secure) {
        headers.append(SET_COOKIE, session);
    }
    Ok(response)
}

/// Asks an organisation's provider, which takes time.
async fn with_provider<T: Send + 'static>(
    service: &Arc<Service>,
    organisation: OrganisationId,
    ask: impl FnOnce(&Provider) -> T + Send + 'static,
) -> Result<T, Response<Body>> {
    let Ok(_permit) = service.core.access.open_id.asking.try_acquire() else {
        let fault =
            Fault::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too many sign in at once: wait.");
        return Err(super::later(fault, 1));
    };
    let core = Arc::clone(&service.core);
    let asked = tokio::task::spawn_blocking(move || core.access.open_id.of(organisation).map(ask)).await;
    let asked = asked.map_err(|error| Fault::internal(&error).into_response())?;
    // An organisation that is none, and one that has no provider, are the same.
    asked.ok_or_else(|| {
        let detail = "no provider is set for this organisation: sign in with a password";
        Fault::new(StatusCode::NOT_FOUND, "PROVIDER_UNKNOWN", detail).into_response()
    })
}

fn unavailable(error: provider::ProviderError) -> Response<Body> {
    tracing::warn!(%error, "a provider cannot be asked");
    let detail = "the provider cannot be reached: try again, or sign in with a password";
    Fault::new(StatusCode::BAD_GATEWAY, "PROVIDER_UNAVAILABLE", detail).into_response()
}

fn refused() -> Response<Body> {
    ::metrics::counter!("soticket_authentication_failures_total").increment(1);
    let mut response = paths::unauthenticated(Denied::Unknown);
    // The browser has nothing of ours to be kept.
    response.headers_mut().remove(SET_COOKIE);
    response
}

/// A path of this service that stands in a page as it is.
fn is_own_path(path: &str) -> bool {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.?=&#".contains(&byte));
    path.starts_with('/') && !path.starts_with("//") && plain && path.len() <= 200
}

fn set(headers: &mut HeaderMap, value: &str, secure: bool, seconds: u32) {
    let only = cookie::only(secure);
    let text = format!(
        "{COOKIE_NAME}={value}; Path=/session/openid; HttpOnly; SameSite=Lax; Max-Age={seconds}{only}"
    );
    if let Some(cookie) = cookie::secret_header(text) {
        headers.append(SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_leads_nowhere_but_here() {
        for own in ["/", "/session", "/app/settlements?show=3#costs"] {
            assert!(is_own_path(own), "{own}");
        }
        for foreign in [
            "",
            "session",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "/\"><script>",
            "/a b",
            "/é",
        ] {
            assert!(!is_own_path(foreign), "{foreign}");
        }
        assert!(!is_own_path(&format!("/{}", "a".repeat(200))));
    }
}
