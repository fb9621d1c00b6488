//! Whether a browser's request comes from a page of ours. A browser sends its cookies with every request, whoever's page
//! asks for it, so that a cookie alone proves nothing.

use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};

/// Where a request comes from, as the browser says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A page of ours, or the address bar.
    Own,
    /// A page of others.
    Foreign,
    /// It does not say: no browser of the last years, or no browser.
    Unstated,
}

impl Origin {
    /// What the headers say. Pages cannot write these headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
        if let Some(site) = headers.get("sec-fetch-site") {
            return if site == "same-origin" || site == "none" { Self::Own } else { Self::Foreign };
        }
        let Some(origin) = headers.get(ORIGIN) else { return Self::Unstated };
        let named = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
        if named.is_some() && named == text(HOST.as_str()) { Self::Own } else { Self::Foreign }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headers: &[(&'static str, &str)]) -> Origin {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        Origin::of(&all)
    }

    #[test]
    fn the_browser_says_where_a_request_comes_from() {
        let host = ("host", "ledger.example:8080");
        assert_eq!(of(&[host]), Origin::Unstated);
        for (headers, expected) in [
            ([host, ("sec-fetch-site", "same-origin")], Origin::Own),
            ([host, ("sec-fetch-site", "none")], Origin::Own),
            ([host, ("sec-fetch-site", "same-site")], Origin::Foreign),
            ([host, ("sec-fetch-site", "cross-site")], Origin::Foreign),
            ([host, ("sec-fetch-site", "")], Origin::Foreign),
            ([host, ("origin", "https://ledger.example:8080")], Origin::Own),
            ([host, ("origin", "https://ledger.example")], Origin::Foreign),
            ([host, ("origin", "https://evil.example")], Origin::Foreign),
            ([host, ("origin", "null")], Origin::Foreign),
        ] {
            assert_eq!(of(&headers), expected, "{headers:?}");
        }
        let both = [host, ("sec-fetch-site", "cross-site"), ("origin", "https://ledger.example:8080")];
        assert_eq!(of(&both), Origin::Foreign, "what the browser says of itself counts more");
        assert_eq!(of(&[("origin", "https://ledger.example")]), Origin::Foreign, "without a host");
    }
}
