//! What an organisation proves of its log.

use async_graphql::{Context, Object, Result};

use super::proof::{self, CheckpointKey, ConsistencyProof, InclusionProof, SignedCheckpoint};
use crate::core::Core;
use crate::input::Scope;
use crate::scalar::{Counter, LogPosition};

/// What an organisation proves of its log.
pub(super) struct OrganisationProofs {
    pub(super) scope: Scope,
}

#[Object]
impl OrganisationProofs {
    /// The keys that its checkpoints are signed with, retired ones included.
    async fn checkpoint_keys(&self, context: &Context<'_>) -> Result<Vec<CheckpointKey>> {
        let core = Core::of(context)?;
        core.expect(self.scope, |views| {
            let keys = views.catalogue.checkpoint_keys().all();
            Some(keys.map(|info| CheckpointKey::new(self.scope, info.clone())).collect())
        })
    }

    /// A checkpoint signed over everything that is in the log now, or was at the moment asked for, or over exactly its first `size` records. Null where the
    /// service publishes no logs.
    #[graphql(complexity = 50)]
    async fn signed_checkpoint(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "How many records it covers; all that there are if absent.")] size: Option<Counter>,
    ) -> Option<Result<SignedCheckpoint>> {
        let then = self.scope.moment.map(|moment| Counter(moment.saturating_add(1)));
        match size.or(then) {
            None => proof::newest(context, self.scope).await.transpose(),
            Some(size) => proof::at(context, self.scope, size.0).await.transpose(),
        }
    }

    /// The proof that the record at a position is in the log.
    #[graphql(complexity = 50)]
    async fn inclusion_proof(
        &self,
        context: &Context<'_>,
        position: LogPosition,
    ) -> Option<Result<InclusionProof>> {
        proof::inclusion(context, self.scope, position.0).await.transpose()
    }

    /// The proof that the log of its first `from` records is the beginning of that of its first `to`.
    #[graphql(complexity = 50)]
    async fn consistency_proof(
        &self,
        context: &Context<'_>,
        from: Counter,
        to: Counter,
    ) -> Option<Result<ConsistencyProof>> {
        proof::consistency(context, self.scope, from.0, to.0).await.transpose()
    }
}
