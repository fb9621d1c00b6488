//! Lists as long as a season: written row by row, so that their memory does not grow with their length.

mod orders;
mod segment;
mod tickets;
pub mod words;

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};
use soticket_ledger::Ledger;
use soticket_projections::segments::Criteria;
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::{OrderId, OrganisationId, PurposeId, ShowId, Timestamp};

pub use segment::Chosen;

use crate::csv::{CsvOptions, begin, csv_cell};
use crate::document::{Cell, Column, Role, Text};
use crate::language::{Language, Term};
use crate::number::Style;
use crate::pdf::SOFTWARE;
use crate::xlsx::{A4, Formats, XlsxFault, excel, put};
use crate::{json, words as common};

/// Rows that are read at a time: the read models are not held up longer than that takes.
const PAGE: usize = 500;
/// Width of a column on a sheet, in characters: a list is not read twice to find out.
const WIDTH: u16 = 16;

/// What there are lists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// Orders, one per row.
    Orders,
    /// Tickets, one per row.
    Tickets,
}

/// Where rows come from, page by page.
trait Source {
    /// The rows after a mark and the mark after them; no mark when there are no more.
    fn page(&self, after: Option<u64>) -> io::Result<(Vec<Vec<Cell>>, Option<u64>)>;
}

/// A list: its columns, and where its rows come from.
pub struct List<'a> {
    source: Box<dyn Source + 'a>,
    title: Term,
    columns: Vec<Column>,
    zone: String,
    company: String,
    position: u64,
    dated: Timestamp,
}

/// Orders and tickets.
struct Sales<'a> {
    projections: &'a Projections,
    organisation: OrganisationId,
    kind: ListKind,
    show: Option<ShowId>,
}

impl Sales<'_> {
    /// The rows of some orders, and the last of them; none when there are no more.
    fn rows(&self, views: &OrganisationViews, after: Option<OrderId>) -> (Vec<Vec<Cell>>, Option<u64>) {
        let orders = match self.show {
            Some(show) => views.orders.of_show(show, after, PAGE),
            None => views.orders.list(after, PAGE),
        };
        let last = orders.last().map(|order| order.order.0);
        let rows = match self.kind {
            ListKind::Orders => orders.iter().map(|order| orders::row(views, order)).collect(),
            ListKind::Tickets => {
                orders.iter().flat_map(|order| tickets::rows(views, order, self.show)).collect()
            }
        };
        (rows, last)
    }
}

impl Source for Sales<'_> {
    fn page(&self, after: Option<u64>) -> io::Result<(Vec<Vec<Cell>>, Option<u64>)> {
        let page = self.projections.view(self.organisation, |views| self.rows(views, after.map(OrderId)));
        Ok(page.unwrap_or_default())
    }
}

impl<'a> List<'a> {
    /// The list of an organisation, or of one of its shows; none if there is no such organisation or show. `dated` is
    /// printed on it.
    ///
    /// Pages are read one after the other: what is sold while a list is written may be in it or not.
    pub fn new(
        projections: &'a Projections,
        organisation: OrganisationId,
        kind: ListKind,
        show: Option<ShowId>,
        dated: Timestamp,
    ) -> Option<Self> {
        let found = projections.view(organisation, |views| {
            if show.is_some_and(|show| views.catalogue.show(show).is_none()) {
                return None;
            }
            let info = views.catalogue.organisation()?;
            let columns = match kind {
                ListKind::Orders => orders::columns(info.currency),
                ListKind::Tickets => tickets::columns(info.currency),
            };
            let parameters = &info.parameters;
            Some((columns, parameters.time_zone.clone(), parameters.name.clone(), views.position()?))
        });
        let (columns, zone, company, position) = found??;
        let title = match kind {
            ListKind::Orders => words::ORDERS,
            ListKind::Tickets => words::TICKETS,
        };
        let source = Box::new(Sales { projections, organisation, kind, show });
        Some(Self { source, title, columns, zone, company, position, dated })
    }

