//! Commissions, worked out from the rules again for every sale, and what cancellations give back of them.

mod cascade;
mod rules;
mod tally;

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{
    CancelReason, Cancellation, CommissionLine, FeeKind, ItemKind, OnRefund, OrderLines, Payer, TariffKind,
};
use soticket_schema::{Amount, ItemId, OrderId, Rate, TariffId, TicketId, Timestamp};

use super::arithmetic::{divide, exceeds, part};
use cascade::{Sold, TicketCharges, charge_order, charge_ticket, is_buyers, is_of_order};
pub(super) use rules::Rules;
use rules::{Rule, Takes};
pub(super) use tally::Tally;

/// What was charged so far.
#[derive(Debug, Default)]
pub(super) struct Commissions {
    pub(super) rules: Rules,
    tickets: BTreeMap<TicketId, Vec<CommissionLine>>,
    items: BTreeMap<ItemId, Vec<CommissionLine>>,
    orders: BTreeMap<OrderId, Vec<CommissionLine>>,
}

/// A sale as its event has it.
pub(super) struct Sale<'a> {
    pub(super) lines: &'a OrderLines,
    pub(super) at: Timestamp,
    /// Reported by whoever sold: fees are what buyers have paid.
    pub(super) reported: bool,
    pub(super) new_order: bool,
    /// Tickets of packs that bear no fee of the channel: all but the first of each.
    pub(super) followers: &'a [TicketId],
}

impl Commissions {
    pub(super) fn book(&mut self, event: &soticket_schema::Event) -> Result<()> {
        self.rules.book(event)
    }

    /// Works out what a sale is charged; `kind` tells what a tariff is. Checks the fees and items of its lines.
    pub(super) fn charge(
        &mut self,
        sale: &Sale<'_>,
        kind: impl Fn(TariffId) -> TariffKind,
        tally: &mut Tally,
    ) -> Result<()> {
        let lines = sale.lines;
        let takes = self.rules.channels.get(&lines.channel).copied();
        let takes = takes.ok_or_else(|| anyhow::anyhow!("channel {} was not opened", lines.channel))?;
        let rules = self.rules.of(sale.at, lines.channel, &lines.seller);
        let sold: Vec<Sold> = lines
            .tickets
            .iter()
            .map(|line| {
                let follows = !sale.reported && sale.followers.contains(&line.ticket);
                let bears_fee = line.price > Amount::ZERO && !follows;
                let channel_fee = if bears_fee { takes.fee } else { Amount::ZERO };
                let (show, tariff, face, vat) = (line.show, line.tariff, line.price, line.vat);
                Sold { show, tariff, kind: kind(tariff), face, vat, channel_fee, bears_fee }
            })
            .collect();
        let mut charges: Vec<TicketCharges> = sold.iter().map(|sold| charge_ticket(&rules, sold)).collect();
        let mut left: Amount = charges.iter().map(|charges| charges.left_of_face).sum();
        for ((line, sold), charges) in lines.tickets.iter().zip(&sold).zip(&mut charges) {
            let of_channel =
                sold.channel_fee + takes.inside.map_or(Amount::ZERO, |inside| part(sold.face, inside.rate));
            let over =
                sold.face > Amount::ZERO && exceeds(charges.all + of_channel, sold.face, self.rules.cap);
            tally.over_cap.extend(over.then_some(line.ticket));
            if sale.reported {
                let other = charges.on_top > Amount::ZERO && sold.channel_fee + charges.on_top != line.fee;
                if other {
                    tally.other_fee.insert(line.ticket);
                    share_fee(&rules, charges, sold.channel_fee, line.fee);
                }
            } else {
                let fee = sold.channel_fee + charges.on_top;
                ensure!(line.fee == fee, "ticket {} has a fee of {:?}, not {fee:?}", line.ticket, line.fee);
                let vat = fee_vat(&rules, charges, sold, takes);
                ensure!(line.fee_vat == vat, "the fee of ticket {} has {:?} VAT", line.ticket, line.fee_vat);
            }
        }
        let mut ticket_lines: Vec<(TicketId, CommissionLine)> = Vec::new();
        for ((line, sold), charges) in lines.tickets.iter().zip(&sold).zip(&charges) {
            for one in &charges.charges {
                let Some(rule) = rules.get(one.place) else { continue };
                let own = line_of(rule, lines, (sold.show, one.basis, one.amount), None);
                ticket_lines.push((line.ticket, own));
            }
        }
        let mut order_lines: Vec<CommissionLine> = Vec::new();
        let whole = rules.iter().filter(|rule| sale.new_order && is_of_order(rule.terms));
        let whole: Vec<&Rule<'_>> = whole.filter(|rule| !(sale.reported && is_buyers(rule.terms))).collect();
        let mut parts = Vec::new();
        for rule in whole {
            let shares = charge_order(rule.terms, &sold, &mut left);
            if !shares.is_empty() {
                parts.push((*rule, shares));
            }
        }
        let mut items = last_items(lines, parts.iter().filter(|(rule, _)| is_buyers(rule.terms)).count())?;
        for (rule, shares) in parts {
            let mut item = None;
            if is_buyers(rule.terms) {
                let line = items.next().ok_or_else(|| anyhow::anyhow!("an order's fee has no item"))?;
                let sum: Amount = shares.iter().map(|(_, _, amount)| *amount).sum();
                let show = if let [(show, ..)] = shares.as_slice() { Some(*show) } else { None };
                let fits = line.price == sum && line.vat == rule.terms.vat && line.show == show;
                ensure!(fits && line.kind == ItemKind::Fee(FeeKind::Service), "the item of a fee: {line:?}");
                item = Some(line.item);
            }
            order_lines.extend(shares.into_iter().map(|share| line_of(&rule, lines, share, item)));
        }
        self.keep(sale, ticket_lines, order_lines, tally)
    }

