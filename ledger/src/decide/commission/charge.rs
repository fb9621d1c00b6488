//! What a sale is charged, frozen in events of its command.

use soticket_schema::event::v1::{
    CommissionLine, CommissionsCharged, FeeKind, ItemKind, ItemLine, OrderLines, TariffKind, TicketLine,
};
use soticket_schema::money::allocate;
use soticket_schema::{Amount, Event, ItemId, OrderId, Rate, ShowId, SubjectRef, TicketId, Timestamp};

use super::lines::{self, Lines};
use crate::decide::Context;
use crate::fees::{Applicable, Cascade, Charge, Priced, Selling, charge, charged_on};
use crate::state::{Channel, State, distinct};

/// Room for the lines of one event: with the rest of it they stay well within a record.
const LINES_BYTES_MAX: usize = 45_000;

/// A ticket of the sale, and what it is charged.
struct Ticket {
    ticket: TicketId,
    show: ShowId,
    priced: Priced,
    cascade: Cascade,
    over_cap: bool,
    other_fee: bool,
}

/// The sale that is charged.
struct Sale<'a> {
    order: OrderId,
    subject: Option<SubjectRef>,
    channel: &'a Channel,
    lines: &'a OrderLines,
    applicable: Vec<Applicable<'a>>,
    cap: Rate,
}

/// Charges a live sale: commissions on top become part of its tickets' fees, those of the order an item each.
pub(in crate::decide) fn charge_live(
    context: &Context<'_>,
    channel: &Channel,
    lines: &mut OrderLines,
    new_order: bool,
) -> Vec<Event> {
    let Some(sale) = Sale::of(context.state, context.now, channel, lines) else { return Vec::new() };
    let tickets: Vec<Ticket> = lines.tickets.iter().map(|line| sale.ticket(context.state, line)).collect();
    let mut left = residual(&tickets);
    let mut items = Vec::new();
    let mut of_order = Vec::new();
    let mut number = context.state.orders.next_item().0.saturating_add(lines.items.len() as u64);
    for one in sale.applicable.iter().filter(|one| new_order && one.is_per_order()) {
        let Some((amount, mut own)) = sale.order_lines(one, &tickets, &mut left) else { continue };
        if one.is_on_buyer() {
            let item = ItemId(number);
            own.iter_mut().for_each(|line| line.item = Some(item));
            items.push(order_item(item, amount, one.terms.vat, &own));
            number = number.saturating_add(1);
        }
        of_order.append(&mut own);
    }
    let events = sale.events(&tickets, of_order);
    let fees: Vec<(Amount, Option<Rate>)> =
        tickets.iter().map(|ticket| (ticket.cascade.on_top, sale.first_vat(ticket))).collect();
    for (line, (on_top, vat)) in lines.tickets.iter_mut().zip(fees) {
        if line.fee == Amount::ZERO {
            line.fee_vat = vat.unwrap_or(line.fee_vat);
        }
        line.fee += on_top;
    }
    lines.items.append(&mut items);
    events
}

/// Charges a reported sale as the rules of its time have it. What buyers paid on top is a fact: it is shared among the
/// commissions on top, and flagged where it is not what the rules say. Items are the report's own.
pub(in crate::decide) fn charge_reported(
    context: &Context<'_>,
    channel: &Channel,
    lines: &OrderLines,
    new_order: bool,
) -> Vec<Event> {
    let at = context.occurred_at.unwrap_or(context.now);
    let Some(sale) = Sale::of(context.state, at, channel, lines) else { return Vec::new() };
    let tickets: Vec<Ticket> =
        lines.tickets.iter().map(|line| sale.reported_ticket(context.state, line)).collect();
    let mut left = residual(&tickets);
    let per_order =
        sale.applicable.iter().filter(|one| new_order && one.is_per_order() && !one.is_on_buyer());
    let of_order = per_order
        .filter_map(|one| sale.order_lines(one, &tickets, &mut left))
        .flat_map(|(_, lines)| lines)
        .collect();
    sale.events(&tickets, of_order)
}

/// What commissions of single tickets leave of the face prices.
fn residual(tickets: &[Ticket]) -> Amount {
    tickets.iter().map(|ticket| ticket.cascade.residual).sum()
}

fn order_item(item: ItemId, price: Amount, vat: Rate, lines: &[CommissionLine]) -> ItemLine {
    let show = match lines {
        [line] => Some(line.show),
        _ => None,
    };
    let kind = ItemKind::Fee(FeeKind::Service);
    ItemLine { item, kind, show, price, vat, stated_vat: None, ticket: None }
}

impl<'a> Sale<'a> {
    /// None when no commission is in force for it.
    fn of(state: &'a State, at: Timestamp, channel: &'a Channel, lines: &'a OrderLines) -> Option<Self> {
        let rules = &state.commissions.rules;
        if rules.is_empty() {
            return None;
        }
        let applicable = rules.applicable(Selling { at, channel: lines.channel, seller: &lines.seller });
        let (order, subject) = (lines.order, lines.subject);
        let sale = Sale { order, subject, channel, lines, applicable, cap: rules.cap() };
        (!sale.applicable.is_empty()).then_some(sale)
    }

    fn ticket(&self, state: &State, line: &TicketLine) -> Ticket {
        let kind = state.tariffs.get(line.tariff.0).map_or(TariffKind::Full, |tariff| tariff.terms.kind);
        let priced =
            Priced { tariff: line.tariff, kind, face: line.price, vat: line.vat, channel_fee: line.fee };
        let cascade = Cascade::of(&self.applicable, &priced);
        let over_cap = cascade.over(self.cap, line.price, self.channel.takes(line.price, line.fee));
        Ticket { ticket: line.ticket, show: line.show, priced, cascade, over_cap, other_fee: false }
    }

