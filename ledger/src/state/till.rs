//! Till sessions: which of them money belongs to, and what should be in their drawers.
//!
//! Money that comes in with a sale belongs to the till that the order names as its seller. Money that comes in or goes
//! back later belongs to the till of whoever acts, where that is the operator of exactly one open session, else to the
//! order's. In either case the session is the one that is open and began at or before the money's own time.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CashDirection, Leg, OrderLines, TillCashMoved, TillLine, TillOpened};
use soticket_schema::{
    ActorId, Amount, ChannelId, CommandId, Envelope, Event, MethodId, OrderId, PaymentId, TillSessionId,
    Timestamp,
};

/// Which till session money belongs to. Folded by decisions and by the read model alike.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct TillDesk {
    /// Tills that ever had a session.
    tills: Vec<(ChannelId, String)>,
    /// The till of each session, by number: its place among the tills.
    sessions: Vec<u32>,
    open: Vec<OpenSession>,
    /// Orders that were sold at one of the tills, ascending, with the till's place.
    orders: Vec<(OrderId, u32)>,
    /// The command of the last such sale, and its till: an exchange can be made at another than the sale was.
    selling: Option<(CommandId, OrderId, u32)>,
    /// Payments on their way: what comes in by them comes by the bank, to no till.
    announced: BTreeSet<PaymentId>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct OpenSession {
    session: TillSessionId,
    till: u32,
    operator: ActorId,
    opened_at: Timestamp,
}

/// Where money of an order belongs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TillMoney {
    /// To this open session.
    Open(TillSessionId),
    /// To an earlier session of the till with this number, if there was one at the money's own time.
    Earlier(u32),
}

impl TillDesk {
    /// The number that the next session gets.
    pub fn next(&self) -> TillSessionId {
        TillSessionId(self.sessions.len() as u64 + 1)
    }

    /// The till of a session, open or closed: its number among the tills; none for a session that never was.
    pub fn till_of(&self, session: TillSessionId) -> Option<u32> {
        let index = usize::try_from(session.0.checked_sub(1)?).ok()?;
        self.sessions.get(index).copied()
    }

    /// Channel and label of a till.
    pub fn till(&self, till: u32) -> Option<(ChannelId, &str)> {
        self.tills.get(till as usize).map(|(channel, label)| (*channel, label.as_str()))
    }

    /// The channel of a session, open or closed.
    pub fn channel_of(&self, session: TillSessionId) -> Option<ChannelId> {
        self.till(self.till_of(session)?).map(|(channel, _)| channel)
    }

    /// The open session of a till.
    pub fn open_session(&self, channel: ChannelId, label: &str) -> Option<TillSessionId> {
        let till = self.find(channel, label)?;
        self.open.iter().find(|open| open.till == till).map(|open| open.session)
    }

    /// Whether a session is open.
    pub fn is_open(&self, session: TillSessionId) -> bool {
        self.open.iter().any(|open| open.session == session)
    }

    /// Opens a session if it has the next number.
    pub fn opened(&mut self, envelope: &Envelope, event: &TillOpened) -> bool {
        if event.session != self.next() || self.open_session(event.channel, &event.till).is_some() {
            return false;
        }
        let till = self.find(event.channel, &event.till).unwrap_or_else(|| {
            self.tills.push((event.channel, event.till.clone()));
            number(self.tills.len() - 1)
        });
        self.sessions.push(till);
        let (session, operator, opened_at) = (event.session, event.operator, envelope.occurred_at);
        self.open.push(OpenSession { session, till, operator, opened_at });
        true
    }

    /// Closes a session; whether it was open.
    pub fn closed(&mut self, session: TillSessionId) -> bool {
        let open = self.open.len();
        self.open.retain(|known| known.session != session);
        self.open.len() < open
    }

    /// Notes a sale, and tells the till that it was made at.
    pub fn sold(&mut self, envelope: &Envelope, lines: &OrderLines) -> Option<TillMoney> {
        // Nearly all organisations and channels have no tills: they must not pay for them.
        let till = self.find(lines.channel, &lines.seller)?;
        if let Err(index) = self.orders.binary_search_by_key(&lines.order, |(order, _)| *order) {
            self.orders.insert(index, (lines.order, till));
        }
        self.selling = Some((envelope.command, lines.order, till));
        Some(self.at(till, envelope.occurred_at))
    }

