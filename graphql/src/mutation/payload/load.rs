//! What payloads hold: from the receipt itself where it says all, else from the read models once they have folded it.

use async_graphql::{Context, Result};
use soticket_schema::Event;

use super::super::outcome::Outcome;
use crate::core::Core;
use crate::error::internal;
use crate::ids::Numbered;
use crate::input::Scope;
use crate::types::closing;
use crate::types::{
    Actor, CardType, Channel, CheckpointKey, Closing, CodeKey, CommissionRule, CompLimitsWarning, Customer,
    DeviceCredential, EntryRules, Gate, Hall, Hold, Method, Order, Organisation, Pack, Party, Product,
    ProviderPlan, Purpose, Scan, Season, Show, Tariff, Ticket, TillSession, Token, Webhook, Zone,
};
use crate::webhooks::written_secret;

/// The core once its read models hold the command; none if it changed nothing.
async fn reached<'a>(context: &Context<'a>, outcome: &Outcome) -> Option<Result<&'a Core>> {
    let position = outcome.position()?;
    let core = match Core::of(context) {
        Ok(core) => core,
        Err(error) => return Some(Err(error)),
    };
    Some(core.reach(outcome.scope().organisation, position).await.map(|()| core.as_ref()))
}

/// Loads the thing that the command's events name, once the read models have folded them.
async fn read<T: Numbered, O>(
    context: &Context<'_>,
    outcome: &Outcome,
    pick: impl FnMut(&Event) -> Option<T>,
    load: impl FnOnce(&Core, Scope, T) -> Option<O>,
) -> Option<Result<O>> {
    let id = outcome.find(pick)?;
    match reached(context, outcome).await? {
        Ok(core) => load(core, outcome.scope(), id).map(Ok),
        Err(error) => Some(Err(error)),
    }
}

pub(super) async fn organisation(context: &Context<'_>, outcome: &Outcome) -> Option<Result<Organisation>> {
    let scope = outcome.scope();
    match reached(context, outcome).await? {
        Ok(core) => Organisation::load(core, scope.organisation, scope.viewer).map(Ok),
        Err(error) => Some(Err(error)),
    }
}

macro_rules! loads {
    ($($name:ident -> $type:ident { $($event:ident . $($path:ident).+),+ })+) => {$(
        pub(super) async fn $name(context: &Context<'_>, outcome: &Outcome) -> Option<Result<$type>> {
            let pick = |event: &Event| match event {
                $(Event::$event(event) => Some(event.$($path).+),)+
                _ => None,
            };
            read(context, outcome, pick, $type::load).await
        }
    )+};
}

loads! {
    actor -> Actor { ActorRegistered.actor, ActorAssigned.actor }
    till_session -> TillSession { TillOpened.session, TillCashMoved.session, TillClosed.session }
    hall -> Hall { HallDefined.hall }
    gate -> Gate { GateDefined.gate, GateZonesSet.gate }
    code_key -> CodeKey { CodeKeyRegistered.key, CodeKeyRetired.key }
    webhook -> Webhook {
        WebhookRegistered.webhook, WebhookChanged.webhook, WebhookRetired.webhook, WebhookSecretRotated.webhook,
        WebhookReplayed.webhook
    }
    checkpoint_key -> CheckpointKey { CheckpointKeyRegistered.key, CheckpointKeyRetired.key }
    credential -> DeviceCredential { CredentialRevoked.credential }
    show -> Show {
        ShowScheduled.show, ShowOpened.show, ShowClosed.show, QuotaAllocated.show, QuotaTransferred.show,
        QuotaClosed.show, QuotaReturned.show, QuotaDeadlineSet.show, HoldReleased.show, ShowPostponed.show,
        ShowRelocated.show, ShowCancelled.show, ShowRefundBegun.show, ShowSeasonSet.show, CompLimitsSet.show,
        DealAgreed.show, DealChanged.show, CostRecorded.show, CostWithdrawn.show, AdvanceRecorded.show,
        AdvanceWithdrawn.show, ShowWorkSet.show, SettlementSealed.show, SettlementFilesKept.show,
        SettlementSignedOff.show, SettlementPaid.show
    }
    refunded_show -> Show { ShowRefundAdvanced.show }
    season -> Season { SeasonDefined.season, SeasonChanged.season }
    zone -> Zone { SeatsDrawn.zone }
    tariff -> Tariff { TariffDefined.tariff, TariffChanged.tariff, TariffRulesSet.tariff, TariffVatSet.tariff }
    product -> Product { ProductDefined.product }
    pack -> Pack { PackDefined.pack, PackChanged.pack }
    channel -> Channel { ChannelOpened.channel, ChannelClosed.channel, RemittanceRecorded.channel }
    method -> Method { MethodDefined.method }
    party -> Party { PartyRegistered.party }
    commission -> CommissionRule {
        CommissionDefined.commission, CommissionChanged.commission, CommissionEnded.commission
    }
    plan -> ProviderPlan { ProviderPlanDefined.plan, ProviderPlanEnded.plan }
    order -> Order {
        PaymentRecorded.order, MoneyReturned.order, TicketsCancelled.cancellation.order,
        ExternalSaleReported.lines.order, ExternalSaleCancelled.cancellation.order, PaymentAnnounced.order,
        PaymentFailed.order, PaymentReversed.order
    }
    ticket -> Ticket { PriceReduced.ticket, TicketDuplicated.ticket, TicketTransferred.ticket }
    purpose -> Purpose { PurposeRegistered.purpose, PurposeChanged.purpose }
    token -> Token { TokenRevoked.token }
    card_type -> CardType { CardTypeDefined.card_type, CardTypeChanged.card_type }
}

