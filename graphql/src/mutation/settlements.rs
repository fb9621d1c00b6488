//! Deals and settlements.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use soticket_exports::{SealError, prepare_seal};
use soticket_schema::event::v1::SettlementFile;
use soticket_schema::limits::SETTLEMENT_FILES_MAX;
use soticket_schema::{Currency, Rejection, RejectionCode};

use super::payload::{
    AdvanceRecordPayload, AdvanceWithdrawPayload, CostRecordPayload, CostWithdrawPayload,
    DatedRateSetPayload, DealAgreePayload, DealChangePayload, SettlementFilesKeepPayload,
    SettlementPayPayload, SettlementSealPayload, SettlementSignOffPayload, ShowWorkSetPayload,
    WorkRegisterPayload,
};
use super::{named, submit};
use crate::access::Principal;
use crate::core::Core;
use crate::error::internal;
use crate::input::{
    AdvanceRecordInput, AdvanceWithdrawInput, Caller, CheckedFiles, CostRecordInput, CostWithdrawInput,
    DatedRateSetInput, DealAgreeInput, DealChangeInput, PreparedSeal, Scope, SettlementFilesKeepInput,
    SettlementPayInput, SettlementSealInput, SettlementSignOffInput, ShowWorkSetInput, WorkRegisterInput,
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

    /// Fixes the settlement of a show as it stands now, as version 1 or as the next amendment. Its files are rendered, kept
    /// and named with it: the canonical statement, the document as JSON, PDF, workbook and CSV.
    async fn settlement_seal(
        &self,
        context: &Context<'_>,
        input: SettlementSealInput,
    ) -> Option<Result<SettlementSealPayload>> {
        match prepared(context, input).await {
            Ok(prepared) => submit(context, prepared).await,
            Err(error) => Some(Err(error)),
        }
    }

    /// Records files of a sealed settlement that are kept: sent before with `PUT /documents/file`.
    async fn settlement_files_keep(
        &self,
        context: &Context<'_>,
        input: SettlementFilesKeepInput,
    ) -> Option<Result<SettlementFilesKeepPayload>> {
        match checked(context, input).await {
            Ok(checked) => submit(context, checked).await,
            Err(error) => Some(Err(error)),
        }
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

/// Works the settlement out at the present position, which the seal states, and keeps the files that go with it.
async fn prepared(context: &Context<'_>, input: SettlementSealInput) -> Result<PreparedSeal> {
    let core = Core::of(context)?;
    let Some(scope) = scope(core, Principal::of(context)?, &input.caller) else {
        // An organisation that is none is refused before the body is looked at.
        let unknown = Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
        return Ok(PreparedSeal { caller: input.caller, seal: Err(unknown) });
    };
    // What its caller was told of a moment ago is in it.
    core.reach_head(scope.organisation).await?;
    let sealing = input.sealing(&scope);
    let leave = Arc::clone(&core.renderings).acquire_owned().await.map_err(internal)?;
    let seal = core.blocking(move |core| {
        let checkpoints = |organisation, size| core.checkpoint(organisation, size);
        let seal = match prepare_seal(&core.projections, core.ledger.files(), &sealing, &checkpoints) {
            Ok(seal) => Ok(Ok(seal)),
            Err(SealError::Rejected(rejection)) => Ok(Err(rejection)),
            Err(error) => Err(internal(error)),
        };
        drop(leave);
        seal
    });
    Ok(PreparedSeal { seal: seal.await?, caller: input.caller })
}

/// Looks whether files are kept: an event must not name what nobody has.
async fn checked(context: &Context<'_>, input: SettlementFilesKeepInput) -> Result<CheckedFiles> {
    let core = Core::of(context)?;
    let Some(scope) = scope(core, Principal::of(context)?, &input.caller) else {
        return Ok(CheckedFiles { input, absent: None });
    };
    let (organisation, files) = (scope.organisation, input.files());
    let absent = core.blocking(move |core| {
        let kept = |file: &SettlementFile| {
            let bytes = core.ledger.files().read(organisation, file.hash);
            bytes.is_ok_and(|bytes| bytes.len() as u64 == file.bytes)
        };
        Ok(files.iter().take(SETTLEMENT_FILES_MAX).position(|file| !kept(file)))
    });
    Ok(CheckedFiles { absent: absent.await?, input })
}

/// The organisation that a caller names; none if the principal may not name it.
fn scope(core: &Core, principal: &Principal, caller: &Caller) -> Option<Scope> {
    let organisation = named(core, principal, caller)?;
    let currency = core.currency(organisation).unwrap_or(Currency::EUR);
    Some(Scope { organisation, currency, viewer: None, moment: None })
}
