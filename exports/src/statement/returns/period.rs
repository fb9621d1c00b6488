//! Returns of an organisation over a span of days.

use jiff::civil::Date;
use soticket_projections::catalogue::ShowState;
use soticket_projections::{AsOf, AsOfError, OrganisationViews, PeriodView, Projections, ShowAt};
use soticket_schema::{Amount, OrganisationId};

use super::super::names::Names;
use super::super::{Ask, StatementError, is_over, issuer, words as shared};
use super::{Declared, Subject, announce, announce_due, cnm, or_blank, sibil, words};
use crate::document::{Block, Cell, Column, Document, Fact, LogRange, Section, Signatory, State, Table};
use crate::language::Term;

/// Longest period of one return, in days.
const DAYS_MAX: i32 = 400;

/// A return of an organisation over a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodStatement {
    /// The tax on live shows, show by show.
    Cnm,
    /// SIBIL's declaration: tickets and receipts by performance.
    Sibil,
}

/// A span of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    from: Date,
    to: Date,
}

/// A span of days that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("PERIOD_INVALID: name a last day that is not before the first, at most {DAYS_MAX} days later")]
pub struct PeriodInvalid;

impl Period {
    /// The days from the first to the last.
    ///
    /// # Errors
    /// The last is before the first, or more than 400 days after it.
    pub fn new(from: Date, to: Date) -> Result<Self, PeriodInvalid> {
        let span = (to - from).get_days();
        if (0..=DAYS_MAX).contains(&span) { Ok(Self { from, to }) } else { Err(PeriodInvalid) }
    }

    /// Its first and its last day.
    pub fn days(self) -> (Date, Date) {
        (self.from, self.to)
    }

    /// Number of the calendar quarter that it is, from 1; none if it is no quarter.
    pub(super) fn quarter(self) -> Option<i8> {
        let first = self.from.month();
        let last = self.from.first_of_month().saturating_add(jiff::Span::new().months(2)).last_of_month();
        let whole = self.from.day() == 1 && first % 3 == 1 && self.to == last;
        whole.then_some((first + 2) / 3)
    }

    /// Last day of the calendar quarter in which it ends.
    fn quarter_end(self) -> Date {
        let left = (3 - self.to.month() % 3) % 3;
        self.to.first_of_month().saturating_add(jiff::Span::new().months(i32::from(left))).last_of_month()
    }

    /// What it is called in the number of a document: `2026-T1`, `2026-03`, `2026`, or its days.
    fn name(self) -> String {
        let (year, month) = (self.from.year(), self.from.month());
        if let Some(quarter) = self.quarter() {
            return format!("{year}-T{quarter}");
        }
        if self.from == self.from.first_of_month() && self.to == self.from.last_of_month() {
            return format!("{year}-{month:02}");
        }
        if self.from == self.from.first_of_year() && self.to == self.from.last_of_year() {
            return year.to_string();
        }
        format!("{}-{}", self.from, self.to)
    }
}

impl PeriodStatement {
    /// The return of the shows that begin on these days. The same position and file give the same document.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn of(
        self,
        projections: &Projections,
        organisation: OrganisationId,
        period: Period,
        ask: &Ask,
    ) -> Result<Document, StatementError> {
        // The floor of the tax is a year's.
        let first = match self {
            Self::Cnm => period.from.min(period.to.first_of_year()),
            Self::Sibil => period.from,
        };
        let at = ask.at.unwrap_or(AsOf::Position(u64::MAX));
        let view = projections.period(organisation, (first, period.to), at)?;
        let document = projections.view(organisation, |views| {
            let writer = Writer { views, view: &view, period, declared: &ask.declared };
            let mut document = writer.document(self, organisation, ask.address.clone());
            match self {
                Self::Cnm => writer.cnm(&mut document)?,
                Self::Sibil => sibil::fill(&writer.subjects(), period, &mut document),
            }
            Ok(document)
        });
        document.ok_or(AsOfError::OrganisationUnknown)?
    }

    fn kind(self) -> Term {
        match self {
            Self::Cnm => words::CNM_LIST,
            Self::Sibil => words::SIBIL,
        }
    }

    /// What its numbers begin with, and the key of its terms.
    fn series(self) -> (&'static str, &'static str) {
        match self {
            Self::Cnm => ("CNM", cnm::CNM),
            Self::Sibil => ("SIBIL", "fr.sibil"),
        }
    }
}

struct Writer<'a> {
    views: &'a OrganisationViews,
    view: &'a PeriodView,
    period: Period,
    declared: &'a Declared,
}

