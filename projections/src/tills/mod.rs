//! Till sessions of box offices: what each took by way of paying, what it should hold, what was counted.

mod session;
#[cfg(test)]
mod tests;
mod view;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_ledger::state::{TillDesk, TillMoney};
use soticket_schema::event::v1::OrderLines;
use soticket_schema::{Envelope, Event, TillSessionId, Timestamp};

use self::session::Session;
pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Till sessions.
#[derive(Debug, Default)]
pub struct Tills {
    own: Own,
    sessions: Partitions<Session>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    desk: TillDesk,
    /// Sessions that are closed, in the order of their closing.
    closed: Vec<Closed>,
}

/// When a session was open, and which till's it was.
#[derive(Debug, Serialize, Deserialize)]
struct Closed {
    till: u32,
    opened_at: Timestamp,
    closed_at: Timestamp,
    session: TillSessionId,
}

const SESSIONS: u8 = 1;

impl Projection for Tills {
    const NAME: &'static str = "tills";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        let envelope = &entry.envelope;
        if let Some(lines) = event::sold(&entry.event) {
            self.sold(envelope, lines);
        } else if let Some(cancelled) = event::cancelled(&entry.event) {
            let tickets = cancelled.tickets.len();
            let place = self.own.desk.place(envelope, cancelled.order);
            self.change(place, envelope, |session| session.count_cancelled(tickets));
        } else if let Some(money) = money(&entry.event) {
            let place = self.own.desk.money(envelope, money.order, money.payment);
            self.change(place, envelope, |session| session.money(money.legs, money.refund));
        } else {
            self.fold_session(envelope, &entry.event);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.sessions.save(SESSIONS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SESSIONS, id } => self.sessions.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

/// Money that goes over a counter: what a bank takes back does not.
fn money(event: &Event) -> Option<event::Money<'_>> {
    event::money(event).filter(|_| !matches!(event, Event::PaymentReversed(_)))
}

impl Tills {
    fn fold_session(&mut self, envelope: &Envelope, event: &Event) {
        match event {
            Event::TillOpened(event) if self.own.desk.opened(envelope, event) => {
                self.sessions.add(event.session.0, || Session::new(envelope, event));
            }
            Event::TillCashMoved(event) => {
                if let Some(session) = self.sessions.get_mut(event.session.0) {
                    session.moved(envelope, event);
                }
            }
            Event::TillClosed(event) if self.own.desk.closed(event.session) => {
                let Some(session) = self.sessions.get_mut(event.session.0) else { return };
                session.close(envelope, event);
                if let Some(till) = self.own.desk.till_of(event.session) {
                    let (opened_at, closed_at) = (session.opened_at, envelope.occurred_at);
                    self.own.closed.push(Closed { till, opened_at, closed_at, session: event.session });
                }
            }
            event => self.own.desk.note(event),
        }
    }

    fn sold(&mut self, envelope: &Envelope, lines: &OrderLines) {
        let known = self.own.desk.sold_at(lines.order).is_some();
        let Some(money) = self.own.desk.sold(envelope, lines) else { return };
        if let Some(session) = self.session_mut(money, envelope.occurred_at) {
            session.count_sale(!known, lines.tickets.len());
        }
    }

    fn change(&mut self, place: Option<TillMoney>, envelope: &Envelope, change: impl FnOnce(&mut Session)) {
        if let Some(session) = place.and_then(|place| self.session_mut(place, envelope.occurred_at)) {
            change(session);
        }
    }

    /// The session that money of an instant belongs to. What a closed one gets is a late correction of it.
    fn session_mut(&mut self, money: TillMoney, at: Timestamp) -> Option<&mut Session> {
        let session = match money {
            TillMoney::Open(session) => session,
            TillMoney::Earlier(till) => {
                let of_then = |closed: &&Closed| {
                    closed.till == till && closed.opened_at <= at && at <= closed.closed_at
                };
                self.own.closed.iter().rev().find(of_then)?.session
            }
        };
        self.sessions.get_mut(session.0)
    }

    /// A session.
    pub fn session(&self, session: TillSessionId) -> Option<TillSession> {
        self.sessions.get(session.0).map(Session::view)
    }

    /// Sessions by number.
    pub fn sessions(&self) -> impl DoubleEndedIterator<Item = TillSession> {
        self.sessions.sorted().map(|(_, session)| session.view())
    }
}
