//! The audit journal.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    Context, ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, Object, OutputType,
    Positioned, Result, ServerResult, SimpleObject, Value,
};
use soticket_ledger::Entry;
use soticket_projections::audit::{AuditEntry, AuditKind, code_list, jet_code};
use soticket_schema::{CommercialDay, Event};

use super::{Actor, LogEvent};
use crate::core::Core;
use crate::input::Scope;
use crate::listed_enum;
use crate::scalar::{DateTime, LogPosition};

/// What an entry of the audit journal is about, from the read model's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JournalKind(pub(super) AuditKind);

impl JournalKind {
    fn create(registry: &mut Registry) -> String {
        let values =
            AuditKind::ALL.iter().map(|kind| (kind.text().to_owned(), Some(kind.meaning().to_owned())));
        listed_enum::register::<Self>(registry, "What an entry of the audit journal is about.", values)
    }
}

impl OutputType for JournalKind {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("JournalKind")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::create(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.text())))
    }
}

impl InputType for JournalKind {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("JournalKind")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::create(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let named = |name: &str| AuditKind::ALL.iter().find(|kind| kind.text() == name).copied().map(Self);
        let kind = match &value {
            Value::Enum(name) => named(name),
            Value::String(name) => named(name),
            _ => None,
        };
        kind.ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(self.0.text()))
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}

/// An entry of the audit journal.
pub(crate) struct JournalEntry {
    scope: Scope,
    row: AuditEntry,
    entry: Entry,
}

impl JournalEntry {
    pub(super) fn new(scope: Scope, row: AuditEntry, entry: Entry) -> Self {
        Self { scope, row, entry }
    }
}

/// An entry of the audit journal (journal des événements techniques).
#[Object]
impl JournalEntry {
    /// What happened.
    async fn kind(&self) -> JournalKind {
        JournalKind(self.row.kind)
    }

    /// When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        DateTime(self.row.recorded_at)
    }

    /// Position of its record.
    async fn position(&self) -> LogPosition {
        LogPosition(self.row.position)
    }

    /// Who did it; null for the system itself.
    async fn actor(&self, context: &Context<'_>) -> Option<Result<Actor>> {
        match Core::of(context) {
            Ok(core) => Actor::load(core, self.scope, self.entry.envelope.actor).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// A version, code or file name; empty where the event says more.
    async fn reference(&self) -> &str {
        match &self.entry.event {
            Event::TechnicalEventNoted(noted) => &noted.reference,
            _ => "",
        }
    }

    /// Its code in the journal of NF525, by the list of its day; null where there is none.
    async fn code(&self) -> Option<JournalCode> {
        let instant = jiff::Timestamp::from_microsecond(self.row.recorded_at.0).ok()?;
        let day = CommercialDay::of(instant.to_zoned(jiff::tz::TimeZone::UTC).date());
        let (list, code) = (code_list(day)?, jet_code(self.row.kind, day)?);
        Some(JournalCode {
            code: code.code.map(i32::from),
            class: code.class.clone(),
            note: code.note.clone(),
            list: list.name.clone(),
            source: list.source.clone(),
        })
    }

    /// The event.
    async fn event(&self) -> LogEvent {
        LogEvent::new(self.scope, self.entry.clone())
    }
}

/// A code of the journal of NF525. The full list is not public: what is uncertain is marked [!].
#[derive(SimpleObject)]
pub(crate) struct JournalCode {
    /// The code; null where it is not known.
    code: Option<i32>,
    /// C for what is noted when it applies, X for what must be there; empty where it is not known.
    class: String,
    /// What is uncertain about it.
    note: String,
    /// The list that it is of.
    list: String,
    /// Where the list is from.
    source: String,
}
