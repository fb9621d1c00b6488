//! Mutations: one per command, named object first. A command that changes nothing is no error but a payload with
//! `userErrors`; errors are left for what the caller cannot put right in the input.

mod access;
mod accounts;
mod bulk;
mod catalogue;
mod closings;
mod costs;
mod erasure;
mod gates;
mod login;
mod money;
mod outcome;
mod payload;
mod people;
mod places;
mod proofs;
mod rights;
mod sales;
mod sellers;
mod settlements;
mod shows;
mod tickets;
mod webhooks;

use async_graphql::{Context, ID, MergedObject, Result};
use soticket_ledger::SubmitError;
use soticket_schema::event::v1::DenialReason;
use soticket_schema::ids::{ActorId, OrganisationId};
use soticket_schema::{Command, Currency, Rejection, RejectionCode};

use crate::access::{Principal, Role};
use crate::core::Core;
use crate::error::{ErrorCode, coded, field_error};
use crate::ids;
use crate::input::{Caller, CommandInput, Scope};
pub(crate) use outcome::Outcome;

/// The root of all mutations.
#[derive(MergedObject, Default)]
#[graphql(name = "Mutation")]
pub(crate) struct MutationRoot(
    catalogue::CatalogueMutation,
    places::PlacesMutation,
    sales::SalesMutation,
    money::MoneyMutation,
    tickets::TicketsMutation,
    rights::RightsMutation,
    gates::GatesMutation,
    costs::CostsMutation,
    sellers::SellersMutation,
    shows::ShowsMutation,
    settlements::SettlementsMutation,
    accounts::AccountsMutation,
    closings::ClosingsMutation,
    proofs::ProofsMutation,
    erasure::ErasureMutation,
    people::PeopleMutation,
    access::AccessMutation,
    webhooks::WebhooksMutation,
);

/// Submits the command that `input` asks for. A payload is nullable so that one failure does not hide the receipts
/// of the mutations before it in the same request.
async fn submit<P: From<Outcome>>(context: &Context<'_>, input: impl CommandInput) -> Option<Result<P>> {
    Some(outcome(context, input).await.map(P::from))
}

async fn outcome(context: &Context<'_>, input: impl CommandInput) -> Result<Outcome> {
    let core = Core::of(context)?;
    let (scope, command) = requested(core, Principal::of(context)?, input);
    let answer = match command {
        Ok(command) => core.ledger.try_submit(command).await,
        Err(rejection) => Err(rejection.into()),
    };
    Ok(match accepted(answer)? {
        Ok(receipt) => Outcome::recorded(scope, receipt),
        Err(rejection) => Outcome::rejected(scope, rejection),
    })
}

/// What the ledger says to a command: a rejection is the caller's to read, everything else an error of the request.
pub(crate) fn accepted<T>(answer: Result<T, SubmitError>) -> Result<Result<T, Rejection>> {
    match answer {
        Ok(answer) => Ok(Ok(answer)),
        Err(SubmitError::Rejected(rejection)) => Ok(Err(rejection)),
        Err(SubmitError::Overloaded) => Err(coded(ErrorCode::Overloaded)),
        Err(SubmitError::Stopped(reason)) => {
            tracing::error!(reason, "the ledger has stopped");
            Err(field_error(ErrorCode::LedgerStopped, ErrorCode::LedgerStopped.meaning()))
        }
    }
}

/// Whose command `input` asks for, and the command; or why there is none. An organisation that is not the principal's is
/// unknown, whether it exists or not; a command is its principal's own, unless an owner names another actor.
pub(crate) fn requested(
    core: &Core,
    principal: &Principal,
    input: impl CommandInput,
) -> (Scope, Result<Command, Rejection>) {
    let Some(scope) = scope(core, principal, input.caller()) else {
        let rejection = Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
        let (organisation, currency) = (OrganisationId::default(), Currency::default());
        return (Scope { organisation, currency, viewer: None, moment: None }, Err(rejection));
    };
    let command = match actor(core, principal, &input, &scope) {
        Ok(actor) => command(input, actor, &scope),
        Err(rejection) => Err(rejection),
    };
    (scope, command)
}

/// What a caller names, as the principal sees it; none if it is an organisation that the principal may not name.
fn scope(core: &Core, principal: &Principal, caller: &Caller) -> Option<Scope> {
    let organisation = named(core, principal, caller)?;
    // The currency of an organisation that is not open is of no consequence: the command will be refused, or it opens it.
    let currency = core.currency(organisation).unwrap_or_default();
    let named = caller.actor.as_ref().map(|actor| ids::local_or_never(organisation, actor));
    let viewer = if principal.role.sells() { Some(principal.actor) } else { named };
    Some(Scope { organisation, currency, viewer, moment: None })
}

/// The organisation that a caller names, if it is one that the principal may name.
pub(crate) fn named(core: &Core, principal: &Principal, caller: &Caller) -> Option<OrganisationId> {
    let organisation = ids::organisation(&caller.organisation)?;
    if principal.names(organisation) {
        return Some(organisation);
    }
    principal.denied(core, DenialReason::OrganisationNotAllowed);
    None
}

/// In whose name a command is given, which must be no other device than a gate's own.
fn actor(
    core: &Core,
    principal: &Principal,
    input: &impl CommandInput,
    scope: &Scope,
) -> Result<ActorId, Rejection> {
    if principal.role == Role::GateDevice
        && !input.device().is_none_or(|device| is_own(principal, scope, device))
    {
        principal.denied(core, DenialReason::ActorNotAllowed);
        return Err(Rejection::new(RejectionCode::ActorNotAllowed, "device"));
    }
    acting(core, principal, input.caller(), scope)
}

/// In whose name a caller acts: the principal's. Owners may name another actor.
fn acting(core: &Core, principal: &Principal, caller: &Caller, scope: &Scope) -> Result<ActorId, Rejection> {
    match &caller.actor {
        None => Ok(principal.actor),
        // Unlike the other ids, an actor has a number that anyone may use: the system's.
        Some(actor) if principal.role == Role::Owner => Ok(scope.id(actor)),
        Some(actor) if is_own(principal, scope, actor) => Ok(principal.actor),
        Some(_) => {
            principal.denied(core, DenialReason::ActorNotAllowed);
            Err(Rejection::new(RejectionCode::ActorNotAllowed, "actor"))
        }
    }
}

fn is_own(principal: &Principal, scope: &Scope, actor: &ID) -> bool {
    ids::local(scope.organisation, actor) == Some(principal.actor)
}

fn command(input: impl CommandInput, actor: ActorId, scope: &Scope) -> Result<Command, Rejection> {
    let key = input.caller().idempotency_key.to_string();
    let occurred_at = input.occurred_at();
    Ok(Command { organisation: scope.organisation, actor, key, occurred_at, body: input.body(scope)? })
}
