//! Lists of orders and tickets, sent while they are written: `/documents/orders.csv?organisation=…`.

use std::io::{self, BufReader, Seek as _};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use soticket_exports::{CsvOptions, Language, List, ListKind};
use soticket_schema::Timestamp;
use soticket_schema::ids::{OrganisationId, ShowId};

use super::asked::Asked;
use super::pipe::{Pipe, pipe};
use super::{download, permit, unknown_file};
use crate::access::paths::Entered;
use crate::core::Core;
use crate::gate::Fault;
use crate::service::Service;

/// Media type of workbooks.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Media type of CSV.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// A form of a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Format {
    Xlsx,
    Csv,
    JsonLines,
}

#[derive(Clone, Copy)]
struct Wanted {
    organisation: OrganisationId,
    show: Option<ShowId>,
    kind: ListKind,
    format: Format,
    language: Language,
    options: CsvOptions,
    now: Timestamp,
}

/// A list of an organisation.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path(file): Path<String>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let asked = Asked::read(query)?;
    answer(&service, entered.own(&service, asked.organisation()?), None, &file, &asked).await
}

/// A list of an organisation or of one of its shows.
pub(super) async fn answer(
    service: &Service,
    organisation: OrganisationId,
    show: Option<ShowId>,
    file: &str,
    asked: &Asked,
) -> Result<Response<Body>, Fault> {
    let (kind, format, media) = named(file).ok_or_else(unknown_file)?;
    let language = asked.language()?;
    let options = asked.csv(language)?;
    let now = service.core.ledger.now();
    let wanted = Wanted { organisation, show, kind, format, language, options, now };
    let permit = permit(service)?;
    let core = Arc::clone(&service.core);
    let (pipe, piped) = pipe();
    let (begun, begins) = tokio::sync::oneshot::channel();
    let _detached = tokio::task::spawn_blocking(move || {
        let list = wanted.list(&core);
        // Nobody waits any more when the client is gone.
        let _ = begun.send(list.is_some());
        if let Some(list) = list
            && let Err(error) = write(&list, (wanted.format, wanted.language, wanted.options), pipe)
        {
            tracing::warn!(%error, "a list was not sent to its end");
        }
        drop(permit);
    });
    match begins.await {
        Ok(true) => Ok(download(Body::new(piped), media, file)),
        Ok(false) => {
            let detail = "check the ids of the organisation and the show";
            Err(Fault::new(StatusCode::NOT_FOUND, "LIST_UNKNOWN", detail))
        }
        Err(error) => Err(Fault::internal(&error)),
    }
}

fn named(file: &str) -> Option<(ListKind, Format, &'static str)> {
    let (stem, extension) = file.rsplit_once('.')?;
    let kind = match stem {
        "orders" => ListKind::Orders,
        "tickets" => ListKind::Tickets,
        _ => return None,
    };
    let (format, media) = form(extension)?;
    Some((kind, format, media))
}

/// The form of a list by the end of its file's name, and its media type.
pub(super) fn form(extension: &str) -> Option<(Format, &'static str)> {
    Some(match extension {
        "xlsx" => (Format::Xlsx, XLSX),
        "csv" => (Format::Csv, CSV),
        "jsonl" => (Format::JsonLines, "application/x-ndjson"),
        _ => return None,
    })
}

impl Wanted {
    fn list<'a>(&self, core: &'a Core) -> Option<List<'a>> {
        List::new(&core.projections, self.organisation, self.kind, self.show, self.now)
    }
}

/// Writes a list in a form and a language.
pub(super) fn write(
    list: &List<'_>,
    (format, language, options): (Format, Language, CsvOptions),
    mut pipe: Pipe,
) -> io::Result<()> {
    match format {
        Format::Csv => list.csv(language, options, &mut pipe)?,
        Format::JsonLines => list.json_lines(&mut pipe)?,
        // The index of a workbook comes last, and its parts are written out of order: it goes through a file.
        Format::Xlsx => {
            let mut file = tempfile::tempfile()?;
            list.xlsx(language, &mut file).map_err(io::Error::other)?;
            file.rewind()?;
            io::copy(&mut BufReader::new(file), &mut pipe)?;
        }
    }
    pipe.finish()
}
