//! The list of orders.

use std::collections::BTreeSet;

use soticket_projections::OrganisationViews;
use soticket_projections::orders::{Order, TicketStatus};
use soticket_schema::{Currency, ShowId};

use super::words;
use crate::document::{Cell, Column, ColumnKind};

pub(super) fn columns(currency: Currency) -> Vec<Column> {
    vec![
        Column::new(words::ORDER, ColumnKind::Number),
        Column::new(words::SOLD_AT, ColumnKind::Instant),
        Column::text(words::CHANNEL),
        Column::text(words::SELLER),
        Column::text(words::SOURCE),
        Column::text(words::SHOWS),
        Column::count(words::ISSUED),
        Column::count(words::VALID),
        Column::count(words::ITEMS),
        Column::amount(words::TOTAL, currency),
        Column::amount(words::PAID, currency),
        Column::amount(words::RETURNED, currency),
        Column::amount(words::OPEN, currency),
        Column::text(words::CURRENCY),
        Column::text(words::STATE),
        Column::new(words::POSITION, ColumnKind::Number),
    ]
}

pub(super) fn row(views: &OrganisationViews, order: &Order) -> Vec<Cell> {
    let shows: BTreeSet<ShowId> = order
        .tickets
        .iter()
        .map(|ticket| ticket.show)
        .chain(order.items.iter().filter_map(|item| item.show))
        .collect();
    let shows: Vec<String> = shows.into_iter().map(|show| views.catalogue.reference(show)).collect();
    let valid = order.tickets.iter().filter(|ticket| ticket.status == TicketStatus::Valid).count();
    let items = order.items.iter().filter(|item| !item.cancelled).count();
    vec![
        Cell::Number(order.order.0),
        order.occurred_at.into(),
        channel(views, order),
        text(&order.seller),
        words::source(order.source).into(),
        shows.join(" ").into(),
        Cell::count(order.tickets.len() as u64),
        Cell::count(valid as u64),
        Cell::count(items as u64),
        order.total.into(),
        order.paid.into(),
        order.returned.into(),
        order.open.into(),
        currency(views),
        words::state(order.state).into(),
        Cell::Number(order.position),
    ]
}

/// Name of the channel that sold an order.
pub(super) fn channel(views: &OrganisationViews, order: &Order) -> Cell {
    let info = views.catalogue.channel(order.channel);
    info.map_or_else(|| order.channel.to_string(), |info| info.opened.name.clone()).into()
}

/// Code of the organisation's currency.
pub(super) fn currency(views: &OrganisationViews) -> Cell {
    views.catalogue.organisation().map_or(Cell::Empty, |info| info.currency.code().into())
}

/// A text, or nothing if it is empty.
pub(super) fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { text.into() }
}