impl<'a> Writer<'a> {
    fn document(
        &self,
        statement: PeriodStatement,
        organisation: OrganisationId,
        address: Option<String>,
    ) -> Document {
        let view = self.view;
        let issuer = issuer(organisation, view.organisation.as_ref());
        let open = self.shows().any(|show| !is_over(show.show.state));
        let (series, key) = statement.series();
        let mut document = Document {
            kind: statement.kind(),
            number: format!("{series}-{}", self.period.name()),
            version: None,
            state: if open { State::Provisional } else { State::Closed },
            subject: vec![
                Fact::new(words::PERIOD_FROM, self.period.from),
                Fact::new(words::PERIOD_TO, self.period.to),
            ],
            sections: Vec::new(),
            notes: Vec::new(),
            signatures: vec![Signatory { role: shared::ORGANISER, name: issuer.name.clone() }],
            issuer,
            checkpoint: None,
            log: LogRange { first: 0, last: view.position, hash: view.hash, recorded_at: view.recorded_at },
            time_zone: view
                .organisation
                .as_ref()
                .map(|info| info.parameters.time_zone.clone())
                .unwrap_or_default(),
            address,
        };
        // Each performance has its own due date for the tax: its row tells.
        if statement == PeriodStatement::Sibil {
            announce_due(&mut document, key, self.period.quarter_end());
        }
        announce(&mut document, key, self.period.to, self.declared);
        document.subject.push(Fact::new(words::RESPONSIBLE, or_blank(&self.declared.responsible)));
        document
    }

    /// Shows of the period; those of the year before it are there for the floor only.
    fn shows(&self) -> impl Iterator<Item = &'a ShowAt> {
        let from = self.period.from;
        self.view.shows.iter().filter(move |show| show.day >= from)
    }

    fn subject(&self, at: &'a ShowAt) -> Subject<'a> {
        Subject {
            names: Names(self.views),
            show: &at.show,
            day: at.day,
            settlement: &at.settlement,
            figures: &at.figures,
            deal: &at.deal,
            draft: at.draft.as_ref(),
            rates: &self.view.rates,
            declared: self.declared,
        }
    }

    fn subjects(&self) -> Vec<Subject<'a>> {
        self.shows().map(|show| self.subject(show)).collect()
    }

    /// Shows that take place and have sold or given tickets owe the tax.
    fn cnm(&self, document: &mut Document) -> Result<(), StatementError> {
        let info = self.view.organisation.as_ref();
        let currency = info.map(|info| info.currency).unwrap_or_default();
        let mut columns = vec![
            Column::text(words::SHOW),
            Column::text(words::TITLE),
            Column::new(words::DAY, crate::ColumnKind::Date),
            Column::new(words::DUE, crate::ColumnKind::Date),
        ];
        columns.extend(cnm::columns(currency));
        let mut table = Table::new(words::LEVY_TABLE, columns);
        let (mut year, mut explained) = (Amount::ZERO, None);
        for show in &self.view.shows {
            let subject = self.subject(show);
            if show.settlement.entries == 0 || show.show.state == ShowState::Cancelled {
                continue;
            }
            let levy = cnm::levy(&subject)?;
            if show.day.year() == self.period.to.year() {
                year += levy.tax;
            }
            if show.day < self.period.from {
                continue;
            }
            let due = super::terms::of(cnm::CNM, show.day).and_then(|terms| terms.due(show.day));
            let mut cells = vec![
                subject.reference().into(),
                show.show.scheduled.title.as_str().into(),
                show.day.into(),
                due.map_or(Cell::Empty, Cell::from),
            ];
            cells.extend(levy.cells());
            let row = table.line(cells);
            // Rows of one rate have one explanation.
            let explanation = levy.explanation().filter(|found| explained.as_ref() != Some(found));
            if let Some(explanation) = explanation {
                table.explain(row, explanation.clone());
                explained = Some(explanation);
            }
        }
        let count = u64::try_from(table.rows.len()).unwrap_or(u64::MAX);
        document.subject.push(Fact::new(words::PERIOD_SHOWS, Cell::count(count)));
        table.total_of_any(shared::TOTAL);
        let mut facts = vec![Fact::new(words::YEAR_TOTAL, Cell::Money(year, currency))];
        if let Some(floor) = cnm::floor(self.period.to, currency) {
            facts.push(cnm::floor_fact(floor, currency));
            let below = if year < floor { words::YES } else { words::NO };
            facts.push(Fact::new(words::BELOW_FLOOR, below));
        }
        document.sections = vec![Section {
            title: words::LEVY_TABLE,
            blocks: vec![Block::Table(table), Block::Facts(facts)],
        }];
        document.notes.push(words::DECLARANT.into());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Result<Period, PeriodInvalid> {
        Period::new(from.parse().unwrap(), to.parse().unwrap())
    }

    #[test]
    fn periods_have_names_and_an_end() {
        for (from, to, name, quarter) in [
            ("2026-01-01", "2026-03-31", "2026-T1", Some(1)),
            ("2026-10-01", "2026-12-31", "2026-T4", Some(4)),
            ("2026-02-01", "2026-04-30", "2026-02-01-2026-04-30", None),
            ("2024-02-01", "2024-02-29", "2024-02", None),
            ("2026-01-01", "2026-12-31", "2026", None),
            ("2026-03-14", "2026-03-14", "2026-03-14-2026-03-14", None),
        ] {
            let period = period(from, to).unwrap();
            assert_eq!((period.name().as_str(), period.quarter()), (name, quarter));
        }
        for (day, end) in
            [("2026-01-15", "2026-03-31"), ("2026-06-30", "2026-06-30"), ("2026-11-01", "2026-12-31")]
        {
            assert_eq!(period(day, day).unwrap().quarter_end().to_string(), end);
        }
        assert_eq!(period("2026-03-14", "2026-03-13"), Err(PeriodInvalid));
        assert_eq!(period("2026-01-01", "2027-12-31"), Err(PeriodInvalid));
    }
}
