//! Closings of days, months and years, and readings of days that are open.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_ledger::Entry;
use soticket_ledger::books;
use soticket_projections::closings;
use soticket_schema::event::v1::{self, PeriodClosed};
use soticket_schema::ids::ActorId;
use soticket_schema::{Amount, Event};

use super::closing_enums::{ClosingPeriod, SaleClass};
use super::lookup::{count, named};
use super::proof::{self, SignedCheckpoint};
use super::{Actor, Method};
use crate::core::Core;
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, Date, DateTime, Decimal, Hash, LogPosition};

/// A closing.
pub(crate) struct Closing {
    scope: Scope,
    closing: closings::Closing,
}

impl Closing {
    /// A closing as the read model has it.
    pub(super) fn new(scope: Scope, closing: closings::Closing) -> Self {
        Self { scope, closing }
    }

    /// The closing that a record is of.
    pub(crate) fn recorded(scope: Scope, entry: &Entry) -> Option<Self> {
        let Event::PeriodClosed(event) = &entry.event else { return None };
        let closing = closings::Closing {
            position: entry.envelope.position,
            record: entry.hash,
            hash: event.hash().unwrap_or_default(),
            closed_at: entry.envelope.recorded_at,
            actor: entry.envelope.actor,
            event: event.clone(),
        };
        Some(Self { scope, closing })
    }

    fn event(&self) -> &PeriodClosed {
        &self.closing.event
    }
}

/// A closing (clôture, Z): what a commercial day, a month or a fiscal year came to. It is never opened again: what comes
/// late falls into the first open day.
#[Object]
impl Closing {
    /// What is closed.
    async fn period(&self) -> ClosingPeriod {
        self.event().period.into()
    }

    /// Its number, from 1, without gaps among those of its kind.
    async fn number(&self) -> Counter {
        Counter(self.event().number)
    }

    /// First commercial day.
    async fn from(&self) -> Date {
        Date(self.event().from.date())
    }

    /// Last commercial day.
    async fn until(&self) -> Date {
        Date(self.event().until.date())
    }

    /// When the first day began.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.event().opened_at)
    }

    /// When the last day ended: the first instant that is not of it.
    async fn ended_at(&self) -> DateTime {
        DateTime(self.event().ended_at)
    }

    /// IANA time zone of the days.
    async fn time_zone(&self) -> &str {
        &self.event().time_zone
    }

    /// When the commercial day ends, in minutes after local midnight.
    async fn day_cutoff_minutes(&self) -> i32 {
        self.event().cutoff_minutes.into()
    }

    /// When the closing was recorded.
    async fn closed_at(&self) -> DateTime {
        DateTime(self.closing.closed_at)
    }

    /// Who closed; null for the system itself.
    async fn actor(&self, context: &Context<'_>) -> Option<Result<Actor>> {
        let actor = self.closing.actor;
        (actor != ActorId(0)).then(|| named(context, self.scope, actor, Actor::load))
    }

    /// The checkpoint over the log up to and with it. Null where the service publishes no logs.
    #[graphql(complexity = 50)]
    async fn checkpoint(&self, context: &Context<'_>) -> Option<Result<SignedCheckpoint>> {
        proof::at(context, self.scope, self.closing.position.saturating_add(1)).await.transpose()
    }

    /// Position of the closing's own record.
    async fn position(&self) -> LogPosition {
        LogPosition(self.closing.position)
    }

    /// Hash of the closing's own record.
    async fn record_hash(&self) -> Hash {
        Hash(self.closing.record)
    }

    /// The closing's own hash, over all that it says.
    async fn hash(&self) -> Hash {
        Hash(self.closing.hash)
    }

    /// Hash of the closing of its kind before it.
    async fn previous(&self) -> Hash {
        Hash(self.event().previous)
    }

    /// What it says.
    async fn totals(&self) -> PeriodTotals {
        let event = self.event().clone();
        let totals = books::Totals {
            first: event.first,
            last: event.last,
            records: event.records,
            orders: event.orders,
            sales: event.sales,
            money: event.money,
            prepaid: event.prepaid,
            floats: event.floats,
        };
        PeriodTotals { scope: self.scope, totals, perpetual: event.perpetual }
    }
}

/// A reading of an open day.
pub(crate) struct DayReading {
    scope: Scope,
    reading: books::Reading,
}

impl DayReading {
    pub(super) fn new(scope: Scope, reading: books::Reading) -> Self {
        Self { scope, reading }
    }
}

/// A reading (X) of a commercial day that is open: what it comes to so far. Reading changes nothing.
#[Object]
impl DayReading {
    /// The day.
    async fn day(&self) -> Date {
        Date(self.reading.day.date())
    }

    /// When it began.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.reading.opened_at)
    }

    /// When it ends: the first instant that is not of it.
    async fn ends_at(&self) -> DateTime {
        DateTime(self.reading.ends_at)
    }

    /// What it comes to so far.
    async fn totals(&self) -> PeriodTotals {
        let (totals, perpetual) = (self.reading.totals.clone(), self.reading.perpetual);
        PeriodTotals { scope: self.scope, totals, perpetual }
    }
}

/// What a period came to.
pub(crate) struct PeriodTotals {
    scope: Scope,
    totals: books::Totals,
    perpetual: v1::Perpetual,
}

/// What a period came to. Gift cards, vouchers and cash of drawers are in no sale.
#[Object]
impl PeriodTotals {
    /// Lowest position of a record of the period; null if it has none.
    async fn first_position(&self) -> Option<LogPosition> {
        self.totals.first.map(LogPosition)
    }

    /// Highest position of a record of the period; null if it has none.
    async fn last_position(&self) -> Option<LogPosition> {
        self.totals.last.map(LogPosition)
    }

