//! Tills, counted again: which drawer every payment belongs to, and what should be in it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{CashDirection, Leg, OrderLines, TillClosed};
use soticket_schema::{
    ActorId, Amount, ChannelId, Event, MethodId, OrderId, PaymentId, TillSessionId, Timestamp,
};

/// A till: its box office and its label.
type Till = (ChannelId, String);

/// Sessions by number.
#[derive(Debug, Default)]
pub(in super::super) struct Tills {
    pub(in super::super) sessions: BTreeMap<TillSessionId, Session>,
    tills: BTreeSet<Till>,
    sold_at: BTreeMap<OrderId, Till>,
    on_their_way: BTreeSet<PaymentId>,
    differences: u64,
}

#[derive(Debug)]
pub(in super::super) struct Session {
    till: Till,
    operator: ActorId,
    cash: MethodId,
    opened_at: Timestamp,
    pub(in super::super) closed: bool,
    /// The float and what was moved.
    moved: Amount,
    came: BTreeMap<MethodId, Amount>,
    went: BTreeMap<MethodId, Amount>,
}

impl Session {
    /// What should be in the drawer.
    pub(in super::super) fn cash_expected(&self) -> Amount {
        self.moved + self.of(self.cash)
    }

    fn of(&self, method: MethodId) -> Amount {
        let sum = |sums: &BTreeMap<MethodId, Amount>| sums.get(&method).copied().unwrap_or_default();
        sum(&self.came) - sum(&self.went)
    }
}

/// Who does something, when, and the sale that it comes with.
#[derive(Debug, Clone)]
pub(super) struct Doing {
    pub(super) actor: ActorId,
    pub(super) at: Timestamp,
    /// The order that the command sells, and the till that it names.
    pub(super) sale: Option<(OrderId, Till)>,
}

impl Tills {
    /// Notes a sale at a till.
    pub(super) fn sell(&mut self, lines: &OrderLines, doing: &mut Doing) {
        let till = (lines.channel, lines.seller.clone());
        if self.tills.contains(&till) {
            self.sold_at.entry(lines.order).or_insert_with(|| till.clone());
            doing.sale = Some((lines.order, till));
        }
    }

    pub(super) fn book(&mut self, event: &Event, doing: &Doing) -> Result<()> {
        match event {
            Event::TillOpened(event) => {
                let till = (event.channel, event.till.clone());
                let other = self.sessions.values().any(|session| !session.closed && session.till == till);
                ensure!(!other, "till {till:?} has two open sessions");
                let next = event.session.0 == self.sessions.len() as u64 + 1;
                ensure!(next, "session {} is out of turn", event.session);
                self.tills.insert(till.clone());
                let session = Session {
                    till,
                    operator: event.operator,
                    cash: event.cash,
                    opened_at: doing.at,
                    closed: false,
                    moved: event.float,
                    came: BTreeMap::new(),
                    went: BTreeMap::new(),
                };
                self.sessions.insert(event.session, session);
            }
            Event::TillCashMoved(event) => {
                if let Some(session) = self.sessions.get_mut(&event.session) {
                    match event.direction {
                        CashDirection::In => session.moved += event.amount,
                        CashDirection::Out => session.moved -= event.amount,
                    }
                }
            }
            Event::TillClosed(event) => self.close(event)?,
            Event::PaymentAnnounced(event) => drop(self.on_their_way.insert(event.payment)),
            Event::PaymentFailed(event) => drop(self.on_their_way.remove(&event.payment)),
            Event::PaymentRecorded(event) => {
                let by_the_bank = self.on_their_way.remove(&event.payment);
                if !by_the_bank {
                    self.put(event.order, &event.legs, doing, false);
                }
            }
            Event::MoneyReturned(event) => self.put(event.order, &event.legs, doing, true),
            _ => {}
        }
        Ok(())
    }

    /// The box office of a session.
    pub(super) fn channel(&self, session: TillSessionId) -> Option<ChannelId> {
        self.sessions.get(&session).map(|session| session.till.0)
    }

    fn put(&mut self, order: OrderId, legs: &[Leg], doing: &Doing, back: bool) {
        let Some(session) = self.drawer(order, doing).and_then(|id| self.sessions.get_mut(&id)) else {
            return;
        };
        for leg in legs {
            let sums = if back { &mut session.went } else { &mut session.came };
            *sums.entry(leg.method).or_default() += leg.amount;
        }
    }

    /// The session that money of an order belongs to.
    fn drawer(&self, order: OrderId, doing: &Doing) -> Option<TillSessionId> {
        let open =
            |session: &&(&TillSessionId, &Session)| !session.1.closed && session.1.opened_at <= doing.at;
        let at = |till: &Till| {
            self.sessions.iter().filter(|session| open(&session)).find(|session| session.1.till == *till)
        };
        if let Some((sold, till)) = &doing.sale
            && *sold == order
        {
            return at(till).map(|(id, _)| *id);
        }
        if doing.actor != ActorId(0) {
            let own =
                |session: &(&TillSessionId, &Session)| session.1.operator == doing.actor && !session.1.closed;
            let mut own = self.sessions.iter().filter(own);
            if let (Some(only), None) = (own.next(), own.next())
                && only.1.opened_at <= doing.at
            {
                return Some(*only.0);
            }
        }
        at(self.sold_at.get(&order)?).map(|(id, _)| *id)
    }

    fn close(&mut self, event: &TillClosed) -> Result<()> {
        let session = self.sessions.get_mut(&event.session);
        let session = session.ok_or_else(|| anyhow::anyhow!("no session {}", event.session))?;
        ensure!(!session.closed, "session {} closed twice", event.session);
        session.closed = true;
        let counted = event.lines.iter().filter(|line| line.counted.is_some()).map(|line| line.method);
        let mut methods: BTreeSet<MethodId> = counted.collect();
        ensure!(methods.contains(&session.cash), "cash was not counted at {}", event.session);
        methods.extend(session.came.keys().chain(session.went.keys()).copied());
        let told: Vec<MethodId> = event.lines.iter().map(|line| line.method).collect();
        ensure!(told.iter().copied().eq(methods.iter().copied()), "lines of {told:?} for {methods:?}");
        for line in &event.lines {
            let came = session.came.get(&line.method).copied().unwrap_or_default();
            let went = session.went.get(&line.method).copied().unwrap_or_default();
            let expected =
                if line.method == session.cash { session.cash_expected() } else { session.of(line.method) };
            let own = (came, went, expected);
            let said = (line.payments, line.returns, line.expected);
            ensure!(own == said, "session {} {}: {own:?}, the ledger {said:?}", event.session, line.method);
            self.differences += u64::from(line.counted.is_some_and(|counted| counted != expected));
        }
        Ok(())
    }

    /// Sessions whose count was not what should have been there.
    pub(super) fn differences(&self) -> u64 {
        self.differences
    }
}
