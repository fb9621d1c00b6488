//! A show at two moments, side by side.

use async_graphql::SimpleObject;
use soticket_exports::{Change, Document, Style, compare};

use super::documents::DocumentLanguage;
use super::integrity::Checkpoint;
use crate::scalar::{Counter, Hash, LogPosition};

/// What changed in a statement between two moments.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementComparison {
    /// The event that the earlier statement is as of.
    from: Checkpoint,
    /// The event that the later one is as of.
    to: Checkpoint,
    /// Events of the log between the two, of which those that name the show account for the changes: `events` of the show.
    event_count: Counter,
    /// Every figure that differs.
    changes: Vec<StatementChange>,
}

/// A figure that differs.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementChange {
    /// Key of the table, the same in every language.
    table: &'static str,
    /// Heading of the table.
    table_title: String,
    /// What the row is about, as the canonical JSON has it.
    row: Vec<String>,
    /// Key of the column, the same in every language.
    column: &'static str,
    /// Heading of the column.
    column_title: String,
    /// The figure in the earlier statement; null where the row was not there.
    before: Option<String>,
    /// The figure in the later statement; null where the row is no longer there.
    after: Option<String>,
}

impl StatementComparison {
    /// Two documents of one kind, the earlier one first.
    pub(super) fn new(before: &Document, after: &Document, language: DocumentLanguage) -> Self {
        let language: soticket_exports::Language = language.into();
        let style = Style::new(language, &after.time_zone);
        let moment = |document: &Document| Checkpoint {
            position: LogPosition(document.log.last),
            hash: Hash(document.log.hash),
        };
        let change = |change: Change| StatementChange {
            table: change.table.code,
            table_title: change.table.in_language(style.language).to_owned(),
            row: change.row,
            column: change.column.code,
            column_title: change.column.in_language(style.language).to_owned(),
            before: change.before.canonical(change.kind),
            after: change.after.canonical(change.kind),
        };
        Self {
            from: moment(before),
            to: moment(after),
            event_count: Counter(after.log.last.saturating_sub(before.log.last)),
            changes: compare(before, after).into_iter().map(change).collect(),
        }
    }
}
