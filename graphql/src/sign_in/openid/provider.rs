//! One provider: where it sends browsers, and what it says of whom it sends back. Authorization code flow with PKCE, a nonce and a
//! state; the ID token's signature, issuer, audience and times are checked by the library.

use std::time::{Duration, Instant};

use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse as _,
};
use parking_lot::Mutex;
use soticket_schema::ids::OrganisationId;
use ureq::Agent;

/// Longest answer of a provider.
const ANSWER_BYTES_MAX: u64 = 1024 * 1024;
/// Longest time for one.
const ANSWER_LONGEST: Duration = Duration::from_secs(10);
/// How long what a provider says of itself, its keys included, is used.
const METADATA_LIFE: Duration = Duration::from_secs(10 * 60);

/// A provider as the operator sets it.
#[derive(Clone)]
pub struct OpenIdSettings {
    /// The organisation whose logins it vouches for.
    pub organisation: OrganisationId,
    /// Its issuer, as a URL.
    pub issuer: String,
    /// What this service is known to it as.
    pub client: String,
    /// What this service proves itself to it with.
    pub secret: String,
    /// Where it sends browsers back: `/session/openid/back` of this service, as it is reached from outside.
    pub redirect: String,
}

/// Secrets are not printed.
impl std::fmt::Debug for OpenIdSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenIdSettings").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What somebody's way through the provider is checked with.
#[derive(Default)]
pub(super) struct Way {
    /// Where the browser is sent.
    pub(super) url: String,
    /// What it comes back with.
    pub(super) state: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
}

/// Why a provider vouches for nobody.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProviderError {
    /// It cannot be asked, or answers what it must not.
    #[error("{0}")]
    Answer(String),
    /// It says nothing of an e-mail, or does not vouch for it.
    #[error("no e-mail that the provider has verified")]
    NoEmail,
}

fn answer(error: impl std::fmt::Display) -> ProviderError {
    ProviderError::Answer(error.to_string())
}

/// A provider.
pub(super) struct Provider {
    settings: OpenIdSettings,
    agent: Agent,
    metadata: Mutex<Option<(Instant, CoreProviderMetadata)>>,
}

impl Provider {
    pub(super) fn new(settings: OpenIdSettings) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(ANSWER_LONGEST))
            // A provider that could be led elsewhere would vouch for anybody.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .user_agent(concat!("soticket/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { settings, agent: config.new_agent(), metadata: Mutex::new(None) }
    }

    pub(super) fn organisation(&self) -> OrganisationId {
        self.settings.organisation
    }

    /// Begins somebody's way. Asks the provider what it says of itself, if that is not known.
    pub(super) fn begin(&self) -> Result<Way, ProviderError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let client = CoreClient::from_provider_metadata(self.metadata()?, self.client(), Some(self.secret()))
            .set_redirect_uri(self.redirect()?);
        let (url, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(Way {
            url: url.to_string(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// The e-mail that the provider vouches for, of whoever came back with this code.
    pub(super) fn email(&self, code: &str, way: Way) -> Result<String, ProviderError> {
        let client = CoreClient::from_provider_metadata(self.metadata()?, self.client(), Some(self.secret()))
            .set_redirect_uri(self.redirect()?);
        let ask = |request| self.ask(request);
        let token = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(answer)?
            .set_pkce_verifier(PkceCodeVerifier::new(way.verifier))
            .request(&ask)
            .map_err(answer)?;
        let id = token.id_token().ok_or_else(|| answer("no ID token"))?;
        let claims = id.claims(&client.id_token_verifier(), &Nonce::new(way.nonce)).map_err(answer)?;
        let verified = claims.email_verified().unwrap_or(false);
        claims.email().filter(|_| verified).map(|email| email.to_string()).ok_or(ProviderError::NoEmail)
    }

    fn client(&self) -> ClientId {
        ClientId::new(self.settings.client.clone())
    }

    fn secret(&self) -> ClientSecret {
        ClientSecret::new(self.settings.secret.clone())
    }

    fn redirect(&self) -> Result<RedirectUrl, ProviderError> {
        RedirectUrl::new(self.settings.redirect.clone()).map_err(answer)
    }

    fn metadata(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let mut known = self.metadata.lock();
        if let Some((_, metadata)) = known.as_ref().filter(|(at, _)| at.elapsed() < METADATA_LIFE) {
            return Ok(metadata.clone());
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(answer)?;
        let metadata =
            CoreProviderMetadata::discover(&issuer, &|request| self.ask(request)).map_err(answer)?;
        *known = Some((Instant::now(), metadata.clone()));
        Ok(metadata)
    }

    fn ask(&self, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
        let answer = self.agent.run(request)?;
        let (head, mut body) = answer.into_parts();
        let bytes = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(HttpResponse::from_parts(head, bytes))
    }
}
