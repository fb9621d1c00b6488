//! Commissions of single tickets and of whole orders, beside the blocks that those are in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CommissionLine, CommissionsCharged, CommissionsReversed};
use soticket_schema::{Amount, OrderId, TicketId};

use super::Orders;
use super::block::ORDER_BITS;
use super::tickets::TICKET_BITS;
use super::view::Commission;
use crate::rows::Interned;

/// Commissions of the tickets of one block. Most tickets share theirs with many others.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct TicketCommissions {
    sets: Interned<Vec<Commission>>,
    /// By the low bits of the ticket's number.
    tickets: BTreeMap<u16, Charged>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Charged {
    set: u32,
    over_cap: bool,
    kept: Amount,
}

impl TicketCommissions {
    pub(super) fn of(&self, place: u16) -> Vec<Commission> {
        let charged = self.tickets.get(&place);
        charged.and_then(|charged| self.sets.key(charged.set)).cloned().unwrap_or_default()
    }

    pub(super) fn over_cap(&self, place: u16) -> bool {
        self.tickets.get(&place).is_some_and(|charged| charged.over_cap)
    }

    /// What is kept of the fee of a cancelled ticket although it was given back.
    pub(super) fn kept(&self, place: u16) -> Amount {
        self.tickets.get(&place).map_or(Amount::ZERO, |charged| charged.kept)
    }

    /// All commissions of a ticket come in one event; what a number has already stays.
    pub(super) fn charge(&mut self, place: u16, commissions: Vec<Commission>, over_cap: bool) {
        if !self.tickets.contains_key(&place) {
            let set = self.sets.number(commissions);
            self.tickets.insert(place, Charged { set, over_cap, kept: Amount::ZERO });
        }
    }

    pub(super) fn reverse(&mut self, place: u16, line: &CommissionLine) {
        let Some(charged) = self.tickets.get_mut(&place) else { return };
        let Some(mut set) = self.sets.key(charged.set).cloned() else { return };
        for commission in &mut set {
            commission.reversed |= commission.commission == line.commission;
        }
        charged.set = self.sets.number(set);
    }

    pub(super) fn keep(&mut self, place: u16, amount: Amount) {
        if let Some(charged) = self.tickets.get_mut(&place) {
            charged.kept = amount;
        }
    }
}

impl Commission {
    /// As a sale froze it.
    pub fn of(line: &CommissionLine) -> Self {
        Self {
            commission: line.commission,
            version: line.version,
            channel: line.channel,
            show: line.show,
            beneficiary: line.beneficiary,
            payer: line.payer,
            mode: line.mode,
            basis: line.basis,
            amount: line.amount,
            vat: line.vat,
            item: line.item,
            reversed: false,
        }
    }
}

/// Commissions of each ticket that the lines name, by its number, in the order of the lines.
pub fn commissions_by_ticket(lines: &[CommissionLine]) -> BTreeMap<TicketId, Vec<Commission>> {
    let mut tickets: BTreeMap<TicketId, Vec<Commission>> = BTreeMap::new();
    for line in lines {
        for ticket in &line.tickets {
            tickets.entry(*ticket).or_default().push(Commission::of(line));
        }
    }
    tickets
}

impl Orders {
    pub(super) fn charge(&mut self, event: &CommissionsCharged) {
        for (ticket, commissions) in commissions_by_ticket(&event.lines) {
            if let Some(block) = self.tickets.get_mut(ticket.0 >> TICKET_BITS) {
                block.charge(ticket, commissions, event.over_cap.contains(&ticket));
            }
        }
        let whole = event.lines.iter().filter(|line| line.tickets.is_empty()).map(Commission::of);
        self.add_to_order(event.order, whole);
    }

    fn add_to_order(&mut self, order: OrderId, commissions: impl Iterator<Item = Commission>) {
        if let Some(block) = self.orders.get_mut(order.0 >> ORDER_BITS) {
            block.add_commissions(order, commissions);
        }
    }

    pub(super) fn reverse(&mut self, event: &CommissionsReversed) {
        for line in &event.lines {
            for ticket in &line.tickets {
                if let Some(block) = self.tickets.get_mut(ticket.0 >> TICKET_BITS) {
                    block.reverse(*ticket, line);
                }
            }
            if line.tickets.is_empty()
                && let Some(block) = self.orders.get_mut(event.order.0 >> ORDER_BITS)
            {
                block.reverse_commission(event.order, line);
            }
        }
        for kept in &event.kept {
            if let Some(block) = self.tickets.get_mut(kept.ticket.0 >> TICKET_BITS) {
                block.keep(kept.ticket, kept.amount);
            }
        }
    }
}
