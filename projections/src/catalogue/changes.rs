//! What happens to shows and tariffs after they were announced.

use soticket_ledger::Entry;
use soticket_schema::event::v1::{ShowPostponed, ShowRefundBegun, ShowRelocated};
use soticket_schema::{Event, ShowId, TariffId, Timestamp};

use super::{Catalogue, RefundProgress, ShowInfo, ShowState, TariffInfo};

impl Catalogue {
    /// Takes an event in that changes a show or one of its tariffs; false for any other.
    pub(super) fn change(&mut self, entry: &Entry) -> bool {
        let at = entry.envelope.recorded_at;
        match &entry.event {
            Event::ShowPostponed(event) => self.of(event.show, |show| show.postpone(event)),
            Event::ShowRelocated(event) => {
                self.of(event.show, |show| show.relocate(event));
                self.own.packs_follow(event);
            }
            Event::ShowCancelled(event) => self.of(event.show, |show| show.state = ShowState::Cancelled),
            Event::ShowRefundBegun(event) => {
                self.of(event.show, |show| show.refund = Some(RefundProgress::begun(event, at)));
            }
            Event::ShowRefundAdvanced(event) => self.of_refund(event.show, |refund| {
                refund.orders_done = refund.orders_done.saturating_add(event.orders);
                refund.tickets_done = refund.tickets_done.saturating_add(event.tickets);
                refund.amount_done += event.amount;
            }),
            Event::ShowRefundFinished(event) => {
                self.of_refund(event.show, |refund| refund.finished_at = Some(at));
            }
            Event::ShowSeasonSet(event) => self.of(event.show, |show| show.season = event.season),
            Event::TariffRulesSet(event) => self.of_tariff(event.show, event.tariff, |tariff| {
                tariff.rules.clone_from(&event.rules);
            }),
            Event::TariffVatSet(event) => self.of_tariff(event.show, event.tariff, |tariff| {
                tariff.rates.clone_from(&event.rates);
            }),
            _ => return false,
        }
        true
    }

    fn of(&mut self, show: ShowId, change: impl FnOnce(&mut ShowInfo)) {
        if let Some(show) = self.shows.get_mut(show.0) {
            change(show);
        }
    }

    fn of_refund(&mut self, show: ShowId, change: impl FnOnce(&mut RefundProgress)) {
        if let Some(refund) = self.shows.get_mut(show.0).and_then(|show| show.refund.as_mut()) {
            change(refund);
        }
    }

    pub(super) fn of_tariff(&mut self, show: ShowId, tariff: TariffId, change: impl FnOnce(&mut TariffInfo)) {
        let tariffs = self.shows.get_mut(show.0).map(|show| &mut show.tariffs);
        let known = tariffs.and_then(|tariffs| tariffs.iter_mut().find(|known| known.tariff == tariff));
        known.map(change);
    }
}

impl ShowInfo {
    /// A show that was closed is only planned again: it opens anew for its new date.
    fn postpone(&mut self, event: &ShowPostponed) {
        let scheduled = &mut self.scheduled;
        self.postponed_from.get_or_insert(scheduled.starts_at);
        (scheduled.starts_at, scheduled.doors_at) = (event.starts_at, event.doors_at);
        (scheduled.sale_from, scheduled.sale_until) = (event.sale_from, event.sale_until);
        self.refunds_until = event.refunds_until;
        if self.state == ShowState::Closed {
            self.state = ShowState::Scheduled;
        }
    }

    fn relocate(&mut self, event: &ShowRelocated) {
        self.relocated_from.get_or_insert(self.scheduled.hall);
        self.scheduled.hall = event.hall;
        self.scheduled.authorised_capacity = event.authorised_capacity;
        self.scheduled.zones.clone_from(&event.zones);
        self.refunds_until = event.refunds_until;
        for tariff in &mut self.tariffs {
            tariff.terms.prices = event.prices(&tariff.terms.prices);
        }
    }
}

impl RefundProgress {
    fn begun(event: &ShowRefundBegun, at: Timestamp) -> Self {
        Self {
            run: event.run,
            fees_kept: event.fees_kept,
            orders: event.orders,
            amount: event.amount,
            orders_done: 0,
            tickets_done: 0,
            amount_done: soticket_schema::Amount::ZERO,
            begun_at: at,
            finished_at: None,
        }
    }
}
