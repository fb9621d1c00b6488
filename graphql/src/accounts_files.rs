//! Files of the accounts: `/accounts/{organisation}/fec`, `…/journal` and `…/receipts`. What is large is written while it
//! is sent.

use std::convert::Infallible;
use std::sync::Arc;

use async_graphql::futures_util::stream;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use axum::routing::get;
use jiff::civil::Date;
use soticket_projections::OrganisationViews;
use soticket_projections::journal::fec::{Encoding, FecWriter, Separator, file_name};
use soticket_projections::journal::{JournalEntry, JournalFilter, ReceiptsBy, ReceiptsFilter, csv};
use soticket_schema::Currency;
use soticket_schema::ids::{OrganisationId, ShowId};

use crate::access::paths::Entered;
use crate::gate::Fault;
use crate::http::security;
use crate::service::Service;

/// Entries that are written at once.
const CHUNK: usize = 256;

/// The paths of the files.
pub(crate) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/accounts/{organisation}/fec", get(fec))
        .route("/accounts/{organisation}/journal", get(journal))
        .route("/accounts/{organisation}/receipts", get(receipts))
}

/// Parameters of a request, each at most once.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Fault> {
        let pairs = query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<(String, String)> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        for (index, (name, _)) in pairs.iter().enumerate() {
            let twice = pairs.iter().take(index).any(|(other, _)| other == name);
            if twice || !known.contains(&name.as_str()) {
                return Err(Fault::bad(format!("{name}: state each of {} at most once", known.join(", "))));
            }
        }
        Ok(Self(pairs))
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn date(&self, name: &str) -> Result<Option<Date>, Fault> {
        let read =
            |text: &str| text.parse().map_err(|_| Fault::bad(format!("{name}: state a day as 2026-03-14")));
        self.text(name).map(read).transpose()
    }

    fn number<T: std::str::FromStr>(&self, name: &str) -> Result<Option<T>, Fault> {
        let read = |text: &str| text.parse().map_err(|_| Fault::bad(format!("{name}: state a number")));
        self.text(name).map(read).transpose()
    }

    fn period(&self) -> Result<JournalFilter, Fault> {
        let day = |name: &'static str| {
            self.date(name)?.ok_or_else(|| Fault::bad(format!("{name}: state a day as 2026-03-14")))
        };
        let (from, to) = (day("from")?, day("to")?);
        if from > to {
            return Err(Fault::bad("to: state a day that is not before from"));
        }
        Ok(JournalFilter { from, to, show: self.number("show")?.map(ShowId) })
    }
}

/// Looks at the organisation that the path names.
fn views<R>(
    service: &Service,
    entered: &Entered,
    organisation: &str,
    look: impl FnOnce(&OrganisationViews) -> Result<R, Fault>,
) -> Result<R, Fault> {
    let id = OrganisationId::parse(organisation).map(|id| entered.own(service, id));
    let found = id.and_then(|id| service.core.projections.view(id, look));
    let unknown =
        || Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", "Check the organisation's id.");
    found.ok_or_else(unknown)?
}

/// Entries of a period that has ended, at the latest today.
fn entries(
    service: &Service,
    views: &OrganisationViews,
    filter: &JournalFilter,
) -> Result<Vec<JournalEntry>, Fault> {
    if filter.to > views.journal.day_of(service.core.ledger.now()) {
        return Err(Fault::bad("to: entries end today; state a day up to it"));
    }
    let known = filter.show.is_none_or(|show| views.catalogue.show(show).is_some());
    if !known {
        return Err(Fault::new(StatusCode::NOT_FOUND, "SHOW_UNKNOWN", "Check the show's number."));
    }
    views.journal.entries(filter).map_err(|error| {
        let text = error.to_string();
        let code = if text.starts_with("VAT") { "VAT_ACCOUNT_MISSING" } else { "ACCOUNT_MISSING" };
        Fault::new(StatusCode::CONFLICT, code, text)
    })
}

