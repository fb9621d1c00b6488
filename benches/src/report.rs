//! Results: aligned tables on standard output, and the same values as JSON.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value as Json, json};

/// One value of a table. In JSON rates are per second, times seconds, sizes bytes.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// A text.
    Text(String),
    /// A count.
    Count(u64),
    /// So many per second.
    Rate(f64),
    /// How long something took.
    Time(Duration),
    /// A size in bytes.
    Bytes(u64),
    /// A plain number.
    Ratio(f64),
}

/// A table of results.
#[derive(Debug)]
pub(crate) struct Table {
    name: String,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
    notes: Vec<String>,
}

impl Table {
    pub(crate) fn new(name: impl Into<String>, columns: &[&'static str]) -> Self {
        Self { name: name.into(), columns: columns.to_vec(), rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row with one value per column.
    pub(crate) fn row(&mut self, values: impl IntoIterator<Item = Value>) {
        self.rows.push(values.into_iter().collect());
    }

    /// Adds a remark below the table.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Adds what became of a target.
    pub(crate) fn target(&mut self, what: &str, met: bool, limit: &str) {
        let verdict = if met { "met" } else { "MISSED" };
        self.note(format!("target {what}: {verdict}; {limit}"));
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn json(&self) -> Json {
        let rows: Vec<Json> = self
            .rows
            .iter()
            .map(|row| {
                let cells = self.columns.iter().zip(row);
                Json::Object(
                    cells.map(|(column, value)| ((*column).to_owned(), value.json())).collect::<Map<_, _>>(),
                )
            })
            .collect();
        json!({ "rows": rows, "notes": self.notes })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<Vec<String>> =
            self.rows.iter().map(|row| row.iter().map(Value::to_string).collect()).collect();
        let width = |column: usize| {
            let longest =
                texts.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max();
            longest.unwrap_or(0).max(self.columns.get(column).map_or(0, |name| name.chars().count()))
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        writeln!(f, "\n{}", self.name)?;
        let line = |f: &mut fmt::Formatter<'_>, cells: &[&str]| {
            for (column, (cell, &width)) in cells.iter().zip(&widths).enumerate() {
                // The first column names the row; numbers stand to the right.
                if column == 0 { write!(f, "  {cell:<width$}")? } else { write!(f, "  {cell:>width$}")? }
            }
            writeln!(f)
        };
        line(f, &self.columns)?;
        for row in &texts {
            line(f, &row.iter().map(String::as_str).collect::<Vec<_>>())?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "  {note}"))
    }
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    fn json(&self) -> Json {
        match self {
            Self::Text(text) => json!(text),
            Self::Count(count) | Self::Bytes(count) => json!(count),
            Self::Rate(number) | Self::Ratio(number) => json!(number),
            Self::Time(time) => json!(time.as_secs_f64()),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Count(count) => f.write_str(&grouped(*count)),
            Self::Rate(rate) => f.write_str(&grouped(rate.round() as u64)),
            Self::Time(time) => match time.as_secs_f64() {
                seconds if seconds < 1e-6 => write!(f, "{:.0} ns", seconds * 1e9),
                seconds if seconds < 1e-3 => write!(f, "{:.1} us", seconds * 1e6),
                seconds if seconds < 1.0 => write!(f, "{:.2} ms", seconds * 1e3),
                seconds => write!(f, "{seconds:.2} s"),
            },
            Self::Bytes(bytes) => match *bytes as f64 {
                bytes if bytes < 10_000.0 => write!(f, "{bytes} B"),
                bytes if bytes < 10e6 => write!(f, "{:.1} KiB", bytes / 1024.0),
                bytes => write!(f, "{:.1} MiB", bytes / 1_048_576.0),
            },
            Self::Ratio(ratio) => write!(f, "{ratio:.2}"),
        }
    }
}

/// Digits in groups of three: `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_aligned_and_numbers_grouped() {
        let mut table = Table::new("append", &["records", "events/s", "p50"]);
        table.row([Value::Count(1), Value::Rate(1_234.4), Value::Time(Duration::from_micros(812))]);
        table.row([Value::Count(1_000), Value::Rate(500_000.0), Value::Time(Duration::from_millis(12))]);
        table.target("500,000 events/s", true, "the disk");
        let expected = "\nappend\n  records  events/s       p50\n  1           1,234  812.0 us\n  1,000     500,000  12.00 ms\n  \
                        target 500,000 events/s: met; the disk\n";
        assert_eq!(table.to_string(), expected);
        assert_eq!(table.json()["rows"][1]["p50"], json!(0.012));
    }
}
