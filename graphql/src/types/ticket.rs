//! Tickets and the other lines of orders.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use soticket_ledger::vault::VaultError;
use soticket_projections::OrganisationViews;
use soticket_projections::orders::{self, TicketStatus};
use soticket_schema::ids::{OrderId, ShowId, TicketId};

use super::commission_totals::{SaleCommission, sale_commissions};
use super::enums::{CancelReason, CompReason};
use super::hall::Seat;
use super::lookup::named;
use super::{Channel, Customer, LogEvent, Order, Show, Tariff, Zone, rights, story, viewer};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::paging::{Key, Nodes, Page, TicketKey};
use crate::scalar::{Counter, Decimal};

/// A ticket.
pub(crate) struct Ticket {
    scope: Scope,
    ticket: orders::Ticket,
}

/// Tickets of a show are ordered by their order, then by their number: a report may add tickets to an older order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ShowTicketKey {
    order: u64,
    ticket: u64,
}

impl Key for ShowTicketKey {
    const KIND: &'static str = "show-ticket";

    fn write(self) -> String {
        format!("{}.{}", self.order, self.ticket)
    }

    fn read(text: &str) -> Option<Self> {
        let (order, ticket) = text.split_once('.')?;
        Some(Self { order: order.parse().ok()?, ticket: ticket.parse().ok()? })
    }
}

impl Ticket {
    /// A ticket as the read model has it.
    pub(super) fn new(scope: Scope, ticket: orders::Ticket) -> Self {
        Self { scope, ticket }
    }

    /// The ticket with this number.
    pub(crate) fn load(core: &Core, scope: Scope, ticket: TicketId) -> Option<Self> {
        let ticket = core.view(scope, |views| views.orders.ticket(ticket))?;
        viewer::sees(core, scope, ticket.channel).then(|| Self::new(scope, ticket))
    }

    /// A page of the organisation's tickets. Their numbers are consecutive: each is found by its number.
    pub(super) fn of_organisation(
        scope: Scope,
        orders: &orders::Orders,
        page: &Page<TicketKey>,
    ) -> Nodes<Self> {
        let row = |number: u64| {
            let ticket = orders.ticket(TicketId(number))?;
            Some((TicketKey(number), Self::new(scope, ticket)))
        };
        let first = if orders.ticket(TicketId(0)).is_some() { 0 } else { 1 };
        page.fill(
            |after, limit| {
                let from = after.map_or(first, |key| key.0.saturating_add(1));
                (from..).map_while(row).take(limit).collect()
            },
            |before, limit| {
                let end = end_of_tickets(orders, first);
                let end = before.map_or(end, |key| key.0.min(end));
                (first..end).rev().map_while(row).take(limit).collect()
            },
        )
    }

    /// A page of a show's tickets. Each order of the show has at least one line of it, so that as many orders as
    /// tickets are wanted are enough, and the one that the page begins in.
    pub(super) fn of_show(
        scope: Scope,
        views: &OrganisationViews,
        show: ShowId,
        page: &Page<ShowTicketKey>,
    ) -> Nodes<Self> {
        let orders = &views.orders;
        page.fill(
            |after, limit| {
                let mut at = after.and_then(|key| key.order.checked_sub(1)).map(OrderId);
                let mut rows = Vec::new();
                while rows.len() < limit {
                    let next = orders.of_show(show, at, limit);
                    let Some(last) = next.last().map(|order| order.order) else { break };
                    rows.extend(next.iter().flat_map(|order| tickets_of(scope, order, show)));
                    rows.retain(|(key, _)| after.is_none_or(|after| *key > after));
                    at = Some(last);
                }
                rows.truncate(limit);
                rows
            },
            |before, limit| {
                let mut at = before.and_then(|key| key.order.checked_add(1)).map(OrderId);
                let mut rows = Vec::new();
                while rows.len() < limit {
                    let next = orders.of_show_back(show, at, limit);
                    let Some(last) = next.last().map(|order| order.order) else { break };
                    for order in &next {
                        let mut tickets = tickets_of(scope, order, show);
                        tickets.reverse();
                        rows.extend(tickets);
                    }
                    rows.retain(|(key, _)| before.is_none_or(|before| *key < before));
                    at = Some(last);
                }
                rows.truncate(limit);
                rows
            },
        )
    }
}

