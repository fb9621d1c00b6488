//! Events and check-in lists: a show is one of each.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use serde_json::{Value, json as object};
use soticket_ledger::admission::{self, ShowTimes};
use soticket_projections::OrganisationViews;
use soticket_projections::catalogue::ShowInfo;
use soticket_schema::event::v1::{Mode, ReEntry};
use soticket_schema::ids::ShowId;

use super::{denied, own, show_of, slug};
use crate::core::Core;
use crate::gate::{Device, Fault, json};
use crate::service::Service;

/// All there is, in one page.
fn list(results: Vec<Value>) -> Value {
    object!({ "count": results.len(), "next": null, "previous": null, "results": results })
}

fn answer(value: &Value) -> Response<Body> {
    json(StatusCode::OK, value)
}

/// What `look` finds at a show of the device's organizer.
fn at_show<R>(
    core: &Core,
    device: &Device,
    (organizer, event): (&str, &str),
    look: impl FnOnce(&OrganisationViews, &ShowInfo) -> Option<R>,
) -> Result<R, Fault> {
    own(organizer, device)?;
    let show = show_of(event).ok_or_else(denied)?;
    core.view(device.scope, |views| look(views, views.catalogue.show(show)?)).ok_or_else(denied)
}

/// The shows whose scanning has not ended.
pub(crate) async fn events(
    State(service): State<Arc<Service>>,
    device: Device,
    Path(organizer): Path<String>,
) -> Result<Response<Body>, Fault> {
    own(&organizer, &device)?;
    let now = service.core.ledger.now();
    let events = service.core.view(device.scope, |views| {
        let open = views.catalogue.shows().filter(|show| {
            let rules = views.catalogue.access().rules(Some(show.show()));
            let scheduled = &show.scheduled;
            let times = ShowTimes { doors_at: scheduled.doors_at, starts_at: scheduled.starts_at };
            admission::window(&rules, times).1 >= now
        });
        Some(open.map(|show| described(views, show)).collect())
    });
    Ok(answer(&list(events.unwrap_or_default())))
}

/// One show.
pub(crate) async fn event(
    State(service): State<Arc<Service>>,
    device: Device,
    Path((organizer, event)): Path<(String, String)>,
) -> Result<Response<Body>, Fault> {
    let find = |views: &OrganisationViews, show: &ShowInfo| Some(described(views, show));
    Ok(answer(&at_show(&service.core, &device, (&organizer, &event), find)?))
}

/// The show's check-in list.
pub(crate) async fn checkin_lists(
    State(service): State<Arc<Service>>,
    device: Device,
    Path((organizer, event)): Path<(String, String)>,
) -> Result<Response<Body>, Fault> {
    let list_of = at_show(&service.core, &device, (&organizer, &event), checkin_list_of)?;
    Ok(answer(&list(vec![list_of])))
}

/// One check-in list.
pub(crate) async fn checkin_list(
    State(service): State<Arc<Service>>,
    device: Device,
    Path((organizer, event, list)): Path<(String, String, u64)>,
) -> Result<Response<Body>, Fault> {
    let find = |views: &OrganisationViews, show: &ShowInfo| {
        (show.show() == ShowId(list)).then(|| checkin_list_of(views, show)).flatten()
    };
    Ok(answer(&at_show(&service.core, &device, (&organizer, &event), find)?))
}

/// How many have come.
pub(crate) async fn status(
    State(service): State<Arc<Service>>,
    device: Device,
    Path((organizer, event, list)): Path<(String, String, u64)>,
) -> Result<Response<Body>, Fault> {
    let find = |views: &OrganisationViews, show: &ShowInfo| {
        let attendance = views.attendance.show(show.show()).filter(|_| show.show() == ShowId(list))?;
        Some(object!({
            "checkin_count": attendance.scanned,
            "position_count": attendance.valid,
            "inside_count": attendance.present,
            "event": { "name": show.scheduled.title },
            "items": [],
        }))
    };
    Ok(answer(&at_show(&service.core, &device, (&organizer, &event), find)?))
}

fn described(views: &OrganisationViews, show: &ShowInfo) -> Value {
    let organisation = views.catalogue.organisation();
    let zone = organisation.map(|organisation| organisation.parameters.time_zone.as_str());
    object!({
        "name": { "fr": show.scheduled.title },
        "slug": slug(show.show()),
        "live": true,
        "testmode": organisation.is_some_and(|organisation| organisation.mode != Mode::Live),
        "currency": show.scheduled.currency.code(),
        "date_from": show.scheduled.starts_at.to_string(),
        "date_to": null,
        "date_admission": show.scheduled.doors_at.to_string(),
        "is_public": true,
        "has_subevents": false,
        "timezone": zone,
        "plugins": [],
    })
}

fn checkin_list_of(views: &OrganisationViews, show: &ShowInfo) -> Option<Value> {
    let rules = views.catalogue.access().rules(Some(show.show()));
    let attendance = views.attendance.show(show.show())?;
    let mut list = excerpt(views, show.show())?;
    let fields = object!({
        "checkin_count": attendance.scanned,
        "position_count": attendance.valid,
        "all_products": true,
        "limit_products": [],
        "allow_multiple_entries": rules.re_entry == ReEntry::Free,
        "allow_entry_after_exit": rules.re_entry != ReEntry::Never,
        "exit_all_at": null,
        "rules": {},
        "addon_match": false,
        "auto_checkin_sales_channels": [],
    });
    if let (Value::Object(list), Value::Object(fields)) = (&mut list, fields) {
        list.extend(fields);
    }
    Some(list)
}

/// What an answer to a scan says of the list.
pub(super) fn excerpt(views: &OrganisationViews, show: ShowId) -> Option<Value> {
    let info = views.catalogue.show(show)?;
    let rules = views.catalogue.access().rules(Some(show));
    Some(object!({
        "id": show,
        "name": info.scheduled.title,
        "event": slug(show),
        "subevent": null,
        "include_pending": rules.admit_unpaid,
    }))
}