    /// Records of the period: every record of the log is of one day.
    async fn records(&self) -> Counter {
        Counter(self.totals.records)
    }

    /// Sales, live or reported.
    async fn orders(&self) -> i32 {
        count(self.totals.orders)
    }

    /// Sales by kind, then VAT rate from low to high.
    async fn sales(&self) -> Vec<PeriodSales> {
        let scope = self.scope;
        let line = |total: &v1::SalesTotal| PeriodSales {
            class: total.class.into(),
            rate: Decimal::percent(total.rate),
            sold: count(total.sold),
            cancelled: count(total.cancelled),
            sales: scope.money(total.sales),
            returns: scope.money(total.returns),
            amount: TaxedMoney::new(total.taxed, Some(total.rate), scope.currency),
        };
        self.totals.sales.iter().map(line).collect()
    }

    /// What was sold, of all kinds and rates, with VAT.
    async fn sold(&self) -> Money {
        self.scope.money(self.totals.sold())
    }

    /// What was cancelled and reduced, of all kinds and rates, with VAT.
    async fn returned(&self) -> Money {
        self.scope.money(self.totals.returned())
    }

    /// Sold less returned, of all kinds and rates.
    async fn amount(&self) -> TaxedMoney {
        let taxed = self.totals.sales.iter().map(|total| total.taxed).sum();
        TaxedMoney::new(taxed, None, self.scope.currency)
    }

    /// Money by way of paying.
    async fn money(&self) -> Vec<PeriodMoney> {
        let row = |total: &v1::MoneyTotal| PeriodMoney { scope: self.scope, total: *total };
        self.totals.money.iter().map(row).collect()
    }

    /// Gift cards and vouchers, which are no sale.
    async fn prepaid(&self) -> PrepaidTotals {
        let totals = self.totals.prepaid;
        let money = |amount: Amount| self.scope.money(amount);
        PrepaidTotals {
            issued: money(totals.issued),
            cancelled: money(totals.cancelled),
            spent: money(totals.spent),
            restored: money(totals.restored),
            lapsed: money(totals.lapsed),
        }
    }

    /// Cash of drawers other than by sales.
    async fn floats(&self) -> DrawerTotals {
        let totals = self.totals.floats;
        let money = |amount: Amount| self.scope.money(amount);
        DrawerTotals {
            opened: money(totals.opened),
            put_in: money(totals.put_in),
            taken_out: money(totals.taken_out),
            differences: money(totals.differences),
        }
    }

    /// Totals since the first day, to the end of this period, never reset.
    async fn perpetual(&self) -> PerpetualTotals {
        PerpetualTotals {
            algebraic: self.scope.money(self.perpetual.algebraic),
            absolute: self.scope.money(self.perpetual.absolute),
        }
    }
}

/// Sales of one kind at one VAT rate.
#[derive(SimpleObject)]
pub(crate) struct PeriodSales {
    /// What was sold.
    class: SaleClass,
    /// VAT rate in percent.
    rate: Decimal,
    /// Lines sold.
    sold: i32,
    /// Lines cancelled, of this period or earlier ones.
    cancelled: i32,
    /// What was sold, with VAT.
    sales: Money,
    /// What was cancelled and reduced, with VAT.
    returns: Money,
    /// Sales less returns. The VAT is that of everything to the end of the period less that of everything before it, per
    /// show and rate, so that days add up to months, years and the statements of shows.
    amount: TaxedMoney,
}

/// Money of one way of paying.
pub(crate) struct PeriodMoney {
    scope: Scope,
    total: v1::MoneyTotal,
}

/// Money of one way of paying.
#[Object]
impl PeriodMoney {
    /// The way of paying.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.total.method, Method::load)
    }

    /// Payments.
    async fn payments(&self) -> i32 {
        count(self.total.payments)
    }

    /// What came in.
    async fn received(&self) -> Money {
        self.scope.money(self.total.received)
    }

    /// Returns.
    async fn refunds(&self) -> i32 {
        count(self.total.refunds)
    }

    /// What went back.
    async fn returned(&self) -> Money {
        self.scope.money(self.total.returned)
    }
}

/// Gift cards and vouchers: money that is no sale yet, or no more.
#[derive(SimpleObject)]
pub(crate) struct PrepaidTotals {
    /// Sold.
    issued: Money,
    /// Taken back.
    cancelled: Money,
    /// Spent on orders.
    spent: Money,
    /// Given back to them from orders.
    restored: Money,
    /// Lapsed: past their time, or the rest of a voucher.
    lapsed: Money,
}

/// Cash of drawers other than by sales.
#[derive(SimpleObject)]
pub(crate) struct DrawerTotals {
    /// Opening floats of tills.
    opened: Money,
    /// Put in.
    put_in: Money,
    /// Taken out.
    taken_out: Money,
    /// What was counted beyond what was expected when tills closed, below zero for what was missing.
    differences: Money,
}

/// Totals since the first day, never reset.
#[derive(SimpleObject)]
pub(crate) struct PerpetualTotals {
    /// Sales less returns.
    algebraic: Money,
    /// Sales and returns added up.
    absolute: Money,
}

/// The closings that a command made, from its records.
pub(crate) fn made(scope: Scope, entries: &[Entry]) -> Vec<Closing> {
    entries.iter().filter_map(|entry| Closing::recorded(scope, entry)).collect()
}

/// A reading, as far as the read models are.
pub(super) fn reading(core: &Core, scope: Scope, day: Option<Date>) -> Option<DayReading> {
    let reading = core.view(scope, |views| {
        let day = match day {
            Some(day) => soticket_schema::CommercialDay::of(day.0),
            None => views.closings.first_open()?,
        };
        views.closings.reading(day)
    })?;
    Some(DayReading::new(scope, reading))
}
