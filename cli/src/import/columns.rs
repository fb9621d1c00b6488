//! Columns of a file whose header uses fixed names, and the values of one of its lines.

use soticket_schema::limits::REFERENCE_BYTES_MAX;
use soticket_schema::{Amount, Currency, Timestamp};

use super::field;
use super::json::listed;
use super::refusal::{Fault, Place, Refusal, quoted};
use super::table::{Row, Table};

/// Where each known column stands.
#[derive(Debug)]
pub(crate) struct Columns {
    file: String,
    at: Vec<(&'static str, Option<usize>)>,
}

impl Columns {
    /// Finds the columns by name, whatever their order.
    ///
    /// # Errors
    /// A required one is not in the header.
    pub(crate) fn find(
        table: &Table,
        required: &[&'static str],
        optional: &[&'static str],
    ) -> Result<Self, Refusal> {
        let position = |name: &str| table.header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
        let mut at = Vec::with_capacity(required.len() + optional.len());
        for name in required {
            let Some(index) = position(name) else {
                let message = format!("the header is {}", quoted(&table.header.join(",")));
                return Err(Place::line(&table.file, 1).column(name).refuse(Fault::ColumnMissing, message));
            };
            at.push((*name, Some(index)));
        }
        at.extend(optional.iter().map(|name| (*name, position(name))));
        Ok(Self { file: table.file.clone(), at })
    }

    /// One line to read from.
    pub(crate) fn line<'a>(&'a self, row: &'a Row) -> Line<'a> {
        Line { columns: self, row }
    }
}

/// One line of a file with named columns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    columns: &'a Columns,
    row: &'a Row,
}

impl<'a> Line<'a> {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place::line(&self.columns.file, self.row.line)
    }

    /// The cell as it is; empty when the column is not there.
    pub(crate) fn cell(&self, column: &str) -> &'a str {
        let index = self.columns.at.iter().find(|(name, _)| *name == column).and_then(|(_, index)| *index);
        index.and_then(|index| self.row.cells.get(index)).map_or("", String::as_str)
    }

    /// Refuses the line for a column.
    pub(crate) fn refuse(&self, column: &str, fault: Fault, message: impl Into<String>) -> Refusal {
        self.place().column(column).refuse(fault, message)
    }

    /// Reads a cell with `parse`.
    ///
    /// # Errors
    /// The fault that `parse` finds, with the cell.
    pub(crate) fn read<T>(
        &self,
        column: &str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Refusal> {
        let cell = self.cell(column);
        parse(cell).map_err(|fault| self.refuse(column, fault, quoted(cell)))
    }

    /// A short text that must be there, such as an order's number.
    pub(crate) fn reference(&self, column: &str) -> Result<String, Refusal> {
        self.read(column, |cell| match field::text(cell, REFERENCE_BYTES_MAX)? {
            text if text.is_empty() => Err(Fault::TextEmpty),
            text => Ok(text),
        })
    }

    /// A short text that may be missing.
    pub(crate) fn optional(&self, column: &str) -> Result<String, Refusal> {
        self.read(column, |cell| field::text(cell, REFERENCE_BYTES_MAX))
    }

    /// An amount that is not negative.
    pub(crate) fn amount(&self, column: &str, currency: Currency) -> Result<Amount, Refusal> {
        self.read(column, |cell| field::amount(cell, currency))
    }

    /// An instant with an offset.
    pub(crate) fn time(&self, column: &str) -> Result<Timestamp, Refusal> {
        self.read(column, field::time)
    }

    /// One of the words of a list.
    pub(crate) fn word<T: Copy>(&self, column: &str, words: &[(&str, T)]) -> Result<T, Refusal> {
        let cell = self.cell(column);
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(cell)).map(|(_, value)| *value);
        found.ok_or_else(|| {
            self.refuse(column, Fault::WordUnknown, format!("{} is none of {}", quoted(cell), listed(words)))
        })
    }
}
