//! The tills: opened in the morning, emptied into the safe and counted in the evening.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::chance::Chance;
use super::driver::Driver;
use super::terms::{CASHIER, CLERK};
use super::venue::{BOX_OFFICE, CASH, TOURIST_OFFICE};
use crate::failure::Failure;

const FLOAT: Amount = Amount(15_000);
/// What goes to the safe at once.
const SAFE_STEP: i64 = 10_000;
/// Evenings of a thousand on which a count is not what it should be.
const WRONG: u64 = 40;

/// A till with what should be in its drawer.
struct Till {
    channel: ChannelId,
    label: &'static str,
    operator: ActorId,
    open: Option<(TillSessionId, Amount)>,
}

/// The tills of both box offices.
pub(super) struct Desk {
    tills: [Till; 2],
}

impl Desk {
    pub(super) fn new() -> Self {
        let till = |channel, label, operator| Till { channel, label, operator, open: None };
        Self { tills: [till(BOX_OFFICE, "caisse 1", CASHIER), till(TOURIST_OFFICE, "comptoir", CLERK)] }
    }

    /// The till that a channel's orders name.
    pub(super) fn label(&self, channel: ChannelId) -> String {
        let till = self.tills.iter().find(|till| till.channel == channel);
        till.map_or_else(String::new, |till| till.label.into())
    }

    pub(super) fn open(&mut self, driver: &mut Driver<'_>, day: u64) -> Result<(), Failure> {
        for till in &mut self.tills {
            let body = CommandBody::OpenTill(OpenTill {
                channel: till.channel,
                till: till.label.into(),
                operator: till.operator,
                cash: CASH,
                float: FLOAT,
            });
            for event in driver.need(&format!("season/till/{}/{day}/open", till.channel), body)? {
                if let Event::TillOpened(opened) = event {
                    till.open = Some((opened.session, FLOAT));
                }
            }
        }
        Ok(())
    }

    /// Notes the cash that came in with an order.
    pub(super) fn learn(&mut self, events: &[Event]) {
        let placed = events.iter().find_map(|event| match event {
            Event::OrderPlaced(placed) => Some(placed.lines.channel),
            _ => None,
        });
        let till = self.tills.iter_mut().find(|till| Some(till.channel) == placed);
        let Some((_, drawer)) = till.and_then(|till| till.open.as_mut()) else { return };
        for event in events {
            if let Event::PaymentRecorded(paid) = event {
                *drawer += paid.legs.iter().filter(|leg| leg.method == CASH).map(|leg| leg.amount).sum();
            }
        }
    }

    pub(super) fn close(
        &mut self,
        driver: &mut Driver<'_>,
        chance: &mut Chance,
        day: u64,
    ) -> Result<(), Failure> {
        for till in &mut self.tills {
            let Some((session, drawer)) = till.open.take() else { continue };
            let key = |what: &str| format!("season/till/{}/{day}/{what}", till.channel);
            let amount = Amount((drawer - FLOAT).0.max(0) / SAFE_STEP * SAFE_STEP);
            if amount > Amount::ZERO {
                let (direction, reason) = (CashDirection::Out, CashReason::Deposit);
                let moved = MoveTillCash { session, direction, reason, amount };
                driver.need(&key("safe"), CommandBody::MoveTillCash(moved))?;
            }
            let wrong = if chance.per_mille(WRONG) { 50 * (1 + chance.below(10)) } else { 0 };
            let counted = drawer - amount - Amount(i64::try_from(wrong).unwrap_or(0));
            let counts = vec![TillCount { method: CASH, counted }];
            driver.need(&key("close"), CommandBody::CloseTill(CloseTill { session, counts }))?;
        }
        Ok(())
    }
}
