//! Headers that tell browsers what not to do. There is no CORS header anywhere: other sites cannot read responses.

use axum::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderMap, HeaderValue};

/// For data: nothing may be loaded or framed.
pub(crate) const DATA_POLICY: &str = "default-src 'none'; frame-ancestors 'none'";
/// For pages: own files only.
pub(crate) const PAGE_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
/// For GraphiQL, which writes styles into its page and inlines its fonts.
pub(crate) const GRAPHIQL_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; font-src 'self' data:; base-uri 'none'; \
     frame-ancestors 'none'; form-action 'self'";

/// Headers of a response that holds data.
pub(crate) fn data_headers(headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(DATA_POLICY));
    common(headers);
}

/// Headers of a page.
pub(crate) fn page_headers(headers: &mut HeaderMap, policy: &'static str) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    common(headers);
}

fn common(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}
