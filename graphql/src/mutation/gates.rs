//! Signing keys, devices and rules for entry.

use async_graphql::{Context, Object, Result};
use soticket_schema::ids::CredentialHash;

use super::payload::{
    CodeKeyRegisterPayload, CodeKeyRetirePayload, DeviceCredentialIssuePayload,
    DeviceCredentialReplacePayload, DeviceCredentialRevokePayload, EntryRulesSetPayload, GateZonesSetPayload,
    TicketRedeemPayload,
};
use super::{outcome, submit};
use crate::core::Core;
use crate::ids;
use crate::input::{
    CodeKeyRegisterInput, CodeKeyRetireInput, CommandInput, DeviceCredentialIssueInput,
    DeviceCredentialReplaceInput, DeviceCredentialRevokeInput, EntryRulesSetInput, GateZonesSetInput,
    TicketRedeemInput,
};

/// Signing keys, devices and rules for entry.
#[derive(Default)]
pub(super) struct GatesMutation;

#[Object]
impl GatesMutation {
    /// Makes a key that ticket codes are signed with from here on. Codes that were sold before are shown signed, too.
    async fn code_key_register(
        &self,
        context: &Context<'_>,
        input: CodeKeyRegisterInput,
    ) -> Option<Result<CodeKeyRegisterPayload>> {
        submit(context, input).await
    }

    /// Signs no more codes with a key.
    async fn code_key_retire(
        &self,
        context: &Context<'_>,
        input: CodeKeyRetireInput,
    ) -> Option<Result<CodeKeyRetirePayload>> {
        submit(context, input).await
    }

    /// Says which zones a gate admits to, for a show or for all shows.
    async fn gate_zones_set(
        &self,
        context: &Context<'_>,
        input: GateZonesSetInput,
    ) -> Option<Result<GateZonesSetPayload>> {
        submit(context, input).await
    }

    /// Says when and how often tickets enter, for a show or for all shows.
    async fn entry_rules_set(
        &self,
        context: &Context<'_>,
        input: EntryRulesSetInput,
    ) -> Option<Result<EntryRulesSetPayload>> {
        submit(context, input).await
    }

    /// Gives a device a credential. Its token is in this answer and nowhere else.
    async fn device_credential_issue(
        &self,
        context: &Context<'_>,
        input: DeviceCredentialIssueInput,
    ) -> Option<Result<DeviceCredentialIssuePayload>> {
        Some(
            with_secret(context, input, DeviceCredentialIssueInput::with_hash)
                .await
                .map(DeviceCredentialIssuePayload::from),
        )
    }

    /// Ends a device's credential.
    async fn device_credential_revoke(
        &self,
        context: &Context<'_>,
        input: DeviceCredentialRevokeInput,
    ) -> Option<Result<DeviceCredentialRevokePayload>> {
        submit(context, input).await
    }

    /// Ends a device's credential and gives it another. The new token is in this answer and nowhere else.
    async fn device_credential_replace(
        &self,
        context: &Context<'_>,
        input: DeviceCredentialReplaceInput,
    ) -> Option<Result<DeviceCredentialReplacePayload>> {
        Some(
            with_secret(context, input, DeviceCredentialReplaceInput::with_hash)
                .await
                .map(DeviceCredentialReplacePayload::from),
        )
    }

    /// Decides at a gate whether a ticket passes. The decision is recorded whatever it is.
    async fn ticket_redeem(
        &self,
        context: &Context<'_>,
        input: TicketRedeemInput,
    ) -> Option<Result<TicketRedeemPayload>> {
        submit(context, input).await
    }
}

/// Submits a command with the hash of a new secret; the secret is in the outcome unless the command is repeated.
async fn with_secret<I: CommandInput>(
    context: &Context<'_>,
    input: I,
    with_hash: impl FnOnce(I, CredentialHash) -> I,
) -> Result<super::Outcome> {
    let organisation = ids::organisation(&input.caller().organisation).unwrap_or_default();
    let (secret, hash) = Core::of(context)?.ledger.device_secret(organisation);
    Ok(outcome(context, with_hash(input, hash)).await?.with_secret(secret))
}
