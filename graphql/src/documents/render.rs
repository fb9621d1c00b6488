//! A statement as a file of some form.

use std::sync::Arc;

use axum::body::Body;
use axum::http::header::ETAG;
use axum::http::{HeaderValue, Response, StatusCode};
use soticket_exports::{CsvOptions, Document, Language, StatementError};
use soticket_projections::AsOfError;

use super::asked::Asked;
use super::{download, list, permit, unknown_file};
use crate::core::Core;
use crate::gate::Fault;
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

/// In what form a statement is sent.
pub(super) struct Rendering {
    format: Format,
    language: Language,
    options: CsvOptions,
    table: Option<String>,
}

/// Renders on a thread that may block, if there is room for it.
pub(super) async fn rendered(
    service: &Service,
    render: impl FnOnce(&Core) -> Result<Response<Body>, Fault> + Send + 'static,
) -> Result<Response<Body>, Fault> {
    let permit = permit(service)?;
    let core = Arc::clone(&service.core);
    let rendered = tokio::task::spawn_blocking(move || {
        let rendered = render(&core);
        drop(permit);
        rendered
    });
    rendered.await.map_err(|error| Fault::internal(&error))?
}

/// Why there is no such statement, to those who asked.
pub(super) fn refused(error: &StatementError) -> Fault {
    match error {
        StatementError::AsOf(AsOfError::Unreadable(_)) => Fault::internal(error),
        StatementError::AsOf(AsOfError::OrganisationUnknown) => {
            Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", "Check the organisation's id.")
        }
        StatementError::AsOf(AsOfError::ShowUnknown) => {
            Fault::new(StatusCode::NOT_FOUND, "SHOW_UNKNOWN", "check the show's id and the moment")
        }
        // Whoever keeps the file has to mend it: a request cannot.
        StatementError::Declared(_) => {
            Fault::new(StatusCode::CONFLICT, "DECLARED_INVALID", error.to_string())
        }
        StatementError::NotSealed(_) => {
            Fault::new(StatusCode::NOT_FOUND, "SETTLEMENT_NOT_SEALED", error.to_string())
        }
        StatementError::AsOf(AsOfError::BeforeLog) | StatementError::Draft(_) | StatementError::Differs => {
            Fault::bad(error.to_string())
        }
    }
}

impl Rendering {
    /// As a request asks for it.
    pub(super) fn new(extension: &str, asked: Asked) -> Result<Self, Fault> {
        let format = Format::of(extension).ok_or_else(unknown_file)?;
        let language = asked.language()?;
        Ok(Self { format, language, options: asked.csv(language)?, table: asked.table })
    }

    /// The file.
    pub(super) fn answer(&self, document: &Document) -> Result<Response<Body>, Fault> {
        let bytes = self.bytes(document)?;
        let extension = format!("{:?}", self.format).to_lowercase();
        let name = format!("{}.{extension}", document.number);
        let mut response = download(Body::from(bytes), self.format.media(), &name);
        // The hash of what the file says, whatever its format: what the log, a QR code or another copy can be compared
        // with.
        let tag = HeaderValue::try_from(format!("\"{}\"", document.hash()));
        response.headers_mut().extend(tag.ok().map(|tag| (ETAG, tag)));
        Ok(response)
    }

    fn bytes(&self, document: &Document) -> Result<Vec<u8>, Fault> {
        let language = self.language;
        match self.format {
            Format::Pdf => document.pdf(language).map_err(|error| Fault::internal(&error)),
            Format::Xlsx => document.xlsx(language).map_err(|error| Fault::internal(&error)),
            Format::Json => Ok(document.json()),
            Format::Csv => {
                let mut bytes = Vec::new();
                let written = match &self.table {
                    None => document.csv(language, self.options, &mut bytes),
                    Some(key) => {
                        let table = document.table(key).ok_or_else(|| {
                            Fault::bad("table: send the key of a table, as the JSON of the statement has it.")
                        })?;
                        table.csv(language, &document.time_zone, self.options, &mut bytes)
                    }
                };
                written.map_err(|error| Fault::internal(&error))?;
                Ok(bytes)
            }
        }
    }
}