async fn fec(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(organisation): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Fault> {
    let parameters = Parameters::read(query.as_deref(), &["from", "to", "show", "encoding", "separator"])?;
    let filter = parameters.period()?;
    let encoding = match parameters.text("encoding") {
        None | Some("utf-8") => Encoding::Utf8,
        Some("iso-8859-15") => Encoding::Latin9,
        Some(_) => return Err(Fault::bad("encoding: state utf-8 or iso-8859-15")),
    };
    let separator = match parameters.text("separator") {
        None | Some("tab") => Separator::Tab,
        Some("bar") => Separator::Bar,
        Some(_) => return Err(Fault::bad("separator: state tab or bar")),
    };
    let (name, currency, entries) = views(&service, &entered, &organisation, |views| {
        let siren = views.journal.siren().ok_or_else(|| {
            let detail = "State the organisation's SIRET number first: the file is named after it.";
            Fault::new(StatusCode::CONFLICT, "SIREN_MISSING", detail)
        })?;
        let name = file_name(siren, filter.to);
        Ok((name, views.journal.currency(), entries(&service, views, &filter)?))
    })?;
    let writer = FecWriter { currency, separator, encoding };
    let mut header = Vec::new();
    // Writing into memory cannot fail.
    let _ = writer.header(&mut header);
    let kind = if encoding == Encoding::Utf8 {
        "text/plain; charset=utf-8"
    } else {
        "text/plain; charset=iso-8859-15"
    };
    Ok(file(&name, kind, header, entries, move |out, entry| {
        let _ = writer.entry(out, entry);
    }))
}

async fn journal(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(organisation): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Fault> {
    let filter = Parameters::read(query.as_deref(), &["from", "to", "show"])?.period()?;
    let (currency, entries): (Currency, _) = views(&service, &entered, &organisation, |views| {
        Ok((views.journal.currency(), entries(&service, views, &filter)?))
    })?;
    let mut header = Vec::new();
    let _ = csv::write_header(&mut header);
    let name = format!("journal-{}-{}.csv", filter.from, filter.to);
    Ok(file(&name, "text/csv; charset=utf-8", header, entries, move |out, entry| {
        let _ = csv::write_entry(out, entry, currency);
    }))
}

async fn receipts(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(organisation): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response<Body>, Fault> {
    let known = ["paid_from", "paid_to", "show_from", "show_to", "show", "method", "channel", "tariff"];
    let parameters = Parameters::read(query.as_deref(), &known)?;
    let filter = ReceiptsFilter {
        paid_from: parameters.date("paid_from")?,
        paid_to: parameters.date("paid_to")?,
        show_from: parameters.date("show_from")?,
        show_to: parameters.date("show_to")?,
        shows: parameters.number("show")?.map(ShowId).into_iter().collect(),
        methods: parameters.number("method")?.map(soticket_schema::MethodId).into_iter().collect(),
        channels: parameters.number("channel")?.map(soticket_schema::ChannelId).into_iter().collect(),
        tariffs: parameters.number("tariff")?.map(soticket_schema::TariffId).into_iter().collect(),
    };
    let (currency, receipts) = views(&service, &entered, &organisation, |views| {
        Ok((views.journal.currency(), views.journal.receipts(&filter, ReceiptsBy::ALL)))
    })?;
    let mut body = Vec::new();
    let _ = csv::write_receipts(&mut body, &receipts, currency);
    Ok(file("receipts.csv", "text/csv; charset=utf-8", body, Vec::new(), |_, _| {}))
}

/// A file whose entries are written while it is sent.
fn file(
    name: &str,
    kind: &'static str,
    header: Vec<u8>,
    entries: Vec<JournalEntry>,
    write: impl Fn(&mut Vec<u8>, &JournalEntry) + Send + 'static,
) -> Response<Body> {
    let mut entries = entries.into_iter();
    let chunks = std::iter::once(header).chain(std::iter::from_fn(move || {
        let mut chunk = Vec::new();
        entries.by_ref().take(CHUNK).for_each(|entry| write(&mut chunk, &entry));
        (!chunk.is_empty()).then_some(chunk)
    }));
    let chunks = chunks.map(|chunk| Ok::<_, Infallible>(Bytes::from(chunk)));
    let mut response = Response::new(Body::from_stream(stream::iter(chunks)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    security::data_headers(headers);
    response
}