/// The order from the receipt itself: a till that sells does not wait for the read models.
pub(super) async fn placed_order(_: &Context<'_>, outcome: &Outcome) -> Option<Result<Order>> {
    Order::placed(outcome.scope(), outcome.entries()).map(Ok)
}

/// The closings that the command made, from the receipt itself.
pub(super) async fn closings(_: &Context<'_>, outcome: &Outcome) -> Option<Result<Vec<Closing>>> {
    outcome.position()?;
    Some(Ok(closing::made(outcome.scope(), outcome.entries())))
}

/// What the command's free tickets go beyond, from the receipt itself.
pub(super) async fn comp_warnings(
    _: &Context<'_>,
    outcome: &Outcome,
) -> Option<Result<Vec<CompLimitsWarning>>> {
    outcome.position()?;
    let warnings = outcome.entries().iter().filter_map(|entry| match &entry.event {
        Event::CompLimitsPassed(passed) => Some(CompLimitsWarning::new(outcome.scope(), passed)),
        _ => None,
    });
    Some(Ok(warnings.collect()))
}

pub(super) async fn placed_hold(_: &Context<'_>, outcome: &Outcome) -> Option<Result<Hold>> {
    outcome.find(|event| match event {
        Event::HoldPlaced(placed) => Some(Ok(Hold::placed(outcome.scope(), placed))),
        _ => None,
    })
}

pub(super) async fn scan(_: &Context<'_>, outcome: &Outcome) -> Option<Result<Scan>> {
    outcome.entries().iter().find_map(|entry| Scan::new(outcome.scope(), entry)).map(Ok)
}

/// The decision, which is the second event of the command.
pub(super) async fn redeemed(_: &Context<'_>, outcome: &Outcome) -> Option<Result<Scan>> {
    let reason = outcome.find(|event| match event {
        Event::ScanJudged(judged) => Some(judged.reason),
        _ => None,
    })?;
    let scan = outcome.entries().iter().find_map(|entry| Scan::new(outcome.scope(), entry))?;
    Some(Ok(scan.decided(reason)))
}

/// The new credential once devices can use it, with its token.
pub(super) async fn issued_credential(
    context: &Context<'_>,
    outcome: &Outcome,
) -> Option<Result<DeviceCredential>> {
    let pick = |event: &Event| match event {
        Event::CredentialIssued(issued) => Some(issued.credential),
        _ => None,
    };
    let credential = read(context, outcome, pick, DeviceCredential::load).await?;
    Some(credential.map(|credential| credential.with_secret(outcome.secret())))
}

/// The new token once it is among those of the organisation, with its secret.
pub(super) async fn issued_token(context: &Context<'_>, outcome: &Outcome) -> Option<Result<Token>> {
    let token = issued_login(context, outcome).await?;
    Some(token.map(|token| token.with_secret(outcome.secret())))
}

/// The new login once it is among the tokens of the organisation.
pub(super) async fn issued_login(context: &Context<'_>, outcome: &Outcome) -> Option<Result<Token>> {
    let pick = |event: &Event| match event {
        Event::TokenIssued(issued) => Some(issued.token),
        _ => None,
    };
    read(context, outcome, pick, Token::load).await
}

/// The webhook with the secret that was made for it. A repeated command tells no secret.
pub(super) async fn webhook_with_secret(context: &Context<'_>, outcome: &Outcome) -> Option<Result<Webhook>> {
    let loaded = match webhook(context, outcome).await? {
        Ok(webhook) if !outcome.replayed() => webhook,
        other => return Some(other),
    };
    let (webhook, number) = outcome.find(|event| match event {
        Event::WebhookRegistered(event) => Some((event.webhook, 1)),
        Event::WebhookSecretRotated(event) => Some((event.webhook, event.secret)),
        _ => None,
    })?;
    let core = match Core::of(context) {
        Ok(core) => core,
        Err(error) => return Some(Err(error)),
    };
    let secret = core.ledger.webhook_secret(outcome.scope().organisation, webhook, number);
    Some(secret.map(|secret| loaded.with_secret(written_secret(&secret))).map_err(internal))
}

/// What is left of a person once the read models have folded the erasure.
/// A person once the read models have folded what happened to them; after an erasure, what is left of them.
pub(super) async fn customer(context: &Context<'_>, outcome: &Outcome) -> Option<Result<Customer>> {
    let subject = outcome.find(|event| match event {
        Event::SubjectErased(event) => Some(event.subject),
        Event::ProfileChanged(event) => Some(event.subject),
        Event::ConsentGiven(event) => Some(event.subject),
        Event::ConsentWithdrawn(event) => Some(event.subject),
        _ => None,
    })?;
    match reached(context, outcome).await? {
        Ok(core) => Customer::load(core, outcome.scope(), subject).map(Ok),
        Err(error) => Some(Err(error)),
    }
}

pub(super) async fn entry_rules(context: &Context<'_>, outcome: &Outcome) -> Option<Result<EntryRules>> {
    let show = outcome.find(|event| match event {
        Event::EntryRulesSet(event) => Some(event.show),
        _ => None,
    })?;
    match reached(context, outcome).await? {
        Ok(core) => EntryRules::load(core, outcome.scope(), show).map(Ok),
        Err(error) => Some(Err(error)),
    }
}
