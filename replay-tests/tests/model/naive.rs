//! The rules of places and money, written down as plainly as they can be: lists that are counted anew each time.

use soticket_replay_tests::workload::Size;
use soticket_schema::RejectionCode;

/// What is expected of a command.
pub(crate) type Expected = Result<(), RejectionCode>;

pub(crate) const FREE: usize = 0;
pub(crate) const NUMBERED: usize = 1;

#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) zone: usize,
    pub(crate) seat: Option<u32>,
    pub(crate) channel: usize,
    pub(crate) order: usize,
    pub(crate) price: i64,
    pub(crate) fee: i64,
    pub(crate) cancelled: bool,
    pub(crate) fee_kept: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Hold {
    pub(crate) channel: usize,
    pub(crate) count: i64,
    pub(crate) ends: i64,
    pub(crate) over: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Order {
    pub(crate) received: i64,
    pub(crate) returned: i64,
}

/// The venue as the model sees it.
#[derive(Debug)]
pub(crate) struct Naive {
    pub(crate) size: Size,
    pub(crate) now: i64,
    /// Open quotas in the free-seating zone.
    pub(crate) quotas: [Option<i64>; 2],
    /// When they go back by themselves.
    pub(crate) deadlines: [Option<i64>; 2],
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) orders: Vec<Order>,
}

impl Naive {
    pub(crate) fn new(size: Size, now: i64) -> Self {
        let quotas = [Some(i64::from(size.quota)), None];
        Self {
            size,
            now,
            quotas,
            deadlines: [None; 2],
            tickets: Vec::new(),
            holds: Vec::new(),
            orders: Vec::new(),
        }
    }

    pub(crate) fn sold(&self, zone: usize, channel: usize) -> i64 {
        let tickets = self.tickets.iter().filter(|ticket| !ticket.cancelled);
        tickets.filter(|ticket| (ticket.zone, ticket.channel) == (zone, channel)).count() as i64
    }

    pub(crate) fn held(&self, channel: usize) -> i64 {
        let holds = self.holds.iter().filter(|hold| !hold.over && hold.ends > self.now);
        holds.filter(|hold| hold.channel == channel).map(|hold| hold.count).sum()
    }

    /// Sold and held by a channel; only the free-seating zone has holds.
    fn used(&self, zone: usize, channel: usize) -> i64 {
        self.sold(zone, channel) + if zone == FREE { self.held(channel) } else { 0 }
    }

    fn on_sale(&self, zone: usize) -> i64 {
        i64::from(if zone == FREE { self.size.free } else { self.size.seats })
    }

    fn quota(&self, zone: usize, channel: usize) -> Option<i64> {
        self.quotas[channel].filter(|_| zone == FREE)
    }

    pub(crate) fn quota_left(&self, channel: usize) -> i64 {
        self.quotas[channel].unwrap_or(0) - self.used(FREE, channel)
    }

    pub(crate) fn pool_left(&self, zone: usize) -> i64 {
        let taken: i64 =
            (0..2).map(|channel| self.quota(zone, channel).unwrap_or_else(|| self.used(zone, channel))).sum();
        self.on_sale(zone) - taken
    }

    fn zone_left(&self, zone: usize) -> i64 {
        self.on_sale(zone) - self.used(zone, 0) - self.used(zone, 1)
    }

    fn hall_left(&self) -> i64 {
        let used: i64 = (0..2).flat_map(|zone| [self.used(zone, 0), self.used(zone, 1)]).sum();
        i64::from(self.size.authorised) - used
    }

    /// Whether a channel can have so many more places of a zone; if not, the first reason.
    pub(crate) fn can_take(&self, zone: usize, channel: usize, count: i64) -> Expected {
        match self.quota(zone, channel) {
            Some(_) if self.quota_left(channel) < count => Err(RejectionCode::QuotaExceeded),
            None if self.pool_left(zone) < count => Err(RejectionCode::PoolExhausted),
            _ if self.zone_left(zone) < count => Err(RejectionCode::ZoneFull),
            _ if self.hall_left() < count => Err(RejectionCode::HallFull),
            _ => Ok(()),
        }
    }

