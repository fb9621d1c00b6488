//! Receipts of one show: what its statement is made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CompReason, ShowScheduled, TariffKind, TicketLine};
use soticket_schema::{Amount, ChannelId, Currency, Rate, Rounding, TariffId, TicketId, Timestamp, ZoneId};

use super::commissions::Commissions;
use super::debits::Debits;
use super::items::Items;
use super::money::Methods;
use crate::rows::{Interned, Rows};

/// Receipts of one show.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Receipts {
    pub(super) currency: Currency,
    pub(super) rounding: Rounding,
    pub(super) authorised_capacity: u32,
    pub(super) starts_at: Timestamp,
    pub(super) territory: String,
    /// In the order in which the show was scheduled.
    pub(super) zones: Vec<ZoneId>,
    /// In the order of their definition.
    pub(super) tariffs: Vec<(TariffId, String)>,
    /// What each was when it was defined: a tariff that is changed stays what it is.
    pub(super) kinds: BTreeMap<TariffId, TariffKind>,
    pub(super) lines: Interned<LineKey, Line>,
    pub(super) fees: Interned<FeeKey, Fees>,
    pub(super) items: Items,
    pub(super) money: Methods,
    pub(super) debits: Debits,
    pub(super) commissions: Commissions,
    tickets: Rows<Ticket>,
}

/// Tickets that are counted together. The stated VAT is no line of its own: lines that differ in it only are shown as
/// one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct LineKey {
    pub(super) tariff: TariffId,
    pub(super) zone: ZoneId,
    pub(super) channel: ChannelId,
    pub(super) price: Amount,
    pub(super) rate: Rate,
    pub(super) stated_vat: Option<Amount>,
    pub(super) reason: Option<CompReason>,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Line {
    pub(super) issued: u64,
    pub(super) cancelled: u64,
    /// Valid tickets that rules charged a commission of the channel for.
    pub(super) charged: u64,
    /// Lowest and highest serial; 0 while there is none.
    pub(super) first_serial: u64,
    pub(super) last_serial: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct FeeKey {
    pub(super) channel: ChannelId,
    pub(super) amount: Amount,
    pub(super) rate: Rate,
}

#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Fees {
    /// Tickets whose fee was kept.
    pub(super) kept: u64,
}

/// A ticket: its line, its fee and its serial, in words of 4 bytes since there is one per ticket.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Ticket {
    line: u32,
    /// [`NO_FEE`] without one; the highest bits say that the ticket is cancelled, and that rules charged it.
    fee: u32,
    serial_high: u32,
    serial_low: u32,
}

const CANCELLED: u32 = 1 << 31;
const CHARGED: u32 = 1 << 30;
const NO_FEE: u32 = CHARGED - 1;

impl Ticket {
    fn new(line: u32, fee: u32, serial: u64) -> Self {
        Self { line, fee, serial_high: (serial >> 32) as u32, serial_low: serial as u32 }
    }

    fn serial(self) -> u64 {
        u64::from(self.serial_high) << 32 | u64::from(self.serial_low)
    }

    fn fee(self) -> u32 {
        self.fee & NO_FEE
    }

    fn is_cancelled(self) -> bool {
        self.fee & CANCELLED != 0
    }

    fn is_charged(self) -> bool {
        self.fee & CHARGED != 0
    }
}

impl Line {
    fn issue(&mut self, serial: u64) {
        self.issued = self.issued.saturating_add(1);
        self.first_serial = if self.first_serial == 0 { serial } else { self.first_serial.min(serial) };
        self.last_serial = self.last_serial.max(serial);
    }
}

impl Receipts {
    pub(super) fn new(event: &ShowScheduled) -> Self {
        Self {
            currency: event.currency,
            rounding: event.rounding,
            authorised_capacity: event.authorised_capacity,
            starts_at: event.starts_at,
            territory: event.territory.clone(),
            zones: event.zones.iter().map(|sale| sale.zone).collect(),
            tariffs: Vec::new(),
            kinds: BTreeMap::new(),
            lines: Interned::default(),
            fees: Interned::default(),
            items: Items::default(),
            money: Methods::default(),
            debits: Debits::default(),
            commissions: Commissions::default(),
            tickets: Rows::default(),
        }
    }

    pub(super) fn name_tariff(&mut self, tariff: TariffId, name: &str, define: bool) {
        match self.tariffs.iter_mut().find(|(known, _)| *known == tariff) {
            Some((_, known)) if !define => name.clone_into(known),
            None if define => self.tariffs.push((tariff, name.to_owned())),
            _ => {}
        }
    }

