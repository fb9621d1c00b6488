//! A GraphQL request out of an HTTP request: strict about types, indifferent to unknown keys.

use std::collections::BTreeMap;

use async_graphql::Variables;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Uri};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::refusal::Refusal;

/// What a client asks.
#[derive(Debug, Clone)]
pub(crate) struct GraphqlRequest {
    /// The document; not empty.
    pub(crate) query: String,
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
    // Nothing here uses extensions; they only have to be a map.
    #[serde(default, rename = "extensions")]
    _extensions: Option<BTreeMap<String, IgnoredAny>>,
}

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
    extensions: Option<String>,
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
        Self::new(body.query, body.operation_name, body.variables)
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
        if let Some(text) = present(parameters.extensions) {
            serde_json::from_str::<Option<BTreeMap<String, IgnoredAny>>>(&text)
                .map_err(|error| Refusal::malformed(format!("`extensions` is no JSON object: {error}.")))?;
        }
        Self::new(parameters.query, parameters.operation_name, variables)
    }

    /// A request whose parts were read elsewhere.
    pub(crate) fn new(
        query: Option<String>,
        operation: Option<String>,
        variables: Variables,
    ) -> Result<Self, Refusal> {
        let query = present(query).ok_or_else(|| Refusal::malformed("State a `query`."))?;
        Ok(Self { query, operation: present(operation), variables })
    }
}

/// An empty parameter is an absent one.
fn present(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}
