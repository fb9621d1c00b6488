//! The keys that checkpoints are signed with.

use async_graphql::{Context, Object, Result};

use super::payload::{CheckpointKeyRegisterPayload, CheckpointKeyRetirePayload};
use super::submit;
use crate::input::{CheckpointKeyRegisterInput, CheckpointKeyRetireInput};

/// The keys that checkpoints are signed with.
#[derive(Default)]
pub(super) struct ProofsMutation;

#[Object]
impl ProofsMutation {
    /// Makes a key that checkpoints of the log are signed with from here on. The service makes the first by itself.
    async fn checkpoint_key_register(
        &self,
        context: &Context<'_>,
        input: CheckpointKeyRegisterInput,
    ) -> Option<Result<CheckpointKeyRegisterPayload>> {
        submit(context, input).await
    }

    /// Signs no more checkpoints with a key. Those that it signed stay signed.
    async fn checkpoint_key_retire(
        &self,
        context: &Context<'_>,
        input: CheckpointKeyRetireInput,
    ) -> Option<Result<CheckpointKeyRetirePayload>> {
        submit(context, input).await
    }
}
