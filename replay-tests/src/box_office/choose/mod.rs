//! Random commands: mostly sensible, so that most of them are accepted, and about as many wrong ones as right ones at the edges.

mod after;
mod commissions;
mod gates;
mod money;
mod orders;
mod quotas;
mod shows;
mod tariffs;
mod tills;

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::books::{Books, Ticket};
use super::house::{CHANNELS, COMPS, DEVICE, SELLERS, tariff};
use crate::random::Random;

const MINUTE: i64 = 60_000_000;

/// A command, who sends it, and whether it is reported as a fact.
pub(super) struct Choice {
    pub(super) body: CommandBody,
    pub(super) fact: bool,
    pub(super) actor: ActorId,
}

struct Chooser<'a> {
    random: &'a mut Random,
    books: &'a Books,
    now: Timestamp,
}

/// The next random command.
pub(super) fn command(random: &mut Random, books: &Books, now: Timestamp) -> Choice {
    let mut chooser = Chooser { random, books, now };
    let (body, fact) = chooser.body();
    let actor = chooser.actor(&body);
    Choice { body, fact, actor }
}

impl Chooser<'_> {
    fn body(&mut self) -> (CommandBody, bool) {
        let (body, either) = match self.random.below(1_000) {
            0..400 => (CommandBody::PlaceOrder(self.order()), false),
            400..455 => (self.hold(), false),
            455..470 => (self.release(), false),
            470..540 => (self.cancel(), false),
            540..595 => (self.exchange(), false),
            595..625 => (self.after_the_sale(), false),
            625..680 => self.money(),
            680..715 => self.late_payment(),
            715..745 => (self.stored_value(), false),
            745..790 => self.quota(),
            790..812 => return (self.report(), true),
            812..818 => (CommandBody::ExpireRights(ExpireRights { at_most: 50 }), false),
            818..832 => (self.reduce(), true),
            832..850 => (self.commission(), false),
            850..868 => (self.tariff_rules(), false),
            868..876 => (self.comp_limits(), false),
            876..900 => self.till(),
            900..940 => self.scan(),
            940..955 => (self.gate_rules(), false),
            955..964 => self.show_change(),
            _ => (self.refund(), false),
        };
        // What gates report is told afterwards, always.
        let reported = matches!(body, CommandBody::ReportScan(_));
        let fact = reported || either && self.random.chance(20);
        (body, fact)
    }

    /// Mostly the house itself; else who sells on the channel, now and then somebody who does not.
    fn actor(&mut self, body: &CommandBody) -> ActorId {
        let selling = match body {
            CommandBody::OpenTill(till) => return till.operator,
            CommandBody::ReportScan(_) | CommandBody::RedeemTicket(_) => return DEVICE,
            CommandBody::PlaceOrder(order) => Some(order.channel),
            CommandBody::PlaceHold(hold) => Some(hold.channel),
            CommandBody::ExchangeTickets(exchange) => Some(exchange.channel),
            CommandBody::ReturnQuota(quota) => Some(quota.channel),
            CommandBody::ReportSale(report) => Some(report.channel),
            CommandBody::CancelTickets(_)
            | CommandBody::RecordPayment(_)
            | CommandBody::ReturnMoney(_)
            | CommandBody::DuplicateTicket(_)
            | CommandBody::TransferTicket(_) => None,
            _ if self.random.chance(98) => return ActorId(0),
            _ => None,
        };
        if self.random.chance(70) {
            return ActorId(0);
        }
        let own = selling.and_then(|channel| CHANNELS.iter().position(|known| *known == channel));
        let own = own.and_then(|place| SELLERS.get(place).copied()).filter(|_| self.random.chance(90));
        own.or_else(|| self.random.pick(&SELLERS).copied()).unwrap_or_default()
    }

    /// One of the latest shows, now and then an unknown one.
    fn show(&mut self) -> ShowId {
        let last = self.books.last_show();
        ShowId(last.saturating_sub(self.random.below(3)) + u64::from(self.random.chance(1)))
    }

    /// Where a show sells without numbers.
    fn free_zone(&self, show: ShowId) -> ZoneId {
        self.books.shows.free_zone(show).unwrap_or(super::house::PIT)
    }

    /// Where a show sells numbered seats, and how many there are.
    fn numbered_zone(&self, show: ShowId) -> Option<(ZoneId, u32)> {
        self.books.shows.show(show)?.zones.iter().copied().find(|(_, seats)| *seats > 0)
    }

    fn channel(&mut self) -> ChannelId {
        self.random.pick(&CHANNELS).copied().unwrap_or_default()
    }

    /// One of the latest numbers up to `last`.
    fn recent(&mut self, last: u64, span: u64) -> u64 {
        last.saturating_sub(self.random.below(span.min(last.max(1))))
    }

    fn up_to(&mut self, most: u64) -> i64 {
        i64::try_from(self.random.below(most + 1)).unwrap_or(0)
    }

    /// Minutes from now on.
    fn after(&mut self, minutes: u64) -> Timestamp {
        Timestamp(self.now.0 + MINUTE * (1 + self.up_to(minutes)))
    }

    fn order_id(&mut self) -> OrderId {
        let last = self.books.money.orders.len() as u64;
        OrderId(self.recent(last, 400) + u64::from(self.random.chance(1)))
    }

    /// A ticket of the latest; a cancelled one now and then.
    fn ticket_id(&mut self) -> TicketId {
        let last = self.books.tickets.len() as u64;
        for _ in 0..4 {
            let id = TicketId(self.recent(last, 800));
            if self.ticket(id).is_some_and(Ticket::is_valid) {
                return id;
            }
        }
        TicketId(self.recent(last, 800))
    }

    fn ticket(&self, id: TicketId) -> Option<&Ticket> {
        self.books.tickets.get(usize::try_from(id.0.wrapping_sub(1)).unwrap_or(usize::MAX))
    }

    fn request(&mut self) -> TicketRequest {
        let show = self.show();
        let kind = match self.random.below(10) {
            0..5 => TariffKind::Full,
            5..7 => TariffKind::Reduced,
            7..9 => TariffKind::Subscriber,
            _ => TariffKind::Free,
        };
        let numbered = self.numbered_zone(show).filter(|_| self.random.chance(20));
        let seat = numbered
            .map(|(_, seats)| SeatId(u32::try_from(self.random.below(u64::from(seats))).unwrap_or(0)));
        let reason = self.random.pick(&COMPS).copied();
        TicketRequest {
            show,
            zone: numbered.map_or_else(|| self.free_zone(show), |(zone, _)| zone),
            seat,
            tariff: tariff(show, kind),
            price: self.price(kind),
            comp: reason.filter(|_| kind == TariffKind::Free),
        }
    }

    /// What a buyer says to pay: mostly nothing, and more often where they may choose.
    fn price(&mut self, kind: TariffKind) -> Option<Amount> {
        let often = if kind == TariffKind::Reduced { 15 } else { 2 };
        self.random.chance(often).then(|| Amount(self.up_to(2_600)))
    }

    fn requests(&mut self, most: u64) -> Vec<TicketRequest> {
        (0..=self.random.below(most)).map(|_| self.request()).collect()
    }

    /// The till that a box office names, or nothing.
    fn seller(&mut self, channel: ChannelId) -> String {
        let has_tills = channel == CHANNELS[1] || channel == CHANNELS[2];
        if has_tills && self.random.chance(70) {
            format!("till {}", self.random.below(2))
        } else {
            String::new()
        }
    }
}
