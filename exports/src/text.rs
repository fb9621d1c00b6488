//! A document as aligned text, for a terminal or a printer of fixed width.

use soticket_schema::event::v1::Mode;

use crate::document::{Block, Cell, ColumnKind, Document, Fact, Role, Table};
use crate::language::Language;
use crate::number::Style;
use crate::words;

impl Document {
    /// The document as text in a language.
    pub fn text(&self, language: Language) -> String {
        let style = Style::new(language, &self.time_zone);
        let mut text = self.text_head(&style);
        for section in &self.sections {
            text += &format!("\n{}\n", section.title.in_language(language));
            for block in &section.blocks {
                match block {
                    Block::Table(table) => text += &table_text(table, &style),
                    Block::Facts(facts) => text += &facts_text(facts, &style),
                    Block::Notes(notes) => {
                        for note in notes {
                            text += &format!("  {}\n", style.text(note));
                        }
                    }
                }
            }
        }
        if !self.notes.is_empty() {
            text += &format!("\n{}\n", words::NOTES.in_language(language));
        }
        for note in &self.notes {
            text += &format!("  {}\n", style.text(note));
        }
        text + &self.text_foot(&style)
    }

    fn text_head(&self, style: &Style) -> String {
        let word = |term: crate::Term| term.in_language(style.language);
        let mark = match self.issuer.mode {
            Mode::Live => String::new(),
            mode => format!("   [{}]", word(words::mode(mode)).to_uppercase()),
        };
        let version = self.version.map(|version| format!("   {} {version}", word(words::VERSION)));
        let numbers: Vec<String> =
            self.issuer.numbers().map(|(term, number)| format!("{} {number}", word(term))).collect();
        format!(
            "{}   {} {}{}   {}{mark}\n{}   {}\n{}",
            word(self.kind),
            word(words::NUMBER),
            self.number,
            version.unwrap_or_default(),
            word(words::state(self.state)),
            self.issuer.name,
            numbers.join("   "),
            facts_text(&self.subject, style)
        )
    }

    fn text_foot(&self, style: &Style) -> String {
        let word = |term: crate::Term| term.in_language(style.language);
        let foot = format!(
            "\n{}: {}   {}: {}\n{}: {}\n{}: {}\n",
            word(words::RECORDED_AT),
            style.instant(self.log.recorded_at),
            word(words::LOG_RANGE),
            style.text(&self.log.positions()),
            word(words::HEAD_HASH),
            self.log.hash,
            word(words::DOCUMENT_HASH),
            self.hash(),
        );
        match &self.checkpoint {
            Some(checkpoint) => format!("{foot}{}: {}\n", word(words::CHECKPOINT), checkpoint.text()),
            None => foot,
        }
    }
}

fn facts_text(facts: &[Fact], style: &Style) -> String {
    let mut text = String::new();
    for fact in facts {
        let value = style.value(&fact.value);
        text += &format!("  {}: {value}\n", fact.label.in_language(style.language));
    }
    text
}

fn table_text(table: &Table, style: &Style) -> String {
    let heads = table.columns.iter().map(|column| column.title.in_language(style.language).to_owned());
    let mut rows: Vec<Vec<String>> = vec![heads.collect()];
    for row in &table.rows {
        let cell = |(index, cell): (usize, &Cell)| {
            let kind = table.columns.get(index).map_or(ColumnKind::Text, |column| column.kind);
            style.cell(cell, kind)
        };
        let cells = row.cells.iter().enumerate().map(cell).collect();
        rows.push(cells);
        if let Some(explanation) = row.explanation.as_ref().filter(|_| row.role != Role::Heading) {
            rows.push(vec![format!("  {}", style.explanation(explanation))]);
        }
    }
    aligned(table, &rows)
}

/// Rows of cells in columns as wide as their widest cell. A row with one cell only does not widen the first column.
fn aligned(table: &Table, rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let full = rows.iter().filter(|row| row.len() > 1);
        let cells = full.filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..table.columns.len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for ((cell, width), column) in row.iter().zip(&widths).zip(&table.columns) {
            let blanks = " ".repeat(width.saturating_sub(cell.chars().count()));
            line.push_str("  ");
            let left = column.kind == ColumnKind::Text;
            line.push_str(&if left { format!("{cell}{blanks}") } else { format!("{blanks}{cell}") });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
