//! Personal data as files: `/customers/{organisation}/segment.csv?purpose=…&criteria=…` and
//! `/customers/{organisation}/person.json?customer=…`.

use std::sync::Arc;

use async_graphql::{ID, InputType};
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use soticket_exports::{Chosen, CsvOptions, Language, List, person};
use soticket_projections::segments::Criteria;
use soticket_schema::ids::{OrganisationId, PurposeId};
use soticket_schema::{Currency, Timestamp};
use tokio::sync::oneshot;

use super::asked::Asked;
use super::list::{Format, form, write};
use super::pipe::pipe;
use super::{download, permit, unknown_file};
use crate::access::paths::Entered;
use crate::core::Core;
use crate::gate::Fault;
use crate::ids;
use crate::input::{CustomerCriteria, Scope};
use crate::personal::{Reader, Reading, note};
use crate::service::Service;

/// Customers of the segment, those who agree and those who are left out, in that order.
const COUNTS: [HeaderName; 3] = [
    HeaderName::from_static("soticket-segment-count"),
    HeaderName::from_static("soticket-consenting-count"),
    HeaderName::from_static("soticket-left-out-count"),
];

/// Whose files are asked for, and by whom. Every request for personal data comes through here.
fn entrance(service: &Service, entered: &Entered, organisation: &str) -> Result<Reader, Fault> {
    let unknown =
        || Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", "Check the organisation's id.");
    let organisation = OrganisationId::parse(organisation).ok_or_else(unknown)?;
    let organisation = entered.own(service, organisation);
    service.core.currency(organisation).ok_or_else(unknown)?;
    Ok(Reader::of(&entered.0, organisation))
}

/// A file with customers' data.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path((organisation, file)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let asked = Asked::read(query)?;
    let reader = entrance(&service, &entered, &organisation)?;
    match file.rsplit_once('.') {
        Some(("segment", extension)) => segment(&service, reader, extension, &asked).await,
        Some(("person", "json")) => portability(&service, reader, &asked).await,
        _ => Err(unknown_file()),
    }
}

struct Wanted {
    organisation: OrganisationId,
    purpose: PurposeId,
    criteria: Criteria,
    language: Language,
    options: CsvOptions,
    format: Format,
    now: Timestamp,
}

impl Wanted {
    fn list<'a>(&self, core: &'a Core) -> Option<(List<'a>, Chosen)> {
        let asked = (&self.criteria, self.purpose);
        List::of_segment((&core.ledger, &core.projections), self.organisation, asked, self.now)
    }
}

/// The customers of a segment who agree to a purpose, sent while they are read.
async fn segment(
    service: &Service,
    reader: Reader,
    extension: &str,
    asked: &Asked,
) -> Result<Response<Body>, Fault> {
    let (format, media) = form(extension).ok_or_else(unknown_file)?;
    let core = Arc::clone(&service.core);
    let organisation = reader.organisation;
    let currency = core.currency(organisation).unwrap_or_default();
    let purpose = asked.purpose.as_ref().and_then(|id| ids::local(organisation, &ID(id.clone())));
    let purpose = purpose.ok_or_else(|| Fault::bad("purpose: send the id of a purpose."))?;
    let language = asked.language()?;
    let wanted = Wanted {
        organisation,
        purpose,
        criteria: criteria(asked, organisation, currency)?,
        language,
        options: asked.csv(language)?,
        format,
        now: core.ledger.now(),
    };
    let permit = permit(service)?;
    let (pipe, piped) = pipe();
    let (begun, begins) = oneshot::channel();
    let (leave, left) = oneshot::channel::<()>();
    let _detached = tokio::task::spawn_blocking({
        let core = Arc::clone(&core);
        move || {
            let found = wanted.list(&core);
            // Nobody waits any more when the client is gone.
            let _ = begun.send(found.as_ref().map(|(_, chosen)| *chosen));
            if let (Some((list, _)), Ok(())) = (found, left.blocking_recv())
                && let Err(error) = write(&list, (wanted.format, wanted.language, wanted.options), pipe)
            {
                tracing::warn!(%error, "a list of customers was not sent to its end");
            }
            drop(permit);
        }
    });
    let chosen = begins.await.map_err(|error| Fault::internal(&error))?.ok_or_else(|| {
        Fault::new(StatusCode::NOT_FOUND, "PURPOSE_UNKNOWN", "Check the id of the purpose.")
    })?;
    // The journal has it before a row is read. The list is of those who were counted: whoever agrees after that is not in
    // it, whoever withdraws is left out.
    note(&core.ledger, reader, Reading::Segment(purpose, chosen.consenting)).await?;
    // A thread that is gone has told why.
    let _ = leave.send(());
    let mut response = download(Body::new(piped), media, &format!("segment.{extension}"));
    let counts = [chosen.segment, chosen.consenting, chosen.segment - chosen.consenting];
    for (name, count) in COUNTS.into_iter().zip(counts) {
        response.headers_mut().insert(name, HeaderValue::from(count));
    }
    Ok(response)
}

