//! Deals and settlements.

use async_graphql::{Context, Object, Result};
use soticket_projections::OrganisationViews;
use soticket_projections::deals::{CALCULATION, DraftError, EvaluationError, draft};
use soticket_schema::command::SealSettlement;
use soticket_schema::ids::ShowId;
use soticket_schema::{Currency, Rejection, RejectionCode};

use super::payload::{
    AdvanceRecordPayload, AdvanceWithdrawPayload, CostRecordPayload, CostWithdrawPayload,
    DatedRateSetPayload, DealAgreePayload, DealChangePayload, SettlementFilesKeepPayload,
    SettlementPayPayload, SettlementSealPayload, SettlementSignOffPayload, ShowWorkSetPayload,
    WorkRegisterPayload,
};
use super::submit;
use crate::core::Core;
use crate::ids;
use crate::input::{
    AdvanceRecordInput, AdvanceWithdrawInput, CostRecordInput, CostWithdrawInput, DatedRateSetInput,
    DealAgreeInput, DealChangeInput, PreparedSeal, Scope, SettlementFilesKeepInput, SettlementPayInput,
    SettlementSealInput, SettlementSignOffInput, ShowWorkSetInput, WorkRegisterInput,
};

/// Deals and settlements.
#[derive(Default)]
pub(super) struct SettlementsMutation;

#[Object]
impl SettlementsMutation {
    /// Agrees on how the money of shows is shared.
    async fn deal_agree(
        &self,
        context: &Context<'_>,
        input: DealAgreeInput,
    ) -> Option<Result<DealAgreePayload>> {
        submit(context, input).await
    }

    /// Changes a deal for settlements to come; what was sealed stays.
    async fn deal_change(
        &self,
        context: &Context<'_>,
        input: DealChangeInput,
    ) -> Option<Result<DealChangePayload>> {
        submit(context, input).await
    }

    /// Records a cost of a show. One that comes after a seal goes into the next version of the settlement.
    async fn cost_record(
        &self,
        context: &Context<'_>,
        input: CostRecordInput,
    ) -> Option<Result<CostRecordPayload>> {
        submit(context, input).await
    }

    /// Takes a recorded cost out of account.
    async fn cost_withdraw(
        &self,
        context: &Context<'_>,
        input: CostWithdrawInput,
    ) -> Option<Result<CostWithdrawPayload>> {
        submit(context, input).await
    }

    /// Records money that was paid to a party on account of its settlement.
    async fn advance_record(
        &self,
        context: &Context<'_>,
        input: AdvanceRecordInput,
    ) -> Option<Result<AdvanceRecordPayload>> {
        submit(context, input).await
    }

    /// Takes a recorded advance out of account.
    async fn advance_withdraw(
        &self,
        context: &Context<'_>,
        input: AdvanceWithdrawInput,
    ) -> Option<Result<AdvanceWithdrawPayload>> {
        submit(context, input).await
    }

    /// Sets a rate of law or of a society from a date on. It stands above the rates that the program brings.
    async fn dated_rate_set(
        &self,
        context: &Context<'_>,
        input: DatedRateSetInput,
    ) -> Option<Result<DatedRateSetPayload>> {
        submit(context, input).await
    }

    /// Registers a work whose paid performances are counted.
    async fn work_register(
        &self,
        context: &Context<'_>,
        input: WorkRegisterInput,
    ) -> Option<Result<WorkRegisterPayload>> {
        submit(context, input).await
    }

    /// Says which work a show performs.
    async fn show_work_set(
        &self,
        context: &Context<'_>,
        input: ShowWorkSetInput,
    ) -> Option<Result<ShowWorkSetPayload>> {
        submit(context, input).await
    }

    /// Fixes the settlement of a show as it stands now, as version 1 or as the next amendment.
    async fn settlement_seal(
        &self,
        context: &Context<'_>,
        input: SettlementSealInput,
    ) -> Option<Result<SettlementSealPayload>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        submit(context, prepared(core, input)).await
    }

    /// Records files of a sealed settlement that are kept.
    async fn settlement_files_keep(
        &self,
        context: &Context<'_>,
        input: SettlementFilesKeepInput,
    ) -> Option<Result<SettlementFilesKeepPayload>> {
        submit(context, input).await
    }

    /// Records that a party, or the organisation, agrees to a sealed settlement.
    async fn settlement_sign_off(
        &self,
        context: &Context<'_>,
        input: SettlementSignOffInput,
    ) -> Option<Result<SettlementSignOffPayload>> {
        submit(context, input).await
    }

    /// Records money of a sealed settlement that was paid.
    async fn settlement_pay(
        &self,
        context: &Context<'_>,
        input: SettlementPayInput,
    ) -> Option<Result<SettlementPayPayload>> {
        submit(context, input).await
    }
}

/// Works the settlement out at the present position: the seal states which.
fn prepared(core: &Core, input: SettlementSealInput) -> PreparedSeal {
    let seal = ids::organisation(&input.caller.organisation).map(|organisation| {
        let currency = core.currency(organisation).unwrap_or(Currency::EUR);
        let scope = Scope { organisation, currency, viewer: None };
        let (show, version) = input.what(&scope);
        let wanted = input.statement.map(|statement| statement.0);
        let seal = core.projections.view(organisation, |views| {
            let seal = sealed_now(views, show, version)?;
            // Another statement than the one looked at is of no position of the log: the decision refuses it, unless the
            // key is known and the command was recorded before.
            let moved = wanted.is_some_and(|wanted| wanted != seal.statement);
            Ok(SealSettlement { position: if moved { u64::MAX } else { seal.position }, ..seal })
        });
        seal.unwrap_or_else(|| Err(Rejection::new(RejectionCode::OrganisationUnknown, "organisation")))
    });
    // An organisation that is none is refused before the body is looked at.
    let unknown = || Err(Rejection::new(RejectionCode::OrganisationUnknown, "organisation"));
    PreparedSeal { caller: input.caller, seal: seal.unwrap_or_else(unknown) }
}

fn sealed_now(views: &OrganisationViews, show: ShowId, version: u32) -> Result<SealSettlement, Rejection> {
    let known = views.deals.show(show).zip(views.settlement.figures(show));
    let (deal, figures) = known.ok_or_else(|| Rejection::new(RejectionCode::ShowUnknown, "show"))?;
    let draft = draft(deal, &figures, views.deals.rates()).map_err(|error| {
        let code = match error {
            DraftError::NoDeal => RejectionCode::DealUnknown,
            DraftError::NoVersion(_) => RejectionCode::DealVersionMismatch,
            DraftError::Evaluation(EvaluationError::RateUnknown { .. }) => RejectionCode::RateUnknown,
            DraftError::Evaluation(EvaluationError::StepUnknown { .. }) => RejectionCode::DealStepUnknown,
        };
        Rejection::new(code, "show")
    })?;
    Ok(SealSettlement {
        show,
        version,
        deal_version: draft.deal_version,
        calculation: CALCULATION,
        position: views.position().unwrap_or(0),
        head: views.head(),
        statement: draft.statement,
        lines: draft.lines,
    })
}