/// The first number that no ticket has, found by halving.
fn end_of_tickets(orders: &orders::Orders, first: u64) -> u64 {
    let exists = |number: u64| orders.ticket(TicketId(number)).is_some();
    let mut step = 1_u64;
    while exists(first.saturating_add(step)) {
        step = step.saturating_mul(2);
    }
    let (mut low, mut high) = (first, first.saturating_add(step));
    while low < high {
        let middle = low + (high - low) / 2;
        if exists(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// An order's tickets of one show, ascending.
fn tickets_of(scope: Scope, order: &orders::Order, show: ShowId) -> Vec<(ShowTicketKey, Ticket)> {
    let row = |ticket: &orders::Ticket| {
        let key = ShowTicketKey { order: order.order.0, ticket: ticket.ticket.0 };
        (key, Ticket::new(scope, ticket.clone()))
    };
    let mut rows: Vec<_> = order.tickets.iter().filter(|ticket| ticket.show == show).map(row).collect();
    rows.sort_by_key(|(key, _)| *key);
    rows
}

/// A ticket.
#[Object]
impl Ticket {
    /// What happened to it: its sale, what its order as a whole was paid and returned, and what gates reported. At most 1,000
    /// events, in the order of the log.
    #[graphql(complexity = "20 + 10 * child_complexity")]
    async fn events(&self, context: &Context<'_>) -> Result<Vec<LogEvent>> {
        story::of_ticket(context, self.scope, self.ticket.ticket, self.ticket.order).await
    }

    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.ticket.ticket)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.ticket.ticket.0)
    }

    /// Its serial number, without gaps within its series.
    async fn serial(&self) -> Counter {
        Counter(self.ticket.serial)
    }

    /// Its order.
    async fn order(&self, context: &Context<'_>) -> Result<Order> {
        named(context, self.scope, self.ticket.order, Order::load)
    }

    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.ticket.show, Show::load)
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.ticket.zone, Zone::load)
    }

    /// The seat; null for free seating.
    async fn seat(&self, context: &Context<'_>) -> Option<Result<Seat>> {
        let seat = self.ticket.seat?;
        match Core::of(context) {
            Ok(core) => Seat::load(core, self.scope, self.ticket.zone, seat).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// The tariff.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.ticket.tariff, Tariff::load)
    }

    /// Where it was sold.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.ticket.channel, Channel::load)
    }

    /// Present face price, with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.ticket.price)
    }

    /// VAT rate of the face price, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.ticket.vat)
    }

    /// Fee on top, with VAT.
    async fn fee(&self) -> Money {
        self.scope.money(self.ticket.fee)
    }

    /// VAT rate of the fee, in percent.
    async fn fee_vat(&self) -> Decimal {
        Decimal::percent(self.ticket.fee_vat)
    }

    /// What its sale was charged, by level: those on top that the buyer pays are part of the fee.
    async fn commissions(&self) -> Vec<SaleCommission> {
        sale_commissions(self.scope, &self.ticket.commissions)
    }

    /// Whether its commissions came to more than the cap when it was sold.
    async fn over_cap(&self) -> bool {
        self.ticket.over_cap
    }

    /// Of the fee of a cancelled ticket, what stays due although the fee was given back.
    async fn fee_retained(&self) -> Money {
        self.scope.money(self.ticket.kept)
    }

    /// Why it is free; null for a paid ticket.
    async fn comp(&self) -> Option<CompReason> {
        self.ticket.comp.map(Into::into)
    }

    /// The ticket that it stands for after an exchange.
    async fn replaces(&self) -> Option<ID> {
        self.ticket.replaces.map(|ticket| ids::global(self.scope.organisation, ticket))
    }

    /// The ticket that was issued for it in an exchange.
    async fn replaced_by(&self) -> Option<ID> {
        self.ticket.replaced_by.map(|ticket| ids::global(self.scope.organisation, ticket))
    }

    /// How often it was printed again: the number of the last duplicate.
    async fn copies(&self) -> i32 {
        i32::from(self.ticket.copies)
    }

    /// Who it was handed to; null while the buyer holds it.
    async fn holder(&self, context: &Context<'_>) -> Option<Result<Customer>> {
        rights::customer(context, self.scope, self.ticket.holder)
    }

    /// Its codes for printing, those that open gates: house codes signed with the organisation's present key once it has
    /// one, others as they were given. Only the vault knows them; null once they were erased.
    async fn codes(&self, context: &Context<'_>) -> Option<Result<Vec<String>>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let (organisation, ticket) = (self.scope.organisation, &self.ticket);
        let key = core.view(self.scope, |views| views.catalogue.access().present_key());
        let codes = match key {
            Some(key) => {
                core.ledger.signed_codes(organisation, ticket.ticket, key, (ticket.show, ticket.zone))
            }
            None => core.ledger.codes(organisation, ticket.ticket),
        };
        match codes {
            Ok(codes) => Some(Ok(codes)),
            Err(VaultError::SubjectKeyMissing { .. }) => None,
            Err(error) => Some(Err(internal(error))),
        }
    }

    /// Whether it is valid.
    async fn state(&self) -> TicketState {
        match self.ticket.status {
            TicketStatus::Valid => TicketState::Valid,
            TicketStatus::Cancelled { .. } => TicketState::Cancelled,
        }
    }

    /// How it was cancelled; null for a valid ticket.
    async fn cancellation(&self) -> Option<TicketCancellation> {
        match self.ticket.status {
            TicketStatus::Valid => None,
            TicketStatus::Cancelled { reason, fee_kept } => {
                Some(TicketCancellation { reason: reason.into(), fee_kept })
            }
        }
    }
}

/// Whether a ticket is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum TicketState {
    /// Valid.
    Valid,
    /// Cancelled.
    Cancelled,
}

/// How a ticket was cancelled.
#[derive(SimpleObject)]
pub(crate) struct TicketCancellation {
    /// Why.
    reason: CancelReason,
    /// Whether the fee on top was kept.
    fee_kept: bool,
}
