//! The list of tickets.

use soticket_projections::OrganisationViews;
use soticket_projections::orders::{Order, Ticket, TicketStatus};
use soticket_schema::{Currency, ShowId};

use super::orders::{channel, currency, text};
use super::words;
use crate::document::{Cell, Column, ColumnKind};
use crate::statement::words::reason;

pub(super) fn columns(currency: Currency) -> Vec<Column> {
    vec![
        Column::new(words::TICKET, ColumnKind::Number),
        Column::new(words::ORDER, ColumnKind::Number),
        Column::new(words::SOLD_AT, ColumnKind::Instant),
        Column::text(words::SHOW),
        Column::text(words::ZONE),
        Column::text(words::SEAT),
        Column::text(words::TARIFF),
        Column::text(words::CHANNEL),
        Column::new(words::SERIAL, ColumnKind::Number),
        Column::amount(words::PRICE, currency),
        Column::rate(words::VAT_RATE),
        Column::amount(words::FEE, currency),
        Column::text(words::CURRENCY),
        Column::text(words::REASON),
        Column::text(words::STATE),
    ]
}

/// The tickets of an order, of one show or of all.
pub(super) fn rows(
    views: &OrganisationViews,
    order: &Order,
    show: Option<ShowId>,
) -> impl Iterator<Item = Vec<Cell>> {
    let wanted = order.tickets.iter().filter(move |ticket| show.is_none_or(|show| show == ticket.show));
    wanted.map(move |ticket| row(views, order, ticket))
}

fn row(views: &OrganisationViews, order: &Order, ticket: &Ticket) -> Vec<Cell> {
    let zone = views.catalogue.zone(ticket.zone);
    let label = ticket.seat.and_then(|seat| zone?.seats.get(usize::try_from(seat.0).ok()?));
    let tariff = views.catalogue.tariff(ticket.tariff).map(|tariff| tariff.terms.name.as_str());
    let state = match ticket.status {
        TicketStatus::Valid => words::IS_VALID,
        TicketStatus::Cancelled { .. } => words::CANCELLED,
    };
    vec![
        Cell::Number(ticket.ticket.0),
        Cell::Number(order.order.0),
        order.occurred_at.into(),
        views.catalogue.reference(ticket.show).into(),
        text(zone.map_or("", |zone| zone.name.as_str())),
        text(label.map_or("", String::as_str)),
        text(tariff.unwrap_or_default()),
        channel(views, order),
        Cell::Number(ticket.serial),
        ticket.price.into(),
        ticket.vat.into(),
        ticket.fee.into(),
        currency(views),
        ticket.comp.map_or(Cell::Empty, |comp| reason(Some(comp)).into()),
        state.into(),
    ]
}
