//! Signed checkpoints, the keys that sign them, and proofs: what an auditor checks with programs of others.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_ledger::proof::{self, KeyKind, PublishError, TreeHash, VerifierKey, checkpoint_of};
use soticket_projections::catalogue::CheckpointKeyInfo;
use soticket_schema::ids::CheckpointKeyId;

use crate::core::Core;
use crate::error::{ErrorCode, field_error, internal};
use crate::ids;
use crate::input::Scope;
use crate::published::Published;
use crate::scalar::{Counter, DateTime, LogPosition};

/// A key that checkpoints of a log are signed with.
pub(crate) struct CheckpointKey {
    scope: Scope,
    info: CheckpointKeyInfo,
}

impl CheckpointKey {
    /// A key as the catalogue has it.
    pub(super) fn new(scope: Scope, info: CheckpointKeyInfo) -> Self {
        Self { scope, info }
    }

    /// The key with this number.
    pub(crate) fn load(core: &Core, scope: Scope, key: CheckpointKeyId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.checkpoint_keys().get(key).cloned())
            .map(|info| Self::new(scope, info))
    }
}

/// A key that checkpoints of a log are signed with. The private half is sealed in the vault.
#[Object]
impl CheckpointKey {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.key)
    }

    /// Its number.
    async fn number(&self) -> Counter {
        Counter(self.info.key.0.into())
    }

    /// The name of the log and of the key.
    async fn origin(&self) -> &str {
        &self.info.origin
    }

    /// The public half as verifiers of signed notes take it: name, id and base64.
    async fn verifier(&self) -> Result<String> {
        let key = VerifierKey::new(&self.info.origin, KeyKind::Log, self.info.public.0);
        key.map(|key| key.to_string()).map_err(internal)
    }

    /// When it was registered.
    async fn registered_at(&self) -> DateTime {
        DateTime(self.info.registered_at)
    }

    /// When it was retired: it signs no more checkpoints.
    async fn retired_at(&self) -> Option<DateTime> {
        self.info.retired_at.map(DateTime)
    }
}

/// How many records a log has and the root of the tree over them, signed.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct SignedCheckpoint {
    /// The name of the log.
    origin: String,
    /// How many records.
    size: Counter,
    /// The root over them (RFC 6962, SHA-256) in base64.
    root: String,
    /// The signed note (C2SP tlog-checkpoint): what verifiers take, and what to keep.
    note: String,
}

impl SignedCheckpoint {
    fn of(note: &proof::Note) -> Result<Self> {
        let checkpoint = checkpoint_of(note).ok_or_else(|| internal("a checkpoint does not read"))?;
        Ok(Self {
            origin: checkpoint.origin,
            size: Counter(checkpoint.size),
            root: checkpoint.root.to_string(),
            note: note.to_string(),
        })
    }
}

/// That a record is in a log, to be checked without the log.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct InclusionProof {
    /// Position of the record.
    position: LogPosition,
    /// Hash of the record as a leaf of the tree, in base64.
    leaf: String,
    /// Hashes from the leaf to the root, in base64.
    hashes: Vec<String>,
    /// The checkpoint whose root they lead to.
    checkpoint: SignedCheckpoint,
    /// All of it, with the record, as a file of C2SP tlog-proof: the receipt to give away, named `.tlog-proof`.
    file: String,
}

/// That one checkpoint of a log is the beginning of another.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ConsistencyProof {
    /// Records of the earlier one.
    from: Counter,
    /// Records of the later one.
    to: Counter,
    /// Hashes that lead from the earlier root to both, in base64.
    hashes: Vec<String>,
    /// The earlier checkpoint.
    earlier: SignedCheckpoint,
    /// The later checkpoint.
    later: SignedCheckpoint,
}

/// The newest checkpoint, over everything that is in the log now.
pub(super) async fn newest(context: &Context<'_>, scope: Scope) -> Result<Option<SignedCheckpoint>> {
    let note = ask(context, move |published| published.publisher.publish(scope.organisation)).await?;
    note.as_ref().map(SignedCheckpoint::of).transpose()
}

/// The checkpoint over exactly the first `size` records.
pub(super) async fn at(context: &Context<'_>, scope: Scope, size: u64) -> Result<Option<SignedCheckpoint>> {
    let asked = move |published: &Published| published.publisher.checkpoint_at(scope.organisation, size);
    ask(context, asked).await?.as_ref().map(SignedCheckpoint::of).transpose()
}

/// The proof that a record is in the log.
pub(super) async fn inclusion(
    context: &Context<'_>,
    scope: Scope,
    position: u64,
) -> Result<Option<InclusionProof>> {
    let asked = move |published: &Published| published.publisher.inclusion(scope.organisation, position);
    let Some(file) = ask(context, asked).await? else { return Ok(None) };
    Ok(Some(InclusionProof {
        position: LogPosition(position),
        leaf: TreeHash::leaf(file.extra.as_deref().unwrap_or_default()).to_string(),
        hashes: file.hashes.iter().map(TreeHash::to_string).collect(),
        checkpoint: SignedCheckpoint::of(&file.checkpoint)?,
        file: file.to_string(),
    }))
}

/// The proof that the first `from` records are the beginning of the first `to`.
pub(super) async fn consistency(
    context: &Context<'_>,
    scope: Scope,
    from: u64,
    to: u64,
) -> Result<Option<ConsistencyProof>> {
    let organisation = scope.organisation;
    let asked = move |published: &Published| {
        let publisher = &published.publisher;
        let hashes = publisher.consistency(organisation, from, to)?;
        let [earlier, later] = [from, to].map(|size| publisher.checkpoint_at(organisation, size));
        Ok((hashes, earlier?, later?))
    };
    let Some((hashes, earlier, later)) = ask(context, asked).await? else { return Ok(None) };
    Ok(Some(ConsistencyProof {
        from: Counter(from),
        to: Counter(to),
        hashes: hashes.iter().map(TreeHash::to_string).collect(),
        earlier: SignedCheckpoint::of(&earlier)?,
        later: SignedCheckpoint::of(&later)?,
    }))
}

/// Asks the publisher, which reads and writes files; none where the service publishes nothing.
async fn ask<T: Send + 'static>(
    context: &Context<'_>,
    ask: impl FnOnce(&Published) -> Result<T, PublishError> + Send + 'static,
) -> Result<Option<T>> {
    Core::of(context)?
        .blocking(move |core| core.published.get().map(ask).transpose().map_err(|error| refused(&error)))
        .await
}

fn refused(error: &PublishError) -> async_graphql::Error {
    match error {
        PublishError::BeyondLog { .. } | PublishError::OrganisationUnknown => {
            field_error(ErrorCode::BadUserInput, error.to_string())
        }
        PublishError::RolledBack { .. } | PublishError::Forked { .. } => {
            tracing::error!(code = error.code(), %error, "no checkpoint is signed");
            field_error(ErrorCode::CheckpointRefused, format!("{}: {error}", error.code()))
        }
        other => internal(other),
    }
}