    fn keep(
        &mut self,
        sale: &Sale<'_>,
        tickets: Vec<(TicketId, CommissionLine)>,
        whole: Vec<CommissionLine>,
        tally: &mut Tally,
    ) -> Result<()> {
        for (ticket, line) in tickets {
            tally.charge(Some(ticket), &line)?;
            self.tickets.entry(ticket).or_default().push(line);
        }
        for line in whole {
            tally.charge(None, &line)?;
            match line.item {
                Some(item) => self.items.entry(item).or_default().push(line),
                None => self.orders.entry(sale.lines.order).or_default().push(line),
            }
        }
        Ok(())
    }

    /// What stays due of a ticket's fee when it is given back.
    pub(super) fn stays(&self, ticket: TicketId) -> Amount {
        let lines = self.tickets.get(&ticket).map_or(&[][..], Vec::as_slice);
        let stays =
            lines.iter().filter(|line| line.payer == Payer::Buyer && line.on_refund == OnRefund::Kept);
        stays.map(|line| line.amount).sum()
    }

    /// What a cancellation gives back. Returns what is kept of fees that are given back, by ticket. `none_left` says
    /// whether the order has no valid ticket any more.
    pub(super) fn reverse(
        &mut self,
        cancellation: &Cancellation,
        none_left: bool,
        tally: &mut Tally,
    ) -> Result<Vec<(TicketId, Amount)>> {
        let mut kept = Vec::new();
        for cancelled in &cancellation.tickets {
            let mut stays = Amount::ZERO;
            for line in self.tickets.remove(&cancelled.ticket).unwrap_or_default() {
                let paid_with_fee = line.payer == Payer::Buyer;
                let goes = line.on_refund == OnRefund::Reversed && !(paid_with_fee && cancelled.fee_kept);
                if goes {
                    tally.reverse(Some(cancelled.ticket), &line)?;
                } else if paid_with_fee && !cancelled.fee_kept {
                    stays += line.amount;
                }
            }
            if stays > Amount::ZERO {
                tally.kept.insert(cancelled.ticket, stays);
                kept.push((cancelled.ticket, stays));
            }
        }
        for cancelled in &cancellation.items {
            for line in self.items.remove(&cancelled.item).unwrap_or_default() {
                tally.reverse(None, &line)?;
            }
        }
        if none_left && cancellation.reason != CancelReason::Exchange {
            let whole = self.orders.remove(&cancellation.order).unwrap_or_default();
            for line in whole.iter().filter(|line| line.on_refund == OnRefund::Reversed) {
                tally.reverse(None, line)?;
            }
        }
        Ok(kept)
    }
}

/// A reported fee that is not what the rules say is shared by what it should have been made of.
fn share_fee(rules: &[Rule<'_>], charges: &mut TicketCharges, channel_fee: Amount, paid: Amount) {
    let buyers = |place: usize| rules.get(place).is_some_and(|rule| is_buyers(rule.terms));
    let on_top = charges.charges.iter().filter(|one| buyers(one.place)).map(|one| one.amount.0);
    let weights: Vec<i64> = std::iter::once(channel_fee.0).chain(on_top).collect();
    let mut parts = divide(paid, &weights).into_iter().skip(1);
    for one in charges.charges.iter_mut().filter(|one| buyers(one.place)) {
        one.amount = parts.next().unwrap_or_default();
    }
    charges.charges.retain(|one| one.amount > Amount::ZERO);
}

/// VAT rate of a ticket's fee: the channel's, or that of the first commission that it is made of.
fn fee_vat(rules: &[Rule<'_>], charges: &TicketCharges, sold: &Sold, takes: Takes) -> Rate {
    if sold.channel_fee > Amount::ZERO {
        return takes.fee_vat;
    }
    let terms = charges.charges.iter().filter_map(|one| rules.get(one.place)).map(|rule| rule.terms);
    let first = terms.filter(|terms| is_buyers(terms)).map(|terms| terms.vat).next();
    first.unwrap_or(if sold.bears_fee { takes.fee_vat } else { Rate::ZERO })
}

/// The items that a decision adds come last.
fn last_items(
    lines: &OrderLines,
    count: usize,
) -> Result<impl Iterator<Item = &soticket_schema::event::v1::ItemLine>> {
    let skipped = lines.items.len().checked_sub(count);
    let skipped = skipped.ok_or_else(|| anyhow::anyhow!("{count} fees of the order have no items"))?;
    Ok(lines.items.iter().skip(skipped))
}

fn line_of(
    rule: &Rule<'_>,
    lines: &OrderLines,
    (show, basis, amount): (soticket_schema::ShowId, Amount, Amount),
    item: Option<ItemId>,
) -> CommissionLine {
    CommissionLine {
        commission: rule.commission,
        version: rule.version,
        channel: lines.channel,
        show,
        beneficiary: rule.terms.beneficiary,
        payer: rule.terms.payer,
        mode: rule.terms.mode,
        basis,
        amount,
        vat: rule.terms.vat,
        on_refund: rule.terms.on_refund,
        tickets: Vec::new(),
        item,
    }
}
