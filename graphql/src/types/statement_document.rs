//! Statements and returns as documents: every table and figure that their files have.

use async_graphql::{Enum, SimpleObject};
use soticket_exports::{
    Block, Cell, Column, ColumnKind, Document, Fact, PeriodStatement, Row, ShowStatement, Style, Table,
};

use super::documents::DocumentLanguage;
use super::integrity::Checkpoint;
use crate::scalar::{CurrencyCode, Hash, LogPosition};

/// A statement of a show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum ShowStatementKind {
    /// The box-office statement (bordereau de recettes).
    BoxOffice,
    /// What each network has to remit.
    Remittance,
    /// The settlement by the show's deal (décompte).
    Settlement,
    /// Receipts and expenses for SACEM (état des recettes et dépenses).
    Sacem,
    /// Accounts of the performance for SACD.
    Sacd,
    /// Return of the tax on live shows, for the CNM or ASTP.
    Cnm,
}

impl From<ShowStatementKind> for ShowStatement {
    fn from(kind: ShowStatementKind) -> Self {
        match kind {
            ShowStatementKind::BoxOffice => Self::BoxOffice,
            ShowStatementKind::Remittance => Self::Remittance,
            ShowStatementKind::Settlement => Self::Settlement,
            ShowStatementKind::Sacem => Self::Sacem,
            ShowStatementKind::Sacd => Self::Sacd,
            ShowStatementKind::Cnm => Self::Cnm,
        }
    }
}

/// A return of an organisation over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum PeriodReturnKind {
    /// The tax on live shows, show by show.
    Cnm,
    /// SIBIL's declaration: tickets and receipts by performance.
    Sibil,
}

impl PeriodReturnKind {
    /// Its name in paths.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Cnm => "cnm",
            Self::Sibil => "sibil",
        }
    }
}

impl From<PeriodReturnKind> for PeriodStatement {
    fn from(kind: PeriodReturnKind) -> Self {
        match kind {
            PeriodReturnKind::Cnm => Self::Cnm,
            PeriodReturnKind::Sibil => Self::Sibil,
        }
    }
}

/// A statement as a document: what its files say.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementDocument {
    /// What it is, the same in every language, such as `sibil-declaration`.
    kind: &'static str,
    /// Its heading.
    title: String,
    /// Its number, which it keeps through all versions.
    number: String,
    /// BLAKE3 of its canonical JSON.
    hash: Hash,
    /// The event that it is as of.
    checkpoint: Checkpoint,
    /// What it is about: show, dates, when it is due.
    subject: Vec<StatementFact>,
    /// Its parts, in order.
    sections: Vec<StatementSection>,
    /// Remarks: rounding, legal sources.
    notes: Vec<String>,
}

/// A part of a document.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementSection {
    /// Its key, the same in every language.
    key: &'static str,
    /// Its heading.
    title: String,
    /// Names and values.
    facts: Vec<StatementFact>,
    /// Its tables.
    tables: Vec<StatementTable>,
}

/// A name with its value.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementFact {
    /// Its key, the same in every language.
    key: &'static str,
    /// Its name.
    label: String,
    /// Its value as the canonical JSON has it: a decimal, a date, a code, a name. `to-fill-in` is a blank.
    value: Option<String>,
    /// Its value as it is printed.
    text: String,
}

/// A table.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementTable {
    /// Its key, the same in every language.
    key: &'static str,
    /// Its heading.
    title: String,
    /// Its columns.
    columns: Vec<StatementColumn>,
    /// Its rows, each with a cell per column.
    rows: Vec<StatementRow>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum StatementColumnKind {
    /// Text.
    Text,
    /// How many.
    Count,
    /// Amounts of the column's currency.
    Amount,
    /// Rates in percent.
    Rate,
    /// Numbers that count nothing.
    Number,
    /// Days.
    Date,
    /// Instants.
    Instant,
}

/// A column.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementColumn {
    /// Its key, the same in every language.
    key: &'static str,
    /// Its heading.
    title: String,
    /// What its cells hold.
    kind: StatementColumnKind,
    /// Currency of its amounts; null for what holds none.
    currency: Option<CurrencyCode>,
}

/// What a row is among the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum StatementRowRole {
    /// Begins a group.
    Heading,
    /// A line.
    Line,
    /// Sum of a group, or a step of a calculation.
    Subtotal,
    /// Sum of the table.
    Total,
}

