//! Books kept from events alone.

mod arithmetic;
mod commissions;
mod comps;
mod gates;
mod later;
mod money;
mod places;
mod refunds;
mod relocation;
mod rights;
mod sales;
mod sellers;
mod shows;
mod tariffs;
mod ticket;
mod tills;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_ledger::state::State;
use soticket_schema::event::v1::{Flag, OrderLines, TicketLine};
use soticket_schema::{
    Amount, ChannelId, Command, CommandBody, Event, ItemId, OrderId, ShowId, TariffId, TicketId, Timestamp,
    ZoneId,
};

use super::office::number_of as office_number;
use commissions::{Commissions, Tally};
use comps::Comps;
use gates::Gates;
use money::Money;
use places::{Added, Places};
use refunds::{Refunds, Step};
use rights::Rights;
use sellers::Sellers;
use shows::Shows;
use tariffs::Tariffs;
pub(super) use ticket::Ticket;
use tills::{Doing, Tills};

/// Commands between two new shows.
const SHOW_EVERY: u64 = 500;

/// Everything that the events say.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(super) places: Places,
    pub(super) money: Money,
    pub(super) rights: Rights,
    pub(super) shows: Shows,
    pub(super) tills: Tills,
    pub(super) refunds: Refunds,
    pub(super) tickets: Vec<Ticket>,
    commissions: Commissions,
    comps: Comps,
    gates: Gates,
    tariffs: Tariffs,
    sellers: Sellers,
    by_show: BTreeMap<ShowId, Vec<TicketId>>,
    serials: BTreeMap<(ShowId, TariffId, ZoneId), u64>,
    last_show: u64,
    last_sale: u64,
    /// Shows of each pack, by its number from 1.
    pub(super) packs: Vec<Vec<ShowId>>,
    commands: u64,
}

/// A command that became events, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Occasion<'a> {
    pub(super) command: &'a Command,
    pub(super) now: Timestamp,
}

impl Occasion<'_> {
    /// When it happened.
    fn at(&self) -> Timestamp {
        self.command.occurred_at.unwrap_or(self.now)
    }

    fn is_fact(&self) -> bool {
        self.command.is_fact()
    }
}

/// What one command did.
#[derive(Debug)]
struct Touched {
    added: BTreeSet<Added>,
    quotas: BTreeSet<(ShowId, ZoneId)>,
    orders: BTreeSet<OrderId>,
    /// Channels that it acted on.
    channels: BTreeSet<ChannelId>,
    /// Orders whose money went back.
    refunded: BTreeSet<OrderId>,
    cancelled: Vec<TicketId>,
    cancelled_items: Vec<ItemId>,
    paid: Amount,
    spent: Option<Amount>,
    tally: Tally,
    followers: Vec<TicketId>,
    on_cards: BTreeSet<TicketId>,
    from_holds: bool,
    doing: Doing,
    step: Step,
}

impl Touched {
    fn new(occasion: &Occasion<'_>, events: &[Event]) -> Self {
        let doing = Doing { actor: occasion.command.actor, at: occasion.at(), sale: None };
        Self {
            added: BTreeSet::new(),
            quotas: BTreeSet::new(),
            orders: BTreeSet::new(),
            channels: BTreeSet::new(),
            refunded: BTreeSet::new(),
            cancelled: Vec::new(),
            cancelled_items: Vec::new(),
            paid: Amount::ZERO,
            spent: None,
            tally: Tally::default(),
            followers: sales::followers(events),
            on_cards: BTreeSet::new(),
            from_holds: false,
            doing,
            step: Step::default(),
        }
    }
}

impl Books {
    pub(super) fn wants_show(&self) -> bool {
        self.commands > self.last_show.saturating_sub(3) * SHOW_EVERY
    }

    pub(super) fn last_show(&self) -> u64 {
        self.last_show
    }

    pub(super) fn tickets_sold(&self) -> u64 {
        self.tickets.len() as u64
    }

    /// How often gates said what.
    pub(super) fn answers(&self) -> Vec<(String, u64)> {
        let mut answers = self.gates.answers();
        answers.push(("TillDifference".into(), self.tills.differences()));
        answers
    }

    /// Commissions that were defined.
    pub(super) fn commissions(&self) -> u32 {
        self.commissions.rules.count()
    }

    /// What a tariff costs in a zone.
    pub(super) fn price(&self, tariff: TariffId, zone: ZoneId) -> Option<Amount> {
        self.tariffs.price(tariff, zone)
    }

    /// Books the events of one command, and checks what they say and what the ledger makes of them.
    pub(super) fn record(&mut self, occasion: &Occasion<'_>, events: &[Event], state: &State) -> Result<()> {
        self.commands += 1;
        let mut touched = Touched::new(occasion, events);
        self.check_answers(occasion, events)?;
        for event in events {
            self.note_refund(event, &mut touched.step);
            self.book(event, occasion, &mut touched)?;
        }
        touched.tally.check(events, self.commissions.rules.cap())?;
        self.check_refund(events, &touched.step)?;
        self.check_sales(occasion, events, &touched)?;
        if !occasion.is_fact() {
            self.places.check_added(&touched.added)?;
            for (show, zone) in &touched.quotas {
                self.places.check_quotas(*show, *zone)?;
            }
        }
        for ticket in &touched.cancelled {
            let on_card = self.rights.by_ticket.contains_key(ticket);
            ensure!(!on_card, "ticket {ticket} is cancelled and keeps the right of a card");
        }
        for item in &touched.cancelled_items {
            self.rights.check_cancelled_item(*item)?;
        }
        let spent = touched.spent.unwrap_or(Amount::ZERO);
        ensure!(spent <= touched.paid, "{spent:?} was taken from stored values for {:?}", touched.paid);
        self.money.check(&touched.orders, &self.tickets, state)?;
        let of_orders = touched.orders.iter().filter_map(|order| self.money.orders.get(order)?.channel);
        touched.channels.extend(of_orders);
        self.sellers.check(occasion.command.actor, events, &touched.channels)?;
        if occasion.is_fact() { Ok(()) } else { self.money.check_refunded(&touched.refunded) }
    }

