//! Events: the log itself.

use async_graphql::{Context, ID, Object, Result};
use soticket_ledger::Entry;

use super::Actor;
use super::event_kind::EventKind;
use super::event_payload::EventPayload;
use super::proof::{self, InclusionProof};
use crate::core::Core;
use crate::input::Scope;
use crate::scalar::{DateTime, Hash, LogPosition};

/// One event of an organisation's log.
pub(crate) struct LogEvent {
    scope: Scope,
    entry: Entry,
}

impl LogEvent {
    /// A record as it was read.
    pub(crate) fn new(scope: Scope, entry: Entry) -> Self {
        Self { scope, entry }
    }

    /// Its position.
    pub(crate) fn at(&self) -> u64 {
        self.entry.envelope.position
    }
}

/// One event of an organisation's log, as its record holds it.
#[Object(name = "Event")]
impl LogEvent {
    /// Its place in the log, from 0 without gaps.
    async fn position(&self) -> LogPosition {
        LogPosition(self.entry.envelope.position)
    }

    /// Hash of its record: what the next record names.
    async fn hash(&self) -> Hash {
        Hash(self.entry.hash)
    }

    /// Hash of the record before it.
    async fn previous(&self) -> Hash {
        Hash(self.entry.envelope.previous)
    }

    /// What happened.
    async fn kind(&self) -> EventKind {
        EventKind(self.entry.event.name())
    }

    /// Version of its payload as it was recorded.
    async fn version(&self) -> i32 {
        self.entry.envelope.version.into()
    }

    /// When the ledger recorded it; never decreases within a log.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.entry.envelope.recorded_at)
    }

    /// When it happened; the same as `recordedAt` for live commands.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.entry.envelope.occurred_at)
    }

    /// Who did it; null for the system itself.
    async fn actor(&self, context: &Context<'_>) -> Option<Result<Actor>> {
        match Core::of(context) {
            Ok(core) => Actor::load(core, self.scope, self.entry.envelope.actor).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// The command that it came from: the same for all events of one command.
    async fn command(&self) -> ID {
        ID(self.entry.envelope.command.to_string())
    }

    /// Its number within the command, from 0.
    async fn part(&self) -> i32 {
        self.entry.envelope.part.into()
    }

    /// How many events the command has; they were recorded together.
    async fn parts(&self) -> i32 {
        self.entry.envelope.parts.into()
    }

    /// The proof that the record is in the log, with the record itself. Null where the service publishes no logs.
    #[graphql(complexity = 50)]
    async fn proof(&self, context: &Context<'_>) -> Option<Result<InclusionProof>> {
        proof::inclusion(context, self.scope, self.entry.envelope.position).await.transpose()
    }

    /// What the record says.
    async fn payload(&self) -> EventPayload {
        EventPayload::of(&self.entry.event)
    }
}
