//! Decision state: what decisions need to know, folded from the events of one organisation's log.
//!
//! The fold is total: no event, however hostile, makes it panic or take memory beyond the event's own size. An event
//! that no decision of this ledger writes (an id out of turn, an unknown show) is left out as far as it makes no sense.
//! The same events give the same state, byte for byte when it is serialised.

mod access;
mod card;
mod channel;
mod checkpoint_key;
mod codes;
mod commission;
mod comp;
mod deal;
mod dense;
mod erasure;
mod hall;
mod hold;
mod journal;
mod order;
mod organisation;
mod pack;
mod paid;
mod people;
mod places;
mod provider;
mod read;
mod sale;
mod seller;
mod serial;
mod show;
mod show_change;
mod show_refund;
mod stored_value;
mod tariff;
mod ticket;
mod till;
mod token;
mod webhook;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ActorKind, MethodKind};
use soticket_schema::{Amount, Envelope, Event, OrganisationId, ShowId};

use crate::books::Books;

pub(crate) use access::{Access, Credential};
pub(crate) use card::Cards;
pub(crate) use channel::Channel;
pub use checkpoint_key::{CheckpointKey, CheckpointKeys};
pub(crate) use commission::Commissions;
pub(crate) use comp::counts as comp_counts;
pub(crate) use deal::{Deals, Sealed};
pub(crate) use dense::Dense;
pub(crate) use erasure::{Belongings, Erasures};
pub(crate) use hall::{Hall, Zone};
pub(crate) use hold::{Hold, Holds};
pub(crate) use journal::Journal;
pub(crate) use order::{Announced, Order, Orders, distinct};
pub(crate) use organisation::Counter;
pub use organisation::Organisation;
pub(crate) use pack::{Pack, Packs};
pub(crate) use people::{Purpose, Purposes};
pub(crate) use places::{Account, PlacesAt, ZonePlaces};
pub(crate) use provider::Plans;
pub use read::{ChannelCounts, OrderView, ShowCounts, TicketView, ZoneCounts};
pub(crate) use seller::Sellers;
pub(crate) use serial::Series;
pub(crate) use show::Show;
pub use show::ShowStatus;
pub(crate) use show_refund::ShowRefund;
pub(crate) use stored_value::StoredValues;
pub(crate) use tariff::Tariff;
pub(crate) use ticket::Tickets;
pub(crate) use till::{Drawer, Tills};
pub use till::{TillDesk, TillMoney};
pub use token::Token;
pub(crate) use token::Tokens;
pub(crate) use webhook::{Webhook, Webhooks};

/// What the decisions of one organisation know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct State {
    organisation: OrganisationId,
    length: u64,
    settings: Option<Organisation>,
    actors: Dense<ActorKind>,
    pub(crate) halls: Dense<Hall>,
    pub(crate) zones: Dense<Zone>,
    pub(crate) gates: Counter,
    pub(crate) access: Access,
    pub(crate) checkpoint_keys: CheckpointKeys,
    pub(crate) tokens: Tokens,
    pub(crate) webhooks: Webhooks,
    pub(crate) shows: Dense<Show>,
    references: BTreeMap<String, ShowId>,
    pub(crate) seasons: Counter,
    pub(crate) tariffs: Dense<Tariff>,
    pub(crate) products: Counter,
    pub(crate) packs: Packs,
    pub(crate) channels: Dense<Channel>,
    pub(crate) methods: Dense<MethodKind>,
    pub(crate) cards: Cards,
    pub(crate) stored_values: StoredValues,
    pub(crate) commissions: Commissions,
    pub(crate) plans: Plans,
    pub(crate) deals: Deals,
    pub(crate) holds: Holds,
    pub(crate) orders: Orders,
    pub(crate) tickets: Tickets,
    pub(crate) sellers: Sellers,
    pub(crate) tills: Tills,
    pub(crate) erasures: Erasures,
    pub(crate) purposes: Purposes,
    pub(crate) journal: Journal,
    pub(crate) books: Books,
    /// Last serial of the organisation's own series.
    serial: u64,
}