    /// What gates are answered depends on what was before.
    fn check_answers(&mut self, occasion: &Occasion<'_>, events: &[Event]) -> Result<()> {
        let CommandBody::RedeemTicket(redeem) = &occasion.command.body else { return Ok(()) };
        // Holds and quotas of the show whose time is over come first.
        let [.., Event::TicketScanned(scanned), Event::ScanJudged(judged)] = events else {
            anyhow::bail!("a gate was not answered");
        };
        let ticket = self.gates.ticket(scanned.code).and_then(|id| self.ticket_of(id));
        let around = gates::Around {
            ticket,
            show: ticket.and_then(|ticket| self.shows.show(ticket.show)),
            owes: ticket.is_some_and(|ticket| self.money.owes(ticket.order, &self.tickets)),
        };
        self.gates.check_answer(redeem, scanned, judged, occasion.at(), &around)?;
        self.gates.count(judged.reason);
        Ok(())
    }

    fn check_sales(&self, occasion: &Occasion<'_>, events: &[Event], touched: &Touched) -> Result<()> {
        for event in events {
            match event {
                Event::OrderPlaced(event) => {
                    self.check_sale(&event.lines, occasion, touched)?;
                    self.check_warnings(&event.lines, events)?;
                }
                Event::ExternalSaleReported(event) => {
                    self.check_flags(&event.lines, &event.flags, occasion.at())?;
                    self.check_warnings(&event.lines, events)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn check_warnings(&self, lines: &OrderLines, events: &[Event]) -> Result<()> {
        self.comps.check_warnings(lines, events, |show| self.shows.authorised(show))
    }

    /// A report is recorded whatever it breaks, and says what that is.
    fn check_flags(&self, lines: &OrderLines, flags: &[Flag], at: Timestamp) -> Result<()> {
        self.shows.check_flags(lines, flags, at)?;
        let (rule, price) = self.tariffs.against(lines, |show| self.shows.starts_at(show), at);
        ensure!(flags.contains(&Flag::TariffRule) == rule, "flags {flags:?}, against a rule: {rule}");
        ensure!(flags.contains(&Flag::OtherPrice) == price, "flags {flags:?}, another price: {price}");
        let over = !self.comps.over_quota(lines).is_empty();
        ensure!(flags.contains(&Flag::OverCompQuota) == over, "flags {flags:?}, too many free: {over}");
        Ok(())
    }

    /// Compares everything with the ledger's state.
    pub(super) fn check_whole(&self, state: &State) -> Result<()> {
        self.places.check_whole(state)?;
        for (index, ticket) in self.tickets.iter().enumerate().rev().take(5_000) {
            let id = TicketId(index as u64 + 1);
            let view = state.ticket(id).ok_or_else(|| anyhow::anyhow!("the ledger has no ticket {id}"))?;
            let own = (ticket.order, ticket.show, ticket.zone, ticket.seat, ticket.price, !ticket.is_valid());
            let ledger = (view.order, view.show, view.zone, view.seat, view.price, view.cancelled);
            ensure!(own == ledger, "ticket {id} is {own:?}, the ledger says {ledger:?}");
        }
        Ok(())
    }

    /// Holds are used up by tickets that take exactly their places.
    fn check_held(mut held: Vec<Added>, lines: &OrderLines) -> Result<()> {
        let channel = lines.channel;
        let place = |line: &TicketLine| Added { show: line.show, zone: line.zone, channel, seat: line.seat };
        let mut sold: Vec<Added> = lines.tickets.iter().map(place).collect();
        held.sort_unstable();
        sold.sort_unstable();
        ensure!(held == sold, "holds of {held:?} were used for {sold:?}");
        Ok(())
    }

    fn ticket_of(&self, id: TicketId) -> Option<&Ticket> {
        self.tickets.get(usize::try_from(id.0.wrapping_sub(1)).unwrap_or(usize::MAX))
    }

    fn ticket(&mut self, id: TicketId) -> Result<&mut Ticket> {
        let index = usize::try_from(id.0.wrapping_sub(1)).unwrap_or(usize::MAX);
        self.tickets.get_mut(index).ok_or_else(|| anyhow::anyhow!("no ticket {id}"))
    }

    /// A ticket in the one state in which something can happen to it.
    fn valid(&mut self, id: TicketId) -> Result<&mut Ticket> {
        let ticket = self.ticket(id)?;
        ensure!(ticket.is_valid(), "something happened to ticket {id}, which is cancelled");
        Ok(ticket)
    }
}
