//! What several read models ask of an event.

use soticket_schema::event::v1::{Cancellation, Leg, OrderLines, ReportSource};
use soticket_schema::{Event, OrderId, ShowId, SubjectRef};

/// The content of a sale, live or reported.
pub(crate) fn sold(event: &Event) -> Option<&OrderLines> {
    match event {
        Event::OrderPlaced(event) => Some(&event.lines),
        Event::ExternalSaleReported(event) => Some(&event.lines),
        _ => None,
    }
}

/// Where a sale was reported from; none for a live one.
pub(crate) fn source(event: &Event) -> Option<ReportSource> {
    match event {
        Event::ExternalSaleReported(event) => Some(event.source),
        _ => None,
    }
}

/// The content of a cancellation, live or reported.
pub(crate) fn cancelled(event: &Event) -> Option<&Cancellation> {
    match event {
        Event::TicketsCancelled(event) => Some(&event.cancellation),
        Event::ExternalSaleCancelled(event) => Some(&event.cancellation),
        _ => None,
    }
}

/// Money that came in or went back.
pub(crate) struct Money<'a> {
    pub(crate) payment: soticket_schema::PaymentId,
    pub(crate) order: OrderId,
    pub(crate) subject: Option<SubjectRef>,
    pub(crate) shows: &'a [ShowId],
    pub(crate) legs: &'a [Leg],
    pub(crate) refund: bool,
}

/// The content of a payment or refund.
pub(crate) fn money(event: &Event) -> Option<Money<'_>> {
    match event {
        Event::PaymentRecorded(event) => Some(Money {
            payment: event.payment,
            order: event.order,
            subject: event.subject,
            shows: &event.shows,
            legs: &event.legs,
            refund: false,
        }),
        Event::MoneyReturned(event) => Some(Money {
            payment: event.payment,
            order: event.order,
            subject: event.subject,
            shows: &event.shows,
            legs: &event.legs,
            refund: true,
        }),
        Event::PaymentReversed(event) => Some(Money {
            payment: event.payment,
            order: event.order,
            subject: event.subject,
            shows: &event.shows,
            legs: &event.legs,
            refund: true,
        }),
        _ => None,
    }
}

/// What an event is about, for those who are told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An order.
    Order(OrderId),
    /// A show.
    Show(ShowId),
}

/// What an event is about: its order, else the one show that it names; none if neither.
pub fn about(event: &Event) -> Option<About> {
    order(event).map(About::Order).or_else(|| single_show(event).map(About::Show))
}

/// The order that the event names, if it is about one.
pub(crate) fn order(event: &Event) -> Option<OrderId> {
    if let Some(lines) = sold(event) {
        return Some(lines.order);
    }
    if let Some(cancellation) = cancelled(event) {
        return Some(cancellation.order);
    }
    match event {
        Event::PaymentRecorded(event) => Some(event.order),
        Event::MoneyReturned(event) => Some(event.order),
        Event::PaymentAnnounced(event) => Some(event.order),
        Event::PaymentFailed(event) => Some(event.order),
        Event::PaymentReversed(event) => Some(event.order),
        Event::PacksSold(event) => Some(event.order),
        Event::PriceReduced(event) => Some(event.order),
        Event::TicketDuplicated(event) => Some(event.order),
        Event::TicketTransferred(event) => Some(event.order),
        Event::CommissionsCharged(event) => Some(event.order),
        Event::CommissionsReversed(event) => Some(event.order),
        Event::CompLimitsPassed(event) => Some(event.order),
        Event::CardIssued(event) => Some(event.order),
        Event::CardRightsUsed(event) => Some(event.order),
        Event::CardRightsRestored(event) => Some(event.order),
        Event::CardRevoked(event) => Some(event.order),
        Event::StoredValueIssued(event) => Some(event.order),
        Event::StoredValueUsed(event) => Some(event.order),
        Event::StoredValueRestored(event) => Some(event.order),
        Event::StoredValueRevoked(event) => Some(event.order),
        _ => None,
    }
}

/// Calls `visit` with every show that the event names; more than once only where names of others lie between.
pub(crate) fn shows(event: &Event, mut visit: impl FnMut(ShowId)) {
    let mut last = None;
    let mut visit = |show| {
        if last != Some(show) {
            last = Some(show);
            visit(show);
        }
    };
    if let Some(lines) = sold(event) {
        lines.tickets.iter().for_each(|line| visit(line.show));
        lines.items.iter().filter_map(|item| item.show).for_each(visit);
    } else if let Some(cancellation) = cancelled(event) {
        cancellation.tickets.iter().for_each(|ticket| visit(ticket.show));
        cancellation.items.iter().filter_map(|item| item.show).for_each(visit);
    } else if let Some(money) = money(event) {
        money.shows.iter().copied().for_each(visit);
    } else if let Some(show) = single_show(event) {
        visit(show);
    } else {
        shows_of_companions(event, visit);
    }
}

