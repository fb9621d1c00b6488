//! Which orders a list has.

use async_graphql::{ID, InputObject};
use soticket_projections::orders;
use soticket_schema::Amount;
use soticket_schema::ids::{ChannelId, OrderId};

use super::Order;
use crate::input::Scope;
use crate::paging::{Nodes, OrderKey, Page};
use crate::scalar::DateTime;

/// Orders that are looked at together.
const CHUNK: usize = 256;
/// Orders that are looked at for one page. Where it is not enough the page is short, and the next goes on after it.
const LOOKED_MAX: usize = 100_000;

/// Which orders a list has: those of which all that is stated holds.
#[derive(InputObject, Default)]
pub(super) struct OrderFilter {
    /// Those of a channel.
    channel: Option<ID>,
    /// Those that were sold at this instant or later.
    sold_from: Option<DateTime>,
    /// Those that were sold before this instant.
    sold_before: Option<DateTime>,
    /// Those with something left to pay or to return, or those without.
    open: Option<bool>,
}

/// The same with its ids read.
struct Wanted {
    filter: OrderFilter,
    channel: Option<ChannelId>,
}

impl Wanted {
    fn has(&self, order: &orders::Order) -> bool {
        let OrderFilter { sold_from, sold_before, open, .. } = &self.filter;
        self.channel.is_none_or(|channel| channel == order.channel)
            && sold_from.as_ref().is_none_or(|from| order.occurred_at >= from.0)
            && sold_before.as_ref().is_none_or(|before| order.occurred_at < before.0)
            && open.is_none_or(|open| open == (order.open != Amount::ZERO))
    }

    /// Those of the list that are wanted, so many at most. `list` gives so many after a number, in its direction.
    fn of(
        &self,
        mut after: Option<OrderId>,
        limit: usize,
        list: impl Fn(Option<OrderId>, usize) -> Vec<orders::Order>,
    ) -> Vec<orders::Order> {
        let (mut found, mut looked) = (Vec::new(), 0);
        while found.len() < limit && looked < LOOKED_MAX {
            let chunk = list(after, CHUNK.max(limit));
            let Some(last) = chunk.last() else { break };
            after = Some(last.order);
            looked += chunk.len();
            found.extend(chunk.into_iter().filter(|order| self.has(order)));
        }
        found.truncate(limit);
        found
    }
}

/// A page of orders: those of a list that a filter lets through. The lists give so many after a number, ascending, and so
/// many before one, descending.
pub(super) fn page(
    scope: Scope,
    page: &Page<OrderKey>,
    filter: Option<OrderFilter>,
    forward: impl Fn(Option<OrderId>, usize) -> Vec<orders::Order>,
    backward: impl Fn(Option<OrderId>, usize) -> Vec<orders::Order>,
) -> Nodes<Order> {
    let number = |key: OrderKey| OrderId(key.0);
    let node = |order: orders::Order| (OrderKey(order.order.0), Order::new(scope, order));
    let wanted = filter.map(|filter| Wanted { channel: scope.optional(filter.channel.as_ref()), filter });
    let rows =
        |from: Option<OrderKey>, limit, list: &dyn Fn(Option<OrderId>, usize) -> Vec<orders::Order>| {
            let from = from.map(number);
            let orders = match &wanted {
                None => list(from, limit),
                Some(wanted) => wanted.of(from, limit, list),
            };
            orders.into_iter().map(node).collect()
        };
    page.fill(|after, limit| rows(after, limit, &forward), |before, limit| rows(before, limit, &backward))
}
