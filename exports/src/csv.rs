//! A document's tables as CSV.

use std::io::{self, Write};

use crate::document::{Cell, ColumnKind, Document, Role, Table};
use crate::language::Language;
use crate::number::Style;
use crate::{json, words};

/// How CSV is written. Spreadsheets of different countries want different signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvOptions {
    /// Between cells: `;` or `,` or a tab.
    pub separator: u8,
    /// Whether decimals have a comma instead of a point.
    pub decimal_comma: bool,
    /// Whether the file begins with a byte order mark, by which spreadsheets know UTF-8.
    pub mark: bool,
}

impl CsvOptions {
    /// What a spreadsheet in this language opens without asking: `;` and a decimal comma in French, `,` and a point in
    /// English; UTF-8 with a mark.
    pub fn of(language: Language) -> Self {
        let french = language == Language::French;
        Self { separator: if french { b';' } else { b',' }, decimal_comma: french, mark: true }
    }
}

/// Byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = "\u{FEFF}".as_bytes();

impl Document {
    /// All tables, one after the other: each row begins with the key of its table and what it is among the rows, and
    /// each table with a row of headings.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn csv(&self, language: Language, options: CsvOptions, out: &mut dyn Write) -> io::Result<()> {
        let style = Style::new(language, &self.time_zone);
        let mut writer = begin(options, out)?;
        for table in self.tables() {
            let lead = [words::TABLE, words::ROW].map(|term| term.in_language(language).to_owned());
            writer.write_record(lead.into_iter().chain(headings(table, language)))?;
            for row in &table.rows {
                let lead = [table.title.code, json::role(row.role)].map(str::to_owned);
                let cells = row.cells.iter().zip(&table.columns);
                let cells = cells.map(|(cell, column)| csv_cell(cell, column.kind, &style, options));
                writer.write_record(lead.into_iter().chain(cells))?;
            }
        }
        writer.flush()
    }
}

impl Table {
    /// The lines of one table under its headings, without totals and groups: what another program reads.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn csv(
        &self,
        language: Language,
        zone: &str,
        options: CsvOptions,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let style = Style::new(language, zone);
        let mut writer = begin(options, out)?;
        writer.write_record(headings(self, language))?;
        for row in self.rows.iter().filter(|row| row.role == Role::Line) {
            let cells = row.cells.iter().zip(&self.columns);
            writer.write_record(cells.map(|(cell, column)| csv_cell(cell, column.kind, &style, options)))?;
        }
        writer.flush()
    }
}

/// A writer with the mark, if wanted, already written.
pub(crate) fn begin<W: Write>(options: CsvOptions, mut out: W) -> io::Result<csv::Writer<W>> {
    if options.mark {
        out.write_all(MARK)?;
    }
    let mut builder = csv::WriterBuilder::new();
    builder.delimiter(options.separator).flexible(true).terminator(csv::Terminator::CRLF);
    Ok(builder.from_writer(out))
}

fn headings(table: &Table, language: Language) -> impl Iterator<Item = String> {
    table.columns.iter().map(move |column| column.title.in_language(language).to_owned())
}

/// A value for a program: figures without groups, an ASCII minus and no sign of percent or currency.
pub(crate) fn csv_cell(cell: &Cell, kind: ColumnKind, style: &Style, options: CsvOptions) -> String {
    let decimal = |text: String| if options.decimal_comma { text.replace('.', ",") } else { text };
    match cell {
        Cell::Count(count) => count.to_string(),
        Cell::Amount(_) => decimal(json::value(cell, kind).as_str().unwrap_or_default().to_owned()),
        Cell::Money(amount, currency) => decimal(amount.display(*currency)),
        Cell::Rate(rate) => decimal(rate.percent()),
        Cell::Range(first, last) => format!("{first}-{last}"),
        Cell::Date(day) => day.to_string(),
        Cell::Instant(instant) => style.sortable(*instant),
        Cell::Text(text) => guarded(style.text(text)),
        Cell::Empty | Cell::Number(_) => style.cell(cell, kind),
    }
}

/// A text that a spreadsheet would take for a formula, made a text: names come from outside.
fn guarded(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}
