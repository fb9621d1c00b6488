//! The mixture of commands: what is asked for next, and what is known of what was sold.

use std::collections::{BTreeSet, VecDeque};

use soticket_schema::command::{
    CancelTickets, CommandBody, PlaceHold, ReleaseHold, ReportScan, TicketToCancel, TransferQuota,
};
use soticket_schema::event::v1::{CancelReason, Direction, GateDecision, Leg, Places};
use soticket_schema::ids::{CodeHash, HoldId, OrderId, ShowId, SubjectRef, TicketId};
use soticket_schema::{Amount, Command, Event, Timestamp};

use super::world::{SHOWS_ON_SALE, World};
use super::{Buyer, ORGANISATION, Random, Sale, Tally};

/// Tickets that may still be scanned or cancelled: those sold last.
const RECENT: usize = 65_536;
/// Holds that are kept at most; beyond that one is released for every one placed.
const HOLDS: usize = 64;

/// A ticket that was sold.
#[derive(Debug, Clone, Copy)]
struct Sold {
    ticket: TicketId,
    order: OrderId,
    show: ShowId,
    code: CodeHash,
    price: Amount,
    fee: Amount,
    entered: bool,
}

/// The stream of commands. Every command's events must be given back before the next is asked for.
pub(crate) struct Mix {
    world: World,
    random: Random,
    commands: u64,
    /// The first show on sale; [`SHOWS_ON_SALE`] from there on sell.
    first_show: usize,
    recent: VecDeque<Sold>,
    holds: VecDeque<(HoldId, ShowId)>,
    buyers: BTreeSet<SubjectRef>,
    tally: Tally,
}

impl Mix {
    pub(crate) fn new(world: World, seed: u64) -> Self {
        Self {
            world,
            random: Random::new(seed),
            commands: 0,
            first_show: 0,
            recent: VecDeque::with_capacity(RECENT),
            holds: VecDeque::new(),
            buyers: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The next command.
    pub(crate) fn command(&mut self) -> Command {
        self.commands += 1;
        let key = format!("mix-{}", self.commands);
        // In thousandths: 700 sales, 250 scans, 50 others. Before there are tickets everything is a sale.
        match self.random.below(1_000) {
            700..950 if !self.recent.is_empty() => self.scan(key),
            950..965 if !self.recent.is_empty() => self.refund(key),
            965..970 => self.transfer(key),
            970..1_000 if self.holds.len() < HOLDS && self.random.below(2) == 0 => self.hold(key),
            970..1_000 if !self.holds.is_empty() => self.release(key),
            _ => self.sale(key),
        }
    }

    fn sale(&mut self, key: String) -> Command {
        let show = self.first_show + self.random.below(SHOWS_ON_SALE);
        let show = &self.world.shows[show % self.world.shows.len()];
        // Half of the buyers are known, and most of those have bought before.
        let known = self.random.below(self.commands as usize / 4 + 1) as u64;
        let buyer = if self.random.below(2) == 0 { Buyer::Named(known) } else { Buyer::Anonymous };
        Sale { show, tickets: 2, buyer }.command(&self.world, &mut self.random, key)
    }

    fn scan(&mut self, key: String) -> Command {
        let chosen = self.random.below(self.recent.len());
        let sold = &mut self.recent[chosen];
        if !sold.entered {
            sold.entered = true;
            self.tally.show(sold.show).entered += 1;
        }
        let body = CommandBody::ReportScan(ReportScan {
            show: sold.show,
            code: sold.code.to_string(),
            gate: *self.random.choose(&self.world.gates),
            device: self.world.device,
            nonce: self.commands,
            direction: Direction::Entry,
            offline: false,
            decision: GateDecision::Admitted,
        });
        self.ask(key, Some(Timestamp(1_767_225_600_000_000 + self.commands as i64 * 1_000_000)), body)
    }

    /// Cancels a recent ticket that has not entered, with its money. Sells when a few tries find none.
    fn refund(&mut self, key: String) -> Command {
        for _ in 0..8 {
            let chosen = self.random.below(self.recent.len());
            if self.recent[chosen].entered {
                continue;
            }
            let Some(sold) = self.recent.swap_remove_back(chosen) else { continue };
            self.tally.cancel(sold.show, sold.price);
            let method = *self.random.choose(&self.world.methods);
            let body = CommandBody::CancelTickets(CancelTickets {
                order: sold.order,
                tickets: vec![TicketToCancel { ticket: sold.ticket, fee_kept: false }],
                items: Vec::new(),
                reason: CancelReason::Customer,
                refund: vec![Leg { method, amount: sold.price + sold.fee }],
            });
            return self.ask(key, None, body);
        }
        self.sale(key)
    }

    /// Moves a place from one quota to another, the other way at the next time.
    fn transfer(&mut self, key: String) -> Command {
        let with_quota: Vec<_> = self.world.channels.iter().filter(|channel| channel.quota).collect();
        let turn = self.random.below(2);
        let (from, to) = (with_quota[turn].id, with_quota[1 - turn].id);
        let show = &self.world.shows[self.first_show % self.world.shows.len()];
        let zone = *self.random.choose(&show.zones);
        let body = TransferQuota { show: show.id, zone, from, to, places: Places::Count(1) };
        self.ask(key, None, CommandBody::TransferQuota(body))
    }

    fn hold(&mut self, key: String) -> Command {
        let show = self.first_show + self.random.below(SHOWS_ON_SALE);
        let show = &self.world.shows[show % self.world.shows.len()];
        let body = CommandBody::PlaceHold(PlaceHold {
            show: show.id,
            zone: *self.random.choose(&show.zones),
            channel: self.random.choose(&self.world.channels).id,
            places: Places::Count(1),
            expires_at: Timestamp::LATEST,
            buyer: None,
        });
        self.ask(key, None, body)
    }

    fn release(&mut self, key: String) -> Command {
        match self.holds.pop_front() {
            Some((hold, show)) => {
                self.tally.show(show).held -= 1;
                self.ask(key, None, CommandBody::ReleaseHold(ReleaseHold { hold }))
            }
            None => self.sale(key),
        }
    }

    fn ask(&self, key: String, occurred_at: Option<Timestamp>, body: CommandBody) -> Command {
        Command { organisation: ORGANISATION, actor: self.world.actor, key, occurred_at, body }
    }

    /// Learns what the last command became.
    pub(crate) fn observe(&mut self, events: &[Event]) {
        self.tally.commands += 1;
        for event in events {
            self.tally.count(event);
            match event {
                Event::OrderPlaced(order) => {
                    if order.lines.subject.is_some_and(|subject| self.buyers.insert(subject)) {
                        self.tally.buyers += 1;
                    }
                    for line in &order.lines.tickets {
                        self.sold(Sold {
                            ticket: line.ticket,
                            order: order.lines.order,
                            show: line.show,
                            code: line.codes.first().map_or_else(CodeHash::default, |code| code.hash),
                            price: line.price,
                            fee: line.fee,
                            entered: false,
                        });
                    }
                }
                Event::HoldPlaced(hold) => self.holds.push_back((hold.hold, hold.show)),
                _ => {}
            }
        }
    }

    fn sold(&mut self, sold: Sold) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(sold);
        // The oldest show on sale is sold out: the next one takes its place.
        let first = &self.world.shows[self.first_show % self.world.shows.len()];
        if self.tally.show(first.id).issued >= self.world.size.show_tickets {
            self.first_show += 1;
        }
    }
}