/// The criteria as GraphQL takes them, as JSON.
fn criteria(asked: &Asked, organisation: OrganisationId, currency: Currency) -> Result<Criteria, Fault> {
    let Some(text) = &asked.criteria else { return Ok(Criteria::default()) };
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| Fault::bad(format!("criteria: send JSON as for customerSegment: {error}.")))?;
    let value = async_graphql::Value::from_json(json)
        .map_err(|error| Fault::bad(format!("criteria: send JSON as for customerSegment: {error}.")))?;
    let named = value.clone();
    let read = CustomerCriteria::parse(Some(value)).map_err(|error| {
        Fault::bad(format!("criteria: {}", error.into_server_error(async_graphql::Pos::default()).message))
    })?;
    known_fields(&named, &read)?;
    let scope = Scope { organisation, currency, viewer: None, moment: None };
    read.read(&scope).map_err(|rejection| Fault::bad(rejection.to_string()))
}

/// Reading alone passes over a field that nobody knows: a criterion that is misspelt would let everybody in.
fn known_fields(given: &async_graphql::Value, read: &CustomerCriteria) -> Result<(), Fault> {
    let (async_graphql::Value::Object(given), async_graphql::Value::Object(known)) = (given, read.to_value())
    else {
        return Ok(());
    };
    match given.keys().find(|name| !known.contains_key(*name)) {
        Some(name) => Err(Fault::bad(format!("criteria: there is no {name}."))),
        None => Ok(()),
    }
}

/// Everything about one person.
async fn portability(service: &Service, reader: Reader, asked: &Asked) -> Result<Response<Body>, Fault> {
    let unknown = || Fault::new(StatusCode::NOT_FOUND, "SUBJECT_UNKNOWN", "Check the id of the customer.");
    let organisation = reader.organisation;
    let id = asked.customer.clone().ok_or_else(|| Fault::bad("customer: send the id of a customer."))?;
    let subject = ids::local_customer(organisation, &ID(id)).ok_or_else(unknown)?;
    let known = service.core.projections.view(organisation, |views| views.customers.customer(subject));
    known.flatten().ok_or_else(unknown)?;
    let permit = permit(service)?;
    let core = Arc::clone(&service.core);
    note(&core.ledger, reader, Reading::Portability(subject)).await?;
    let made = tokio::task::spawn_blocking(move || {
        let now = core.ledger.now();
        let made = person(&core.ledger, &core.projections, organisation, subject, now);
        drop(permit);
        made
    });
    let made = made.await.map_err(|error| Fault::internal(&error))?;
    let made = made.map_err(|error| Fault::internal(&error))?.ok_or_else(unknown)?;
    let mut text = serde_json::to_vec_pretty(&made).map_err(|error| Fault::internal(&error))?;
    text.push(b'\n');
    Ok(download(Body::from(text), "application/json", "person.json"))
}
