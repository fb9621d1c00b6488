//! Typed values in cells of a sheet.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};
use soticket_schema::{Amount, Currency};

use super::excel;
use crate::document::{Cell, ColumnKind, Role};
use crate::language::Language;
use crate::number::Style;

/// How cells are shown: one format per kind and role, made once.
pub(crate) struct Formats {
    language: Language,
    /// Headings of columns.
    pub(crate) heading: Format,
    /// What begins a group.
    pub(crate) group: Format,
    /// Values beside names.
    pub(crate) left: Kinds,
    lines: Kinds,
    subtotals: Kinds,
    totals: Kinds,
}

/// A format per kind of value.
pub(crate) struct Kinds {
    text: Format,
    count: Format,
    whole: Format,
    cents: Format,
    mills: Format,
    rate: Format,
    number: Format,
    date: Format,
    instant: Format,
}

impl Kinds {
    fn new(base: &Format, language: Language) -> Self {
        let with = |format: &str| base.clone().set_num_format(format);
        let day = if language == Language::French { "dd/mm/yyyy" } else { "d mmm yyyy" };
        Self {
            text: base.clone(),
            count: with("#,##0"),
            whole: with("#,##0"),
            cents: with("#,##0.00"),
            mills: with("#,##0.000"),
            rate: with("0.00##%"),
            number: with("0"),
            date: with(day),
            instant: with(&format!("{day} hh:mm")),
        }
    }

    /// The format of a column's cells.
    pub(crate) fn of(&self, kind: ColumnKind) -> &Format {
        match kind {
            ColumnKind::Text => &self.text,
            ColumnKind::Count => &self.count,
            ColumnKind::Amount(currency) => match currency.digits() {
                0 => &self.whole,
                3 => &self.mills,
                _ => &self.cents,
            },
            ColumnKind::Rate => &self.rate,
            ColumnKind::Number => &self.number,
            ColumnKind::Date => &self.date,
            ColumnKind::Instant => &self.instant,
        }
    }
}

impl Formats {
    pub(crate) fn new(language: Language) -> Self {
        let plain = Format::new();
        let bold = Format::new().set_bold();
        let subtotal = bold.clone().set_border_top(FormatBorder::Thin);
        let total =
            bold.clone().set_border_top(FormatBorder::Medium).set_background_color(Color::RGB(0x00F3_F6F9));
        let heading = bold
            .clone()
            .set_border_bottom(FormatBorder::Medium)
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter);
        Self {
            language,
            heading,
            group: bold.set_font_color(Color::RGB(0x0017_4A7C)),
            left: Kinds::new(&Format::new().set_align(FormatAlign::Left), language),
            lines: Kinds::new(&plain, language),
            subtotals: Kinds::new(&subtotal, language),
            totals: Kinds::new(&total, language),
        }
    }

    /// The formats of rows with this role.
    pub(crate) fn of(&self, role: Role) -> &Kinds {
        match role {
            Role::Heading | Role::Line => &self.lines,
            Role::Subtotal => &self.subtotals,
            Role::Total => &self.totals,
        }
    }

    /// The language that dates are shown in.
    pub(crate) fn language(&self) -> Language {
        self.language
    }
}

/// The floating-point number next to a decimal. Only spreadsheets calculate with it; every figure comes from integers.
fn nearest(decimal: &str) -> f64 {
    decimal.parse().unwrap_or(0.0)
}

/// An amount for a spreadsheet, as text.
pub(crate) fn decimal(amount: i64, kind: ColumnKind) -> String {
    match kind {
        ColumnKind::Amount(currency) => Amount(amount).display(currency),
        _ => amount.to_string(),
    }
}

/// Writes a value as what it is: figures as numbers, days as dates.
pub(crate) fn put(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    kind: ColumnKind,
    style: &Style,
    formats: &Kinds,
) -> Result<(), XlsxError> {
    let written = match cell {
        Cell::Empty => sheet.write_blank(row, column, formats.of(kind)),
        Cell::Count(count) => {
            let format = formats.of(ColumnKind::Count);
            sheet.write_number_with_format(row, column, nearest(&count.to_string()), format)
        }
        Cell::Amount(amount) => {
            sheet.write_number_with_format(row, column, nearest(&decimal(amount.0, kind)), formats.of(kind))
        }
        Cell::Money(amount, currency) => money(sheet, (row, column), *amount, *currency, formats),
        Cell::Rate(rate) => {
            let format = formats.of(ColumnKind::Rate);
            sheet.write_number_with_format(row, column, nearest(&rate.to_decimal().to_string()), format)
        }
        // Beyond 15 digits a spreadsheet would round a number that counts nothing.
        Cell::Number(number) if *number < 1_000_000_000_000_000 => {
            let format = formats.of(ColumnKind::Number);
            sheet.write_number_with_format(row, column, nearest(&number.to_string()), format)
        }
        Cell::Date(day) => {
            let date = excel(day.to_datetime(jiff::civil::Time::midnight()))?;
            sheet.write_datetime_with_format(row, column, &date, formats.of(ColumnKind::Date))
        }
        Cell::Instant(instant) => match style.local(*instant) {
            Some(local) => {
                let format = formats.of(ColumnKind::Instant);
                sheet.write_datetime_with_format(row, column, &excel(local)?, format)
            }
            None => sheet.write_string(row, column, instant.to_string()),
        },
        text => sheet.write_string_with_format(row, column, style.cell(text, kind), formats.of(kind)),
    };
    written.map(|_| ())
}

fn money<'a>(
    sheet: &'a mut Worksheet,
    (row, column): (u32, u16),
    amount: Amount,
    currency: Currency,
    formats: &Kinds,
) -> Result<&'a mut Worksheet, XlsxError> {
    let kind = ColumnKind::Amount(currency);
    sheet.write_number_with_format(row, column, nearest(&decimal(amount.0, kind)), formats.of(kind))
}
