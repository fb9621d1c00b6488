//! Files of one show: `statement` (bordereau de recettes), `remittance`, `settlement` and the returns `sacem`, `sacd` and
//! `cnm` as PDF, XLSX, CSV and JSON, and its lists.

use std::sync::Arc;

use async_graphql::ID;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use soticket_exports::{ShowStatement, StatementError, sealed_settlement};
use soticket_projections::{AsOf, AsOfError};
use soticket_schema::ids::{OrganisationId, ShowId};

use super::asked::Asked;
use super::render::{Rendering, refused, rendered};
use super::{list, unknown_file};
use crate::access::paths::Entered;
use crate::core::Core;
use crate::gate::Fault;
use crate::ids::{self, Numbered as _};
use crate::service::Service;

/// What is to be rendered.
struct Wanted {
    organisation: OrganisationId,
    show: ShowId,
    statement: ShowStatement,
    moment: Option<AsOf>,
    /// A sealed version, made anew.
    version: Option<u32>,
    rendering: Rendering,
}

/// A file of a show.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path((show, file)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let asked = Asked::read(query)?;
    let (organisation, show) = identify(&show).ok_or_else(show_unknown)?;
    let organisation = entered.own(&service, organisation);
    let (stem, extension) = file.rsplit_once('.').ok_or_else(unknown_file)?;
    let statement = match stem {
        "statement" => ShowStatement::BoxOffice,
        "remittance" => ShowStatement::Remittance,
        "settlement" => ShowStatement::Settlement,
        "sacem" => ShowStatement::Sacem,
        "sacd" => ShowStatement::Sacd,
        "cnm" => ShowStatement::Cnm,
        _ => return list::answer(&service, organisation, Some(show), &file, &asked).await,
    };
    let (moment, version) = (asked.moment()?, asked.version);
    if version.is_some() && (statement != ShowStatement::Settlement || moment.is_some()) {
        return Err(Fault::bad("version: send it for a settlement only, and without asOf."));
    }
    let rendering = Rendering::new(extension, asked)?;
    let wanted = Wanted { organisation, show, statement, moment, version, rendering };
    rendered(&service, move |core| render(core, &wanted)).await
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
        None => {
            let ask = core.ask(organisation, wanted.moment);
            ask.and_then(|ask| wanted.statement.asked(projections, organisation, show, &ask))
        }
    };
    let document = found.map_err(|error| match error {
        StatementError::AsOf(AsOfError::OrganisationUnknown | AsOfError::ShowUnknown) => show_unknown(),
        other => refused(&other),
    })?;
    let named = document.naming(&|organisation, size| core.checkpoint(organisation, size));
    wanted.rendering.answer(&named)
}
