//! What happened to an order, a ticket or a customer: the events themselves, with their proofs.

use async_graphql::{Context, Result};
use soticket_ledger::Entry;
use soticket_projections::stories::is_of_ticket;
use soticket_schema::ids::{OrderId, TicketId};

use super::{LogEvent, viewer};
use crate::core::Core;
use crate::error::internal;
use crate::input::Scope;

/// Most events of one story that an answer holds.
pub(super) const EVENTS_MAX: usize = 1_000;

/// The events that name an order.
pub(super) async fn of_order(context: &Context<'_>, scope: Scope, order: OrderId) -> Result<Vec<LogEvent>> {
    of_orders(context, scope, vec![order], Vec::new()).await
}

/// The events of orders and of single tickets of others, in log order.
pub(super) async fn of_orders(
    context: &Context<'_>,
    scope: Scope,
    orders: Vec<OrderId>,
    tickets: Vec<(TicketId, OrderId)>,
) -> Result<Vec<LogEvent>> {
    let core = Core::of(context)?;
    viewer::sees_all(core, scope)?;
    core.blocking(move |core| {
        let mut entries = Vec::new();
        for order in orders {
            let positions = core.view(scope, |views| Some(views.stories.order(order))).unwrap_or_default();
            entries.extend(read(core, scope, &positions)?);
        }
        for (ticket, order) in tickets {
            entries.extend(story_of_ticket(core, scope, ticket, order)?);
        }
        Ok(in_order(scope, entries))
    })
    .await
}

/// The events that name a ticket, or its order as a whole, and what gates reported of it.
pub(super) async fn of_ticket(
    context: &Context<'_>,
    scope: Scope,
    ticket: TicketId,
    order: OrderId,
) -> Result<Vec<LogEvent>> {
    of_orders(context, scope, Vec::new(), vec![(ticket, order)]).await
}

fn story_of_ticket(core: &Core, scope: Scope, ticket: TicketId, order: OrderId) -> Result<Vec<Entry>> {
    let positions = core.view(scope, |views| {
        let mut positions = views.stories.order(order);
        positions.extend(views.stories.scans(ticket));
        positions.sort_unstable();
        Some(positions)
    });
    let mut entries = read(core, scope, &positions.unwrap_or_default())?;
    entries.retain(|entry| is_of_ticket(&entry.event, ticket));
    Ok(entries)
}

/// The first of the events at these positions.
fn read(core: &Core, scope: Scope, positions: &[u64]) -> Result<Vec<Entry>> {
    let first = positions.get(..EVENTS_MAX).unwrap_or(positions);
    core.ledger.read_at(scope.organisation, first).map_err(internal)
}

fn in_order(scope: Scope, mut entries: Vec<Entry>) -> Vec<LogEvent> {
    entries.sort_unstable_by_key(|entry| entry.envelope.position);
    entries.dedup_by_key(|entry| entry.envelope.position);
    entries.truncate(EVENTS_MAX);
    entries.into_iter().map(|entry| LogEvent::new(scope, entry)).collect()
}
