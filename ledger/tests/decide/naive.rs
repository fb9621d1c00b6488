//! The rules of places and money by brute force: everything is counted anew from all events, in lists, without any of
//! the running totals that the decision state keeps.

use std::collections::{BTreeMap, BTreeSet};

use soticket_schema::RejectionCode::{self, *};
use soticket_schema::command::{CommandBody, PlaceHold, PlaceOrder};
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::venue::{BALCONY, PIT};

const AUTHORISED: usize = 13;

/// A place that is sold or held.
#[derive(Clone, Debug)]
pub(crate) struct Occupied {
    zone: ZoneId,
    seat: Option<SeatId>,
    channel: ChannelId,
}

/// Everything that happened, counted anew.
#[derive(Clone, Default)]
pub(crate) struct Naive {
    /// Quotas that are open: how many places, where they have no seats.
    pub(crate) quotas: BTreeMap<(ZoneId, ChannelId), i64>,
    /// When an open quota goes back by itself.
    pub(crate) deadlines: BTreeMap<(ZoneId, ChannelId), Timestamp>,
    owners: BTreeMap<SeatId, ChannelId>,
    closed: BTreeSet<ChannelId>,
    pub(crate) sold: BTreeMap<TicketId, Occupied>,
    pub(crate) held: BTreeMap<HoldId, (Timestamp, Vec<Occupied>)>,
    /// Due, received and returned per order.
    pub(crate) money: BTreeMap<OrderId, (i64, i64, i64)>,
    tickets: BTreeMap<TicketId, (OrderId, i64, i64)>,
    pub(crate) serials: BTreeMap<(TariffId, ZoneId), Vec<u64>>,
    pub(crate) cancelled: Vec<TicketId>,
    called_off: bool,
    /// Orders that a refund under way has still to look at.
    refunding: Option<BTreeSet<OrderId>>,
    pub(crate) finished: bool,
}

impl Naive {
    pub(crate) fn of(events: &[Event]) -> Self {
        let mut naive = Self::default();
        events.iter().for_each(|event| naive.add(event));
        naive
    }

    /// As everything is at an instant: quotas past their deadlines are closed, whether an event says so or not.
    pub(crate) fn at(mut self, now: Timestamp) -> Self {
        let due: Vec<_> =
            self.deadlines.iter().filter(|(_, ends)| **ends <= now).map(|(key, _)| *key).collect();
        due.into_iter().for_each(|(zone, channel)| self.close(zone, channel));
        self
    }