    /// The customers of a segment who agree to a purpose, with what the vault knows of them; none if there is no such
    /// organisation or purpose. Whoever withdraws while the list is written is left out from then on.
    ///
    /// Whoever gives it out has it noted in the audit journal first.
    pub fn of_segment(
        (ledger, projections): (&'a Ledger, &'a Projections),
        organisation: OrganisationId,
        (criteria, purpose): (&Criteria, PurposeId),
        dated: Timestamp,
    ) -> Option<(Self, Chosen)> {
        let found = projections.view(organisation, |views| {
            views.customers.purpose(purpose)?;
            let info = views.catalogue.organisation()?;
            let (members, chosen) = segment::members(views, (criteria, purpose), dated);
            let (parameters, columns) = (&info.parameters, segment::columns(info.currency));
            let (zone, company) = (parameters.time_zone.clone(), parameters.name.clone());
            Some((members, chosen, columns, zone, company, views.position()?))
        });
        let (members, chosen, columns, zone, company, position) = found??;
        let source = segment::Segment { ledger, projections, organisation, purpose, members };
        let (source, title) = (Box::new(source), words::CUSTOMERS);
        Some((Self { source, title, columns, zone, company, position, dated }, chosen))
    }

    /// Position of the last event when the list was begun.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Its columns, for a program.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Reads all rows, page by page.
    fn rows<E: From<io::Error>>(&self, mut row: impl FnMut(&[Cell]) -> Result<(), E>) -> Result<(), E> {
        let mut after = None;
        loop {
            let (rows, last) = self.source.page(after)?;
            for cells in &rows {
                row(cells)?;
            }
            if last.is_none() {
                return Ok(());
            }
            after = last;
        }
    }

    /// As CSV, with a row of headings.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn csv(&self, language: Language, options: CsvOptions, out: &mut dyn Write) -> io::Result<()> {
        let style = Style::new(language, &self.zone);
        let mut writer = begin(options, out)?;
        writer.write_record(self.columns.iter().map(|column| column.title.in_language(language)))?;
        self.rows(|cells| {
            let cells = cells.iter().zip(&self.columns);
            writer.write_record(cells.map(|(cell, column)| csv_cell(cell, column.kind, &style, options)))
        })?;
        writer.flush()
    }

    /// As JSON lines: an object per row, with the keys of the columns, sorted. Empty cells are left out.
    ///
    /// # Errors
    /// `out` cannot be written to.
    pub fn json_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut columns: Vec<(usize, &Column)> = self.columns.iter().enumerate().collect();
        columns.sort_unstable_by_key(|(_, column)| column.title.code);
        let mut line = Vec::new();
        self.rows(|cells| {
            line.clear();
            for (index, column) in &columns {
                let Some(cell) = cells.get(*index).filter(|cell| **cell != Cell::Empty) else { continue };
                line.extend_from_slice(if line.is_empty() { b"{\"" } else { b",\"" });
                line.extend_from_slice(column.title.code.as_bytes());
                line.extend_from_slice(b"\":");
                json::write(&json::value(cell, column.kind), &mut line);
            }
            line.extend_from_slice(b"}\n");
            out.write_all(&line)
        })?;
        out.flush()
    }

    /// As a workbook with one sheet. Rows go through a temporary file, not through memory.
    ///
    /// # Errors
    /// More than 1,048,575 rows, or a file cannot be written.
    pub fn xlsx(&self, language: Language, out: impl Write + Seek + Send) -> Result<(), XlsxFault> {
        let style = Style::new(language, &self.zone);
        let formats = Formats::new(language);
        let mut book = Workbook::new();
        let title = self.title.in_language(language);
        let mut properties =
            DocProperties::new().set_title(title).set_company(&self.company).set_author(SOFTWARE);
        if let Some(local) = style.local(self.dated) {
            properties = properties.set_creation_datetime(&excel(local)?);
        }
        book.set_properties(&properties);
        let sheet = book.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        let page = style.text(&Text::Filled(common::PAGE, vec!["&P".into(), "&N".into()]));
        let company = self.company.replace('&', "&&");
        sheet.set_header(format!("&L{company}&R{title}"));
        sheet.set_footer(format!("&L{} {}&R{page}", common::POSITION.in_language(language), self.position));
        sheet.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
        for (index, column) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(index, WIDTH)?;
            let heading = column.title.in_language(language);
            sheet.write_string_with_format(0, index, heading, &formats.heading)?;
        }
        let mut line = 0_u32;
        self.rows(|cells| {
            line += 1;
            for ((index, column), cell) in (0_u16..).zip(&self.columns).zip(cells) {
                if *cell != Cell::Empty {
                    put(sheet, (line, index), cell, column.kind, &style, formats.of(Role::Line))?;
                }
            }
            Ok::<(), XlsxError>(())
        })?;
        book.save_to_writer(out)?;
        Ok(())
    }
}
