//! One run: every step goes to the model and to the ledger.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_projections::availability::ShowAvailability;
use soticket_projections::{Options, Projections};
use soticket_replay_tests::workload::{FEE, PRICE, Size, Venue};
use soticket_schema::command::*;
use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::{Amount, Command, CommandBody, Rate, Timestamp};

use super::naive::{Expected, FREE, Hold, NUMBERED, Naive, Ticket};
use super::steps::Step;

const MINUTE: i64 = 60_000_000;
const START: i64 = 1_773_000_000_000_000;
/// Small, so that every limit is met; the hall takes fewer than its zones together.
const SIZE: Size = Size { free: 20, seats: 4, authorised: 22, quota: 8 };

pub(crate) struct Run {
    ledger: Ledger,
    clock: Arc<AtomicI64>,
    venue: Venue,
    model: Naive,
    // The ledger's numbers of what the model has by its place in a list.
    orders: Vec<OrderId>,
    tickets: Vec<TicketId>,
    holds: Vec<HoldId>,
    count: u64,
}

impl Run {
    pub(crate) fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(START));
        let shown = Arc::clone(&clock);
        let ledger = Ledger::in_memory(Arc::new(move || Timestamp(shown.load(Ordering::Relaxed)))).unwrap();
        let venue = Venue::set_up_sized(&ledger, 1, SIZE).unwrap();
        let model = Naive::new(SIZE, START);
        let (orders, tickets, holds) = (Vec::new(), Vec::new(), Vec::new());
        Self { ledger, clock, venue, model, orders, tickets, holds, count: 0 }
    }

    pub(crate) fn step(&mut self, step: Step) {
        match step {
            Step::Sell { channel, count, paid } => self.sell(FREE, None, channel, count, paid),
            Step::SellSeat { channel, seat } => self.sell(NUMBERED, Some(seat), channel, 1, true),
            Step::Hold { channel, count, minutes } => self.hold(channel, count, minutes),
            Step::SellHold { pick } => self.sell_hold(pick),
            Step::Release { pick } => self.release(pick),
            Step::Cancel { pick, fee_kept, refund } => self.cancel(pick, fee_kept, refund),
            Step::Pay { pick, amount } => self.pay(pick, amount),
            Step::Return { pick, amount } => self.return_money(pick, amount),
            Step::Allocate { channel, count, minutes } => self.allocate(channel, count, minutes),
            Step::GiveBack { channel, count } => self.give_back(channel, count),
            Step::Deadline { channel, minutes } => self.set_deadline(channel, minutes),
            Step::Transfer { from, count } => self.transfer(from, count),
            Step::Close { channel } => self.close(channel),
            Step::Report { channel, count } => self.report(channel, count),
            Step::Wait { minutes } => {
                self.model.wait(minutes * MINUTE);
                self.clock.store(self.model.now, Ordering::Relaxed);
            }
        }
    }

    /// Submits and demands what the model expects; learns the numbers that the ledger gave.
    fn submit(&mut self, expected: Expected, fact: bool, body: CommandBody) -> Option<Receipt> {
        self.count += 1;
        let command = Command {
            organisation: self.venue.organisation,
            actor: self.venue.device,
            key: format!("model-{}", self.count),
            occurred_at: fact.then_some(Timestamp(self.model.now)),
            body,
        };
        let answer = match self.ledger.submit_blocking(command.clone()) {
            Ok(receipt) => Ok(receipt),
            Err(SubmitError::Rejected(rejection)) => Err(rejection.code),
            Err(stopped) => panic!("the ledger stopped: {stopped}"),
        };
        let told = answer.as_ref().map(drop).map_err(|code| *code);
        assert_eq!(told, expected, "{command:?}\n{:?}", self.model);
        let receipt = answer.ok()?;
        for entry in receipt.entries() {
            match &entry.event {
                Event::OrderPlaced(event) => self.learn(&event.lines),
                Event::ExternalSaleReported(event) => self.learn(&event.lines),
                Event::HoldPlaced(event) => self.holds.push(event.hold),
                _ => {}
            }
        }
        Some(receipt)
    }

    fn learn(&mut self, lines: &OrderLines) {
        self.orders.push(lines.order);
        self.tickets.extend(lines.tickets.iter().map(|line| line.ticket));
    }

    fn line(&self, zone: usize, seat: Option<u32>, channel: usize) -> Ticket {
        let fee = if channel == 0 { 0 } else { FEE.0 };
        let (price, order) = (PRICE.0, self.model.orders.len());
        Ticket { zone, seat, channel, order, price, fee, cancelled: false, fee_kept: false }
    }

    fn order_of(&self, line: &Ticket, count: i64, received: i64, holds: Vec<HoldId>) -> CommandBody {
        let Venue { show, tariff, .. } = self.venue;
        let (zone, seat) = (self.venue.zones[line.zone], line.seat.map(SeatId));
        let ticket = TicketRequest { show, zone, seat, tariff, price: None, comp: None };
        CommandBody::PlaceOrder(PlaceOrder {
            channel: self.venue.channels[line.channel],
            seller: String::new(),
            buyer: None,
            holds,
            tickets: vec![ticket; count as usize],
            items: Vec::new(),
            payment: self.legs(received),
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        })
    }

    fn legs(&self, amount: i64) -> Vec<Leg> {
        let leg = Leg { method: self.venue.method, amount: Amount(amount) };
        if amount == 0 { Vec::new() } else { vec![leg] }
    }

    fn sell(&mut self, zone: usize, seat: Option<u32>, channel: usize, count: i64, paid: bool) {
        let line = self.line(zone, seat, channel);
        let expected = match seat {
            Some(seat) => self.model.can_sell_seat(channel, seat),
            None => self.model.can_take(zone, channel, count),
        };
        let received = if paid { count * (line.price + line.fee) } else { 0 };
        let body = self.order_of(&line, count, received, Vec::new());
        if self.submit(expected, false, body).is_some() {
            self.model.sell(&line, count, received);
        }
    }

    fn hold(&mut self, channel: usize, count: i64, minutes: i64) {
        let ends = self.model.now + minutes * MINUTE;
        let body = CommandBody::PlaceHold(PlaceHold {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            channel: self.venue.channels[channel],
            places: Places::Count(count as u32),
            expires_at: Timestamp(ends),
            buyer: None,
        });
        if self.submit(self.model.can_take(FREE, channel, count), false, body).is_some() {
            self.model.holds.push(Hold { channel, count, ends, over: false });
        }
    }

    /// One of the holds, and whether it is in force.
    fn pick_hold(&self, pick: usize) -> Option<(usize, Expected)> {
        let index = pick.checked_rem(self.model.holds.len())?;
        let hold = &self.model.holds[index];
        let ended = hold.over || hold.ends <= self.model.now;
        Some((index, if ended { Err(soticket_schema::RejectionCode::HoldEnded) } else { Ok(()) }))
    }

    fn sell_hold(&mut self, pick: usize) {
        let Some((index, expected)) = self.pick_hold(pick) else { return };
        let Hold { channel, count, .. } = self.model.holds[index];
        let line = self.line(FREE, None, channel);
        let received = count * (line.price + line.fee);
        let body = self.order_of(&line, count, received, vec![self.holds[index]]);
        if self.submit(expected, false, body).is_some() {
            self.model.holds[index].over = true;
            self.model.sell(&line, count, received);
        }
    }

    fn release(&mut self, pick: usize) {
        let Some((index, expected)) = self.pick_hold(pick) else { return };
        let body = CommandBody::ReleaseHold(ReleaseHold { hold: self.holds[index] });
        if self.submit(expected, false, body).is_some() {
            self.model.holds[index].over = true;
        }
    }

    fn cancel(&mut self, pick: usize, fee_kept: bool, refund: i64) {
        let Some(index) = pick.checked_rem(self.tickets.len()) else { return };
        let order = self.model.tickets[index].order;
        let body = CommandBody::CancelTickets(CancelTickets {
            order: self.orders[order],
            tickets: vec![TicketToCancel { ticket: self.tickets[index], fee_kept }],
            items: Vec::new(),
            reason: CancelReason::Customer,
            refund: self.legs(refund),
        });
        if self.submit(self.model.can_cancel(index, refund), false, body).is_some() {
            let ticket = &mut self.model.tickets[index];
            (ticket.cancelled, ticket.fee_kept) = (true, fee_kept);
            self.model.orders[order].returned += refund;
        }
    }

    fn pay(&mut self, pick: usize, amount: i64) {
        let Some(index) = pick.checked_rem(self.orders.len()) else { return };
        let legs = self.legs(amount);
        let body = CommandBody::RecordPayment(RecordPayment { order: self.orders[index], legs });
        if self.submit(self.model.can_pay(index, amount), false, body).is_some() {
            self.model.orders[index].received += amount;
        }
    }

    fn return_money(&mut self, pick: usize, amount: i64) {
        let Some(index) = pick.checked_rem(self.orders.len()) else { return };
        let legs = self.legs(amount);
        let body = CommandBody::ReturnMoney(ReturnMoney { order: self.orders[index], legs });
        if self.submit(self.model.can_return(index, amount), false, body).is_some() {
            self.model.orders[index].returned += amount;
        }
    }

    fn later(&self, minutes: Option<i64>) -> Option<i64> {
        minutes.map(|minutes| self.model.now + minutes * MINUTE)
    }

    fn give_back(&mut self, channel: usize, count: i64) {
        let body = CommandBody::ReturnQuota(ReturnQuota {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            channel: self.venue.channels[channel],
            places: Places::Count(count as u32),
        });
        if self.submit(self.model.can_give_back(channel, count), false, body).is_some() {
            self.model.quotas[channel] = self.model.quotas[channel].map(|quota| quota - count);
        }
    }

    fn set_deadline(&mut self, channel: usize, minutes: Option<i64>) {
        let ends = self.later(minutes);
        let body = CommandBody::SetQuotaDeadline(SetQuotaDeadline {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            channel: self.venue.channels[channel],
            returns_at: ends.map(Timestamp),
        });
        if self.submit(self.model.has_quota(channel), false, body).is_some() {
            self.model.deadlines[channel] = ends;
        }
    }

    fn allocate(&mut self, channel: usize, count: i64, minutes: Option<i64>) {
        let ends = self.later(minutes);
        let body = CommandBody::AllocateQuota(AllocateQuota {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            channel: self.venue.channels[channel],
            places: Places::Count(count as u32),
            returns_at: ends.map(Timestamp),
        });
        if self.submit(self.model.can_allocate(channel, count), false, body).is_some() {
            *self.model.quotas[channel].get_or_insert(0) += count;
            self.model.deadlines[channel] = ends.or(self.model.deadlines[channel]);
        }
    }

    fn transfer(&mut self, from: usize, count: i64) {
        let to = 1 - from;
        let body = CommandBody::TransferQuota(TransferQuota {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            from: self.venue.channels[from],
            to: self.venue.channels[to],
            places: Places::Count(count as u32),
        });
        if self.submit(self.model.can_transfer(from, count), false, body).is_some() {
            self.model.quotas[from] = self.model.quotas[from].map(|quota| quota - count);
            self.model.quotas[to] = self.model.quotas[to].map(|quota| quota + count);
        }
    }

    fn close(&mut self, channel: usize) {
        let expected = match self.model.quotas[channel] {
            Some(_) => Ok(()),
            None => Err(soticket_schema::RejectionCode::QuotaClosed),
        };
        let body = CommandBody::CloseQuota(CloseQuota {
            show: self.venue.show,
            zone: self.venue.zones[FREE],
            channel: self.venue.channels[channel],
        });
        if self.submit(expected, false, body).is_some() {
            (self.model.quotas[channel], self.model.deadlines[channel]) = (None, None);
        }
    }

    /// A sale elsewhere is never refused, whatever it breaks.
    fn report(&mut self, channel: usize, count: i64) {
        let line = Ticket { fee: 0, ..self.line(FREE, None, channel) };
        let Venue { show, tariff, .. } = self.venue;
        let ticket = ReportedTicket {
            show,
            zone: self.venue.zones[FREE],
            seat: None,
            tariff,
            price: PRICE,
            fee: Amount::ZERO,
            vat: Rate(55_000),
            stated_vat: None,
            fee_vat: Rate::ZERO,
            pack: None,
            comp: None,
            replaces: None,
            codes: Vec::new(),
        };
        let received = count * line.price;
        let body = CommandBody::ReportSale(ReportSale {
            source: ReportSource::Network,
            order: None,
            channel: self.venue.channels[channel],
            seller: String::new(),
            buyer: None,
            tickets: vec![ticket; count as usize],
            items: Vec::new(),
            payment: self.legs(received),
        });
        self.submit(Ok(()), true, body);
        self.model.sell(&line, count, received);
    }

    /// Compares what the projections say with what the model counts.
    pub(crate) fn compare(&mut self) {
        let (organisation, show) = (self.venue.organisation, self.venue.show);
        let now = Timestamp(self.model.now);
        // At this instant, whether or not events say yet what has run out.
        let projections = Projections::start(self.ledger.clone(), Options::default()).unwrap();
        let places = projections.view(organisation, |views| views.availability.show_at(show, now));
        self.compare_places(&places.flatten().unwrap());
        projections.close();
        // An event about the show, before which what is past its time is ended by events.
        let scan = ReportScan {
            show: self.venue.show,
            code: "unknown".into(),
            gate: self.venue.gate,
            device: self.venue.device,
            nonce: 1,
            direction: Direction::Entry,
            offline: false,
            decision: GateDecision::Refused,
        };
        self.submit(Ok(()), true, CommandBody::ReportScan(scan));
        let projections = Projections::start(self.ledger.clone(), Options::default()).unwrap();
        let places = projections.view(organisation, |views| views.availability.show(show)).flatten().unwrap();
        self.compare_places(&places);
        let money = projections.view(organisation, |views| views.settlement.organisation()).unwrap();
        let received: i64 = self.model.orders.iter().map(|order| order.received).sum();
        let returned: i64 = self.model.orders.iter().map(|order| order.returned).sum();
        let due: i64 = (0..self.model.orders.len()).map(|order| self.model.due(order)).sum();
        assert_eq!((money.paid.0, money.returned.0), (received, returned));
        assert_eq!((money.orders.0, money.open.0), (due, due - received + returned));
        projections.close();
    }

    fn compare_places(&self, places: &ShowAvailability) {
        for (index, zone) in places.zones.iter().enumerate() {
            for channel in 0..2 {
                let number = self.venue.channels[channel];
                let found = zone.channels.iter().find(|known| known.channel == number);
                let sold = found.map_or(0, |found| found.sold as i64);
                let held = found.map_or(0, |found| found.held as i64);
                assert_eq!(sold, self.model.sold(index, channel), "sold in zone {index} by {channel}");
                if index == FREE {
                    assert_eq!(held, self.model.held(channel), "held by {channel}");
                    let quota = found.and_then(|found| found.quota).map(|quota| quota as i64);
                    assert_eq!(quota, self.model.quotas[channel], "quota of {channel}");
                    let flow = found.map_or(0, |found| found.flow.quota());
                    assert_eq!(flow, self.model.quotas[channel].unwrap_or(0), "flow of {channel}");
                }
            }
            let pool = self.model.pool_left(index).max(0) as u64;
            assert!(zone.pool.left <= pool, "the pool of zone {index}");
        }
    }
}
