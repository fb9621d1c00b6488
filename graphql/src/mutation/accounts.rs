//! Accounts, remittances and the lock of the journal.

use async_graphql::{Context, Object, Result};

use super::payload::{AccountMappingSetPayload, JournalLockPayload, RemittanceRecordPayload};
use super::submit;
use crate::input::{AccountMappingSetInput, JournalLockInput, RemittanceRecordInput};

/// Accounts, remittances and the lock of the journal.
#[derive(Default)]
pub(super) struct AccountsMutation;

#[Object]
impl AccountsMutation {
    /// Sets the accounts that entries are made on, from a day on.
    async fn account_mapping_set(
        &self,
        context: &Context<'_>,
        input: AccountMappingSetInput,
    ) -> Option<Result<AccountMappingSetPayload>> {
        submit(context, input).await
    }

    /// Records what a network or remote box office paid of what it had collected.
    async fn remittance_record(
        &self,
        context: &Context<'_>,
        input: RemittanceRecordInput,
    ) -> Option<Result<RemittanceRecordPayload>> {
        submit(context, input).await
    }

    /// Keeps accounting entries up to a day as they are: what is recorded later about it goes to the first day after.
    async fn journal_lock(
        &self,
        context: &Context<'_>,
        input: JournalLockInput,
    ) -> Option<Result<JournalLockPayload>> {
        submit(context, input).await
    }
}