    pub(crate) fn can_sell_seat(&self, channel: usize, seat: u32) -> Expected {
        let taken = self.tickets.iter().any(|ticket| !ticket.cancelled && ticket.seat == Some(seat));
        if taken { Err(RejectionCode::SeatTaken) } else { self.can_take(NUMBERED, channel, 1) }
    }

    pub(crate) fn can_allocate(&self, channel: usize, count: i64) -> Expected {
        let moved = if self.quotas[channel].is_some() { 0 } else { self.used(FREE, channel) };
        let quotas: i64 = self.quotas.iter().flatten().sum();
        if moved > count {
            Err(RejectionCode::QuotaExceeded)
        } else if quotas + count > self.on_sale(FREE) || self.pool_left(FREE) + moved < count {
            Err(RejectionCode::CapacityExceeded)
        } else {
            Ok(())
        }
    }

    /// Time goes on; quotas end at their deadlines.
    pub(crate) fn wait(&mut self, time: i64) {
        self.now += time;
        for (quota, deadline) in self.quotas.iter_mut().zip(&mut self.deadlines) {
            if deadline.is_some_and(|ends| ends <= self.now) {
                (*quota, *deadline) = (None, None);
            }
        }
    }

    pub(crate) fn can_give_back(&self, channel: usize, count: i64) -> Expected {
        match self.quotas[channel] {
            None => Err(RejectionCode::QuotaClosed),
            Some(_) if self.quota_left(channel) < count => Err(RejectionCode::QuotaExceeded),
            Some(_) => Ok(()),
        }
    }

    pub(crate) fn has_quota(&self, channel: usize) -> Expected {
        self.quotas[channel].map(drop).ok_or(RejectionCode::QuotaClosed)
    }

    pub(crate) fn can_transfer(&self, from: usize, count: i64) -> Expected {
        if self.quotas.iter().any(Option::is_none) {
            Err(RejectionCode::QuotaClosed)
        } else if self.quota_left(from) < count {
            Err(RejectionCode::QuotaExceeded)
        } else {
            Ok(())
        }
    }

    /// What an order comes to: tickets that are not cancelled, and fees that were kept.
    pub(crate) fn due(&self, order: usize) -> i64 {
        let lines = self.tickets.iter().filter(|ticket| ticket.order == order);
        lines
            .map(|ticket| match (ticket.cancelled, ticket.fee_kept) {
                (false, _) => ticket.price + ticket.fee,
                (true, true) => ticket.fee,
                (true, false) => 0,
            })
            .sum()
    }

    pub(crate) fn can_pay(&self, order: usize, amount: i64) -> Expected {
        let Order { received, returned } = self.orders[order];
        let owed = self.due(order) - received + returned;
        if amount > owed { Err(RejectionCode::PaymentExceedsDue) } else { Ok(()) }
    }

    pub(crate) fn can_return(&self, order: usize, amount: i64) -> Expected {
        let Order { received, returned } = self.orders[order];
        if amount > received - returned { Err(RejectionCode::RefundExceedsReceived) } else { Ok(()) }
    }

    pub(crate) fn can_cancel(&self, ticket: usize, refund: i64) -> Expected {
        // What names something comes before the state of it, and that before money.
        if self.tickets[ticket].cancelled {
            Err(RejectionCode::TicketAlreadyCancelled)
        } else if refund > 0 {
            self.can_return(self.tickets[ticket].order, refund)
        } else {
            Ok(())
        }
    }

    /// Adds an order of tickets and returns its number in the lists.
    pub(crate) fn sell(&mut self, line: &Ticket, count: i64, received: i64) -> usize {
        let order = self.orders.len();
        self.orders.push(Order { received, returned: 0 });
        self.tickets.extend((0..count).map(|_| Ticket { order, ..line.clone() }));
        order
    }
}