    fn add(&mut self, event: &Event) {
        match event {
            Event::ChannelClosed(event) => {
                self.closed.insert(event.channel);
                self.close(PIT, event.channel);
                self.close(BALCONY, event.channel);
            }
            Event::ShowCancelled(_) => self.called_off = true,
            Event::ShowRefundBegun(_) => {
                let orders = self.sold.keys().map(|ticket| self.tickets[ticket].0);
                (self.refunding, self.finished) = (Some(orders.collect()), false);
            }
            Event::ShowRefundAdvanced(event) => {
                let orders = self.refunding.as_mut().unwrap();
                (0..event.orders).for_each(|_| assert!(orders.pop_first().is_some()));
            }
            Event::ShowRefundFinished(_) => {
                assert!(self.refunding.take().unwrap().is_empty() && self.sold.is_empty(), "nobody is left");
                self.finished = true;
            }
            Event::QuotaAllocated(event) => self.allocate(event.zone, event.channel, &event.places),
            Event::QuotaTransferred(event) => {
                if let (Some(quota), Places::Count(count)) =
                    (self.quotas.get_mut(&(event.zone, event.from)), &event.places)
                {
                    *quota -= i64::from(*count);
                }
                self.allocate(event.zone, event.to, &event.places);
            }
            Event::QuotaClosed(event) => self.close(event.zone, event.channel),
            Event::QuotasExpired(event) => {
                event.quotas.iter().for_each(|quota| self.close(quota.zone, quota.channel));
            }
            Event::QuotaReturned(event) => match &event.places {
                Places::Count(count) => {
                    if let Some(quota) = self.quotas.get_mut(&(event.zone, event.channel)) {
                        *quota -= i64::from(*count);
                    }
                }
                Places::Seats(seats) => {
                    self.owners.retain(|seat, owner| *owner != event.channel || !seats.contains(seat))
                }
            },
            Event::QuotaDeadlineSet(event) => {
                let key = (event.zone, event.channel);
                self.deadlines.remove(&key);
                if let Some(returns_at) = event.returns_at.filter(|_| self.quotas.contains_key(&key)) {
                    self.deadlines.insert(key, returns_at);
                }
            }
            Event::HoldPlaced(event) => {
                let seats = event.places.seats().iter().map(|seat| Some(*seat));
                let seats: Vec<_> = match &event.places {
                    Places::Count(count) => vec![None; *count as usize],
                    Places::Seats(_) => seats.collect(),
                };
                let places =
                    seats.into_iter().map(|seat| Occupied { zone: event.zone, seat, channel: event.channel });
                self.held.insert(event.hold, (event.expires_at, places.collect()));
            }
            Event::HoldReleased(event) => drop(self.held.remove(&event.hold)),
            Event::HoldExpired(event) => drop(self.held.remove(&event.hold)),
            Event::OrderPlaced(event) => {
                event.holds.iter().for_each(|hold| drop(self.held.remove(hold)));
                self.sell(&event.lines);
            }
            Event::ExternalSaleReported(event) => self.sell(&event.lines),
            Event::TicketsCancelled(event) => self.cancel(&event.cancellation),
            Event::ExternalSaleCancelled(event) => self.cancel(&event.cancellation),
            Event::PaymentRecorded(event) => self.money.entry(event.order).or_default().1 += sum(&event.legs),
            Event::MoneyReturned(event) => self.money.entry(event.order).or_default().2 += sum(&event.legs),
            Event::PriceReduced(event) => {
                self.money.entry(event.order).or_default().0 -= event.before.0 - event.after.0;
                self.tickets.get_mut(&event.ticket).unwrap().1 = event.after.0;
            }
            _ => {}
        }
    }

    fn allocate(&mut self, zone: ZoneId, channel: ChannelId, places: &Places) {
        let quota = self.quotas.entry((zone, channel)).or_default();
        match places {
            Places::Count(count) => *quota += i64::from(*count),
            Places::Seats(seats) => self.owners.extend(seats.iter().map(|seat| (*seat, channel))),
        }
    }

    fn close(&mut self, zone: ZoneId, channel: ChannelId) {
        self.quotas.remove(&(zone, channel));
        self.deadlines.remove(&(zone, channel));
        if zone == BALCONY {
            self.owners.retain(|_, owner| *owner != channel);
        }
    }

    fn sell(&mut self, lines: &OrderLines) {
        for line in &lines.tickets {
            let place = Occupied { zone: line.zone, seat: line.seat, channel: lines.channel };
            self.sold.insert(line.ticket, place);
            self.tickets.insert(line.ticket, (lines.order, line.price.0, line.fee.0));
            self.money.entry(lines.order).or_default().0 += line.price.0 + line.fee.0;
            self.serials.entry((line.tariff, line.zone)).or_default().push(line.serial);
            if let Some(orders) = &mut self.refunding {
                orders.insert(lines.order);
            }
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            self.sold.remove(&cancelled.ticket);
            self.cancelled.push(cancelled.ticket);
            let (order, price, fee) = self.tickets[&cancelled.ticket];
            self.money.entry(order).or_default().0 -= price + if cancelled.fee_kept { 0 } else { fee };
        }
    }

    /// Places sold, and held at an instant.
    pub(crate) fn occupied(&self, now: Timestamp) -> Vec<Occupied> {
        let held = self.held.values().filter(|(ends, _)| *ends > now).flat_map(|(_, places)| places.clone());
        self.sold.values().cloned().chain(held).collect()
    }

    /// The channel whose quota a place counts against; none for the pool.
    fn account(&self, place: &Occupied) -> Option<ChannelId> {
        match place.seat {
            Some(seat) => self.owners.get(&seat).copied(),
            None => Some(place.channel).filter(|channel| self.quotas.contains_key(&(place.zone, *channel))),
        }
    }

    /// A channel's open quota.
    pub(crate) fn quota(&self, zone: ZoneId, channel: ChannelId) -> Option<i64> {
        let seats = self.owners.values().filter(|owner| **owner == channel).count() as i64;
        let count = self.quotas.get(&(zone, channel))?;
        Some(if zone == BALCONY { seats } else { *count })
    }