/// A row.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementRow {
    /// What it is among the rows.
    role: StatementRowRole,
    /// Its cells as the canonical JSON has them, in the order of the columns; null for an empty one.
    values: Vec<Option<String>>,
    /// Its cells as they are printed.
    texts: Vec<String>,
    /// How its figures came about; null where that is not told.
    explanation: Option<String>,
    /// Positions of single events behind it, such as those of costs.
    events: Vec<LogPosition>,
}

impl StatementDocument {
    /// A document in a language.
    pub(super) fn new(document: &Document, language: DocumentLanguage) -> Self {
        let language: soticket_exports::Language = language.into();
        let style = Style::new(language, &document.time_zone);
        let facts =
            |facts: &[Fact]| facts.iter().map(|fact| StatementFact::new(fact, &style)).collect::<Vec<_>>();
        let sections = document.sections.iter().map(|section| {
            let mut part = StatementSection {
                key: section.title.code,
                title: section.title.in_language(language).to_owned(),
                facts: Vec::new(),
                tables: Vec::new(),
            };
            for block in &section.blocks {
                match block {
                    Block::Table(table) => part.tables.push(StatementTable::new(table, &style)),
                    Block::Facts(more) => part.facts.extend(facts(more)),
                    Block::Notes(_) => {}
                }
            }
            part
        });
        Self {
            kind: document.kind.code,
            title: document.kind.in_language(language).to_owned(),
            number: document.number.clone(),
            hash: Hash(document.hash()),
            checkpoint: Checkpoint {
                position: LogPosition(document.log.last),
                hash: Hash(document.log.hash),
            },
            subject: facts(&document.subject),
            sections: sections.collect(),
            notes: document.notes.iter().map(|note| style.text(note)).collect(),
        }
    }
}

impl StatementFact {
    fn new(fact: &Fact, style: &Style) -> Self {
        let value = match &fact.value {
            // The currency is told by the text, and by the tables.
            Cell::Money(amount, currency) => Some(amount.display(*currency)),
            other => other.canonical(ColumnKind::Text),
        };
        Self {
            key: fact.label.code,
            label: fact.label.in_language(style.language).to_owned(),
            value,
            text: style.value(&fact.value),
        }
    }
}

impl StatementTable {
    fn new(table: &Table, style: &Style) -> Self {
        let column = |column: &Column| StatementColumn {
            key: column.title.code,
            title: column.title.in_language(style.language).to_owned(),
            kind: kind(column.kind),
            currency: match column.kind {
                ColumnKind::Amount(currency) => Some(currency.into()),
                _ => None,
            },
        };
        Self {
            key: table.title.code,
            title: table.title.in_language(style.language).to_owned(),
            columns: table.columns.iter().map(column).collect(),
            rows: table.rows.iter().map(|row| StatementRow::new(row, table, style)).collect(),
        }
    }
}

impl StatementRow {
    fn new(row: &Row, table: &Table, style: &Style) -> Self {
        let cells = || row.cells.iter().zip(&table.columns);
        let explanation = row.explanation.as_ref();
        Self {
            role: match row.role {
                soticket_exports::Role::Heading => StatementRowRole::Heading,
                soticket_exports::Role::Line => StatementRowRole::Line,
                soticket_exports::Role::Subtotal => StatementRowRole::Subtotal,
                soticket_exports::Role::Total => StatementRowRole::Total,
            },
            values: cells().map(|(cell, column)| cell.canonical(column.kind)).collect(),
            texts: cells().map(|(cell, column)| style.cell(cell, column.kind)).collect(),
            explanation: explanation.map(|explanation| style.explanation(explanation)),
            events: explanation
                .map(|explanation| explanation.events.iter().copied().map(LogPosition).collect())
                .unwrap_or_default(),
        }
    }
}

fn kind(kind: ColumnKind) -> StatementColumnKind {
    match kind {
        ColumnKind::Text => StatementColumnKind::Text,
        ColumnKind::Count => StatementColumnKind::Count,
        ColumnKind::Amount(_) => StatementColumnKind::Amount,
        ColumnKind::Rate => StatementColumnKind::Rate,
        ColumnKind::Number => StatementColumnKind::Number,
        ColumnKind::Date => StatementColumnKind::Date,
        ColumnKind::Instant => StatementColumnKind::Instant,
    }
}
