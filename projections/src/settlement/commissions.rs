//! Commissions of one show, as its sales froze them and cancellations gave them back.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    Beneficiary, CommissionLine, CommissionMode, CommissionsCharged, CommissionsReversed, Payer,
};
use soticket_schema::money::{Taxed, vat_of_gross, vat_on_net};
use soticket_schema::{Amount, ChannelId, CommissionId, Event, Rate, TicketId};

use super::Settlement;
use super::view::CommissionTotal;
use crate::rows::Interned;

/// Commissions of one show.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Commissions {
    sums: Interned<Key, Sums>,
    /// Channels that rules charge by whole orders: their own terms count for no ticket.
    by_order: BTreeSet<ChannelId>,
    /// Tickets whose commissions came to more than the cap.
    pub(super) over_cap: u64,
    /// Tickets whose fee on top was not what the rules say.
    pub(super) other_fee: u64,
}

/// Commissions that are summed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Key {
    channel: ChannelId,
    commission: CommissionId,
    version: u32,
    beneficiary: Beneficiary,
    payer: Payer,
    mode: CommissionMode,
    vat: Rate,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Sums {
    charged: Sum,
    reversed: Sum,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
struct Sum {
    /// Tickets, or orders.
    count: u64,
    basis: Amount,
    amount: Amount,
}

impl Sum {
    fn add(&mut self, line: &CommissionLine) {
        let count = units(line);
        self.count = self.count.saturating_add(count.unsigned_abs());
        self.basis += line.basis.times(count);
        self.amount += line.amount.times(count);
    }
}

/// How many tickets a line is of; one of a whole order counts once.
fn units(line: &CommissionLine) -> i64 {
    i64::try_from(line.tickets.len().max(1)).unwrap_or(i64::MAX)
}

impl Commissions {
    fn sums(&mut self, line: &CommissionLine) -> Option<&mut Sums> {
        let number = self.sums.number(Key {
            channel: line.channel,
            commission: line.commission,
            version: line.version,
            beneficiary: line.beneficiary,
            payer: line.payer,
            mode: line.mode,
            vat: line.vat,
        });
        self.sums.get_mut(number).map(|(_, sums)| sums)
    }

    /// Whether rules charge the channel's commission by whole orders.
    pub(super) fn is_by_order(&self, channel: ChannelId) -> bool {
        self.by_order.contains(&channel)
    }

    /// Rows by channel, commission and version.
    pub(super) fn view(&self) -> Vec<CommissionTotal> {
        let rows = self.sums.iter().map(|(key, sums)| {
            let net = sums.charged.amount - sums.reversed.amount;
            CommissionTotal {
                channel: key.channel,
                commission: key.commission,
                version: key.version,
                beneficiary: key.beneficiary,
                payer: key.payer,
                mode: key.mode,
                rate: key.vat,
                count: sums.charged.count,
                reversed_count: sums.reversed.count,
                basis: sums.charged.basis - sums.reversed.basis,
                charged: sums.charged.amount,
                reversed: sums.reversed.amount,
                taxed: taxed(key.payer, net, key.vat),
            }
        });
        let mut rows: Vec<CommissionTotal> = rows.collect();
        rows.sort_by_key(|row| (row.channel, row.commission, row.version, row.beneficiary));
        rows
    }
}

/// Whether the channel takes the commission out of what it remits, in the place of the terms under which it was opened.
fn is_of_channel(line: &CommissionLine) -> bool {
    is_kept_by_channel(line.mode, line.payer, line.beneficiary)
}

fn is_kept_by_channel(mode: CommissionMode, payer: Payer, beneficiary: Beneficiary) -> bool {
    mode == CommissionMode::Inside && payer == Payer::Organiser && beneficiary == Beneficiary::Channel
}

impl CommissionTotal {
    /// Whether the channel takes it out of what it remits.
    pub fn is_kept_by_channel(&self) -> bool {
        is_kept_by_channel(self.mode, self.payer, self.beneficiary)
    }
}

/// What the buyer pays includes VAT; what the organiser pays has it on top. Rounded once, on the row.
fn taxed(payer: Payer, amount: Amount, vat: Rate) -> Taxed {
    match payer {
        Payer::Buyer => vat_of_gross(amount, vat),
        Payer::Organiser => vat_on_net(amount, vat),
    }
}

impl Settlement {
    pub(super) fn fold_commissions(&mut self, event: &Event) {
        match event {
            Event::CommissionsCharged(event) => self.charge(event),
            Event::CommissionsReversed(event) => self.reverse(event),
            _ => {}
        }
    }

    /// What commissions put on top is taken out of the fees and items that the buyer pays them with: each amount is in
    /// one place of a statement.
    fn charge(&mut self, event: &CommissionsCharged) {
        let flagged = |tickets: &[TicketId]| tickets.iter().copied().collect::<BTreeSet<_>>();
        let (mut over_cap, mut other_fee) = (flagged(&event.over_cap), flagged(&event.other_fee));
        for line in &event.lines {
            if let Some(item) = line.item {
                self.own.items.withdraw(item);
            }
            let Some(show) = self.shows.get_mut(line.show.0) else { continue };
            if let Some(item) = line.item {
                show.items.withdraw(item);
            }
            if let Some(sums) = show.commissions.sums(line) {
                sums.charged.add(line);
            }
            let of_channel = is_of_channel(line);
            if of_channel && line.tickets.is_empty() {
                show.commissions.by_order.insert(line.channel);
            }
            for ticket in &line.tickets {
                if of_channel {
                    show.charge(*ticket);
                }
                if line.payer == Payer::Buyer {
                    show.take_from_fee(*ticket, line.amount);
                }
                show.commissions.over_cap += u64::from(over_cap.remove(ticket));
                show.commissions.other_fee += u64::from(other_fee.remove(ticket));
            }
        }
    }

    fn reverse(&mut self, event: &CommissionsReversed) {
        for line in &event.lines {
            let Some(show) = self.shows.get_mut(line.show.0) else { continue };
            if let Some(sums) = show.commissions.sums(line) {
                sums.reversed.add(line);
            }
            if line.payer == Payer::Buyer {
                self.own.orders -= line.amount.times(units(line));
            }
        }
    }
}
