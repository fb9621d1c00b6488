//! The cookie of a session. Scripts do not see it, other sites' pages do not have it sent, and over TLS no other host and no
//! page without TLS can set it.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

/// Over TLS: browsers take a name that begins so only with Secure, for this host and for every path.
const SECURE: &str = "__Host-soticket";
/// Without TLS, as on the machine itself.
const PLAIN: &str = "soticket";

fn name(secure: bool) -> &'static str {
    if secure { SECURE } else { PLAIN }
}

/// The secret of the session that the browser sends.
pub(super) fn read(headers: &HeaderMap, secure: bool) -> Option<&str> {
    value(headers, name(secure))
}

/// What the browser sends under a name.
pub(crate) fn value<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// What has the browser keep it. It goes with the browser's session; the service ends it before that.
pub(crate) fn set(secret: &str, secure: bool) -> Option<HeaderValue> {
    written(secret, secure, "")
}

/// What has the browser forget it.
pub(crate) fn clear(secure: bool) -> Option<HeaderValue> {
    written("", secure, "; Max-Age=0")
}

fn written(secret: &str, secure: bool, age: &str) -> Option<HeaderValue> {
    secret_header(format!(
        "{}={secret}; Path=/; HttpOnly; SameSite=Strict{}{age}",
        name(secure),
        only(secure)
    ))
}

/// What keeps a cookie to connections over TLS, where there are such.
pub(crate) fn only(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

/// The header of a cookie; none for what cannot be one.
pub(crate) fn secret_header(text: String) -> Option<HeaderValue> {
    let mut value = HeaderValue::try_from(text).ok()?;
    // Whatever prints headers prints no secret.
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_us_alone() {
        let text = |value: Option<HeaderValue>| value.unwrap().to_str().unwrap().to_owned();
        assert_eq!(text(set("abc", true)), "__Host-soticket=abc; Path=/; HttpOnly; SameSite=Strict; Secure");
        assert_eq!(text(set("abc", false)), "soticket=abc; Path=/; HttpOnly; SameSite=Strict");
        assert_eq!(text(clear(false)), "soticket=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
        assert!(!format!("{:?}", set("abc", true)).contains("abc"));
    }

    #[test]
    fn it_is_found_among_others_and_only_under_its_own_name() {
        let read_of = |text: &'static str, secure| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(text));
            read(&headers, secure).map(str::to_owned)
        };
        assert_eq!(read_of("a=b; soticket=s3; c=d", false).as_deref(), Some("s3"));
        assert_eq!(read_of("__Host-soticket=s3", true).as_deref(), Some("s3"));
        assert_eq!(read_of("soticket=s3", true), None, "one that a page without TLS could set");
        assert_eq!(read_of("xsoticket=s3; soticket", false), None);
    }
}
