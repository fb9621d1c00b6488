//! A ticket as the protocol knows it: an order position. Nobody's name or address is in it.

use serde_json::{Value, json as object};
use soticket_projections::OrganisationViews;
use soticket_projections::orders::{OrderState, TicketStatus};
use soticket_schema::Currency;
use soticket_schema::ids::TicketId;

/// The position of a ticket; none when the read models do not know it.
pub(super) fn position(
    views: &OrganisationViews,
    ticket: TicketId,
    secret: &str,
    currency: Currency,
) -> Option<Value> {
    let known = views.orders.ticket(ticket)?;
    let order = views.orders.order(known.order)?;
    let place = order.tickets.iter().position(|line| line.ticket == ticket).map_or(1, |place| place + 1);
    let zone = views.catalogue.zone(known.zone)?;
    let label = known.seat.and_then(|seat| zone.seats.get(usize::try_from(seat.0).ok()?));
    let seat = label.map(|label| object!({ "name": label, "seat_guid": label, "zone_name": zone.name }));
    let entered = views.attendance.show(known.show)?.presence(ticket).copied();
    let checkins = entered.map(|presence| {
        object!({ "list": known.show, "type": "entry", "datetime": presence.entered_at.to_string() })
    });
    let cancelled = matches!(known.status, TicketStatus::Cancelled { .. });
    let status = match order.state {
        _ if cancelled => "c",
        OrderState::Cancelled => "c",
        OrderState::Unpaid => "n",
        OrderState::Paid | OrderState::Overpaid => "p",
    };
    Some(object!({
        "id": ticket,
        "order": known.order.to_string(),
        "positionid": place,
        "canceled": cancelled,
        "item": known.tariff,
        "variation": null,
        "price": known.price.display(currency),
        "attendee_name": null,
        "attendee_name_parts": {},
        "attendee_email": null,
        "voucher": null,
        "secret": secret,
        "addon_to": null,
        "subevent": null,
        "seat": seat,
        "checkins": checkins.into_iter().collect::<Vec<_>>(),
        "answers": [],
        "downloads": [],
        "require_attention": false,
        "order__status": status,
        "order__valid_if_pending": false,
        "order__require_approval": false,
        "order__locale": "fr",
    }))
}
