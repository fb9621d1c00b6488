//! Returns of an organisation over a period: `/accounts/{organisation}/sibil.pdf?from=…&to=…` and `…/cnm.…`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{Response, StatusCode};
use soticket_exports::PeriodStatement;
use soticket_schema::ids::OrganisationId;

use super::asked::Asked;
use super::render::{Rendering, refused, rendered};
use super::unknown_file;
use crate::access::paths::Entered;
use crate::gate::Fault;
use crate::service::Service;

/// A return of an organisation.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    entered: Entered,
    Path((organisation, file)): Path<(String, String)>,
    query: Result<Query<Asked>, QueryRejection>,
) -> Result<Response<Body>, Fault> {
    let asked = Asked::read(query)?;
    let (stem, extension) = file.rsplit_once('.').ok_or_else(unknown_file)?;
    let statement = match stem {
        "sibil" => PeriodStatement::Sibil,
        "cnm" => PeriodStatement::Cnm,
        _ => return Err(unknown_file()),
    };
    let organisation = OrganisationId::parse(&organisation).ok_or_else(|| {
        Fault::new(StatusCode::NOT_FOUND, "ORGANISATION_UNKNOWN", "Check the organisation's id.")
    })?;
    let organisation = entered.own(&service, organisation);
    let (period, at) = (asked.period()?, asked.moment()?);
    let rendering = Rendering::new(extension, asked)?;
    rendered(&service, move |core| {
        let ask = core.ask(organisation, at);
        let found = ask.and_then(|ask| statement.of(&core.projections, organisation, period, &ask));
        let document = found.map_err(|error| refused(&error))?;
        rendering.answer(&document.naming(&|organisation, size| core.checkpoint(organisation, size)))
    })
    .await
}
