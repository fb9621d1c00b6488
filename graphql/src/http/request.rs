//! A GraphQL request out of an HTTP request: strict about types, indifferent to unknown keys.

use async_graphql::Variables;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::persisted::Digest;
use super::refusal::Refusal;

/// What a client asks.
#[derive(Debug, Clone)]
pub(crate) struct GraphqlRequest {
    /// The document; empty only if it is named by its hash.
    pub(crate) query: String,
    /// What the document is named by, with its text or in place of it.
    pub(crate) digest: Option<Digest>,
    /// Which of its operations.
    pub(crate) operation: Option<String>,
    /// Variables, not yet coerced.
    pub(crate) variables: Variables,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    #[serde(default)]
    document_id: Option<String>,
    #[serde(default)]
    extensions: Option<Extensions>,
}

/// What clients send besides. It has to be a map; unknown keys are passed over.
type Extensions = Map<String, Value>;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<String>,
    #[serde(default)]
    document_id: Option<String>,
    #[serde(default)]
    extensions: Option<String>,
}

/// What a document is named by: `documentId`, or `persistedQuery` among the extensions.
pub(crate) fn digest(
    document_id: Option<&str>,
    extensions: Option<&Extensions>,
) -> Result<Option<Digest>, Refusal> {
    let persisted = extensions.and_then(|extensions| extensions.get("persistedQuery"));
    let stated =
        persisted.map(|persisted| persisted.get("sha256Hash").and_then(Value::as_str).unwrap_or_default());
    match document_id.filter(|id| !id.is_empty()).or(stated) {
        None => Ok(None),
        Some(text) => Digest::parse(text).map(Some).ok_or_else(|| {
            Refusal::malformed(
                "Name a document by its SHA-256: 64 hexadecimal digits, after `sha256:` or not.",
            )
        }),
    }
}

/// Demands `application/json`, with UTF-8 if a charset is named.
pub(crate) fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(str::trim);
    let json = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("application/json"));
    let utf8 = parts.all(|parameter| match parameter.split_once('=') {
        Some((name, charset)) if name.eq_ignore_ascii_case("charset") => {
            charset.trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    if json && utf8 { Ok(()) } else { Err(Refusal::media_type()) }
}

impl GraphqlRequest {
    /// Reads the body of a POST.
    pub(crate) fn from_body(body: &[u8]) -> Result<Self, Refusal> {
        // A struct would also be read from an array, field by field.
        match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => return Err(Refusal::batch()),
            Some(b'{') => {}
            _ => return Err(Refusal::malformed("Send a JSON object with a `query`.")),
        }
        let body: Body = serde_json::from_slice(body)
            .map_err(|error| Refusal::malformed(format!("The body is no GraphQL request: {error}.")))?;
        let digest = digest(body.document_id.as_deref(), body.extensions.as_ref())?;
        Self::new(body.query, digest, body.operation_name, body.variables)
    }

    /// Reads the query string of a GET.
    pub(crate) fn from_uri(uri: &Uri) -> Result<Self, Refusal> {
        let axum::extract::Query(parameters) = axum::extract::Query::<Parameters>::try_from_uri(uri)
            .map_err(|_| Refusal::malformed("The query string is not well-formed."))?;
        let variables = match present(parameters.variables) {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| Refusal::malformed(format!("`variables` is no JSON object: {error}.")))?,
            None => Variables::default(),
        };
        let extensions = match present(parameters.extensions) {
            Some(text) => serde_json::from_str::<Option<Extensions>>(&text)
                .map_err(|error| Refusal::malformed(format!("`extensions` is no JSON object: {error}.")))?,
            None => None,
        };
        let digest = digest(parameters.document_id.as_deref(), extensions.as_ref())?;
        Self::new(parameters.query, digest, parameters.operation_name, variables)
    }

    /// A request whose parts were read elsewhere.
    pub(crate) fn new(
        query: Option<String>,
        digest: Option<Digest>,
        operation: Option<String>,
        variables: Variables,
    ) -> Result<Self, Refusal> {
        let query = match (present(query), digest) {
            (Some(query), _) => query,
            (None, Some(_)) => String::new(),
            (None, None) => return Err(Refusal::malformed("State a `query`.")),
        };
        Ok(Self { query, digest, operation: present(operation), variables })
    }
}

/// An empty parameter is an absent one.
fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