/// The shows that an event about packs or commissions names.
fn shows_of_companions(event: &Event, visit: impl FnMut(ShowId)) {
    match event {
        Event::PackDefined(event) => event.terms.shows.iter().map(|offered| offered.show).for_each(visit),
        Event::PackChanged(event) => event.terms.shows.iter().map(|offered| offered.show).for_each(visit),
        Event::PacksSold(event) => event.shows.iter().copied().for_each(visit),
        Event::CommissionsCharged(event) => event.shows.iter().copied().for_each(visit),
        Event::CommissionsReversed(event) => event.shows.iter().copied().for_each(visit),
        event => shows_of_rights(event, visit),
    }
}

/// The shows that an event about cards, stored values or late payments names.
fn shows_of_rights(event: &Event, mut visit: impl FnMut(ShowId)) {
    match event {
        Event::CardRightsUsed(event) => event.uses.iter().for_each(|used| visit(used.show)),
        Event::CardRightsRestored(event) => event.uses.iter().for_each(|used| visit(used.show)),
        Event::StoredValueUsed(event) => event.shows.iter().copied().for_each(visit),
        Event::PaymentAnnounced(event) => event.shows.iter().copied().for_each(visit),
        Event::PaymentFailed(event) => event.shows.iter().copied().for_each(visit),
        _ => {}
    }
}

/// The show of an event that names at most one.
fn single_show(event: &Event) -> Option<ShowId> {
    match event {
        Event::ShowScheduled(event) => Some(event.show),
        Event::ShowOpened(event) => Some(event.show),
        Event::ShowClosed(event) => Some(event.show),
        Event::TariffDefined(event) => Some(event.show),
        Event::TariffChanged(event) => Some(event.show),
        Event::ShowPostponed(event) => Some(event.show),
        Event::ShowRelocated(event) => Some(event.show),
        Event::ShowCancelled(event) => Some(event.show),
        Event::ShowRefundBegun(event) => Some(event.show),
        Event::ShowRefundAdvanced(event) => Some(event.show),
        Event::ShowRefundFinished(event) => Some(event.show),
        Event::ShowSeasonSet(event) => Some(event.show),
        Event::TariffRulesSet(event) => Some(event.show),
        Event::TariffVatSet(event) => Some(event.show),
        Event::CompLimitsSet(event) => Some(event.show),
        Event::CompLimitsPassed(event) => Some(event.show),
        Event::QuotaAllocated(event) => Some(event.show),
        Event::QuotaTransferred(event) => Some(event.show),
        Event::QuotaClosed(event) => Some(event.show),
        Event::QuotaReturned(event) => Some(event.show),
        Event::QuotaDeadlineSet(event) => Some(event.show),
        Event::QuotasExpired(event) => Some(event.show),
        Event::HoldPlaced(event) => Some(event.show),
        Event::HoldReleased(event) => Some(event.show),
        Event::HoldExpired(event) => Some(event.show),
        Event::PriceReduced(event) => Some(event.show),
        Event::TicketScanned(event) => Some(event.show),
        Event::TicketDuplicated(event) => Some(event.show),
        Event::TicketTransferred(event) => Some(event.show),
        Event::ScanJudged(event) => Some(event.show),
        Event::DealAgreed(event) => Some(event.show),
        Event::DealChanged(event) => Some(event.show),
        Event::CostRecorded(event) => Some(event.show),
        Event::CostWithdrawn(event) => Some(event.show),
        Event::AdvanceRecorded(event) => Some(event.show),
        Event::AdvanceWithdrawn(event) => Some(event.show),
        Event::SettlementSealed(event) => Some(event.show),
        Event::SettlementFilesKept(event) => Some(event.show),
        Event::SettlementSignedOff(event) => Some(event.show),
        Event::SettlementPaid(event) => Some(event.show),
        Event::ShowWorkSet(event) => Some(event.show),
        Event::EntryRulesSet(event) => event.show,
        Event::GateZonesSet(event) => event.show,
        Event::RemittanceRecorded(event) => event.show,
        _ => None,
    }
}
