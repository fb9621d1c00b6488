//! Files of one show: `statement` (bordereau de recettes), `remittance` and `settlement` as PDF, XLSX, CSV and JSON, and its lists.

use std::sync::Arc;

use async_graphql::ID;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::header::ETAG;
use axum::http::{HeaderValue, Response, StatusCode};
use soticket_exports::{CsvOptions, Document, Language, ShowStatement, StatementError, sealed_settlement};
use soticket_projections::{AsOf, AsOfError};
use soticket_schema::ids::{OrganisationId, ShowId};

use super::asked::Asked;
use super::{download, list, permit, unknown_file};
use crate::core::Core;
use crate::gate::Fault;
use crate::ids::{self, Numbered as _};
use crate::service::Service;

/// A way to render a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Pdf,
    Xlsx,
    Csv,
    Json,
}

impl Format {
    fn of(extension: &str) -> Option<Self> {
        match extension {
            "pdf" => Some(Self::Pdf),
            "xlsx" => Some(Self::Xlsx),
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn media(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => list::XLSX,
            Self::Csv => list::CSV,
            Self::Json => "application/json",
        }
    }
}

/// What is to be rendered.
struct Wanted {
    organisation: OrganisationId,
    show: ShowId,
    statement: ShowStatement,
    format: Format,
    moment: Option<AsOf>,
    /// A sealed version, made anew.
    version: Option<u32>,
    language: Language,
    options: CsvOptions,
    table: Option<String>,
}

/// A file of a show.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    Path((show, file)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let asked = Asked::read(query)?;
    let (organisation, show) = identify(&show).ok_or_else(show_unknown)?;
    let (stem, extension) = file.rsplit_once('.').ok_or_else(unknown_file)?;
    let statement = match stem {
        "statement" => ShowStatement::BoxOffice,
        "remittance" => ShowStatement::Remittance,
        "settlement" => ShowStatement::Settlement,
        _ => return list::answer(&service, organisation, Some(show), &file, &asked).await,
    };
    let language = asked.language()?;
    let wanted = Wanted {
        organisation,
        show,
        statement,
        format: Format::of(extension).ok_or_else(unknown_file)?,
        moment: asked.moment()?,
        version: asked.version,
        language,
        options: asked.csv(language)?,
        table: asked.table,
    };
    if wanted.version.is_some() && (statement != ShowStatement::Settlement || wanted.moment.is_some()) {
        return Err(Fault::bad("version: send it for a settlement only, and without asOf."));
    }
    let permit = permit(&service)?;
    let core = Arc::clone(&service.core);
    let rendered = tokio::task::spawn_blocking(move || {
        let rendered = render(&core, &wanted);
        drop(permit);
        rendered
    });
    rendered.await.map_err(|error| Fault::internal(&error))?
}

fn identify(show: &str) -> Option<(OrganisationId, ShowId)> {
    let parts = ids::parts(&ID(show.to_owned()))?;
    let number = (parts.kind == ShowId::TYPE).then(|| parts.key.parse().ok()).flatten()?;
    Some((parts.organisation, ShowId(number)))
}

fn show_unknown() -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "SHOW_UNKNOWN", "check the show's id and the moment")
}

fn render(core: &Core, wanted: &Wanted) -> Result<Response<Body>, Fault> {
    let (projections, organisation, show) = (&core.projections, wanted.organisation, wanted.show);
    let found = match wanted.version {
        Some(version) => sealed_settlement(projections, organisation, show, version),
        None => wanted.statement.of(projections, organisation, show, wanted.moment, None),
    };
    let document = found.map_err(|error| match error {
        StatementError::AsOf(AsOfError::OrganisationUnknown | AsOfError::ShowUnknown) => show_unknown(),
        StatementError::AsOf(AsOfError::Unreadable(_)) => Fault::internal(&error),
        StatementError::NotSealed(_) => {
            Fault::new(StatusCode::NOT_FOUND, "SETTLEMENT_NOT_SEALED", error.to_string())
        }
        StatementError::AsOf(AsOfError::BeforeLog) | StatementError::Draft(_) | StatementError::Differs => {
            Fault::bad(error.to_string())
        }
    })?;
    let bytes = bytes(&document, wanted)?;
    let extension = format!("{:?}", wanted.format).to_lowercase();
    let mut response =
        download(Body::from(bytes), wanted.format.media(), &format!("{}.{extension}", document.number));
    // The hash of what the file says, whatever its format: what the log, a QR code or another copy can be compared with.
    let tag = HeaderValue::try_from(format!("\"{}\"", document.hash()));
    response.headers_mut().extend(tag.ok().map(|tag| (ETAG, tag)));
    Ok(response)
}

fn bytes(document: &Document, wanted: &Wanted) -> Result<Vec<u8>, Fault> {
    let language = wanted.language;
    match wanted.format {
        Format::Pdf => document.pdf(language).map_err(|error| Fault::internal(&error)),
        Format::Xlsx => document.xlsx(language).map_err(|error| Fault::internal(&error)),
        Format::Json => Ok(document.json()),
        Format::Csv => {
            let mut bytes = Vec::new();
            let written = match &wanted.table {
                None => document.csv(language, wanted.options, &mut bytes),
                Some(key) => {
                    let table = document.table(key).ok_or_else(|| {
                        Fault::bad("table: send the key of a table, as the JSON of the statement has it.")
                    })?;
                    table.csv(language, &document.time_zone, wanted.options, &mut bytes)
                }
            };
            written.map_err(|error| Fault::internal(&error))?;
            Ok(bytes)
        }
    }
}
