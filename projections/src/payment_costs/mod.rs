//! What payments cost: providers' plans against the payments of each calendar month, shared among shows.

mod month;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_ledger::fees::{PlanCost, plan_cost};
use soticket_schema::event::v1::{PaymentRecorded, ProviderPlanDefined};
use soticket_schema::money::allocate;
use soticket_schema::{Amount, Currency, Event, MethodId, ProviderPlanId, ShowId, Timestamp};

use self::month::{Month, Payments, Usage, local_day};
pub use self::view::*;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// What payments cost.
#[derive(Debug, Default)]
pub struct PaymentCosts {
    own: Own,
    months: Partitions<Payments>,
}

/// What belongs to no single month.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    currency: Currency,
    time_zone: String,
    plans: BTreeMap<ProviderPlanId, Plan>,
    /// Looked up once; no part of the state.
    #[serde(skip)]
    zone: Option<TimeZone>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Plan {
    defined: ProviderPlanDefined,
    ended_at: Option<Timestamp>,
}

const MONTHS: u8 = 1;

impl Projection for PaymentCosts {
    const NAME: &'static str = "payment-costs";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        match &entry.event {
            Event::OrganisationOpened(event) => {
                self.own.currency = event.currency;
                self.own.set_zone(&event.parameters.time_zone);
            }
            Event::OrganisationChanged(event) => self.own.set_zone(&event.parameters.time_zone),
            Event::ProviderPlanDefined(event) => {
                let plan = || Plan { defined: event.clone(), ended_at: None };
                self.own.plans.entry(event.plan).or_insert_with(plan);
            }
            Event::ProviderPlanEnded(event) => {
                if let Some(plan) = self.own.plans.get_mut(&event.plan) {
                    plan.ended_at = Some(event.valid_until);
                }
            }
            Event::PaymentRecorded(event) => self.pay(event, entry.envelope.occurred_at),
            _ => {}
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.months.save(MONTHS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: MONTHS, id } => self.months.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Own {
    fn set_zone(&mut self, time_zone: &str) {
        time_zone.clone_into(&mut self.time_zone);
        self.zone = None;
    }

    fn zone(&self) -> TimeZone {
        TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
    }
}

impl Plan {
    /// Its days: from the one that holds its first instant to before the one that holds its end.
    fn days(&self, zone: &TimeZone) -> (Date, Date) {
        let ends = [self.defined.valid_until, self.ended_at].into_iter().flatten().min();
        let end = ends.map_or(Date::MAX, |end| local_day(end, zone));
        (local_day(self.defined.valid_from, zone), end)
    }
}

impl PaymentCosts {
    fn pay(&mut self, event: &PaymentRecorded, at: Timestamp) {
        if self.own.zone.is_none() {
            self.own.zone = Some(self.own.zone());
        }
        let Some(zone) = &self.own.zone else { return };
        let day = local_day(at, zone);
        let month = self.months.entry(u64::from(Month::of(day).0));
        for leg in &event.legs {
            month.add(day.day(), leg.method, leg.amount, &event.shows);
        }
    }

    /// What each plan costs in the months from that of `from` to that of `to`, by month, plan and way of paying. A month
    /// without payments shows what is due all the same.
    pub fn costs(&self, from: Date, to: Date) -> Vec<PaymentCost> {
        let zone = self.own.zone();
        let months = Month::of(from).0..=Month::of(to).0;
        let rows = months.flat_map(|month| {
            let (month, zone) = (Month(month), &zone);
            self.own.plans.values().flat_map(move |plan| self.month(month, plan, zone))
        });
        rows.collect()
    }

    fn month(&self, month: Month, plan: &Plan, zone: &TimeZone) -> Vec<PaymentCost> {
        let (first, end) = plan.days(zone);
        if Month::of(first) > month || end <= first || end <= month.first_day() {
            return Vec::new();
        }
        let from = if Month::of(first) == month { first.day() } else { 1 };
        let until = if Month::of(end) == month { end.day() } else { i8::MAX };
        let methods = &plan.defined.terms.methods;
        let paid = self.months.get(u64::from(month.0));
        let usage = paid.map(|paid| paid.usage(methods, from, until)).unwrap_or_default();
        let payments = usage.values().fold(0_u64, |sum, usage| sum.saturating_add(usage.payments));
        let amount = usage.values().map(|usage| usage.amount).sum();
        let nth = month.0 - Month::of(first).0;
        let cost = plan_cost(&plan.defined.terms, self.own.currency, nth, payments, amount);
        self.rows(month, plan, cost, &usage)
    }

    /// A row for each way of paying: fixed fees by payments, shares by amounts.
    fn rows(
        &self,
        month: Month,
        plan: &Plan,
        cost: PlanCost,
        usage: &BTreeMap<MethodId, Usage>,
    ) -> Vec<PaymentCost> {
        let row = |method, usage: &Usage, cost: PlanCost| PaymentCost {
            month: month.first_day(),
            plan: plan.defined.plan,
            method,
            payments: usage.payments,
            amount: usage.amount,
            cost,
            taxed: soticket_schema::money::vat_on_net(cost.total(), plan.defined.terms.vat),
            vat: plan.defined.terms.vat,
            shows: shares(cost.total(), usage),
        };
        if usage.is_empty() {
            let due = cost.total() != Amount::ZERO;
            return due.then(|| row(None, &Usage::default(), cost)).into_iter().collect();
        }
        let by = |weight: fn(&Usage) -> i64, total| {
            allocate(total, &usage.values().map(weight).collect::<Vec<_>>())
        };
        let payments = |usage: &Usage| i64::try_from(usage.payments).unwrap_or(i64::MAX);
        let (access, yearly) = (by(payments, cost.access), by(payments, cost.yearly));
        let transactions = by(payments, cost.transactions);
        let rate = by(|usage| usage.amount.0, cost.rate);
        let parts = access.into_iter().zip(yearly).zip(transactions).zip(rate);
        let costs = parts.map(|(((access, yearly), transactions), rate)| PlanCost {
            access,
            yearly,
            transactions,
            rate,
        });
        usage.iter().zip(costs).map(|((method, usage), cost)| row(Some(*method), usage, cost)).collect()
    }
}

/// A cost shared among shows by payments, to the minor unit; what falls on orders without a show is nobody's.
fn shares(cost: Amount, usage: &Usage) -> Vec<ShowShare> {
    let shows: Vec<Option<ShowId>> =
        usage.shows.keys().map(|show| Some(*show)).chain(std::iter::once(None)).collect();
    let nobody = if usage.shows.is_empty() { usage.nobody.max(1) } else { usage.nobody };
    let weights: Vec<i64> = usage.shows.values().copied().chain(std::iter::once(nobody)).collect();
    let parts = shows.into_iter().zip(allocate(cost, &weights));
    parts.filter(|(_, cost)| *cost != Amount::ZERO).map(|(show, cost)| ShowShare { show, cost }).collect()
}
