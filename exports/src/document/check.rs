//! Whether a document agrees with itself.

use super::{Block, Cell, Column, ColumnKind, Document, Fact, Role, Row, Table};

/// Where a document does not agree with itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("table {table}, row {row}, column {column}: {what}")]
pub struct Inconsistent {
    /// Key of the table.
    pub table: &'static str,
    /// Index of the row.
    pub row: usize,
    /// Key of the column.
    pub column: &'static str,
    /// What is wrong.
    pub what: &'static str,
}

impl Document {
    /// Checks that tables and columns have keys of their own, that every cell is of its column's kind, and that every
    /// total and computed column is what it says.
    ///
    /// # Errors
    /// The first place that is not in order.
    pub fn check(&self) -> Result<(), Inconsistent> {
        for (index, table) in self.tables().enumerate() {
            let key = table.title.code;
            if self.tables().take(index).any(|other| other.title.code == key) {
                return Err(Inconsistent {
                    table: key,
                    row: 0,
                    column: "",
                    what: "a table before has this key",
                });
            }
            table.check()?;
        }
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        let groups = blocks.filter_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            Block::Table(_) | Block::Notes(_) => None,
        });
        groups.chain([&self.subject]).try_for_each(|facts| check_facts(facts))
    }
}

/// Outside a table an amount has to say its currency.
fn check_facts(facts: &[Fact]) -> Result<(), Inconsistent> {
    let bare = facts.iter().find(|fact| matches!(fact.value, Cell::Amount(_)));
    bare.map_or(Ok(()), |fact| {
        let what = "an amount outside a table has no currency: use Money";
        Err(Inconsistent { table: "", row: 0, column: fact.label.code, what })
    })
}

impl Table {
    fn check(&self) -> Result<(), Inconsistent> {
        for (index, column) in self.columns.iter().enumerate() {
            if self.column(column.title.code) != Some(index) {
                return Err(self.fault(0, column, "a column before has this key"));
            }
        }
        for (number, row) in self.rows.iter().enumerate() {
            self.check_row(number, row)?;
        }
        Ok(())
    }

    fn check_row(&self, number: usize, row: &Row) -> Result<(), Inconsistent> {
        for (index, column) in self.columns.iter().enumerate() {
            let Some(cell) = row.cells.get(index) else {
                return Err(self.fault(number, column, "the cell is missing"));
            };
            // The label of a total stands in the first column, whatever that holds.
            let label = index == 0 && row.role != Role::Line;
            if !label && !fits(cell, column.kind) {
                return Err(self.fault(number, column, "the cell is of another kind"));
            }
            if let Some(sum) = row.sum.as_ref().filter(|_| column.summed && index > 0) {
                if sum.plus.iter().chain(&sum.minus).any(|row| *row >= number) {
                    return Err(self.fault(number, column, "it adds up rows that do not come before it"));
                }
                if cell.addend() != Some(self.sum_of(index, sum)) {
                    return Err(self.fault(number, column, "it is not the sum of its rows"));
                }
            }
            if let Some(computed) = column.computed.as_ref().filter(|_| row.role != Role::Heading)
                && cell.addend() != Some(self.worked_out(computed, &row.cells))
            {
                return Err(self.fault(number, column, "it is not what its columns come to"));
            }
        }
        Ok(())
    }

    fn fault(&self, row: usize, column: &Column, what: &'static str) -> Inconsistent {
        Inconsistent { table: self.title.code, row, column: column.title.code, what }
    }
}

fn fits(cell: &Cell, kind: ColumnKind) -> bool {
    matches!(
        (cell, kind),
        (Cell::Empty, _)
            | (Cell::Text(_), ColumnKind::Text)
            | (Cell::Count(_), ColumnKind::Count)
            | (Cell::Amount(_), ColumnKind::Amount(_))
            | (Cell::Rate(_), ColumnKind::Rate)
            | (Cell::Number(_) | Cell::Range(..), ColumnKind::Number)
            | (Cell::Date(_), ColumnKind::Date)
            | (Cell::Instant(_), ColumnKind::Instant)
    )
}
