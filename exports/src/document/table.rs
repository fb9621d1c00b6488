//! Tables: typed columns, rows, and totals that know what they add up.

use soticket_schema::{Amount, Currency};

use super::{Cell, Fact, Text};
use crate::language::Term;

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its heading; the code is its key in JSON and CSV, and no other table of the document has it.
    pub title: Term,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each with a cell per column.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading; the code is its key in JSON, and no other column of the table has it.
    pub title: Term,
    /// What its cells hold, if they hold anything.
    pub kind: ColumnKind,
    /// Whether totals add it up.
    pub summed: bool,
    /// Which columns of the same row it is worked out from, if it is.
    pub computed: Option<Sum<&'static str>>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Counts.
    Count,
    /// Amounts of this currency.
    Amount(Currency),
    /// Rates.
    Rate,
    /// Numbers that count nothing, or ranges of them.
    Number,
    /// Days.
    Date,
    /// Instants.
    Instant,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it is among the rows.
    pub role: Role,
    /// A cell per column.
    pub cells: Vec<Cell>,
    /// Which rows it adds up; none for a row of its own.
    pub sum: Option<Sum<usize>>,
    /// How its figures came about, where that is told.
    pub explanation: Option<Explanation>,
}

/// What a row is among the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Begins a group: only its first cell is filled.
    Heading,
    /// A line.
    Line,
    /// Sum of a group, or a step of a calculation.
    Subtotal,
    /// Sum of the table.
    Total,
}

/// What is added and what is taken off: rows by index, or columns by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum<T> {
    /// Added.
    pub plus: Vec<T>,
    /// Taken off.
    pub minus: Vec<T>,
}

/// How the figures of a row came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The rule, in words.
    pub rule: Text,
    /// What it was applied to.
    pub inputs: Vec<Fact>,
    /// Positions of the events behind it, ascending.
    pub events: Vec<u64>,
}

impl<T: Clone> Sum<T> {
    /// A plain sum.
    pub fn of(plus: &[T]) -> Self {
        Self { plus: plus.to_vec(), minus: Vec::new() }
    }

    /// The same with something taken off.
    #[must_use]
    pub fn less(mut self, minus: &[T]) -> Self {
        self.minus.extend_from_slice(minus);
        self
    }
}

impl Column {
    /// A column that totals leave empty.
    pub fn new(title: Term, kind: ColumnKind) -> Self {
        Self { title, kind, summed: false, computed: None }
    }

    /// Text.
    pub fn text(title: Term) -> Self {
        Self::new(title, ColumnKind::Text)
    }

    /// Counts, added up.
    pub fn count(title: Term) -> Self {
        Self::new(title, ColumnKind::Count).summed()
    }

    /// Amounts, added up.
    pub fn amount(title: Term, currency: Currency) -> Self {
        Self::new(title, ColumnKind::Amount(currency)).summed()
    }

    /// Amounts that are not added up: unit prices, bases.
    pub fn price(title: Term, currency: Currency) -> Self {
        Self::new(title, ColumnKind::Amount(currency))
    }

    /// Rates.
    pub fn rate(title: Term) -> Self {
        Self::new(title, ColumnKind::Rate)
    }

    /// Added up by totals.
    #[must_use]
    pub fn summed(mut self) -> Self {
        self.summed = true;
        self
    }

    /// Worked out from other columns of the same row.
    #[must_use]
    pub fn computed(mut self, sum: Sum<&'static str>) -> Self {
        self.computed = Some(sum);
        self
    }

    /// A sum as a cell of this column.
    pub(crate) fn cell(&self, sum: i64) -> Cell {
        match self.kind {
            ColumnKind::Amount(_) => Cell::Amount(Amount(sum)),
            _ => Cell::Count(sum),
        }
    }
}

impl Table {
    /// A table without rows.
    pub fn new(title: Term, columns: Vec<Column>) -> Self {
        Self { title, columns, rows: Vec::new() }
    }

