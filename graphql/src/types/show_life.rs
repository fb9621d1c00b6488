//! What became of a show after it was announced.

use std::sync::Arc;

use async_graphql::{Context, Object, Result};
use soticket_projections::catalogue::{RefundProgress, ShowInfo};

use super::lookup::named;
use super::{Hall, Season};
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime};

/// What became of a show after it was announced.
pub(super) struct ShowLife {
    scope: Scope,
    info: Arc<ShowInfo>,
}

impl ShowLife {
    pub(super) fn new(scope: Scope, info: Arc<ShowInfo>) -> Self {
        Self { scope, info }
    }
}

#[Object]
impl ShowLife {
    /// The season that it belongs to; null for none.
    async fn season(&self, context: &Context<'_>) -> Option<Result<Season>> {
        self.info.season.map(|season| named(context, self.scope, season, Season::load))
    }

    /// When it was first to begin; null unless it was postponed.
    async fn postponed_from(&self) -> Option<DateTime> {
        self.info.postponed_from.map(DateTime)
    }

    /// Where it was first to take place; null unless it was relocated.
    async fn relocated_from(&self, context: &Context<'_>) -> Option<Result<Hall>> {
        self.info.relocated_from.map(|hall| named(context, self.scope, hall, Hall::load))
    }

    /// Until when holders may ask for their money after it was moved.
    async fn refunds_until(&self) -> Option<DateTime> {
        self.info.refunds_until.map(DateTime)
    }

    /// The return of its money after it was cancelled, the last one; null before it was begun.
    async fn refund(&self) -> Option<ShowRefund> {
        self.info.refund.map(|progress| ShowRefund { scope: self.scope, progress })
    }
}

/// The return of a cancelled show's money.
struct ShowRefund {
    scope: Scope,
    progress: RefundProgress,
}

/// The return of a cancelled show's money: one operation that any number of commands work off.
#[Object]
impl ShowRefund {
    /// Which of the show's refunds it is, from 1: lines that are reported after one is finished take another.
    async fn run(&self) -> Counter {
        Counter(self.progress.run.into())
    }

    /// Whether fees on top and fees of orders are kept.
    async fn fees_kept(&self) -> bool {
        self.progress.fees_kept
    }

    /// Orders with lines of the show when it was begun; those reported later come on top.
    async fn orders(&self) -> Counter {
        Counter(self.progress.orders)
    }

    /// Orders that are done.
    async fn orders_done(&self) -> Counter {
        Counter(self.progress.orders_done)
    }

    /// Tickets that were cancelled.
    async fn tickets_done(&self) -> Counter {
        Counter(self.progress.tickets_done)
    }

    /// What was to be returned when it was begun.
    async fn amount(&self) -> Money {
        self.scope.money(self.progress.amount)
    }

    /// What was returned.
    async fn amount_done(&self) -> Money {
        self.scope.money(self.progress.amount_done)
    }

    /// When it was begun.
    async fn begun_at(&self) -> DateTime {
        DateTime(self.progress.begun_at)
    }

    /// When it was finished; null while orders are left.
    async fn finished_at(&self) -> Option<DateTime> {
        self.progress.finished_at.map(DateTime)
    }
}
