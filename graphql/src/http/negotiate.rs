//! Which media type the response has, from the `Accept` header.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// A media type that responses can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/json`: request errors answer 200, as old clients expect.
    Json,
    /// `application/graphql-response+json`: request errors answer 400.
    GraphqlResponse,
}

impl Media {
    /// Value of the response's `Content-Type`.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphqlResponse => "graphql-response+json",
        }
    }
}

/// How well a media type is accepted: quality in thousandths, how exactly it is named, and how early.
type Rank = (u16, u8, std::cmp::Reverse<usize>);

/// The best media type for these headers; none when the client accepts neither.
pub(crate) fn response_media(headers: &HeaderMap) -> Option<Media> {
    let mut values = headers.get_all(ACCEPT).iter().peekable();
    if values.peek().is_none() {
        return Some(Media::Json);
    }
    let accept = values.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",");
    if accept.trim().is_empty() {
        return Some(Media::Json);
    }
    let json = rank(&accept, Media::Json);
    let graphql = rank(&accept, Media::GraphqlResponse);
    match (json, graphql) {
        (None, None) => None,
        // `*/*` ranks both alike: clients that do not know the newer type must get the older one.
        (json, graphql) if json >= graphql => Some(Media::Json),
        _ => Some(Media::GraphqlResponse),
    }
}

/// Whether the client wants a stream of events, which is never meant by a range: it names the type.
pub(crate) fn wants_events(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("text/event-stream"));
        named && parts.find_map(quality).unwrap_or(1000) > 0
    })
}

/// The most exact range that matches decides; a quality of 0 refuses.
fn rank(accept: &str, media: Media) -> Option<Rank> {
    let mut best: Option<(u8, u16, usize)> = None;
    for (place, range) in accept.split(',').enumerate() {
        let mut parts = range.split(';').map(str::trim);
        let Some(exactness) = parts.next().and_then(|name| exactness(name, media)) else { continue };
        let quality = parts.find_map(quality).unwrap_or(1000);
        if best.is_none_or(|(known, _, _)| exactness > known) {
            best = Some((exactness, quality, place));
        }
    }
    best.filter(|(_, quality, _)| *quality > 0)
        .map(|(exactness, quality, place)| (quality, exactness, std::cmp::Reverse(place)))
}

fn exactness(range: &str, media: Media) -> Option<u8> {
    let (kind, subtype) = range.split_once('/')?;
    match (kind.eq_ignore_ascii_case("application"), subtype) {
        (true, subtype) if subtype.eq_ignore_ascii_case(media.subtype()) => Some(2),
        (true, "*") => Some(1),
        (false, "*") if kind == "*" => Some(0),
        _ => None,
    }
}

/// `q=0.8` as 800; a malformed quality counts as 1.
fn quality(parameter: &str) -> Option<u16> {
    let value = parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, fraction) = value.split_once('.').unwrap_or((value, ""));
    let thousandths = format!("{fraction:0<3}").get(..3).and_then(|digits| digits.parse::<u16>().ok());
    match (whole, thousandths) {
        ("0", Some(thousandths)) => Some(thousandths),
        _ => Some(1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn events_are_sent_to_those_who_name_them() {
        let wants = |accept| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            wants_events(&headers)
        };
        assert!(wants("text/event-stream"));
        assert!(wants("application/json;q=0.5, Text/Event-Stream; q=0.9"));
        for other in ["", "*/*", "text/*", "text/event-stream;q=0", "application/json", "text/html"] {
            assert!(!wants(other), "{other}");
        }
    }

    #[test]
    fn the_best_accepted_type_is_chosen() {
        let cases = [
            ("", Some(Media::Json)),
            ("*/*", Some(Media::Json)),
            ("application/*", Some(Media::Json)),
            ("application/json", Some(Media::Json)),
            ("Application/JSON; charset=utf-8", Some(Media::Json)),
            ("application/graphql-response+json", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json; charset=utf-8", Some(Media::GraphqlResponse)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Media::GraphqlResponse)),
            ("application/json;q=0.9, application/graphql-response+json;q=0.8", Some(Media::Json)),
            ("application/json, application/graphql-response+json", Some(Media::Json)),
            ("application/graphql-response+json, application/json", Some(Media::GraphqlResponse)),
            ("application/json;q=0, */*;q=0.1", Some(Media::GraphqlResponse)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("text/event-stream", None),
            ("text/html", None),
            ("*/*;q=0", None),
            ("nonsense", None),
        ];
        for (accept, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(response_media(&headers), expected, "{accept:?}");
        }
        assert_eq!(response_media(&HeaderMap::new()), Some(Media::Json));
    }
}
