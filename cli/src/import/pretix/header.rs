//! Finds the columns of an export by what their labels mean, whatever the language.

use super::labels::{Layout, normalised};
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::table::{Row, Table};

/// Where each column of a layout stands in a table.
#[derive(Debug)]
pub(crate) struct Header {
    file: String,
    layout: &'static Layout,
    at: Vec<Option<usize>>,
}

impl Header {
    /// Finds the columns of `table`.
    ///
    /// # Errors
    /// A required column is neither named nor at its place, or named more often than there are columns of its name.
    pub(crate) fn find(table: &Table, layout: &'static Layout, required: &[&str]) -> Result<Self, Refusal> {
        if let Some((name, cell)) = repeated(&table.header, layout, required) {
            let message = format!("the header names it more than once, as {}", quoted(cell));
            return Err(Place::line(&table.file, 1).column(name).refuse(Fault::Duplicate, message));
        }
        let aligned = aligned(&table.header, layout);
        let misses =
            |at: &[Option<usize>]| required.iter().find(|name| column(layout, at, name).is_none()).copied();
        let at = match misses(&aligned) {
            None => aligned,
            // Somebody moved columns in a spreadsheet: labels that can mean one column only still say where it is.
            Some(_) => unique(&table.header, layout),
        };
        if let Some(name) = misses(&at) {
            let message = format!("the header is {}", quoted(&table.header.join(",")));
            return Err(Place::line(&table.file, 1).column(name).refuse(Fault::ColumnMissing, message));
        }
        Ok(Self { file: table.file.clone(), layout, at })
    }

    /// One line to read from.
    pub(crate) fn line<'a>(&'a self, row: &'a Row) -> Cells<'a> {
        Cells { header: self, row }
    }
}

/// One line of an export.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cells<'a> {
    header: &'a Header,
    row: &'a Row,
}

impl<'a> Cells<'a> {
    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        Place::line(&self.header.file, self.row.line)
    }

    /// The cell of a column; empty when the column is not there.
    pub(crate) fn get(&self, name: &str) -> &'a str {
        let index = column(self.header.layout, &self.header.at, name);
        index.and_then(|index| self.row.cells.get(index)).map_or("", String::as_str)
    }

    /// Reads a cell with `parse`.
    pub(crate) fn read<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Refusal> {
        let cell = self.get(name);
        parse(cell).map_err(|fault| self.place().column(name).refuse(fault, quoted(cell)))
    }
}

fn column(layout: &Layout, at: &[Option<usize>], name: &str) -> Option<usize> {
    let index = layout.columns.iter().position(|column| column == name)?;
    at.get(index).copied().flatten()
}

/// A required column with the label that the header repeats more often than columns share it.
fn repeated<'a>(cells: &'a [String], layout: &Layout, required: &[&'a str]) -> Option<(&'a str, &'a str)> {
    cells.iter().find_map(|cell| {
        let columns = layout.candidates(cell);
        let label = normalised(cell);
        let times = cells.iter().filter(|other| normalised(other) == label).count();
        let named = |name: &&&str| {
            columns.iter().any(|column| layout.columns.get(*column).is_some_and(|known| known == **name))
        };
        let name = required.iter().find(named).filter(|_| times > columns.len())?;
        Some((*name, cell.as_str()))
    })
}

/// How many cells of a header are labels of the layout: tells the delimiter.
pub(crate) fn likeness(cells: &[String], layout: &Layout) -> usize {
    cells.iter().filter(|cell| !layout.candidates(cell).is_empty()).count()
}

/// The alignment of cells and columns, both in order, in which the most cells are labels of their column. One label
/// can stand for two columns of a language: the order tells them apart. Cells that are no label take the columns left
/// between their neighbours when there are as many.
fn aligned(cells: &[String], layout: &Layout) -> Vec<Option<usize>> {
    let columns = layout.columns.len();
    let matches = |cell: usize, column: usize| {
        cells.get(cell).is_some_and(|cell| layout.candidates(cell).contains(&column))
    };
    let width = columns + 1;
    let mut best = vec![0_u16; (cells.len() + 1) * width];
    let score =
        |best: &[u16], cell: usize, column: usize| best.get(cell * width + column).copied().unwrap_or(0);
    for cell in (0..cells.len()).rev() {
        for column in (0..columns).rev() {
            let paired = u16::from(matches(cell, column)) * (1 + score(&best, cell + 1, column + 1));
            let value = paired.max(score(&best, cell + 1, column)).max(score(&best, cell, column + 1));
            if let Some(slot) = best.get_mut(cell * width + column) {
                *slot = value;
            }
        }
    }
    let mut at = vec![None; columns];
    let (mut cell, mut column) = (0, 0);
    let mut gap = (0, 0);
    while cell < cells.len() && column < columns {
        let value = score(&best, cell, column);
        if matches(cell, column) && value == 1 + score(&best, cell + 1, column + 1) {
            fill(&mut at, gap, (cell, column));
            if let Some(slot) = at.get_mut(column) {
                *slot = Some(cell);
            }
            (cell, column) = (cell + 1, column + 1);
            gap = (cell, column);
        } else if value == score(&best, cell + 1, column) {
            cell += 1;
        } else {
            column += 1;
        }
    }
    fill(&mut at, gap, (cells.len(), columns));
    at
}

/// Pairs the cells and columns between two matches in order, when there are as many of both.
fn fill(at: &mut [Option<usize>], from: (usize, usize), to: (usize, usize)) {
    if to.0 - from.0 == to.1 - from.1 {
        for (cell, column) in (from.0..to.0).zip(from.1..to.1) {
            if let Some(slot) = at.get_mut(column) {
                *slot = Some(cell);
            }
        }
    }
}

/// Every column that a cell names alone.
fn unique(cells: &[String], layout: &Layout) -> Vec<Option<usize>> {
    let mut at = vec![None; layout.columns.len()];
    for (cell, text) in cells.iter().enumerate() {
        if let [column] = layout.candidates(text)
            && let Some(slot @ None) = at.get_mut(*column)
        {
            *slot = Some(cell);
        }
    }
    at
}
