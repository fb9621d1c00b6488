//! Dated rates of an organisation's own, and works whose performances are counted.

use soticket_schema::command::{RegisterWork, SetDatedRate, SetShowWork};
use soticket_schema::event::v1::{DatedRateSet, ShowWorkSet, WorkRegistered};
use soticket_schema::limits::{NAME_BYTES_MAX, PERFORMANCES_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::deal::check_show;
use super::{Context, Decide, When};

impl Decide for SetDatedRate {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.key, REFERENCE_BYTES_MAX, field("key"));
        checks.text_or_empty(&self.territory, REFERENCE_BYTES_MAX, field("territory"));
        checks.rate(self.rate, field("rate"));
        checks.instant(self.valid_from, field("valid_from"));
        if let Some(until) = self.valid_until {
            checks.instant(until, field("valid_until"));
            checks.ensure(self.valid_from < until, RejectionCode::TimeOrder, field("valid_until"));
        }
        checks.text(&self.source, NAME_BYTES_MAX, field("source"));
    }

    /// Also for the past: a sealed settlement stays as it is, and a later version is worked out by the new rate.
    fn decide(&self, _context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let event = DatedRateSet {
            key: self.key.clone(),
            territory: self.territory.clone(),
            rate: self.rate,
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            source: self.source.clone(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for RegisterWork {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.title, NAME_BYTES_MAX, field("title"));
        let fits = self.performances_before <= PERFORMANCES_MAX;
        checks.ensure(fits, RejectionCode::QuantityTooLarge, field("performances_before"));
        // Performances that were given elsewhere have to be proved.
        if self.performances_before > 0 {
            checks.text(&self.source, NAME_BYTES_MAX, field("source"));
        } else {
            checks.text_or_empty(&self.source, NAME_BYTES_MAX, field("source"));
        }
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let event = WorkRegistered {
            work: context.state.deals.next_work(),
            title: self.title.clone(),
            performances_before: self.performances_before,
            source: self.source.clone(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for SetShowWork {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_show(self.show, context.state, checks);
        if let Some(work) = self.work {
            let known = context.state.deals.works.knows(work.0);
            checks.ensure(known, RejectionCode::WorkUnknown, field("work"));
        }
        Ok(vec![ShowWorkSet { show: self.show, work: self.work }.into()])
    }
}
