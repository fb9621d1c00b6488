//! Mutations: one per command, named object first. A command that changes nothing is no error but a payload with
//! `userErrors`; errors are left for what the caller cannot put right in the input.

mod accounts;
mod bulk;
mod catalogue;
mod closings;
mod costs;
mod erasure;
mod gates;
mod money;
mod outcome;
mod payload;
mod places;
mod proofs;
mod rights;
mod sales;
mod sellers;
mod settlements;
mod shows;
mod tickets;
mod webhooks;

use async_graphql::{Context, MergedObject, Result};
use soticket_ledger::SubmitError;
use soticket_schema::ids::{ActorId, OrganisationId};
use soticket_schema::{Command, Currency, Rejection, RejectionCode};

use crate::core::Core;
use crate::error::{ErrorCode, coded, field_error};
use crate::ids;
use crate::input::{CommandInput, Scope};
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
    webhooks::WebhooksMutation,
);

/// Submits the command that `input` asks for. A payload is nullable so that one failure does not hide the receipts
/// of the mutations before it in the same request.
async fn submit<P: From<Outcome>>(context: &Context<'_>, input: impl CommandInput) -> Option<Result<P>> {
    Some(outcome(context, input).await.map(P::from))
}

async fn outcome(context: &Context<'_>, input: impl CommandInput) -> Result<Outcome> {
    let core = Core::of(context)?;
    let (scope, command) = requested(core, input);
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

/// Whose command `input` asks for, and the command; or why there is none.
pub(crate) fn requested(core: &Core, input: impl CommandInput) -> (Scope, Result<Command, Rejection>) {
    let Some(organisation) = ids::organisation(&input.caller().organisation) else {
        let rejection = Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
        let organisation = OrganisationId::default();
        return (
            Scope { organisation, currency: Currency::default(), viewer: None, moment: None },
            Err(rejection),
        );
    };
    // The currency of an organisation that is not open is of no consequence: the command will be refused, or it opens it.
    let currency = core.currency(organisation).unwrap_or_default();
    let viewer = input.caller().actor.as_ref().map(|actor| ids::local_or_never(organisation, actor));
    let scope = Scope { organisation, currency, viewer, moment: None };
    (scope, command(input, &scope))
}

fn command(input: impl CommandInput, scope: &Scope) -> Result<Command, Rejection> {
    let caller = input.caller();
    // Unlike the other ids, an actor has a number that anyone may use: the system's.
    let actor = caller.actor.as_ref().map_or(ActorId(0), |actor| scope.id(actor));
    let key = caller.idempotency_key.to_string();
    let occurred_at = input.occurred_at();
    Ok(Command { organisation: scope.organisation, actor, key, occurred_at, body: input.body(scope)? })
}