    /// Adds a ticket and returns what it costs with its fee; nothing for a number that is known.
    pub(super) fn sell(&mut self, channel: ChannelId, line: &TicketLine) -> Amount {
        let key = LineKey {
            tariff: line.tariff,
            zone: line.zone,
            channel,
            price: line.price,
            rate: line.vat,
            stated_vat: line.stated_vat,
            reason: line.comp,
        };
        let number = self.lines.number(key);
        let fee = match line.fee {
            Amount::ZERO => NO_FEE,
            amount => self.fees.number(FeeKey { channel, amount, rate: line.fee_vat }).min(NO_FEE),
        };
        if !self.tickets.add(line.ticket.0, Ticket::new(number, fee, line.serial)) {
            return Amount::ZERO;
        }
        if let Some((_, line_state)) = self.lines.get_mut(number) {
            line_state.issue(line.serial);
        }
        if let Some((_, fees)) = self.fees.get_mut(fee) {
            fees.kept = fees.kept.saturating_add(1);
        }
        line.price + line.fee
    }

    /// Cancels a ticket and returns what the order costs less; nothing when it is unknown or cancelled already.
    pub(super) fn cancel(&mut self, ticket: TicketId, fee_kept: bool) -> Amount {
        let Some(ticket) = self.tickets.get_mut(ticket.0).filter(|ticket| !ticket.is_cancelled()) else {
            return Amount::ZERO;
        };
        let (line, fee, charged) = (ticket.line, ticket.fee(), ticket.is_charged());
        ticket.fee |= CANCELLED;
        if let Some((_, line)) = self.lines.get_mut(line) {
            line.cancelled = line.cancelled.saturating_add(1);
            line.charged = line.charged.saturating_sub(u64::from(charged));
        }
        let mut less = self.lines.key(line).map_or(Amount::ZERO, |key| key.price);
        if !fee_kept {
            less += self.fees.key(fee).map_or(Amount::ZERO, |key| key.amount);
            if let Some((_, fees)) = self.fees.get_mut(fee) {
                fees.kept = fees.kept.saturating_sub(1);
            }
        }
        less
    }

    /// Rules charged a commission of the channel for the ticket: the terms under which the channel was opened do not
    /// count for it.
    pub(super) fn charge(&mut self, ticket: TicketId) {
        let Some(row) = self.tickets.get_mut(ticket.0).filter(|row| !row.is_charged()) else { return };
        row.fee |= CHARGED;
        let (number, valid) = (row.line, u64::from(!row.is_cancelled()));
        if let Some((_, line)) = self.lines.get_mut(number) {
            line.charged = line.charged.saturating_add(valid);
        }
    }

    /// Part of a valid ticket's fee is a commission, which is listed as such: the rest is the channel's own.
    pub(super) fn take_from_fee(&mut self, ticket: TicketId, amount: Amount) {
        let Some(row) = self.tickets.get(ticket.0).copied().filter(|row| !row.is_cancelled()) else { return };
        let Some(key) = self.fees.key(row.fee()).copied() else { return };
        let rest = match key.amount - amount {
            Amount::ZERO => NO_FEE,
            amount => self.fees.number(FeeKey { amount, ..key }).min(NO_FEE),
        };
        if let Some((_, fees)) = self.fees.get_mut(row.fee()) {
            fees.kept = fees.kept.saturating_sub(1);
        }
        if let Some((_, fees)) = self.fees.get_mut(rest) {
            fees.kept = fees.kept.saturating_add(1);
        }
        if let Some(row) = self.tickets.get_mut(ticket.0) {
            row.fee = row.fee & !NO_FEE | rest;
        }
    }

    /// Moves a ticket to the line of its present price, and returns by how much its order costs less.
    pub(super) fn reprice(&mut self, ticket: TicketId, price: Amount, stated_vat: Option<Amount>) -> Amount {
        let Some(row) = self.tickets.get(ticket.0).copied() else { return Amount::ZERO };
        let Some(key) = self.lines.key(row.line).copied() else { return Amount::ZERO };
        let target = self.lines.number(LineKey { price, stated_vat, ..key });
        if target == row.line {
            return Amount::ZERO;
        }
        if let Some(row) = self.tickets.get_mut(ticket.0) {
            row.line = target;
        }
        let cancelled = u64::from(row.is_cancelled());
        let charged = u64::from(row.is_charged() && !row.is_cancelled());
        if let Some((_, line)) = self.lines.get_mut(target) {
            line.issue(row.serial());
            line.cancelled = line.cancelled.saturating_add(cancelled);
            line.charged = line.charged.saturating_add(charged);
        }
        self.take_from(row.line, cancelled, charged);
        if row.is_cancelled() { Amount::ZERO } else { key.price - price }
    }

    /// One ticket fewer on a line. Its serials are looked for again: they may have been the lowest or highest.
    fn take_from(&mut self, number: u32, cancelled: u64, charged: u64) {
        let serials = self.tickets.iter().filter(|(_, ticket)| ticket.line == number);
        let (first, last) = serials.fold((0, 0), |(first, last), (_, ticket)| {
            let serial = ticket.serial();
            (if first == 0 { serial } else { serial.min(first) }, serial.max(last))
        });
        if let Some((_, line)) = self.lines.get_mut(number) {
            line.issued = line.issued.saturating_sub(1);
            line.cancelled = line.cancelled.saturating_sub(cancelled);
            line.charged = line.charged.saturating_sub(charged);
            (line.first_serial, line.last_serial) = (first, last);
        }
    }
}
