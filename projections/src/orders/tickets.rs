//! Tickets in blocks of consecutive numbers: a partition each.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    CancelReason, CommissionLine, CompReason, PackShare, ShowRelocated, TicketLine,
};
use soticket_schema::{
    Amount, ChannelId, OrderId, Rate, SeatId, ShowId, SubjectRef, TariffId, TicketId, ZoneId,
};

use super::commissions::TicketCommissions;
use super::view::{Commission, Ticket, TicketStatus};
use crate::rows::Interned;

/// How many bits of a ticket's number tell its place within the block.
pub(super) const TICKET_BITS: u32 = 14;

/// Consecutive tickets.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct TicketBlock {
    /// By the low bits of the number.
    tickets: Vec<TicketRow>,
    terms: Interned<Terms>,
    cancelled: BTreeMap<u16, (CancelReason, bool)>,
    replaces: BTreeMap<u16, TicketId>,
    replaced_by: BTreeMap<u16, TicketId>,
    copies: BTreeMap<u16, u16>,
    holders: BTreeMap<u16, SubjectRef>,
    commissions: TicketCommissions,
}

/// A ticket, in 24 bytes: what it shares with others is in its terms, what is rare is beside.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct TicketRow {
    order: OrderId,
    serial: u64,
    /// [`NONE`] where there is no such ticket.
    terms: u32,
    /// [`NONE`] without a seat: a zone has at most thousands.
    seat: u32,
}

const NONE: u32 = u32::MAX;
const ABSENT: TicketRow = TicketRow { order: OrderId(0), serial: 0, terms: NONE, seat: NONE };

/// What tickets have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Terms {
    show: ShowId,
    zone: ZoneId,
    tariff: TariffId,
    channel: ChannelId,
    price: Amount,
    vat: Rate,
    fee: Amount,
    fee_vat: Rate,
    pack: Option<Pack>,
    comp: Option<CompReason>,
}

/// [`PackShare`] as part of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Pack {
    price: Amount,
    weight: i64,
    weights: i64,
}

fn place(ticket: TicketId) -> usize {
    (ticket.0 & ((1 << TICKET_BITS) - 1)) as usize
}

impl TicketBlock {
    fn row(&self, ticket: TicketId) -> Option<&TicketRow> {
        self.tickets.get(place(ticket)).filter(|row| row.terms != NONE)
    }

    /// Adds a ticket; false when the number is known, which stays as it is.
    pub(super) fn add(&mut self, order: OrderId, channel: ChannelId, line: &TicketLine) -> bool {
        let place = place(line.ticket);
        if self.row(line.ticket).is_some() {
            return false;
        }
        if self.tickets.len() <= place {
            self.tickets.resize(place + 1, ABSENT);
        }
        let terms = self.terms.number(Terms::of(channel, line));
        if let Some(row) = self.tickets.get_mut(place) {
            *row =
                TicketRow { order, serial: line.serial, terms, seat: line.seat.map_or(NONE, |seat| seat.0) };
        }
        if let Some(replaced) = line.replaces {
            self.replaces.insert(place as u16, replaced);
        }
        true
    }

    pub(super) fn cancel(&mut self, ticket: TicketId, reason: CancelReason, fee_kept: bool) {
        if self.row(ticket).is_some() {
            self.cancelled.entry(place(ticket) as u16).or_insert((reason, fee_kept));
        }
    }

    /// Notes the ticket that was issued for this one.
    pub(super) fn replace(&mut self, ticket: TicketId, by: TicketId) {
        if self.row(ticket).is_some() {
            self.replaced_by.entry(place(ticket) as u16).or_insert(by);
        }
    }

    pub(super) fn copy(&mut self, ticket: TicketId, copy: u16) {
        if self.row(ticket).is_some() {
            self.copies.insert(place(ticket) as u16, copy);
        }
    }

    pub(super) fn hand_on(&mut self, ticket: TicketId, to: SubjectRef) {
        if self.row(ticket).is_some() {
            self.holders.insert(place(ticket) as u16, to);
        }
    }