    /// Index of the column with this key.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.title.code == key)
    }

    /// Adds a heading over the rows that follow.
    pub fn heading(&mut self, text: impl Into<Text>) -> usize {
        self.push(Role::Heading, vec![Cell::Text(text.into())], None)
    }

    /// Adds a line and says which row it is. Cells that are missing at its end are empty; those of computed columns are
    /// worked out.
    pub fn line(&mut self, cells: Vec<Cell>) -> usize {
        self.push(Role::Line, cells, None)
    }

    /// Adds a line that says of itself what kind it is.
    pub fn row(&mut self, role: Role, cells: Vec<Cell>) -> usize {
        self.push(role, cells, None)
    }

    /// Adds the sum of rows, worked out for every column that is added up, and says which row it is.
    pub fn total(&mut self, role: Role, label: impl Into<Text>, sum: Sum<usize>) -> usize {
        let added = |column: usize| self.sum_of(column, &sum);
        let figures = self
            .columns
            .iter()
            .enumerate()
            .skip(1)
            .map(|(index, column)| if column.summed { column.cell(added(index)) } else { Cell::Empty });
        let cells = std::iter::once(Cell::Text(label.into())).chain(figures).collect();
        self.push(role, cells, Some(sum))
    }

    /// Adds the sum of all lines.
    pub fn total_of_lines(&mut self, label: impl Into<Text>) -> usize {
        let lines = self.rows.iter().enumerate().filter(|(_, row)| row.role == Role::Line);
        let lines: Vec<usize> = lines.map(|(index, _)| index).collect();
        self.total(Role::Total, label, Sum::of(&lines))
    }

    /// Adds the sum of all lines, if there is any row.
    pub(crate) fn total_of_any(&mut self, label: impl Into<Text>) {
        if !self.rows.is_empty() {
            self.total_of_lines(label);
        }
    }

    /// Says how the figures of a row came about.
    pub fn explain(&mut self, row: usize, explanation: Explanation) {
        if let Some(row) = self.rows.get_mut(row) {
            row.explanation = Some(explanation);
        }
    }

    /// Sets a cell of a row, such as a mean in a row of sums.
    pub fn set(&mut self, row: usize, key: &str, cell: impl Into<Cell>) {
        let column = self.column(key);
        if let Some(place) = column.and_then(|column| self.rows.get_mut(row)?.cells.get_mut(column)) {
            *place = cell.into();
        }
    }

    /// The sum of rows in a column.
    pub(crate) fn sum_of(&self, column: usize, sum: &Sum<usize>) -> i64 {
        let value = |row: &usize| {
            let cell = self.rows.get(*row).and_then(|row| row.cells.get(column));
            cell.and_then(Cell::addend).unwrap_or(0)
        };
        let added = sum.plus.iter().map(value).fold(0, i64::saturating_add);
        sum.minus.iter().map(value).fold(added, i64::saturating_sub)
    }

    /// What a computed column comes to in a row.
    pub(crate) fn worked_out(&self, sum: &Sum<&'static str>, cells: &[Cell]) -> i64 {
        let value = |key: &&str| {
            let cell = self.column(key).and_then(|column| cells.get(column));
            cell.and_then(Cell::addend).unwrap_or(0)
        };
        let added = sum.plus.iter().map(value).fold(0, i64::saturating_add);
        sum.minus.iter().map(value).fold(added, i64::saturating_sub)
    }

    /// Whether any of the cells that a computed column is worked out from is filled.
    fn is_known(&self, sum: &Sum<&'static str>, cells: &[Cell]) -> bool {
        let columns = sum.plus.iter().chain(&sum.minus).filter_map(|key| self.column(key));
        columns.into_iter().any(|column| cells.get(column).is_some_and(|cell| *cell != Cell::Empty))
    }

    fn push(&mut self, role: Role, mut cells: Vec<Cell>, sum: Option<Sum<usize>>) -> usize {
        cells.resize(self.columns.len(), Cell::Empty);
        if role != Role::Heading && sum.is_none() {
            for (index, column) in self.columns.iter().enumerate() {
                // What is to be filled in comes to nothing yet.
                if let Some(computed) = column.computed.as_ref().filter(|sum| self.is_known(sum, &cells)) {
                    let value = column.cell(self.worked_out(computed, &cells));
                    if let Some(cell) = cells.get_mut(index) {
                        *cell = value;
                    }
                }
            }
        }
        self.rows.push(Row { role, cells, sum, explanation: None });
        self.rows.len() - 1
    }
}
