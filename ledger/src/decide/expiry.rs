//! Holds past their time and quotas past their deadlines end by events, ahead of the events of the next decision that
//! touches their show.

use soticket_schema::event::v1::{Cancellation, ExpiredQuota, HoldExpired, QuotasExpired};
use soticket_schema::limits::APPEND_RECORDS_MAX;
use soticket_schema::{Event, ShowId, Timestamp};

use super::lines;
use crate::state::{Show, State, distinct};

/// The events, after those that end what is past its time in the shows that they name.
///
/// One append holds a limited number of events. Expired holds beyond it are free for every check already and get their
/// events with the next decision; quotas take one event per show.
pub(super) fn expire_first(state: &State, now: Timestamp, events: Vec<Event>) -> Vec<Event> {
    let mut shows = Vec::new();
    for event in &events {
        for_each_show(event, |show| {
            if state.shows.get(show.0).is_some_and(|show| is_due(show, now)) {
                shows.push(show);
            }
        });
    }
    if shows.is_empty() {
        return events;
    }
    let shows = distinct(shows.into_iter());
    let quotas: Vec<Event> = shows.iter().filter_map(|show| quotas_expired(state, *show, now)).collect();
    let holds = shows.into_iter().flat_map(|show| {
        let holds = state.shows.get(show.0).into_iter().flat_map(move |show| show.expired(now));
        holds.map(move |hold| Event::from(HoldExpired { hold, show }))
    });
    let room = APPEND_RECORDS_MAX.saturating_sub(events.len() + quotas.len());
    holds.take(room).chain(quotas).chain(events).collect()
}

fn is_due(show: &Show, now: Timestamp) -> bool {
    show.expired(now).next().is_some() || show.due_quotas(now).next().is_some()
}

fn quotas_expired(state: &State, id: ShowId, now: Timestamp) -> Option<Event> {
    let due = state.shows.get(id.0)?.due_quotas(now);
    let quotas: Vec<_> = due.map(|(zone, channel)| ExpiredQuota { zone, channel }).collect();
    (!quotas.is_empty()).then(|| QuotasExpired { show: id, quotas }.into())
}

