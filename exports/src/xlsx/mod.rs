//! A document as a workbook: a sheet with its identification, then one per table, with real figures and formulas.

mod cells;
mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

pub(crate) use self::cells::{Formats, put};
use crate::document::{Block, Cell, ColumnKind, Document, Fact, Text};
use crate::language::{Language, Term};
use crate::number::Style;
use crate::pdf::SOFTWARE;
use crate::words;

/// Paper size A4, as spreadsheets number it.
pub(crate) const A4: u8 = 9;
/// Longest name of a sheet.
const SHEET_NAME_MAX: usize = 31;

/// A workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("XLSX_FAILED: {0}")]
pub struct XlsxFault(#[from] pub(crate) XlsxError);

impl Document {
    /// The workbook. The same document gives the same bytes.
    ///
    /// # Errors
    /// More rows than a sheet has, or a text longer than a cell holds.
    pub fn xlsx(&self, language: Language) -> Result<Vec<u8>, XlsxFault> {
        let style = Style::new(language, &self.time_zone);
        let mut book = Workbook::new();
        book.set_properties(&properties(&style.head(self), &self.issuer.name, &style, self)?);
        self.identification(book.add_worksheet(), &style)?;
        let mut names = vec![words::DOCUMENT.in_language(language).to_lowercase()];
        for table in self.tables() {
            let sheet = book.add_worksheet();
            sheet.set_name(sheet_name(table.title, language, &mut names))?;
            self.print_setup(sheet, &style);
            sheet::write(sheet, table, &style)?;
        }
        Ok(book.save_to_buffer()?)
    }

    /// Header and footer of a printed sheet. `&` begins an instruction there.
    fn print_setup(&self, sheet: &mut Worksheet, style: &Style) {
        let plain = |text: &str| text.replace('&', "&&");
        let page = style.text(&Text::Filled(words::PAGE, vec!["&P".into(), "&N".into()]));
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_header(format!("&L{}&C&A&R{}", plain(&self.issuer.name), plain(&style.head(self))));
        let position = words::POSITION.in_language(style.language);
        sheet.set_footer(format!("&L&8{position} {} {}&R&8{page}", self.log.last, self.log.hash));
    }

    fn identification(&self, sheet: &mut Worksheet, style: &Style) -> Result<(), XlsxError> {
        let word = |term: Term| term.in_language(style.language);
        sheet.set_name(word(words::DOCUMENT))?;
        sheet.set_column_width(0, 30)?.set_column_width(1, 90)?;
        self.print_setup(sheet, style);
        let mut lines = Lines { sheet, style, formats: Formats::new(style.language), row: 0 };
        lines.title(word(self.kind))?;
        lines.pair(word(words::NUMBER), &self.number.as_str().into())?;
        if let Some(version) = self.version {
            lines.pair(word(words::VERSION), &Cell::Number(u64::from(version)))?;
        }
        lines.pair(word(words::STATE), &words::state(self.state).into())?;
        lines.pair(word(words::ORGANISATION), &self.issuer.name.as_str().into())?;
        for (term, number) in self.issuer.numbers() {
            lines.pair(word(term), &number.into())?;
        }
        lines.pair(word(words::MODE), &words::mode(self.issuer.mode).into())?;
        lines.facts(&self.subject)?;
        for section in &self.sections {
            let told = section.blocks.iter().filter(|block| !matches!(block, Block::Table(_)));
            for (index, block) in told.enumerate() {
                if index == 0 {
                    lines.title(word(section.title))?;
                }
                match block {
                    Block::Facts(facts) => lines.facts(facts)?,
                    Block::Notes(notes) => lines.notes(notes)?,
                    Block::Table(_) => {}
                }
            }
        }
        lines.title(word(words::NOTES))?;
        lines.notes(&self.notes)?;
        lines.title(word(words::VERIFY))?;
        lines.pair(word(words::RECORDED_AT), &self.log.recorded_at.into())?;
        lines.pair(word(words::LOG_RANGE), &self.log.positions().into())?;
        lines.pair(word(words::HEAD_HASH), &self.log.hash.to_string().into())?;
        if let Some(checkpoint) = &self.checkpoint {
            lines.pair(word(words::CHECKPOINT), &checkpoint.text().into())?;
        }
        lines.pair(word(words::DOCUMENT_HASH), &self.hash().to_string().into())
    }
}

/// Properties of a file, dated by the ledger.
fn properties(
    title: &str,
    company: &str,
    style: &Style,
    document: &Document,
) -> Result<DocProperties, XlsxError> {
    let properties = DocProperties::new().set_title(title).set_company(company).set_author(SOFTWARE);
    Ok(match style.local(document.log.recorded_at) {
        Some(local) => properties.set_creation_datetime(&excel(local)?),
        None => properties,
    })
}

/// A local date and time as spreadsheets count them.
pub(crate) fn excel(local: jiff::civil::DateTime) -> Result<ExcelDateTime, XlsxError> {
    let part = |value: i8| u8::try_from(value).unwrap_or(0);
    let year = u16::try_from(local.year()).unwrap_or(0);
    ExcelDateTime::from_ymd(year, part(local.month()), part(local.day()))?.and_hms(
        u16::try_from(local.hour()).unwrap_or(0),
        part(local.minute()),
        f64::from(local.second()),
    )
}

/// A name that no other sheet has, without the signs that names may not have.
fn sheet_name(title: Term, language: Language, names: &mut Vec<String>) -> String {
    let plain: String =
        title.in_language(language).chars().filter(|sign| !"[]:*?/\\'".contains(*sign)).collect();
    let mut name: String = plain.chars().take(SHEET_NAME_MAX).collect();
    let mut number = 2;
    while names.contains(&name.to_lowercase()) {
        let end = format!(" {number}");
        name = plain.chars().take(SHEET_NAME_MAX - end.len()).collect::<String>() + &end;
        number += 1;
    }
    names.push(name.to_lowercase());
    name
}

/// Writes the sheet of names and values, line by line.
struct Lines<'a> {
    sheet: &'a mut Worksheet,
    style: &'a Style,
    formats: Formats,
    row: u32,
}

impl Lines<'_> {
    fn title(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += u32::from(self.row > 0);
        let bold = Format::new().set_bold().set_font_size(13);
        self.sheet.write_string_with_format(self.row, 0, text, &bold)?;
        self.row += 1;
        Ok(())
    }

    fn pair(&mut self, name: &str, value: &Cell) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, name)?;
        let left = Format::new().set_align(FormatAlign::Left);
        match value {
            // Written out: a name and its value are read, not calculated with.
            Cell::Instant(_) | Cell::Money(..) | Cell::Text(_) => {
                self.sheet.write_string_with_format(self.row, 1, self.style.value(value), &left)?;
            }
            other => put(self.sheet, (self.row, 1), other, ColumnKind::Text, self.style, &self.formats.left)?,
        }
        self.row += 1;
        Ok(())
    }

    fn facts(&mut self, facts: &[Fact]) -> Result<(), XlsxError> {
        facts.iter().try_for_each(|fact| self.pair(fact.label.in_language(self.style.language), &fact.value))
    }

    fn notes(&mut self, notes: &[Text]) -> Result<(), XlsxError> {
        for note in notes {
            let text = self.style.text(note);
            self.sheet.write_string(self.row, 0, text)?;
            self.row += 1;
        }
        Ok(())
    }
}
