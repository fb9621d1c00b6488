//! What a person bought and holds, with the names of things beside their numbers.

use serde_json::{Value, json};
use soticket_projections::OrganisationViews;
use soticket_projections::orders::{Order, Ticket, TicketStatus};
use soticket_projections::rights::{CardInfo, RightState, StoredValueInfo};
use soticket_schema::{Currency, SubjectRef};

pub(super) fn order(views: &OrganisationViews, order: &Order, currency: Currency) -> Value {
    let channel = views.catalogue.channel(order.channel).map(|info| info.opened.name.clone());
    let payments = order.payments.iter().map(|payment| {
        json!({
            "payment": payment.payment.0,
            "method": views.catalogue.method(payment.method).map(|info| info.name.clone()),
            "amount": payment.amount.display(currency),
            "returned": payment.refund,
            "at": payment.occurred_at.to_string(),
        })
    });
    let items = order.items.iter().map(|item| {
        json!({ "item": item.item.0, "price": item.price.display(currency), "cancelled": item.cancelled })
    });
    json!({
        "order": order.order.0,
        "sold_at": order.occurred_at.to_string(),
        "channel": channel,
        "currency": currency.code(),
        "total": order.total.display(currency),
        "paid": order.paid.display(currency),
        "returned": order.returned.display(currency),
        "open": order.open.display(currency),
        "tickets": order.tickets.iter().map(|of| ticket(views, of, currency)).collect::<Vec<_>>(),
        "items": items.collect::<Vec<_>>(),
        "payments": payments.collect::<Vec<_>>(),
    })
}

fn ticket(views: &OrganisationViews, ticket: &Ticket, currency: Currency) -> Value {
    let show = views.catalogue.show(ticket.show);
    let zone = views.catalogue.zone(ticket.zone);
    let seat = ticket.seat.and_then(|seat| zone?.seats.get(usize::try_from(seat.0).ok()?));
    let attendance = views.attendance.show(ticket.show);
    let entered = attendance.and_then(|attendance| attendance.presence(ticket.ticket).copied());
    json!({
        "ticket": ticket.ticket.0,
        "show": ticket.show.0,
        "title": show.map(|show| show.scheduled.title.clone()),
        "starts_at": show.map(|show| show.scheduled.starts_at.to_string()),
        "zone": zone.map(|zone| zone.name.clone()),
        "seat": seat,
        "tariff": views.catalogue.tariff(ticket.tariff).map(|info| info.terms.name.clone()),
        "serial": ticket.serial,
        "price": ticket.price.display(currency),
        "fee": ticket.fee.display(currency),
        "valid": ticket.status == TicketStatus::Valid,
        "handed_on": ticket.holder.is_some(),
        "entered_at": entered.map(|presence| presence.entered_at.to_string()),
    })
}

fn state(state: RightState) -> &'static str {
    match state {
        RightState::Issued => "issued",
        RightState::Revoked => "revoked",
        RightState::Expired => "expired",
    }
}

pub(super) fn card(card: &CardInfo) -> Value {
    json!({
        "card": card.issued.card.0,
        "kind": card.issued.card_type.0,
        "order": card.issued.order.0,
        "from": card.issued.from.to_string(),
        "until": card.issued.until.to_string(),
        "state": state(card.state),
        "used": card.uses.len(),
    })
}

pub(super) fn value(value: &StoredValueInfo, currency: Currency) -> Value {
    json!({
        "stored_value": value.issued.value.0,
        "order": value.issued.order.0,
        "amount": value.issued.amount.display(currency),
        "left": value.left.display(currency),
        "state": state(value.state),
    })
}

/// Places that are kept for them now.
pub(super) fn holds(views: &OrganisationViews, subject: SubjectRef) -> Vec<Value> {
    let holds = views.catalogue.shows().flat_map(|show| views.orders.holds(show.show()));
    let theirs = holds.filter(|hold| hold.subject == Some(subject));
    theirs
        .map(|hold| {
            let expires_at = hold.expires_at.to_string();
            json!({ "hold": hold.hold.0, "show": hold.show.0, "expires_at": expires_at })
        })
        .collect()
}