    fn quotas(&self, zone: ZoneId) -> i64 {
        let open = self.quotas.keys().filter(|(of, _)| *of == zone);
        open.map(|(_, channel)| self.quota(zone, *channel).unwrap()).sum()
    }

    /// What an account, the zone and the hall have left.
    fn left(&self, zone: ZoneId, account: Option<ChannelId>, occupied: &[Occupied]) -> [i64; 3] {
        let in_zone = || occupied.iter().filter(|place| place.zone == zone);
        let on_sale = if zone == PIT { 10 } else { 4 };
        let used = in_zone().filter(|place| self.account(place) == account).count() as i64;
        let limit = match account {
            Some(channel) => self.quota(zone, channel).unwrap_or(0),
            None => on_sale - self.quotas(zone),
        };
        [limit - used, on_sale - in_zone().count() as i64, AUTHORISED as i64 - occupied.len() as i64]
    }

    /// What an open quota has left, zone and hall aside.
    pub(crate) fn quota_left(&self, zone: ZoneId, channel: ChannelId, occupied: &[Occupied]) -> Option<i64> {
        let account = Some(channel).filter(|channel| self.quotas.contains_key(&(zone, *channel)))?;
        Some(self.left(zone, Some(account), occupied)[0])
    }

    /// What a channel can sell.
    pub(crate) fn left_for(&self, zone: ZoneId, channel: ChannelId, occupied: &[Occupied]) -> i64 {
        let account = Some(channel).filter(|channel| self.quotas.contains_key(&(zone, *channel)));
        self.left(zone, account, occupied).into_iter().min().unwrap().max(0)
    }

    /// What stands against these places, the first code in the order of precedence.
    fn refuses(&self, places: Vec<Occupied>, mut occupied: Vec<Occupied>) -> Result<(), RejectionCode> {
        let mut codes = Vec::new();
        for place in places {
            let (zone, channel) = (place.zone, place.channel);
            let has_quota = self.quotas.contains_key(&(zone, channel));
            let (own, account) = (Some(channel).filter(|_| has_quota), self.account(&place));
            let [left, in_zone, in_hall] = self.left(zone, account, &occupied);
            let taken = place.seat.is_some() && occupied.iter().any(|other| other.seat == place.seat);
            let other_quota = account.is_some() && account != own;
            codes.extend((taken || other_quota).then_some(SeatTaken));
            codes.extend(
                (has_quota && (account.is_none() || account == own && left < 1)).then_some(QuotaExceeded),
            );
            codes.extend((!has_quota && account.is_none() && left < 1).then_some(PoolExhausted));
            codes.extend((in_zone < 1).then_some(ZoneFull));
            codes.extend((in_hall < 1).then_some(HallFull));
            occupied.push(place);
        }
        codes.into_iter().min().map_or(Ok(()), Err)
    }

