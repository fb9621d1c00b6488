//! Two documents side by side: every figure that differs, in the words of its table.

use std::collections::BTreeMap;

use crate::document::{Cell, ColumnKind, Document, Row, Table};
use crate::language::Term;

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: Term,
    /// What the row is about: its texts, rates, numbers and days, as the canonical JSON has them.
    pub row: Vec<String>,
    /// The column.
    pub column: Term,
    /// What it holds.
    pub kind: ColumnKind,
    /// In the earlier document; nothing where the row was not there.
    pub before: Cell,
    /// In the later one; nothing where the row is no longer there.
    pub after: Cell,
}

/// What makes rows of two documents the same row: what it is about, and which of those alike.
type Key = (Vec<String>, usize);

/// The figures that differ between two documents of one kind, table by table, in the order of the later one; rows that are
/// no longer there come last.
pub fn compare(before: &Document, after: &Document) -> Vec<Change> {
    let mut changes = Vec::new();
    for table in after.tables() {
        compare_tables(before.table(table.title.code), table, &mut changes);
    }
    for table in before.tables().filter(|table| after.table(table.title.code).is_none()) {
        compare_tables(Some(table), &Table::new(table.title, table.columns.clone()), &mut changes);
    }
    changes
}

fn compare_tables(before: Option<&Table>, after: &Table, changes: &mut Vec<Change>) {
    let old: Vec<(Key, &Row)> = before.map(keyed).unwrap_or_default();
    let new = keyed(after);
    let find: BTreeMap<&Key, &Row> = old.iter().map(|(key, row)| (key, *row)).collect();
    for (key, row) in &new {
        compare_rows(after, key, find.get(key).copied(), Some(row), changes);
    }
    let present: BTreeMap<&Key, &Row> = new.iter().map(|(key, row)| (key, *row)).collect();
    for (key, row) in old.iter().filter(|(key, _)| !present.contains_key(key)) {
        compare_rows(before.unwrap_or(after), key, Some(row), None, changes);
    }
}

fn compare_rows(
    table: &Table,
    key: &Key,
    before: Option<&Row>,
    after: Option<&Row>,
    changes: &mut Vec<Change>,
) {
    let cell = |row: Option<&Row>, place: usize| {
        row.and_then(|row| row.cells.get(place)).cloned().unwrap_or(Cell::Empty)
    };
    for (place, column) in table.columns.iter().enumerate().filter(|(_, column)| is_figure(column.kind)) {
        let (before, after) = (cell(before, place), cell(after, place));
        if before != after {
            changes.push(Change {
                table: table.title,
                row: key.0.clone(),
                column: column.title,
                kind: column.kind,
                before,
                after,
            });
        }
    }
}

/// Rows with what they are about; those alike are told apart by their order.
fn keyed(table: &Table) -> Vec<(Key, &Row)> {
    let mut seen = BTreeMap::<Vec<String>, usize>::new();
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().zip(&table.columns).filter(|(_, column)| !is_figure(column.kind));
        let about: Vec<String> = cells.filter_map(|(cell, column)| cell.canonical(column.kind)).collect();
        let nth = seen.entry(about.clone()).or_default();
        *nth += 1;
        ((about, *nth), row)
    });
    rows.collect()
}

fn is_figure(kind: ColumnKind) -> bool {
    matches!(kind, ColumnKind::Count | ColumnKind::Amount(_))
}