    /// Notes what is said of payments on their way.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::PaymentAnnounced(event) => drop(self.announced.insert(event.payment)),
            Event::PaymentFailed(event) => drop(self.announced.remove(&event.payment)),
            _ => {}
        }
    }

    /// Where a payment or return of an order belongs; none if to no till.
    pub fn money(&mut self, envelope: &Envelope, order: OrderId, payment: PaymentId) -> Option<TillMoney> {
        if self.announced.remove(&payment) { None } else { self.place(envelope, order) }
    }

    /// Where what is done with an order belongs; none if to no till.
    pub fn place(&self, envelope: &Envelope, order: OrderId) -> Option<TillMoney> {
        if self.tills.is_empty() {
            return None;
        }
        match self.selling {
            Some((command, of, till)) if (command, of) == (envelope.command, order) => {
                Some(self.at(till, envelope.occurred_at))
            }
            _ => self.operated(envelope).map(TillMoney::Open).or_else(|| {
                let till = self.sold_at(order)?;
                Some(self.at(till, envelope.occurred_at))
            }),
        }
    }

    /// The till that an order was sold at.
    pub fn sold_at(&self, order: OrderId) -> Option<u32> {
        let index = self.orders.binary_search_by_key(&order, |(known, _)| *known).ok()?;
        self.orders.get(index).map(|(_, till)| *till)
    }

    /// The one open session of the actor, if it began before.
    fn operated(&self, envelope: &Envelope) -> Option<TillSessionId> {
        let mut own = self.open.iter().filter(|open| open.operator == envelope.actor);
        let (Some(only), None) = (own.next(), own.next()) else { return None };
        let named = envelope.actor != ActorId(0) && only.opened_at <= envelope.occurred_at;
        named.then_some(only.session)
    }

    fn at(&self, till: u32, occurred_at: Timestamp) -> TillMoney {
        let open = self.open.iter().find(|open| open.till == till && open.opened_at <= occurred_at);
        open.map_or(TillMoney::Earlier(till), |open| TillMoney::Open(open.session))
    }

    fn find(&self, channel: ChannelId, label: &str) -> Option<u32> {
        let found = self.tills.iter().position(|(of, known)| *of == channel && known == label);
        found.map(number)
    }
}

/// There are far fewer tills than numbers.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// The open tills, and what they need to be closed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tills {
    pub(crate) desk: TillDesk,
    drawers: BTreeMap<TillSessionId, Drawer>,
}

/// What an open session has taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Drawer {
    pub(crate) cash: MethodId,
    /// The float and what was moved.
    moved: Amount,
    /// Payments and returns by way of paying.
    taken: BTreeMap<MethodId, (Amount, Amount)>,
}

impl Tills {
    /// The drawer of an open session.
    pub(crate) fn drawer(&self, session: TillSessionId) -> Option<&Drawer> {
        self.drawers.get(&session)
    }

    pub(super) fn note(&mut self, envelope: &Envelope, event: &Event) {
        match event {
            Event::TillOpened(event) if self.desk.opened(envelope, event) => {
                let drawer = Drawer { cash: event.cash, moved: event.float, taken: BTreeMap::new() };
                self.drawers.insert(event.session, drawer);
            }
            Event::TillCashMoved(event) => self.moved(event),
            Event::TillClosed(event) if self.desk.closed(event.session) => {
                self.drawers.remove(&event.session);
            }
            Event::OrderPlaced(event) => drop(self.desk.sold(envelope, &event.lines)),
            Event::ExternalSaleReported(event) => drop(self.desk.sold(envelope, &event.lines)),
            Event::PaymentRecorded(event) => {
                self.money(envelope, (event.order, event.payment), &event.legs, false)
            }
            Event::MoneyReturned(event) => {
                self.money(envelope, (event.order, event.payment), &event.legs, true)
            }
            event => self.desk.note(event),
        }
    }

    fn moved(&mut self, event: &TillCashMoved) {
        if let Some(drawer) = self.drawers.get_mut(&event.session) {
            match event.direction {
                CashDirection::In => drawer.moved += event.amount,
                CashDirection::Out => drawer.moved -= event.amount,
            }
        }
    }

    fn money(
        &mut self,
        envelope: &Envelope,
        (order, payment): (OrderId, PaymentId),
        legs: &[Leg],
        back: bool,
    ) {
        let Some(TillMoney::Open(session)) = self.desk.money(envelope, order, payment) else { return };
        let Some(drawer) = self.drawers.get_mut(&session) else { return };
        for leg in legs {
            let (payments, returns) = drawer.taken.entry(leg.method).or_default();
            *if back { returns } else { payments } += leg.amount;
        }
    }
}

impl Drawer {
    /// The lines of the closing, by way of paying: what was used, and what was counted.
    pub(crate) fn lines(&self, counted: &BTreeMap<MethodId, Amount>) -> Vec<TillLine> {
        let mut methods: Vec<MethodId> = self.taken.keys().chain(counted.keys()).copied().collect();
        methods.push(self.cash);
        methods.sort_unstable();
        methods.dedup();
        let line = |method: MethodId| {
            let (payments, returns) = self.taken.get(&method).copied().unwrap_or_default();
            let drawer = if method == self.cash { self.moved } else { Amount::ZERO };
            let expected = payments - returns + drawer;
            TillLine { method, payments, returns, expected, counted: counted.get(&method).copied() }
        };
        methods.into_iter().map(line).collect()
    }
}
