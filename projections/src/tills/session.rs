//! One till session as it grows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{Leg, TillCashMoved, TillClosed, TillOpened};
use soticket_schema::{Amount, Envelope, MethodId, Timestamp};

use super::view::{CashMovement, TillMethod, TillSession};

/// A session.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Session {
    opened: TillOpened,
    pub(super) opened_at: Timestamp,
    closed: Option<(Timestamp, TillClosed)>,
    taken: BTreeMap<MethodId, Taken>,
    movements: Vec<CashMovement>,
    orders: u64,
    tickets_sold: u64,
    tickets_cancelled: u64,
}

/// Money of one way of paying.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Taken {
    payments: Amount,
    payment_count: u64,
    returns: Amount,
    return_count: u64,
    /// Payments less returns that were recorded after the closing.
    late: Amount,
    late_entries: u64,
}

impl Session {
    pub(super) fn new(envelope: &Envelope, opened: &TillOpened) -> Self {
        Self {
            opened: opened.clone(),
            opened_at: envelope.occurred_at,
            closed: None,
            taken: BTreeMap::new(),
            movements: Vec::new(),
            orders: 0,
            tickets_sold: 0,
            tickets_cancelled: 0,
        }
    }

    pub(super) fn close(&mut self, envelope: &Envelope, closed: &TillClosed) {
        self.closed.get_or_insert_with(|| (envelope.occurred_at, closed.clone()));
    }

    pub(super) fn count_sale(&mut self, new_order: bool, tickets: usize) {
        self.orders += u64::from(new_order);
        self.tickets_sold += tickets as u64;
    }

    pub(super) fn count_cancelled(&mut self, tickets: usize) {
        self.tickets_cancelled += tickets as u64;
    }

    pub(super) fn money(&mut self, legs: &[Leg], back: bool) {
        let late = self.closed.is_some();
        for leg in legs {
            let taken = self.taken.entry(leg.method).or_default();
            if late {
                taken.late += if back { -leg.amount } else { leg.amount };
                taken.late_entries += 1;
            } else if back {
                taken.returns += leg.amount;
                taken.return_count += 1;
            } else {
                taken.payments += leg.amount;
                taken.payment_count += 1;
            }
        }
    }

    pub(super) fn moved(&mut self, envelope: &Envelope, event: &TillCashMoved) {
        self.movements.push(CashMovement {
            direction: event.direction,
            reason: event.reason,
            amount: event.amount,
            occurred_at: envelope.occurred_at,
            actor: envelope.actor,
            late: self.closed.is_some(),
        });
    }

    pub(super) fn view(&self) -> TillSession {
        let TillOpened { session, channel, till, operator, cash, float } = self.opened.clone();
        TillSession {
            session,
            channel,
            till,
            operator,
            cash,
            float,
            opened_at: self.opened_at,
            closed_at: self.closed.as_ref().map(|(closed_at, _)| *closed_at),
            methods: self.methods(),
            movements: self.movements.clone(),
            orders: self.orders,
            tickets_sold: self.tickets_sold,
            tickets_cancelled: self.tickets_cancelled,
        }
    }

    fn methods(&self) -> Vec<TillMethod> {
        let lines = || self.closed.iter().flat_map(|(_, closed)| &closed.lines);
        let mut methods: Vec<MethodId> = lines().map(|line| line.method).collect();
        methods.extend(self.taken.keys().copied().chain([self.opened.cash]));
        methods.sort_unstable();
        methods.dedup();
        let moved = |late: bool| self.movements.iter().filter(move |movement| movement.late == late);
        let method = |method: MethodId| {
            let taken = self.taken.get(&method).copied().unwrap_or_default();
            let line = lines().find(|line| line.method == method);
            let is_cash = method == self.opened.cash;
            let drawer = || self.opened.float + moved(false).map(CashMovement::signed).sum();
            let now = taken.payments - taken.returns + if is_cash { drawer() } else { Amount::ZERO };
            let late = if is_cash { moved(true).map(CashMovement::signed).sum() } else { Amount::ZERO };
            let late_moves = if is_cash { moved(true).count() as u64 } else { 0 };
            TillMethod {
                method,
                payments: taken.payments,
                payment_count: taken.payment_count,
                returns: taken.returns,
                return_count: taken.return_count,
                expected: line.map_or(now, |line| line.expected),
                counted: line.and_then(|line| line.counted),
                late: taken.late + late,
                late_entries: taken.late_entries + late_moves,
            }
        };
        methods.into_iter().map(method).collect()
    }
}