    /// Whether a command must be accepted, for the commands that the model test sends.
    pub(crate) fn verdict(&self, body: &CommandBody, now: Timestamp) -> Result<(), RejectionCode> {
        let refuse = |refused: bool, code| if refused { Err(code) } else { Ok(()) };
        let occupied = self.occupied(now);
        self.of_refund(body)?;
        match body {
            CommandBody::PlaceOrder(order) => self.order(order, now),
            CommandBody::PlaceHold(hold) => {
                refuse(self.closed.contains(&hold.channel), ChannelClosed)?;
                self.refuses(places_of(hold), occupied)
            }
            CommandBody::ReleaseHold(release) => self.in_force(release.hold, now).map(|_| ()),
            CommandBody::CloseChannel(close) => refuse(self.closed.contains(&close.channel), ChannelClosed),
            CommandBody::CloseQuota(close) => {
                refuse(self.closed.contains(&close.channel), ChannelClosed)?;
                refuse(!self.quotas.contains_key(&(close.zone, close.channel)), QuotaClosed)
            }
            CommandBody::AllocateQuota(allocate) => {
                refuse(self.closed.contains(&allocate.channel), ChannelClosed)?;
                let (zone, count) = (allocate.zone, i64::from(allocate.places.count()));
                let mut after =
                    Self { owners: self.owners.clone(), quotas: self.quotas.clone(), ..Self::default() };
                after.allocate(zone, allocate.channel, &allocate.places);
                let seats = allocate.places.seats();
                let taken = |seat: &SeatId| self.is_taken(*seat, None, &occupied);
                refuse(seats.iter().any(taken), SeatTaken)?;
                let first = !self.quotas.contains_key(&(zone, allocate.channel));
                let [left, ..] = after.left(zone, Some(allocate.channel), &occupied);
                refuse(first && left < 0, QuotaExceeded)?;
                let [pool, in_zone, _] = after.left(zone, None, &occupied);
                let on_sale = in_zone + occupied.iter().filter(|place| place.zone == zone).count() as i64;
                refuse(pool < 0 || self.quotas(zone) + count > on_sale, CapacityExceeded)
            }
            CommandBody::SetQuotaDeadline(set) => {
                refuse(self.closed.contains(&set.channel), ChannelClosed)?;
                refuse(!self.quotas.contains_key(&(set.zone, set.channel)), QuotaClosed)
            }
            CommandBody::ReturnQuota(back) => {
                refuse(self.closed.contains(&back.channel), ChannelClosed)?;
                refuse(!self.quotas.contains_key(&(back.zone, back.channel)), QuotaClosed)?;
                let taken = |seat: &SeatId| self.is_taken(*seat, Some(back.channel), &occupied);
                refuse(back.places.seats().iter().any(taken), SeatTaken)?;
                let [left, ..] = self.left(back.zone, Some(back.channel), &occupied);
                refuse(left < i64::from(back.places.count()), QuotaExceeded)
            }
            CommandBody::TransferQuota(transfer) => {
                refuse(
                    self.closed.contains(&transfer.from) || self.closed.contains(&transfer.to),
                    ChannelClosed,
                )?;
                let open = |channel| self.quotas.contains_key(&(transfer.zone, channel));
                refuse(!open(transfer.from) || !open(transfer.to), QuotaClosed)?;
                let taken = |seat: &SeatId| self.is_taken(*seat, Some(transfer.from), &occupied);
                refuse(transfer.places.seats().iter().any(taken), SeatTaken)?;
                let [left, ..] = self.left(transfer.zone, Some(transfer.from), &occupied);
                refuse(left < i64::from(transfer.places.count()), QuotaExceeded)
            }
            CommandBody::CancelTickets(cancel) => {
                let (_, received, returned) = self.money[&cancel.order];
                refuse(
                    cancel.tickets.iter().any(|ticket| !self.sold.contains_key(&ticket.ticket)),
                    TicketAlreadyCancelled,
                )?;
                refuse(
                    !cancel.refund.is_empty() && sum(&cancel.refund) > received - returned,
                    RefundExceedsReceived,
                )
            }
            CommandBody::RecordPayment(payment) => {
                let (due, received, returned) = self.money[&payment.order];
                refuse(sum(&payment.legs) > due - received + returned, PaymentExceedsDue)
            }
            CommandBody::ReturnMoney(payment) => {
                let (_, received, returned) = self.money[&payment.order];
                refuse(sum(&payment.legs) > received - returned, RefundExceedsReceived)
            }
            CommandBody::ReducePrice(reduce) => {
                refuse(!self.sold.contains_key(&reduce.ticket), TicketAlreadyCancelled)?;
                refuse(reduce.price.0 >= self.tickets[&reduce.ticket].1, PriceNotReduced)
            }
            _ => Ok(()),
        }
    }

    /// What a cancelled show refuses, and what a refund needs.
    fn of_refund(&self, body: &CommandBody) -> Result<(), RejectionCode> {
        let refuse = |refused: bool, code| if refused { Err(code) } else { Ok(()) };
        match body {
            CommandBody::PlaceOrder(_)
            | CommandBody::PlaceHold(_)
            | CommandBody::AllocateQuota(_)
            | CommandBody::TransferQuota(_)
            | CommandBody::CloseQuota(_)
            | CommandBody::ReturnQuota(_)
            | CommandBody::SetQuotaDeadline(_)
            | CommandBody::CancelShow(_) => refuse(self.called_off, ShowCancelled),
            CommandBody::BeginShowRefund(_) => {
                refuse(!self.called_off, ShowNotCancelled)?;
                refuse(self.refunding.is_some(), RefundUnderWay)?;
                refuse(self.sold.is_empty(), NothingToRefund)
            }
            CommandBody::AdvanceShowRefund(_) => refuse(self.refunding.is_none(), RefundNotBegun),
            _ => Ok(()),
        }
    }