    /// As [`Self::ticket`] would be charged with the channel's own fee, then fitted to the fee that was paid.
    fn reported_ticket(&self, state: &State, line: &TicketLine) -> Ticket {
        let free = line.price <= Amount::ZERO;
        let channel_fee = if free { Amount::ZERO } else { self.channel.fee_on_top };
        let ruled = TicketLine { fee: channel_fee, ..line.clone() };
        let mut ticket = self.ticket(state, &ruled);
        if ticket.cascade.on_top > Amount::ZERO && channel_fee + ticket.cascade.on_top != line.fee {
            ticket.other_fee = true;
            self.share_fee(&mut ticket.cascade, channel_fee, line.fee);
        }
        ticket
    }

    /// Shares a fee that was paid among the channel's own fee and the commissions on top, by what they should be.
    fn share_fee(&self, cascade: &mut Cascade, channel_fee: Amount, paid: Amount) {
        let on_buyer =
            |charge: &&mut Charge| self.applicable.get(charge.index).is_some_and(Applicable::is_on_buyer);
        let mut charges: Vec<&mut Charge> = cascade.charges.iter_mut().filter(on_buyer).collect();
        let weights: Vec<i64> =
            std::iter::once(channel_fee.0).chain(charges.iter().map(|charge| charge.amount.0)).collect();
        let parts = allocate(paid, &weights);
        for (charge, part) in charges.iter_mut().zip(parts.into_iter().skip(1)) {
            charge.amount = part;
        }
        cascade.on_top = charges.iter().map(|charge| charge.amount).sum();
        cascade.charges.retain(|charge| charge.amount != Amount::ZERO);
    }

    /// VAT rate of the first commission that makes up the fee.
    fn first_vat(&self, ticket: &Ticket) -> Option<Rate> {
        let mut charges =
            ticket.cascade.charges.iter().filter_map(|charge| self.applicable.get(charge.index));
        charges.find(|one| one.is_on_buyer()).map(|one| one.terms.vat)
    }

    /// A commission of the whole order: what it comes to, and each show's share by the face prices of its tickets.
    fn order_lines(
        &self,
        one: &Applicable<'_>,
        tickets: &[Ticket],
        left: &mut Amount,
    ) -> Option<(Amount, Vec<CommissionLine>)> {
        let charged: Vec<&Ticket> =
            tickets.iter().filter(|ticket| charged_on(one.terms, &ticket.priced)).collect();
        if charged.is_empty() {
            return None;
        }
        let shows = distinct(charged.iter().map(|ticket| ticket.show));
        let of_show = |show: ShowId| charged.iter().filter(move |ticket| ticket.show == show);
        let bases: Vec<Amount> =
            shows.iter().map(|show| of_show(*show).map(|ticket| ticket.priced.face).sum()).collect();
        let basis: Amount = bases.iter().copied().sum();
        let mut amount = charge(one.terms, basis);
        if one.is_inside() {
            amount = amount.min(*left);
            *left -= amount;
        }
        if amount == Amount::ZERO {
            return None;
        }
        let weights: Vec<i64> = match basis {
            Amount::ZERO => {
                shows.iter().map(|show| i64::try_from(of_show(*show).count()).unwrap_or(0)).collect()
            }
            _ => bases.iter().map(|basis| basis.0).collect(),
        };
        let shares = shows.iter().zip(&bases).zip(allocate(amount, &weights));
        let lines = shares.map(|((show, basis), share)| self.line(one, *show, *basis, share));
        Some((amount, lines.collect()))
    }

    fn line(&self, one: &Applicable<'_>, show: ShowId, basis: Amount, amount: Amount) -> CommissionLine {
        CommissionLine {
            commission: one.commission,
            version: one.version,
            channel: self.lines.channel,
            show,
            beneficiary: one.terms.beneficiary,
            payer: one.terms.payer,
            mode: one.terms.mode,
            basis,
            amount,
            vat: one.terms.vat,
            on_refund: one.terms.on_refund,
            tickets: Vec::new(),
            item: None,
        }
    }

    /// The events; none when nothing is charged.
    fn events(&self, tickets: &[Ticket], of_order: Vec<CommissionLine>) -> Vec<Event> {
        let mut lines = Lines::default();
        for (index, one) in self.applicable.iter().enumerate() {
            for ticket in tickets {
                if let Some(charge) = ticket.cascade.charges.iter().find(|charge| charge.index == index) {
                    lines.add(ticket.ticket, self.line(one, ticket.show, charge.basis, charge.amount));
                }
            }
        }
        let mut lines = lines.into_vec();
        if lines::bytes(&lines) > LINES_BYTES_MAX && tickets.len() > 1 {
            let (first, rest) = tickets.split_at(tickets.len() / 2);
            let mut events = self.events(first, of_order);
            events.append(&mut self.events(rest, Vec::new()));
            return events;
        }
        lines.extend(of_order);
        if lines.is_empty() {
            return Vec::new();
        }
        let with = |flag: fn(&Ticket) -> bool| {
            tickets.iter().filter(|ticket| flag(ticket)).map(|ticket| ticket.ticket).collect()
        };
        let event = CommissionsCharged {
            order: self.order,
            subject: self.subject,
            shows: lines::shows(&lines),
            lines,
            cap: self.cap,
            over_cap: with(|ticket| ticket.over_cap),
            other_fee: with(|ticket| ticket.other_fee),
        };
        vec![event.into()]
    }
}
