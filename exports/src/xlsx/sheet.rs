//! One table on a sheet of its own: headings that stay in sight, lines, totals as formulas with their values.

use std::fmt::Write as _;

use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{Formula, Worksheet, XlsxError};

use super::cells::{Formats, decimal, put};
use crate::document::{Cell, Column, ColumnKind, Role, Row, Sum, Table};
use crate::number::Style;
use crate::words;

/// Rows above the first row of the table.
const ABOVE: u32 = 1;
/// Width of a column of figures, in characters.
const FIGURES: u16 = 13;
/// Widest column of text.
const TEXT_MAX: usize = 48;

pub(super) fn write(sheet: &mut Worksheet, table: &Table, style: &Style) -> Result<(), XlsxError> {
    let formats = Formats::new(style.language);
    let explained = table.rows.iter().any(|row| row.explanation.is_some());
    for (index, column) in (0_u16..).zip(&table.columns) {
        let title = column.title.in_language(formats.language());
        sheet.write_string_with_format(0, index, title, &formats.heading)?;
        sheet.set_column_width(index, width(table, usize::from(index), column, style))?;
    }
    let after = u16::try_from(table.columns.len()).unwrap_or(u16::MAX);
    if explained {
        let title = words::EXPLANATION.in_language(formats.language());
        sheet.write_string_with_format(0, after, title, &formats.heading)?;
        sheet.set_column_width(after, 70)?;
    }
    sheet.set_freeze_panes(ABOVE, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    for (index, row) in (0_u32..).zip(&table.rows) {
        write_row(sheet, table, index + ABOVE, row, style, &formats)?;
        if let Some(explanation) = &row.explanation {
            sheet.write_string(index + ABOVE, after, style.explanation(explanation))?;
        }
    }
    Ok(())
}

fn write_row(
    sheet: &mut Worksheet,
    table: &Table,
    line: u32,
    row: &Row,
    style: &Style,
    formats: &Formats,
) -> Result<(), XlsxError> {
    for ((index, column), cell) in (0_u16..).zip(&table.columns).zip(&row.cells) {
        if row.role == Role::Heading {
            if let Cell::Text(text) = cell {
                sheet.write_string_with_format(line, index, style.text(text), &formats.group)?;
            }
            continue;
        }
        let kinds = formats.of(row.role);
        // A row to fill in stays blank.
        let to_fill_in = *cell == Cell::Empty && row.sum.is_none();
        let formula = formula(table, row, line, index, column).filter(|_| !to_fill_in);
        match formula.zip(cell.addend()) {
            Some((formula, value)) => {
                let formula = Formula::new(formula).set_result(decimal(value, column.kind));
                sheet.write_formula_with_format(line, index, formula, kinds.of(column.kind))?;
            }
            None => put(sheet, (line, index), cell, column.kind, style, kinds)?,
        }
    }
    Ok(())
}

/// The formula of a cell that adds up rows or columns.
fn formula(table: &Table, row: &Row, line: u32, index: u16, column: &Column) -> Option<String> {
    if let Some(sum) = row.sum.as_ref().filter(|_| column.summed && index > 0) {
        return Some(down(sum, index));
    }
    let sum = column.computed.as_ref()?;
    let place = |key: &&str| {
        let column = table.column(key).and_then(|column| u16::try_from(column).ok())?;
        Some(row_col_to_cell(line, column))
    };
    let plus: Vec<String> = sum.plus.iter().filter_map(place).collect();
    let mut text = format!("={}", plus.join("+"));
    for cell in sum.minus.iter().filter_map(place) {
        // Writing to a string cannot fail.
        let _ = write!(text, "-{cell}");
    }
    Some(text)
}

/// A sum of rows in one column: neighbours as one range.
fn down(sum: &Sum<usize>, column: u16) -> String {
    let mut text = String::from("=");
    if sum.plus.is_empty() {
        text.push('0');
    }
    for (rows, sign) in [(&sum.plus, '+'), (&sum.minus, '-')] {
        let mut rows = rows.clone();
        rows.sort_unstable();
        for run in rows.chunk_by(|left, right| left + 1 == *right) {
            if text.len() > 1 || sign == '-' {
                text.push(sign);
            }
            let cell = |row: Option<&usize>| {
                let row = row.and_then(|row| u32::try_from(*row).ok()).unwrap_or(0);
                row_col_to_cell(row + ABOVE, column)
            };
            // Writing to a string cannot fail.
            let _ = match run {
                [one] => write!(text, "{}", cell(Some(one))),
                run => write!(text, "SUM({}:{})", cell(run.first()), cell(run.last())),
            };
        }
    }
    text
}

/// Wide enough for every text of a column, within reason.
fn width(table: &Table, index: usize, column: &Column, style: &Style) -> u16 {
    if column.kind != ColumnKind::Text {
        return if column.kind == ColumnKind::Instant { FIGURES + 4 } else { FIGURES };
    }
    let cells = table.rows.iter().filter(|row| row.role != Role::Heading);
    let longest = cells
        .filter_map(|row| row.cells.get(index))
        .map(|cell| style.cell(cell, column.kind).chars().count())
        .max()
        .unwrap_or(0);
    u16::try_from(longest.clamp(10, TEXT_MAX) + 2).unwrap_or(FIGURES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_summed_as_a_range() {
        assert_eq!(down(&Sum::of(&[0, 1, 2]), 3), "=SUM(D2:D4)");
        assert_eq!(down(&Sum::of(&[0, 2, 3]).less(&[1]), 0), "=A2+SUM(A4:A5)-A3");
        assert_eq!(down(&Sum::of(&[]).less(&[4, 5]), 1), "=0-SUM(B6:B7)");
    }
}
