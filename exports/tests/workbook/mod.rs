//! Reads a workbook back and calculates its formulas again.

#![allow(dead_code, reason = "every test uses its own part")]
#![allow(clippy::unwrap_used, clippy::float_arithmetic, reason = "tests; spreadsheets calculate with floats")]

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap()
}

/// Cells of a sheet as text.
pub(crate) fn rows(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let range = open(bytes).worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// Cells of all sheets as text.
pub(crate) fn cells(bytes: &[u8]) -> Vec<String> {
    let sheets = open(bytes).sheet_names();
    sheets.iter().flat_map(|sheet| rows(bytes, sheet)).flatten().collect()
}

/// Calculates every formula from the cells it names, holds it to the value that is stored with it, and says how many
/// there were.
pub(crate) fn recalculated(bytes: &[u8]) -> usize {
    let mut book = open(bytes);
    let mut count = 0;
    for sheet in book.sheet_names() {
        let values = book.worksheet_range(&sheet).unwrap();
        let formulas = book.worksheet_formula(&sheet).unwrap();
        let start = formulas.start().unwrap_or_default();
        for (row, column, formula) in formulas.used_cells() {
            let place = (start.0 + u32::try_from(row).unwrap(), start.1 + u32::try_from(column).unwrap());
            let stored = number(&values, place);
            let worked_out = calculate(formula, &values);
            assert!((stored - worked_out).abs() < 1e-6, "{sheet} {place:?} {formula}: {stored} {worked_out}");
            count += 1;
        }
    }
    count
}

fn number(values: &Range<Data>, place: (u32, u32)) -> f64 {
    match values.get_value(place) {
        Some(Data::Float(number)) => *number,
        Some(Data::Int(number)) => f64::from(i32::try_from(*number).unwrap()),
        Some(Data::Empty) | None => 0.0,
        other => panic!("{place:?} is no number: {other:?}"),
    }
}

/// Sums and differences of cells and `SUM`s of ranges: all that our sheets have.
fn calculate(formula: &str, values: &Range<Data>) -> f64 {
    let mut total = 0.0;
    let mut sign = 1.0;
    let mut term = String::new();
    for letter in formula.trim_start_matches('=').chars().chain(['+']) {
        if letter == '+' || letter == '-' {
            total += sign * value(&term, values);
            sign = if letter == '-' { -1.0 } else { 1.0 };
            term.clear();
        } else {
            term.push(letter);
        }
    }
    total
}

fn value(term: &str, values: &Range<Data>) -> f64 {
    let Some(range) = term.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')) else {
        return term.parse().unwrap_or_else(|_| number(values, place(term)));
    };
    let (first, last) = range.split_once(':').unwrap();
    let ((top, column), (bottom, _)) = (place(first), place(last));
    (top..=bottom).map(|row| number(values, (row, column))).sum()
}

/// Row and column of a cell such as `D12`, from 0.
fn place(cell: &str) -> (u32, u32) {
    let letters = cell.trim_end_matches(|sign: char| sign.is_ascii_digit());
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (cell[letters.len()..].parse::<u32>().unwrap() - 1, column - 1)
}
