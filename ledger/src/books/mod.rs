//! Running sums that closings are made of: per open commercial day, show, kind of sale and VAT rate. Folded by decisions,
//! which close from them, and by the read model, which reads the open day out of them.
//!
//! A record belongs to the commercial day of its own time, but to no day that is closed and to none that was still to come
//! when it was recorded: what comes late falls into the first open day. The sums do not grow with tickets.

mod closing;
mod movement;
mod taxes;
mod totals;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{Leg, OrganisationOpened, Period, PeriodClosed, Perpetual, ProductKind};
use soticket_schema::{Amount, CommercialDay, Envelope, Event, Hash, ProductId, Rounding};

pub use closing::{Reading, YearSpan};
pub use movement::{SoldItem, SoldTicket};
pub use totals::Totals;

use crate::calendar::Calendar;
use crate::state::Dense;
use movement::Account;
use taxes::Taxes;

/// The running sums of one organisation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Books {
    calendar: Calendar,
    /// For what belongs to no show; shows keep the policy that they were scheduled under.
    rounding: Rounding,
    /// Products that are no sale: gift cards and vouchers.
    prepaid: BTreeSet<ProductId>,
    taxes: Taxes,
    /// What belongs to no show.
    own: Account,
    shows: Dense<Account>,
    /// None before the organisation is open.
    first_open: Option<CommercialDay>,
    /// Days with records, ascending; none of them closed.
    days: Vec<OpenDay>,
    /// The place of the day that the present record belongs to.
    #[serde(skip)]
    today: usize,
    /// The last closing of each kind.
    last: [LastClosing; 3],
    /// Totals of all closed days.
    perpetual: Perpetual,
    month: Running,
    year: Running,
    /// Months of the fiscal year that are closed.
    months: u8,
    /// The month in which fiscal years begin; 0 until it is set, which is January.
    first_month: u8,
    years: Vec<YearSpan>,
}

/// A day that is not closed, without its sales.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct OpenDay {
    day: CommercialDay,
    totals: Totals,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct LastClosing {
    number: u64,
    hash: Hash,
}

/// Closed days of a month or year that is not closed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Running {
    from: CommercialDay,
    totals: Totals,
}

impl Books {
    /// Takes a record into account, all but the lines of sales and cancellations: whoever knows the tickets tells those
    /// afterwards.
    pub fn note(&mut self, envelope: &Envelope, event: &Event) {
        if let Event::OrganisationOpened(event) = event {
            self.opened(envelope, event);
        }
        let Some(first_open) = self.first_open else { return };
        self.enter(envelope, first_open);
        match event {
            Event::OrderPlaced(_) | Event::ExternalSaleReported(_) => self.count_order(),
            Event::PaymentRecorded(event) => self.money(&event.legs, false),
            Event::MoneyReturned(event) => self.money(&event.legs, true),
            Event::PaymentReversed(event) => self.money(&event.legs, true),
            Event::OrganisationChanged(event) => {
                self.calendar.set(&event.parameters.time_zone, event.parameters.day_cutoff_minutes);
                self.rounding = event.parameters.rounding;
            }
            Event::ShowScheduled(event) => {
                self.shows.push(event.show.0, Account::new(event.rounding));
            }
            Event::ProductDefined(event) => {
                if matches!(event.kind, ProductKind::GiftCard | ProductKind::Voucher) {
                    self.prepaid.insert(event.product);
                }
            }
            Event::PeriodClosed(event) => self.closed(envelope.position, event),
            Event::FiscalYearSet(event) => self.first_month = event.first_month,
            event => {
                if let Some(day) = self.days.get_mut(self.today) {
                    day.totals.note(event);
                }
            }
        }
    }

    fn opened(&mut self, envelope: &Envelope, event: &OrganisationOpened) {
        if self.first_open.is_some() {
            return;
        }
        self.calendar.set(&event.parameters.time_zone, event.parameters.day_cutoff_minutes);
        self.rounding = event.parameters.rounding;
        let day = self.calendar.day(envelope.recorded_at);
        self.first_open = Some(day);
        (self.month.from, self.year.from) = (day, day);
        for (last, period) in self.last.iter_mut().zip(Period::ALL) {
            last.hash = PeriodClosed::genesis(envelope.organisation, period);
        }
    }

    /// Finds the day that a record belongs to, and counts it there.
    fn enter(&mut self, envelope: &Envelope, first_open: CommercialDay) {
        let at = envelope.occurred_at.min(envelope.recorded_at);
        let day = self.calendar.day(at).max(first_open);
        if self.days.get(self.today).is_none_or(|today| today.day != day) {
            let found = self.days.binary_search_by_key(&day, |open| open.day);
            self.today = found.unwrap_or_else(|place| {
                self.days.insert(place, OpenDay { day, totals: Totals::default() });
                place
            });
        }
        if let Some(today) = self.days.get_mut(self.today) {
            today.totals.count_record(envelope.position);
        }
    }

    fn count_order(&mut self) {
        if let Some(today) = self.days.get_mut(self.today) {
            today.totals.orders = today.totals.orders.saturating_add(1);
        }
    }

    fn money(&mut self, legs: &[Leg], back: bool) {
        if let Some(today) = self.days.get_mut(self.today) {
            legs.iter().for_each(|leg| today.totals.money(*leg, back));
        }
    }

    /// The first day that is not closed; none before the organisation is open.
    pub fn first_open(&self) -> Option<CommercialDay> {
        self.first_open
    }

    /// What decides the commercial day of an instant.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// How many closings of a kind there are: their numbers are 1 to this.
    pub fn closings(&self, period: Period) -> u64 {
        self.last(period).number
    }

    /// Totals of all closed days.
    pub fn perpetual(&self) -> Perpetual {
        self.perpetual
    }

    /// The month in which fiscal years begin, from 1.
    pub fn first_month(&self) -> u8 {
        self.first_month.max(1)
    }

    /// Closed fiscal years, by number.
    pub fn years(&self) -> &[YearSpan] {
        &self.years
    }

    fn last(&self, period: Period) -> LastClosing {
        match (period, self.last) {
            (Period::Day, [day, _, _]) => day,
            (Period::Month, [_, month, _]) => month,
            (Period::Year, [_, _, year]) => year,
        }
    }

    fn accounts(&self) -> impl Iterator<Item = (&Account, Rounding)> {
        let shows = self.shows.iter().map(|account| (account, account.rounding));
        std::iter::once((&self.own, self.rounding)).chain(shows)
    }
}

/// Adds a sale or a return to both perpetual totals.
fn add(perpetual: Perpetual, sales: Amount, returns: Amount) -> Perpetual {
    Perpetual {
        algebraic: perpetual.algebraic + sales - returns,
        absolute: perpetual.absolute + sales + returns,
    }
}
