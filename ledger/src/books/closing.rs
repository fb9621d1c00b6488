//! What a closing says, and what it does to the sums.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{Period, PeriodClosed, Perpetual, SalesTotal};
use soticket_schema::limits::YEAR_MONTHS;
use soticket_schema::money::{Taxed, vat_of_gross};
use soticket_schema::{Amount, CommercialDay, Rounding, Timestamp};

use super::movement::{Slot, Sums};
use super::totals::added_sales;
use super::{Books, LastClosing, Running, Totals, add};

/// What an open day comes to so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The day.
    pub day: CommercialDay,
    /// When it began.
    pub opened_at: Timestamp,
    /// When it ends: the first instant that is not of it.
    pub ends_at: Timestamp,
    /// Its totals.
    pub totals: Totals,
    /// Totals since the first day, to the end of this one.
    pub perpetual: Perpetual,
}

/// A closed fiscal year, and where its records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearSpan {
    /// Number of its closing.
    pub number: u64,
    /// First commercial day.
    pub from: CommercialDay,
    /// Last commercial day.
    pub until: CommercialDay,
    /// Position after the closing of the year before.
    pub first: u64,
    /// Position of its closing.
    pub last: u64,
}

impl Slot {
    /// Sales less returns, and VAT, of everything before an open day.
    fn before(&self, day: CommercialDay, rounding: Rounding) -> (Amount, Amount) {
        let earlier = self.days.iter().take_while(|(known, _)| *known < day).map(|(_, sums)| sums);
        earlier.fold((self.closed, self.closed_vat), |(gross, vat), sums| {
            let gross_after = gross + sums.gross();
            (gross_after, vat + self.vat(rounding, *sums, gross_after, vat))
        })
    }

    /// VAT of a day's movements: that of all up to its end less that of all before it.
    fn vat(&self, rounding: Rounding, sums: Sums, gross_after: Amount, vat_before: Amount) -> Amount {
        match rounding {
            Rounding::Document => vat_of_gross(gross_after, self.rate).vat - vat_before,
            Rounding::PerTicket => sums.vat,
        }
    }

    fn total(&self, day: CommercialDay, rounding: Rounding) -> Option<SalesTotal> {
        let (_, sums) = self.days.iter().find(|(known, _)| *known == day)?;
        let (gross_before, vat_before) = self.before(day, rounding);
        let gross = sums.gross();
        let vat = self.vat(rounding, *sums, gross_before + gross, vat_before);
        Some(SalesTotal {
            class: self.class,
            rate: self.rate,
            sold: sums.sold,
            cancelled: sums.cancelled,
            sales: sums.sales,
            returns: sums.returns,
            taxed: Taxed { gross, net: gross - vat, vat },
        })
    }

    /// The day's movements are closed.
    fn close(&mut self, day: CommercialDay, rounding: Rounding) {
        if let Some(total) = self.total(day, rounding) {
            self.closed += total.taxed.gross;
            self.closed_vat += total.taxed.vat;
        }
        self.days.retain(|(known, _)| *known != day);
    }
}

impl Books {
    /// What an open day comes to so far; none for a day that is closed.
    pub fn reading(&self, day: CommercialDay) -> Option<Reading> {
        self.first_open.filter(|first_open| *first_open <= day)?;
        let (opened_at, ends_at) = self.calendar.limits(day);
        let earlier = self.days.iter().map(|open| open.day).filter(|open| *open < day);
        let perpetual = earlier.fold(self.perpetual, |perpetual, day| {
            let totals = self.totals(day);
            add(perpetual, totals.sold(), totals.returned())
        });
        let totals = self.totals(day);
        let perpetual = add(perpetual, totals.sold(), totals.returned());
        Some(Reading { day, opened_at, ends_at, totals, perpetual })
    }

    fn totals(&self, day: CommercialDay) -> Totals {
        let open = self.days.iter().find(|open| open.day == day);
        let mut totals = open.map(|open| open.totals.clone()).unwrap_or_default();
        let sales: Vec<SalesTotal> = self
            .accounts()
            .flat_map(|(account, rounding)| account.slots.iter().map(move |slot| (slot, rounding)))
            .filter_map(|(slot, rounding)| slot.total(day, rounding))
            .collect();
        totals.sales = added_sales(&sales, &[]);
        totals
    }

    /// The closings that come with the end of the first open day: its own, and those of the month and the fiscal year that
    /// end with it.
    pub fn next_closings(&self) -> Vec<PeriodClosed> {
        let Some(reading) = self.first_open.and_then(|day| self.reading(day)) else { return Vec::new() };
        let Reading { day, totals, perpetual, .. } = reading;
        let mut closings = vec![self.closing(Period::Day, day, day, totals.clone(), perpetual)];
        if day == day.month_end() {
            let mut month = self.month.totals.clone();
            month.add(&totals);
            closings.push(self.closing(Period::Month, self.month.from, day, month, perpetual));
            if self.year_ends_with(day, self.months.saturating_add(1)) {
                let mut year = self.year.totals.clone();
                year.add(&totals);
                closings.push(self.closing(Period::Year, self.year.from, day, year, perpetual));
            }
        }
        closings
    }