impl State {
    /// Before the first event of an organisation.
    pub fn new(organisation: OrganisationId) -> Self {
        Self {
            organisation,
            length: 0,
            settings: None,
            actors: Dense::default(),
            halls: Dense::default(),
            zones: Dense::default(),
            gates: Counter::default(),
            access: Access::default(),
            checkpoint_keys: CheckpointKeys::default(),
            tokens: Tokens::default(),
            webhooks: Webhooks::default(),
            shows: Dense::default(),
            references: BTreeMap::new(),
            seasons: Counter::default(),
            tariffs: Dense::default(),
            products: Counter::default(),
            packs: Packs::default(),
            channels: Dense::default(),
            methods: Dense::default(),
            cards: Cards::default(),
            stored_values: StoredValues::default(),
            commissions: Commissions::default(),
            plans: Plans::default(),
            deals: Deals::default(),
            holds: Holds::default(),
            orders: Orders::default(),
            tickets: Tickets::default(),
            sellers: Sellers::default(),
            tills: Tills::default(),
            erasures: Erasures::default(),
            purposes: Purposes::default(),
            journal: Journal::default(),
            books: Books::default(),
            serial: 0,
        }
    }

    /// Folds in the next event of the log.
    pub fn apply(&mut self, envelope: &Envelope, event: &Event) {
        self.length = envelope.position.saturating_add(1);
        self.books.note(envelope, event);
        self.sellers.note(event);
        self.tills.note(envelope, event);
        self.deals.note(envelope.position, event);
        self.journal.note(event);
        self.checkpoint_keys.note(event);
        self.tokens.note(event);
        self.webhooks.note(event);
        match event {
            Event::OrganisationOpened(event) => self.opened_with(event),
            Event::OrganisationChanged(event) => self.parameters_changed(&event.parameters),
            Event::ActorRegistered(event) => self.actor_registered(event),
            Event::HallDefined(event) => self.hall_defined(event),
            Event::ZoneDefined(event) => self.zone_defined(event),
            Event::GateDefined(event) => self.gates.take(event.gate.0),
            Event::CodeKeyRegistered(event) => self.access.key_registered(event),
            Event::CodeKeyRetired(event) => self.access.key_retired(event),
            Event::GateZonesSet(event) => self.access.zones_set(event),
            Event::CredentialIssued(event) => self.access.credential_issued(event),
            Event::CredentialRevoked(event) => self.access.credential_revoked(event),
            Event::EntryRulesSet(event) => self.access.rules_set(event),
            Event::ShowScheduled(event) => {
                self.show_scheduled(event);
                self.access.show_scheduled(event);
            }
            Event::ShowOpened(event) => self.show_opened(event.show),
            Event::ShowClosed(event) => self.show_closed(event.show, envelope.occurred_at),
            Event::ShowPostponed(event) => {
                self.show_postponed(event);
                self.access.show_postponed(event);
            }
            Event::ShowRelocated(event) => self.show_relocated(event),
            Event::ShowCancelled(event) => self.show_cancelled(event.show, envelope.occurred_at),
            Event::ShowRefundBegun(event) => self.show_refund_begun(event),
            Event::ShowRefundAdvanced(event) => self.show_refund_advanced(event),
            Event::ShowRefundFinished(event) => self.show_refund_finished(event.show),
            Event::SeasonDefined(event) => self.seasons.take(event.season.0),
            Event::TariffRulesSet(event) => self.tariff_rules_set(event),
            Event::TariffVatSet(event) => self.tariff_vat_set(event),
            Event::CompLimitsSet(event) => self.comp_limits_set(event.show, &event.limits),
            Event::TariffDefined(event) => self.tariff_defined(event),
            Event::TariffChanged(event) => self.tariff_changed(event),
            Event::ProductDefined(event) => self.products.take(event.product.0),
            Event::PackDefined(event) => self.packs.defined(event),
            Event::PackChanged(event) => self.packs.changed(event),
            Event::PacksSold(event) => self.packs.sold(event),
            Event::ChannelOpened(event) => {
                self.channel_opened(event);
                self.access.channel_opened(event);
            }
            Event::ChannelClosed(event) => self.channel_closed(event.channel),
            Event::MethodDefined(event) => {
                self.methods.push(event.method.0, event.kind);
            }
            Event::PartyRegistered(event) => self.commissions.parties.take(event.party.0),
            Event::CommissionDefined(event) => self.commissions.rules.define(event),
            Event::CommissionChanged(event) => self.commissions.rules.change(event),
            Event::CommissionEnded(event) => self.commissions.rules.end(event),
            Event::CommissionCapSet(event) => self.commissions.rules.set_cap(event.cap),
            Event::CommissionsCharged(event) => self.commissions_charged(event),
            Event::CommissionsReversed(event) => self.commissions_reversed(event),
            Event::ProviderPlanDefined(event) => self.plans.defined(event),
            Event::ProviderPlanEnded(event) => self.plans.ended(event),
            Event::QuotaAllocated(event) => self
                .with_places(event.show, event.zone, |places| places.allocate(event.channel, &event.places)),
            Event::QuotaTransferred(event) => self.with_places(event.show, event.zone, |places| {
                places.transfer(event.from, event.to, &event.places);
            }),
            Event::QuotaReturned(event) => self
                .with_places(event.show, event.zone, |places| places.give_back(event.channel, &event.places)),
            Event::QuotaDeadlineSet(event) => self
                .with_show(event.show, |show| show.set_deadline(event.zone, event.channel, event.returns_at)),
            Event::QuotaClosed(event) => {
                self.with_show(event.show, |show| show.close_quota(event.zone, event.channel));
            }
            Event::QuotasExpired(event) => self.with_show(event.show, |show| {
                event.quotas.iter().for_each(|quota| show.close_quota(quota.zone, quota.channel));
            }),
            Event::HoldPlaced(event) => self.hold_placed(event),
            Event::HoldReleased(event) => self.hold_ended(event.hold),
            Event::HoldExpired(event) => self.hold_ended(event.hold),
            Event::OrderPlaced(event) => {
                event.holds.iter().for_each(|hold| self.hold_ended(*hold));
                self.lines_added(&event.lines);
            }
            Event::PaymentRecorded(event) => self.orders.received(event.payment, event.order, &event.legs),
            Event::TicketsCancelled(event) => self.lines_cancelled(&event.cancellation),
            Event::PriceReduced(event) => self.price_reduced(event),
            Event::MoneyReturned(event) => self.orders.returned(event.payment, event.order, &event.legs),
            Event::ExternalSaleReported(event) => self.lines_added(&event.lines),
            Event::ExternalSaleCancelled(event) => self.lines_cancelled(&event.cancellation),
            Event::CardTypeDefined(event) => self.cards.defined(event),
            Event::CardTypeChanged(event) => self.cards.changed(event),
            Event::CardIssued(event) => self.cards.issued(event),
            Event::CardRightsUsed(event) => self.cards.used(&event.uses),
            Event::CardRightsRestored(event) => self.cards.restored(&event.uses),
            Event::CardRevoked(event) => self.cards.revoked(event.card),
            Event::CardsExpired(event) => self.cards.expired(event),
            Event::StoredValueIssued(event) => self.stored_values.issued(event),
            Event::StoredValueUsed(event) => {
                for spent in &event.uses {
                    self.orders.value_spent(event.order, spent.value, spent.amount);
                }
                self.stored_values.used(&event.uses);
            }
            Event::StoredValueRestored(event) => {
                self.orders.value_spent(event.order, event.value, Amount::ZERO - event.amount);
                self.stored_values.restored(event.value, event.amount);
            }
            Event::StoredValueRevoked(event) => self.stored_values.revoked(event.value),
            Event::StoredValuesExpired(event) => self.stored_values.expired(event),
            Event::TicketDuplicated(event) => self.tickets.duplicated(event.ticket),
            Event::TicketTransferred(event) => {
                self.tickets.transferred(event);
                self.access.transferred(event);
            }
            Event::PaymentAnnounced(event) => {
                self.orders.announced(event.payment, event.order, &event.legs);
            }
            Event::PaymentFailed(event) => self.orders.not_coming(event.payment),
            Event::PaymentReversed(event) => {
                self.orders.returned(event.payment, event.order, &event.legs);
            }
            Event::TicketScanned(event) => self.ticket_scanned(event, envelope.occurred_at),
            Event::SubjectErased(event) => self.erasures.erased(event),
            Event::VaultEpochBegun(event) => self.erasures.epoch_begun(event),
            Event::VaultEpochsDestroyed(event) => self.erasures.epochs_destroyed(event),
            Event::PurposeRegistered(event) => self.purposes.registered(event),
            Event::PurposeChanged(event) => self.purposes.changed(event),
            // The scan itself says all that counts; books, sellers, tills, deals, keys, tokens and the journal note theirs above.
            Event::ScanJudged(_)
            | Event::AccountMappingSet(_)
            | Event::RemittanceRecorded(_)
            | Event::JournalLocked(_)
            | Event::PeriodClosed(_)
            | Event::FiscalYearSet(_)
            | Event::TechnicalEventNoted(_)
            | Event::ArchiveMade(_)
            | Event::ActorAssigned(_)
            | Event::TillOpened(_)
            | Event::TillCashMoved(_)
            | Event::TillClosed(_)
            | Event::DealAgreed(_)
            | Event::DealChanged(_)
            | Event::CostRecorded(_)
            | Event::CostWithdrawn(_)
            | Event::AdvanceRecorded(_)
            | Event::AdvanceWithdrawn(_)
            | Event::DatedRateSet(_)
            | Event::WorkRegistered(_)
            | Event::SettlementSealed(_)
            | Event::SettlementSignedOff(_)
            // Names, drawings and warnings bind nobody.
            | Event::SeasonChanged(_)
            | Event::ShowSeasonSet(_)
            | Event::SeatsDrawn(_)
            | Event::CompLimitsPassed(_)
            | Event::ShowWorkSet(_)
            | Event::SettlementFilesKept(_)
            | Event::SettlementPaid(_)
            | Event::CheckpointKeyRegistered(_)
            | Event::CheckpointKeyRetired(_)
            | Event::TokenIssued(_)
            | Event::TokenRevoked(_)
            | Event::AccessDenied(_)
            | Event::WebhookRegistered(_)
            | Event::WebhookChanged(_)
            | Event::WebhookRetired(_)
            | Event::WebhookSecretRotated(_)
            | Event::WebhookReplayed(_)
            // What persons are called and agree to is the vault's and the read models'.
            | Event::ProfileChanged(_)
            | Event::ConsentGiven(_)
            | Event::ConsentWithdrawn(_)
            | Event::PersonalDataRead(_)
            | Event::RetentionSet(_) => {}
        }
    }

    fn with_show(&mut self, show: ShowId, change: impl FnOnce(&mut Show)) {
        if let Some(show) = self.shows.get_mut(show.0) {
            change(show);
        }
    }

    fn with_places(
        &mut self,
        show: ShowId,
        zone: soticket_schema::ZoneId,
        change: impl FnOnce(&mut ZonePlaces),
    ) {
        if let Some(show) = self.shows.get_mut(show.0)
            && let Some(zone) = show.zones.iter_mut().find(|places| places.zone == zone)
        {
            change(zone);
        }
    }
}