    pub(super) fn charge(&mut self, ticket: TicketId, commissions: Vec<Commission>, over_cap: bool) {
        if self.row(ticket).is_some() {
            self.commissions.charge(place(ticket) as u16, commissions, over_cap);
        }
    }

    pub(super) fn reverse(&mut self, ticket: TicketId, line: &CommissionLine) {
        self.commissions.reverse(place(ticket) as u16, line);
    }

    pub(super) fn keep(&mut self, ticket: TicketId, amount: Amount) {
        self.commissions.keep(place(ticket) as u16, amount);
    }

    pub(super) fn reprice(&mut self, ticket: TicketId, price: Amount) {
        let Some(terms) = self.row(ticket).and_then(|row| self.terms.key(row.terms)).copied() else { return };
        let number = self.terms.number(Terms { price, ..terms });
        if let Some(row) = self.tickets.get_mut(place(ticket)) {
            row.terms = number;
        }
    }

    /// A ticket of the show has another place; one of another show keeps its own.
    pub(super) fn relocate(&mut self, ticket: TicketId, event: &ShowRelocated) {
        let Some(row) = self.row(ticket).copied() else { return };
        let Some(terms) = self.terms.key(row.terms).copied().filter(|terms| terms.show == event.show) else {
            return;
        };
        let Some(moved) = event.moved(terms.zone) else { return };
        let terms = self.terms.number(Terms { zone: moved.to, ..terms });
        let seat = (row.seat != NONE).then_some(SeatId(row.seat));
        let seat = moved.seat(seat).map_or(NONE, |seat| seat.0);
        if let Some(known) = self.tickets.get_mut(place(ticket)) {
            (known.terms, known.seat) = (terms, seat);
        }
    }

    pub(super) fn view(&self, ticket: TicketId) -> Option<Ticket> {
        let row = self.row(ticket)?;
        let terms = self.terms.key(row.terms)?;
        let key = place(ticket) as u16;
        let status = match self.cancelled.get(&key) {
            Some(&(reason, fee_kept)) => TicketStatus::Cancelled { reason, fee_kept },
            None => TicketStatus::Valid,
        };
        Some(Ticket {
            ticket,
            order: row.order,
            show: terms.show,
            zone: terms.zone,
            seat: (row.seat != NONE).then_some(SeatId(row.seat)),
            tariff: terms.tariff,
            channel: terms.channel,
            serial: row.serial,
            price: terms.price,
            vat: terms.vat,
            fee: terms.fee,
            fee_vat: terms.fee_vat,
            pack: terms.pack.map(|pack| PackShare {
                pack_price: pack.price,
                weight: pack.weight,
                weights: pack.weights,
            }),
            comp: terms.comp,
            replaces: self.replaces.get(&key).copied(),
            replaced_by: self.replaced_by.get(&key).copied(),
            copies: self.copies.get(&key).copied().unwrap_or(0),
            holder: self.holders.get(&key).copied(),
            status,
            commissions: self.commissions.of(key),
            over_cap: self.commissions.over_cap(key),
            kept: self.commissions.kept(key),
        })
    }
}

impl Terms {
    fn of(channel: ChannelId, line: &TicketLine) -> Self {
        Self {
            show: line.show,
            zone: line.zone,
            tariff: line.tariff,
            channel,
            price: line.price,
            vat: line.vat,
            fee: line.fee,
            fee_vat: line.fee_vat,
            pack: line.pack.map(|pack| Pack {
                price: pack.pack_price,
                weight: pack.weight,
                weights: pack.weights,
            }),
            comp: line.comp,
        }
    }
}

impl Ticket {
    /// What the ticket adds to its order: price and fee while it is valid, else what was kept of the fee.
    pub fn due(&self) -> Amount {
        match self.status {
            TicketStatus::Valid => self.price + self.fee,
            TicketStatus::Cancelled { fee_kept: true, .. } => self.fee,
            TicketStatus::Cancelled { fee_kept: false, .. } => self.kept,
        }
    }
}