    fn closing(
        &self,
        period: Period,
        from: CommercialDay,
        until: CommercialDay,
        totals: Totals,
        perpetual: Perpetual,
    ) -> PeriodClosed {
        let LastClosing { number, hash } = self.last(period);
        PeriodClosed {
            period,
            number: number.saturating_add(1),
            from,
            until,
            opened_at: self.calendar.limits(from).0,
            ended_at: self.calendar.limits(until).1,
            time_zone: self.calendar.time_zone().to_owned(),
            cutoff_minutes: self.calendar.cutoff_minutes(),
            first: totals.first,
            last: totals.last,
            records: totals.records,
            orders: totals.orders,
            sales: totals.sales,
            money: totals.money,
            prepaid: totals.prepaid,
            floats: totals.floats,
            perpetual,
            previous: hash,
        }
    }

    /// Whether the fiscal year ends with the last day of a month, when so many of its months are closed then.
    fn year_ends_with(&self, month_end: CommercialDay, months: u8) -> bool {
        month_end.next().month() == self.first_month() || months >= YEAR_MONTHS
    }

    /// The last day of the period that the first open day is of.
    pub fn current_end(&self, period: Period) -> Option<CommercialDay> {
        let day = self.first_open?;
        let mut end = match period {
            Period::Day => return Some(day),
            Period::Month => return Some(day.month_end()),
            Period::Year => day.month_end(),
        };
        let mut months = self.months.saturating_add(1);
        while !self.year_ends_with(end, months) {
            end = end.next().month_end();
            months = months.saturating_add(1);
        }
        Some(end)
    }

    /// The first day of the period that the first open day is of.
    pub fn current_start(&self, period: Period) -> Option<CommercialDay> {
        match period {
            Period::Day => self.first_open,
            Period::Month => self.first_open.map(|_| self.month.from),
            Period::Year => self.first_open.map(|_| self.year.from),
        }
    }

    /// Takes the closing that comes next into account, as a decision that makes several does.
    pub(crate) fn close(&mut self, event: &PeriodClosed) {
        self.closed(0, event);
    }

    /// Takes a closing into account. One that does not come next is from no decision of this ledger and is left out.
    pub(super) fn closed(&mut self, position: u64, event: &PeriodClosed) {
        if event.number != self.last(event.period).number.saturating_add(1) {
            return;
        }
        match event.period {
            Period::Day => self.day_closed(event),
            Period::Month => self.month_closed(event),
            Period::Year => self.year_closed(position, event),
        }
    }

    fn note_last(&mut self, event: &PeriodClosed) {
        let [day, month, year] = &mut self.last;
        let last = match event.period {
            Period::Day => day,
            Period::Month => month,
            Period::Year => year,
        };
        *last = LastClosing { number: event.number, hash: event.hash().unwrap_or_default() };
    }

    fn day_closed(&mut self, event: &PeriodClosed) {
        let day = event.until;
        if self.first_open != Some(day) {
            return;
        }
        let totals = self.totals(day);
        let own = self.rounding;
        self.own.slots.iter_mut().for_each(|slot| slot.close(day, own));
        for account in self.shows.iter_mut() {
            let rounding = account.rounding;
            account.slots.iter_mut().for_each(|slot| slot.close(day, rounding));
        }
        self.perpetual = add(self.perpetual, totals.sold(), totals.returned());
        self.month.totals.add(&totals);
        self.year.totals.add(&totals);
        self.days.retain(|open| open.day != day);
        // The place of the present record may have moved: it is looked for again.
        self.today = usize::MAX;
        self.first_open = Some(day.next());
        self.note_last(event);
    }

    fn month_closed(&mut self, event: &PeriodClosed) {
        if self.first_open != Some(event.until.next()) || event.until != event.until.month_end() {
            return;
        }
        self.month = Running { from: event.until.next(), totals: Totals::default() };
        self.months = self.months.saturating_add(1);
        self.note_last(event);
    }

    fn year_closed(&mut self, position: u64, event: &PeriodClosed) {
        if self.first_open != Some(event.until.next()) || self.month.from != event.until.next() {
            return;
        }
        self.year = Running { from: event.until.next(), totals: Totals::default() };
        self.months = 0;
        let first = self.years.last().map_or(0, |year| year.last.saturating_add(1));
        let (number, last) = (event.number, position);
        self.years.push(YearSpan { number, from: event.from, until: event.until, first, last });
        self.note_last(event);
    }
}