/// Every show that an event names.
fn for_each_show(event: &Event, mut visit: impl FnMut(ShowId)) {
    match event {
        Event::ShowOpened(event) => visit(event.show),
        Event::ShowClosed(event) => visit(event.show),
        Event::TariffDefined(event) => visit(event.show),
        Event::TariffChanged(event) => visit(event.show),
        Event::ShowPostponed(event) => visit(event.show),
        Event::ShowRelocated(event) => visit(event.show),
        Event::ShowCancelled(event) => visit(event.show),
        Event::ShowRefundBegun(event) => visit(event.show),
        Event::ShowRefundAdvanced(event) => visit(event.show),
        Event::ShowRefundFinished(event) => visit(event.show),
        Event::ShowSeasonSet(event) => visit(event.show),
        Event::TariffRulesSet(event) => visit(event.show),
        Event::TariffVatSet(event) => visit(event.show),
        Event::CompLimitsSet(event) => visit(event.show),
        Event::CompLimitsPassed(event) => visit(event.show),
        Event::QuotaAllocated(event) => visit(event.show),
        Event::QuotaTransferred(event) => visit(event.show),
        Event::QuotaClosed(event) => visit(event.show),
        Event::QuotaReturned(event) => visit(event.show),
        Event::QuotaDeadlineSet(event) => visit(event.show),
        Event::HoldPlaced(event) => visit(event.show),
        Event::HoldReleased(event) => visit(event.show),
        Event::OrderPlaced(event) => lines::shows(&event.lines).for_each(visit),
        Event::ExternalSaleReported(event) => lines::shows(&event.lines).for_each(visit),
        Event::TicketsCancelled(event) => for_each_show_cancelled(&event.cancellation, visit),
        Event::ExternalSaleCancelled(event) => for_each_show_cancelled(&event.cancellation, visit),
        Event::PaymentRecorded(event) => event.shows.iter().copied().for_each(visit),
        Event::PacksSold(event) => event.shows.iter().copied().for_each(visit),
        Event::CommissionsCharged(event) => event.shows.iter().copied().for_each(visit),
        Event::CommissionsReversed(event) => event.shows.iter().copied().for_each(visit),
        Event::MoneyReturned(event) => event.shows.iter().copied().for_each(visit),
        Event::PriceReduced(event) => visit(event.show),
        Event::CardRightsUsed(event) => event.uses.iter().for_each(|of| visit(of.show)),
        Event::CardRightsRestored(event) => event.uses.iter().for_each(|of| visit(of.show)),
        Event::TicketDuplicated(event) => visit(event.show),
        Event::TicketTransferred(event) => visit(event.show),
        Event::PaymentAnnounced(event) => event.shows.iter().copied().for_each(visit),
        Event::PaymentFailed(event) => event.shows.iter().copied().for_each(visit),
        Event::PaymentReversed(event) => event.shows.iter().copied().for_each(visit),
        Event::StoredValueUsed(event) => event.shows.iter().copied().for_each(visit),
        Event::TicketScanned(event) => visit(event.show),
        Event::GateZonesSet(event) => event.show.into_iter().for_each(visit),
        Event::EntryRulesSet(event) => event.show.into_iter().for_each(visit),
        Event::ScanJudged(event) => visit(event.show),
        Event::ShowWorkSet(event) => visit(event.show),
        Event::DealAgreed(event) => visit(event.show),
        Event::DealChanged(event) => visit(event.show),
        Event::CostRecorded(event) => visit(event.show),
        Event::CostWithdrawn(event) => visit(event.show),
        Event::AdvanceRecorded(event) => visit(event.show),
        Event::AdvanceWithdrawn(event) => visit(event.show),
        Event::SettlementSealed(event) => visit(event.show),
        Event::SettlementFilesKept(event) => visit(event.show),
        Event::SettlementSignedOff(event) => visit(event.show),
        Event::SettlementPaid(event) => visit(event.show),
        Event::RemittanceRecorded(event) => event.show.into_iter().for_each(visit),
        // A new show has no holds; the others are the organisation's own or come from here.
        Event::ShowScheduled(_)
        | Event::HoldExpired(_)
        | Event::QuotasExpired(_)
        | Event::DatedRateSet(_)
        | Event::WorkRegistered(_)
        | Event::AccountMappingSet(_)
        | Event::JournalLocked(_)
        | Event::ActorAssigned(_)
        | Event::TillOpened(_)
        | Event::TillCashMoved(_)
        | Event::TillClosed(_)
        | Event::PeriodClosed(_)
        | Event::FiscalYearSet(_)
        | Event::TechnicalEventNoted(_)
        | Event::ArchiveMade(_)
        | Event::SubjectErased(_)
        | Event::ProfileChanged(_)
        | Event::PurposeRegistered(_)
        | Event::PurposeChanged(_)
        | Event::ConsentGiven(_)
        | Event::ConsentWithdrawn(_)
        | Event::PersonalDataRead(_)
        | Event::RetentionSet(_)
        | Event::VaultEpochBegun(_)
        | Event::VaultEpochsDestroyed(_)
        | Event::TokenIssued(_)
        | Event::TokenRevoked(_)
        | Event::AccessDenied(_)
        | Event::OrganisationOpened(_)
        | Event::OrganisationChanged(_)
        | Event::ActorRegistered(_)
        | Event::SeasonDefined(_)
        | Event::SeasonChanged(_)
        | Event::SeatsDrawn(_)
        | Event::HallDefined(_)
        | Event::ZoneDefined(_)
        | Event::GateDefined(_)
        | Event::CodeKeyRegistered(_)
        | Event::CodeKeyRetired(_)
        | Event::CheckpointKeyRegistered(_)
        | Event::CheckpointKeyRetired(_)
        | Event::WebhookRegistered(_)
        | Event::WebhookChanged(_)
        | Event::WebhookRetired(_)
        | Event::WebhookSecretRotated(_)
        | Event::WebhookReplayed(_)
        | Event::CredentialIssued(_)
        | Event::CredentialRevoked(_)
        | Event::ProductDefined(_)
        | Event::PackDefined(_)
        | Event::PackChanged(_)
        | Event::PartyRegistered(_)
        | Event::CommissionDefined(_)
        | Event::CommissionChanged(_)
        | Event::CommissionEnded(_)
        | Event::CommissionCapSet(_)
        | Event::ProviderPlanDefined(_)
        | Event::ProviderPlanEnded(_)
        | Event::ChannelOpened(_)
        | Event::ChannelClosed(_)
        | Event::MethodDefined(_)
        | Event::CardTypeDefined(_)
        | Event::CardTypeChanged(_)
        | Event::CardIssued(_)
        | Event::CardRevoked(_)
        | Event::CardsExpired(_)
        | Event::StoredValueIssued(_)
        | Event::StoredValueRestored(_)
        | Event::StoredValueRevoked(_)
        | Event::StoredValuesExpired(_) => {}
    }
}

fn for_each_show_cancelled(cancellation: &Cancellation, mut visit: impl FnMut(ShowId)) {
    cancellation.tickets.iter().for_each(|ticket| visit(ticket.show));
    cancellation.items.iter().filter_map(|item| item.show).for_each(visit);
}