    /// What an order of the show gets back, worked out line by line: what it has paid beyond what is left of it, and at
    /// most what goes.
    pub(crate) fn refund_of(&self, order: OrderId, fees_kept: bool) -> i64 {
        let goes: i64 = self
            .sold
            .keys()
            .map(|ticket| self.tickets[ticket])
            .filter(|(of, ..)| *of == order)
            .map(|(_, price, fee)| price + if fees_kept { 0 } else { fee })
            .sum();
        let (due, received, returned) = self.money.get(&order).copied().unwrap_or_default();
        (received - returned - (due - goes)).clamp(0, goes)
    }

    fn order(&self, order: &PlaceOrder, now: Timestamp) -> Result<(), RejectionCode> {
        if self.closed.contains(&order.channel) {
            return Err(ChannelClosed);
        }
        if order.holds.is_empty() {
            let channel = order.channel;
            let places =
                order.tickets.iter().map(|ticket| Occupied { zone: ticket.zone, seat: ticket.seat, channel });
            return self.refuses(places.collect(), self.occupied(now));
        }
        let mut kept = Vec::new();
        for hold in &order.holds {
            kept.extend(
                self.in_force(*hold, now)?.iter().map(|place| (place.zone, place.seat, place.channel)),
            );
        }
        let taken = order.tickets.iter().map(|ticket| (ticket.zone, ticket.seat, order.channel));
        let mut taken: Vec<_> = taken.collect();
        kept.sort_unstable();
        taken.sort_unstable();
        if kept == taken { Ok(()) } else { Err(HoldMismatch) }
    }

    pub(crate) fn in_force(&self, hold: HoldId, now: Timestamp) -> Result<&[Occupied], RejectionCode> {
        let hold = self.held.get(&hold).filter(|(ends, _)| *ends > now);
        hold.map(|(_, places)| places.as_slice()).ok_or(HoldEnded)
    }

    fn is_taken(&self, seat: SeatId, owner: Option<ChannelId>, occupied: &[Occupied]) -> bool {
        self.owners.get(&seat).copied() != owner || occupied.iter().any(|place| place.seat == Some(seat))
    }

    /// What must hold after any sequence of live commands.
    pub(crate) fn check_limits(&self, now: Timestamp) {
        let occupied = self.occupied(now);
        for zone in [PIT, BALCONY] {
            let quotas = self.quotas.keys().filter(|(of, _)| *of == zone).map(|(_, channel)| Some(*channel));
            for account in quotas.chain([None]) {
                let left = self.left(zone, account, &occupied);
                assert!(left.iter().all(|left| *left >= 0), "{zone} {account:?} {left:?}");
            }
        }
        let seats: Vec<_> = occupied.iter().filter_map(|place| place.seat).collect();
        assert_eq!(seats.len(), seats.iter().collect::<BTreeSet<_>>().len(), "a seat twice");
        for (order, (_, received, returned)) in &self.money {
            assert!(returned <= received, "order {order}");
        }
    }

    /// What must hold whatever the facts.
    pub(crate) fn check_always(&self) {
        let once: BTreeSet<_> = self.cancelled.iter().collect();
        assert_eq!(once.len(), self.cancelled.len(), "cancelled twice");
        for (series, serials) in &self.serials {
            assert!(serials.iter().copied().eq(1..=serials.len() as u64), "{series:?} {serials:?}");
        }
    }
}

fn places_of(hold: &PlaceHold) -> Vec<Occupied> {
    let seats: Vec<_> = match &hold.places {
        Places::Count(count) => vec![None; *count as usize],
        Places::Seats(seats) => seats.iter().map(|seat| Some(*seat)).collect(),
    };
    seats.into_iter().map(|seat| Occupied { zone: hold.zone, seat, channel: hold.channel }).collect()
}

fn sum(legs: &[Leg]) -> i64 {
    legs.iter().map(|leg| leg.amount.0).sum()
}
