//! Tills that open, move cash and close.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::super::house::{CARD, CASH, CASHIER, CHANNELS, SELLERS};
use super::Chooser;

impl Chooser<'_> {
    pub(super) fn till(&mut self) -> (CommandBody, bool) {
        let sessions = &self.books.tills.sessions;
        let last = sessions.len() as u64;
        let open: Vec<TillSessionId> = sessions
            .iter()
            .rev()
            .take(30)
            .filter(|(_, session)| !session.closed)
            .map(|(id, _)| *id)
            .collect();
        let session = match self.random.pick(&open) {
            Some(session) if self.random.chance(90) => *session,
            _ => TillSessionId(self.recent(last, 10)),
        };
        match self.random.below(10) {
            0..4 => {
                let place = if self.random.chance(60) { 1 } else { 2 };
                let operator = if self.random.chance(70) { SELLERS[place] } else { CASHIER };
                let open = OpenTill {
                    channel: CHANNELS[place],
                    till: format!("till {}", self.random.below(2)),
                    operator,
                    cash: if self.random.chance(97) { CASH } else { CARD },
                    float: Amount(self.up_to(20_000)),
                };
                (CommandBody::OpenTill(open), false)
            }
            4..7 => {
                let direction = if self.random.chance(50) { CashDirection::In } else { CashDirection::Out };
                let amount = Amount(1 + self.up_to(9_000));
                let moved = MoveTillCash { session, direction, reason: CashReason::Deposit, amount };
                (CommandBody::MoveTillCash(moved), true)
            }
            _ => (self.close(session), false),
        }
    }

    /// Counted to the cent mostly, and not at all now and then.
    fn close(&mut self, session: TillSessionId) -> CommandBody {
        let expected = self.books.tills.sessions.get(&session).map(|known| known.cash_expected());
        let wrong = Amount(if self.random.chance(30) { self.up_to(500) } else { 0 });
        let mut counts = Vec::new();
        if self.random.chance(95) {
            let counted = Amount((expected.unwrap_or_default() + wrong).0.max(0));
            counts.push(TillCount { method: CASH, counted });
        }
        if self.random.chance(30) {
            counts.push(TillCount { method: CARD, counted: Amount(self.up_to(50_000)) });
        }
        CommandBody::CloseTill(CloseTill { session, counts })
    }
}
