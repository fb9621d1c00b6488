//! What becomes of tickets that were sold: given back, exchanged, printed again, handed on.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::chance::Chance;
use super::driver::Order;
use super::sales::{Live, Sales};
use super::venue::*;

impl Live {
    /// The whole ticket for all that goes back of it.
    pub(super) fn cancellation(&self, reason: CancelReason) -> CommandBody {
        let back = self.back;
        let refund = if back > Amount::ZERO { vec![Leg { method: CARD, amount: back }] } else { vec![] };
        CommandBody::CancelTickets(CancelTickets {
            order: self.order,
            tickets: vec![TicketToCancel { ticket: self.ticket, fee_kept: false }],
            items: Vec::new(),
            reason,
            refund,
        })
    }

    /// Another place without a number for it at the box office, and the difference.
    fn exchange(&self, show: &SeasonShow, seller: String) -> CommandBody {
        let price = show.price_of(TariffKind::Full, false);
        let leg = |amount| vec![Leg { method: CARD, amount }];
        let (payment, refund) = match price - self.back {
            Amount::ZERO => (vec![], vec![]),
            more if more > Amount::ZERO => (leg(more), vec![]),
            less => (vec![], leg(Amount::ZERO - less)),
        };
        CommandBody::ExchangeTickets(ExchangeTickets {
            order: self.order,
            channel: BOX_OFFICE,
            seller,
            returned: vec![TicketToCancel { ticket: self.ticket, fee_kept: false }],
            tickets: vec![Sales::request(show, TariffKind::Full, None)],
            items: Vec::new(),
            cards: Vec::new(),
            payment,
            refund,
        })
    }
}

impl Sales {
    /// Some of the latest tickets change.
    pub(super) fn changes(&mut self, chance: &mut Chance, day: u64) -> Vec<Order> {
        let mut changes = Vec::new();
        if self.live.len() < 50 || chance.per_mille(300) {
            return changes;
        }
        let index = self.live.len() - 1 - usize::try_from(chance.below(50)).unwrap_or(0);
        let sold = self.live.swap_remove(index);
        let (ticket, order) = (sold.ticket, sold.order);
        let body = match chance.below(12) {
            0..6 => sold.cancellation(CancelReason::Customer),
            6 | 7 => {
                let reason = DuplicateReason::Lost;
                CommandBody::DuplicateTicket(DuplicateTicket { ticket, reason })
            }
            8 => {
                let to = Self::buyer(chance)
                    .unwrap_or_else(|| Person { email: "invite@exemple.fr".into(), ..Person::default() });
                CommandBody::TransferTicket(TransferTicket { ticket, to })
            }
            9 | 10 => {
                let others = self.on_sale(day);
                let Some(show) = chance.pick(&others) else { return changes };
                sold.exchange(show, self.desk.label(BOX_OFFICE))
            }
            _ => {
                let legs = vec![Leg { method: DEBIT, amount: Amount(1) }];
                CommandBody::RecordPayment(RecordPayment { order, legs })
            }
        };
        changes.push(Order { key: self.key("change"), at: None, actor: ActorId(0), body });
        changes
    }
}
