//! Random commands that follow from what was sold before, as one caller among several gives them.

use soticket_ledger::Receipt;
use soticket_schema::command::*;
use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::time::Timestamp;

use super::venue::{Size, Venue};
use crate::random::Random;

/// An order that this caller has placed and may cancel.
#[derive(Debug, Clone)]
struct Order {
    order: OrderId,
    channel: ChannelId,
    tickets: Vec<TicketId>,
}

/// A hold that this caller has placed.
#[derive(Debug, Clone)]
struct Hold {
    hold: HoldId,
    channel: ChannelId,
    count: u32,
}

/// One caller's random commands on one venue.
#[derive(Debug)]
pub struct Load {
    venue: Venue,
    caller: String,
    random: Random,
    count: u64,
    orders: Vec<Order>,
    holds: Vec<Hold>,
}

/// Orders and holds that are remembered; older ones are forgotten.
const REMEMBERED: usize = 64;
/// How long holds last: some run out while the load goes on.
const HOLD_MICROSECONDS: i64 = 200_000;

impl Load {
    /// A load whose keys begin with `caller`, which no other load on the ledger has ever had.
    pub fn new(venue: Venue, caller: impl Into<String>, random: Random) -> Self {
        Self { venue, caller: caller.into(), random, count: 0, orders: Vec::new(), holds: Vec::new() }
    }

    /// The next command.
    pub fn next(&mut self, now: Timestamp) -> Command {
        let (body, occurred_at) = match self.random.below(100) {
            0..50 => (self.sale(), None),
            50..58 => (self.hold(now), None),
            58..62 => (self.release(), None),
            62..70 => (self.sale_of_hold(), None),
            70..80 => (self.cancellation(), None),
            _ => (self.scan(), Some(now)),
        };
        self.command(body, occurred_at)
    }

    /// A paid sale of one ticket, which nothing but a full house refuses.
    pub fn sell(&mut self) -> Command {
        let channel = self.venue.channels[1];
        let tickets = vec![self.ticket(self.venue.zones[0], None)];
        let body = self.order(channel, tickets, Vec::new());
        self.command(body, None)
    }

    fn command(&mut self, body: CommandBody, occurred_at: Option<Timestamp>) -> Command {
        self.count += 1;
        Command {
            organisation: self.venue.organisation,
            actor: self.venue.device,
            key: format!("{}-{}", self.caller, self.count),
            occurred_at,
            body,
        }
    }

    /// Learns what a command did.
    pub fn learn(&mut self, receipt: &Receipt) {
        for entry in receipt.entries() {
            match &entry.event {
                Event::OrderPlaced(event) => {
                    let tickets = event.lines.tickets.iter().map(|line| line.ticket).collect();
                    let (order, channel) = (event.lines.order, event.lines.channel);
                    remember(&mut self.orders, Order { order, channel, tickets });
                }
                Event::HoldPlaced(event) => {
                    let (hold, channel) = (event.hold, event.channel);
                    remember(&mut self.holds, Hold { hold, channel, count: event.places.count() });
                }
                _ => {}
            }
        }
    }

    fn channel(&mut self) -> ChannelId {
        self.venue.channels[self.random.index(2)]
    }

    fn buyer(&mut self) -> Option<Person> {
        let number = self.random.below(1_000);
        self.random.chance(30).then(|| Person {
            email: format!("buyer{number}@example.org"),
            name: format!("Buyer {number}"),
            telephone: String::new(),
        })
    }

    fn sale(&mut self) -> CommandBody {
        let channel = self.channel();
        if self.random.chance(5) {
            let seat = SeatId(self.random.below(u64::from(Size::LARGE.seats)) as u32);
            return self.order(channel, vec![self.ticket(self.venue.zones[1], Some(seat))], Vec::new());
        }
        let count = 1 + self.random.index(3);
        let tickets = vec![self.ticket(self.venue.zones[0], None); count];
        self.order(channel, tickets, Vec::new())
    }

    fn sale_of_hold(&mut self) -> CommandBody {
        match self.holds.pop() {
            Some(hold) => {
                let tickets = vec![self.ticket(self.venue.zones[0], None); hold.count as usize];
                self.order(hold.channel, tickets, vec![hold.hold])
            }
            None => self.sale(),
        }
    }

    fn order(&mut self, channel: ChannelId, tickets: Vec<TicketRequest>, holds: Vec<HoldId>) -> CommandBody {
        let amount = self.venue.total(channel).times(tickets.len() as i64);
        let paid = self.random.chance(90);
        let payment = if paid { vec![Leg { method: self.venue.method, amount }] } else { Vec::new() };
        let (seller, buyer) = ("till-1".to_owned(), self.buyer());
        CommandBody::PlaceOrder(PlaceOrder {
            channel,
            seller,
            buyer,
            holds,
            tickets,
            items: Vec::new(),
            payment,
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        })
    }

    fn ticket(&self, zone: ZoneId, seat: Option<SeatId>) -> TicketRequest {
        let Venue { show, tariff, .. } = self.venue;
        TicketRequest { show, zone, seat, tariff, price: None, comp: None }
    }

    fn hold(&mut self, now: Timestamp) -> CommandBody {
        let channel = self.channel();
        let places = Places::Count(1 + self.random.below(4) as u32);
        let expires_at = Timestamp(now.0 + HOLD_MICROSECONDS);
        let (show, zone, buyer) = (self.venue.show, self.venue.zones[0], self.buyer());
        CommandBody::PlaceHold(PlaceHold { show, zone, channel, places, expires_at, buyer })
    }

    fn release(&mut self) -> CommandBody {
        let hold = self.holds.pop().map_or(HoldId(u64::MAX), |hold| hold.hold);
        CommandBody::ReleaseHold(ReleaseHold { hold })
    }

    fn cancellation(&mut self) -> CommandBody {
        let index = self.random.index(self.orders.len());
        let Some(order) = self.orders.get(index).cloned() else { return self.sale() };
        let ticket = order.tickets[self.random.index(order.tickets.len())];
        let amount = self.venue.total(order.channel);
        CommandBody::CancelTickets(CancelTickets {
            order: order.order,
            tickets: vec![TicketToCancel { ticket, fee_kept: false }],
            items: Vec::new(),
            reason: CancelReason::Customer,
            refund: vec![Leg { method: self.venue.method, amount }],
        })
    }

    fn scan(&mut self) -> CommandBody {
        CommandBody::ReportScan(ReportScan {
            show: self.venue.show,
            code: format!("{}-{}", self.caller, self.random.below(500)),
            gate: self.venue.gate,
            device: self.venue.device,
            nonce: self.count,
            direction: if self.random.chance(90) { Direction::Entry } else { Direction::Exit },
            offline: self.random.chance(10),
            decision: GateDecision::Admitted,
        })
    }
}

fn remember<T>(list: &mut Vec<T>, item: T) {
    if list.len() == REMEMBERED {
        list.remove(0);
    }
    list.push(item);
}
