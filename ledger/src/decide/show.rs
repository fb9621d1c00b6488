//! Shows: planning, opening, closing, and when they sell.

use soticket_schema::command::{CloseShow, OpenShow, ScheduleShow};
use soticket_schema::event::v1::{ShowClosed, ShowOpened, ShowScheduled, ZoneOnSale};
use soticket_schema::limits::{CAPACITY_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX, ZONES_MAX};
use soticket_schema::{Event, HallId, Rejection, RejectionCode, ShowId, Timestamp};

use super::checks::{Checks, field, rejection};
use super::{Context, Decide, When};
use crate::state::{Hall, Organisation, Show, ShowStatus, State};

impl Decide for ScheduleShow {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.reference, REFERENCE_BYTES_MAX, field("reference"));
        checks.text(&self.title, NAME_BYTES_MAX, field("title"));
        check_zones(&self.zones, checks);
        check_times((self.starts_at, self.doors_at), (self.sale_from, self.sale_until), checks);
        checks.text(&self.territory, REFERENCE_BYTES_MAX, field("territory"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let hall = state.halls.get(self.hall.0);
        check_zone_names(&self.zones, self.hall, state, checks);
        let free = state.show_by_reference(&self.reference).is_none();
        checks.ensure(free, RejectionCode::ReferenceTaken, field("reference"));
        let hall = checks.need(hall, RejectionCode::HallUnknown, field("hall"))?;
        let organisation = state
            .settings()
            .ok_or_else(|| rejection(RejectionCode::OrganisationUnknown, field("organisation")))?;
        Ok(vec![scheduled(self, ShowId(state.shows.next()), hall, organisation).into()])
    }
}

/// The shape of a command's `zones`.
pub(super) fn check_zones(on_sale: &[ZoneOnSale], checks: &mut Checks) {
    let zones = field("zones");
    checks.list_with_one(on_sale, ZONES_MAX, zones);
    for (index, zone) in on_sale.iter().enumerate().take(ZONES_MAX) {
        checks.count(zone.on_sale, CAPACITY_MAX, zones.item(index).field("on_sale"));
    }
    let ids = on_sale.iter().take(ZONES_MAX).map(|zone| zone.zone).enumerate();
    checks.distinct(ids, |index| zones.item(index).field("zone").to_string());
}

/// A command's `zones` are the hall's, and have the places.
pub(super) fn check_zone_names(on_sale: &[ZoneOnSale], hall: HallId, state: &State, checks: &mut Checks) {
    let zones = field("zones");
    for (index, on_sale) in on_sale.iter().enumerate() {
        let at = zones.item(index);
        let zone = state.zones.get(on_sale.zone.0).filter(|zone| zone.hall == hall);
        if let Some(zone) = checks.found(zone, RejectionCode::ZoneUnknown, at.field("zone")) {
            let fits = on_sale.on_sale <= zone.capacity;
            checks.ensure(fits, RejectionCode::CapacityExceeded, at.field("on_sale"));
        }
    }
}

/// A command's times: begin and doors, begin and end of the sale.
pub(super) fn check_times(
    (starts_at, doors_at): (Timestamp, Timestamp),
    (sale_from, sale_until): (Timestamp, Timestamp),
    checks: &mut Checks,
) {
    checks.instant(starts_at, field("starts_at"));
    checks.instant(doors_at, field("doors_at"));
    checks.instant(sale_from, field("sale_from"));
    checks.instant(sale_until, field("sale_until"));
    checks.ensure(doors_at <= starts_at, RejectionCode::TimeOrder, field("doors_at"));
    checks.ensure(sale_from < sale_until, RejectionCode::TimeOrder, field("sale_until"));
}

/// The show with the money rules that the organisation has at this moment.
fn scheduled(
    command: &ScheduleShow,
    show: ShowId,
    hall: &Hall,
    organisation: &Organisation,
) -> ShowScheduled {
    ShowScheduled {
        show,
        reference: command.reference.clone(),
        title: command.title.clone(),
        hall: command.hall,
        authorised_capacity: hall.authorised_capacity,
        zones: command.zones.clone(),
        starts_at: command.starts_at,
        doors_at: command.doors_at,
        sale_from: command.sale_from,
        sale_until: command.sale_until,
        territory: command.territory.clone(),
        currency: organisation.currency,
        rounding: organisation.parameters.rounding,
        serial_scope: organisation.parameters.serial_scope,
    }
}

impl Decide for OpenShow {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        match show(context.state, self.show)?.status {
            ShowStatus::Scheduled => Ok(vec![ShowOpened { show: self.show }.into()]),
            ShowStatus::Open => Err(rejection(RejectionCode::ShowAlreadyOpen, field("show"))),
            ShowStatus::Closed(_) => Err(rejection(RejectionCode::ShowClosed, field("show"))),
            ShowStatus::Cancelled(_) => Err(rejection(RejectionCode::ShowCancelled, field("show"))),
        }
    }
}

impl Decide for CloseShow {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// A show that never opened can be closed too: it is called off.
    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        match show(context.state, self.show)?.status {
            ShowStatus::Scheduled | ShowStatus::Open => Ok(vec![ShowClosed { show: self.show }.into()]),
            ShowStatus::Closed(_) => Err(rejection(RejectionCode::ShowClosed, field("show"))),
            ShowStatus::Cancelled(_) => Err(rejection(RejectionCode::ShowCancelled, field("show"))),
        }
    }
}

/// The command's `show`.
pub(super) fn show(state: &State, id: ShowId) -> Result<&Show, Rejection> {
    state.shows.get(id.0).ok_or_else(|| rejection(RejectionCode::ShowUnknown, field("show")))
}

/// Why nothing of a show changes any more, if it does not.
pub(super) fn over(show: &Show) -> Option<RejectionCode> {
    match show.status {
        ShowStatus::Scheduled | ShowStatus::Open => None,
        ShowStatus::Closed(_) => Some(RejectionCode::ShowClosed),
        ShowStatus::Cancelled(_) => Some(RejectionCode::ShowCancelled),
    }
}

/// Why a show does not sell live at an instant, if it does not.
pub(super) fn not_selling(show: &Show, now: Timestamp) -> Option<RejectionCode> {
    match show.status {
        ShowStatus::Scheduled => Some(RejectionCode::ShowNotOpen),
        ShowStatus::Closed(_) => Some(RejectionCode::ShowClosed),
        ShowStatus::Cancelled(_) => Some(RejectionCode::ShowCancelled),
        ShowStatus::Open if now < show.sale_from => Some(RejectionCode::SaleNotStarted),
        ShowStatus::Open if now >= show.sale_until => Some(RejectionCode::SaleEnded),
        ShowStatus::Open => None,
    }
}

/// Whether a sale at an instant was within the sale window of a show that is open, or was then.
pub(super) fn sold_in_window(show: &Show, at: Timestamp) -> bool {
    let open = match show.status {
        ShowStatus::Scheduled => false,
        ShowStatus::Open => true,
        ShowStatus::Closed(ended) | ShowStatus::Cancelled(ended) => at < ended,
    };
    open && (show.sale_from..show.sale_until).contains(&at)
}
