//! Closings of days, months and years.

use soticket_schema::command::{CloseDueDays, ClosePeriod, SetFiscalYear};
use soticket_schema::event::v1::{FiscalYearSet, Period};
use soticket_schema::limits::{CLOSING_DAYS_MAX, YEAR_MONTHS};
use soticket_schema::{CommercialDay, Event, Rejection, RejectionCode, Timestamp};

use super::checks::{Checks, Path, field};
use super::{Context, Decide, When};
use crate::books::Books;

impl Decide for ClosePeriod {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(self.day.is_plausible(), RejectionCode::TimeOutOfRange, field("day"));
    }

    /// The period is the one that the first open day is of, and over. Its open days close in order, and with them the
    /// months and years that end with them: a month never waits for a command of its own.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let books = &context.state.books;
        let start = books.current_start(self.period);
        let end = books.current_end(self.period);
        let (Some(start), Some(end)) = (start, end) else { return Ok(Vec::new()) };
        checks.ensure(self.day >= start, RejectionCode::PeriodAlreadyClosed, field("day"));
        let over = over_at(*self, books, end) <= context.now;
        checks.ensure(over, RejectionCode::PeriodNotOver, field("day"));
        checks.ensure(self.day <= end, RejectionCode::ClosingOutOfOrder, field("day"));
        checks.done()?;
        Ok(close_days(books, |day, _| day <= end))
    }
}

/// When the period that holds the day is over; of a later year, the day's month.
fn over_at(asked: ClosePeriod, books: &Books, current_end: CommercialDay) -> Timestamp {
    let end = match asked.period {
        _ if asked.day <= current_end => current_end,
        Period::Day => asked.day,
        Period::Month | Period::Year => asked.day.month_end(),
    };
    books.calendar().limits(end).1
}

impl Decide for CloseDueDays {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let books = &context.state.books;
        let events = close_days(books, |day, closed| {
            closed < CLOSING_DAYS_MAX && books.calendar().limits(day).1 <= context.now
        });
        checks.ensure(!events.is_empty(), RejectionCode::NothingToClose, Path::Command);
        Ok(events)
    }
}

/// Closes open days in order, as long as `goes_on` says so of the next one and the number closed before it.
fn close_days(books: &Books, goes_on: impl Fn(CommercialDay, usize) -> bool) -> Vec<Event> {
    let mut after: Option<Books> = None;
    let mut events = Vec::new();
    let mut closed = 0;
    while let Some(day) = after.as_ref().unwrap_or(books).first_open()
        && goes_on(day, closed)
    {
        let books = after.get_or_insert_with(|| books.clone());
        let closings = books.next_closings();
        closings.iter().for_each(|closing| books.close(closing));
        events.extend(closings.into_iter().map(Event::from));
        closed += 1;
    }
    events
}

impl Decide for SetFiscalYear {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.count(u32::from(self.first_month), u32::from(YEAR_MONTHS), field("first_month"));
    }

    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        Ok(vec![FiscalYearSet { first_month: self.first_month }.into()])
    }
}
