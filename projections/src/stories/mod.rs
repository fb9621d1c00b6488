//! Where the events of each order and each scan of a ticket are in the log: the story of an order, a ticket or a customer.

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::{Event, OrderId, TicketId};

use crate::event;
use crate::partition::{PartitionKey, Partitions, Projection};

/// How many bits of a number tell its place within a block.
const BLOCK_BITS: u32 = 13;

const ORDERS: u8 = 1;
const TICKETS: u8 = 2;

/// Positions of what happened to orders, and of what happened to tickets at gates.
#[derive(Debug, Default)]
pub struct Stories {
    orders: Partitions<Block>,
    tickets: Partitions<Block>,
}

/// What happened to things of consecutive numbers, in log order: for each event the place of the thing and the distance
/// from the event before, as 7-bit groups. Three or four bytes an event; a story is read by going through its block.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Block {
    last: u64,
    steps: Vec<u8>,
}

impl Block {
    fn push(&mut self, place: u64, position: u64) {
        number(place, &mut self.steps);
        number(position.saturating_sub(self.last), &mut self.steps);
        self.last = position;
    }

    fn positions(&self, place: u64) -> Vec<u64> {
        let (mut found, mut at, mut bytes) = (Vec::new(), 0_u64, self.steps.iter());
        while let (Some(of), Some(distance)) = (read(&mut bytes), read(&mut bytes)) {
            at = at.saturating_add(distance);
            if of == place {
                found.push(at);
            }
        }
        found
    }
}

fn number(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn read<'a>(bytes: &mut impl Iterator<Item = &'a u8>) -> Option<u64> {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let byte = bytes.next()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Some(value);
        }
        shift += 7;
    }
}

fn place(id: u64) -> u64 {
    id & ((1 << BLOCK_BITS) - 1)
}

impl Projection for Stories {
    const NAME: &'static str = "stories";
    const VERSION: u16 = 1;

    fn fold(&mut self, entry: &Entry) {
        let position = entry.envelope.position;
        if let Some(OrderId(order)) = event::order(&entry.event) {
            self.orders.entry(order >> BLOCK_BITS).push(place(order), position);
        }
        if let Some(TicketId(ticket)) = scanned(&entry.event) {
            self.tickets.entry(ticket >> BLOCK_BITS).push(place(ticket), position);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        self.orders.save(ORDERS, out);
        self.tickets.save(TICKETS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        let family = match key.family {
            ORDERS => &mut self.orders,
            TICKETS => &mut self.tickets,
            _ => return None,
        };
        family.load(key.id, bytes).map(|_| ())
    }
}

/// The ticket that a gate reports on.
fn scanned(event: &Event) -> Option<TicketId> {
    match event {
        Event::TicketScanned(event) => event.ticket,
        Event::ScanJudged(event) => event.ticket,
        _ => None,
    }
}

impl Stories {
    /// Positions of the events that name an order, ascending.
    pub fn order(&self, order: OrderId) -> Vec<u64> {
        let block = self.orders.get(order.0 >> BLOCK_BITS);
        block.map(|block| block.positions(place(order.0))).unwrap_or_default()
    }

    /// Positions of what gates reported of a ticket, ascending.
    pub fn scans(&self, ticket: TicketId) -> Vec<u64> {
        let block = self.tickets.get(ticket.0 >> BLOCK_BITS);
        block.map(|block| block.positions(place(ticket.0))).unwrap_or_default()
    }
}

/// Whether an event of a ticket's order is part of the ticket's own story: it names the ticket, or no ticket in
/// particular.
pub fn is_of_ticket(event: &Event, ticket: TicketId) -> bool {
    let named = match event {
        Event::PriceReduced(event) => vec![event.ticket],
        Event::TicketDuplicated(event) => vec![event.ticket],
        Event::TicketTransferred(event) => vec![event.ticket],
        Event::CardRightsUsed(event) => event.uses.iter().map(|used| used.ticket).collect(),
        Event::CardRightsRestored(event) => event.uses.iter().map(|used| used.ticket).collect(),
        event => event::sold(event)
            .map(|lines| lines.tickets.iter().map(|line| line.ticket).collect())
            .or_else(|| event::cancelled(event).map(|of| of.tickets.iter().map(|of| of.ticket).collect()))
            .unwrap_or_default(),
    };
    named.is_empty() || named.contains(&ticket)
}
