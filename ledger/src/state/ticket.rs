//! Tickets, compact, and the look-up by code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{CompReason, TicketLine, TicketTransferred};
use soticket_schema::{Amount, ChannelId, CodeHash, OrderId, SeatId, ShowId, SubjectRef, TicketId};

use super::codes::CodeIndex;
use super::dense::Dense;
use crate::books::SoldTicket;

/// An entry of the code index that names a further code instead of a ticket.
const FURTHER: u32 = 1 << 31;
/// The seat of a ticket without one.
const NO_SEAT: u32 = u32::MAX;

/// What decisions know of a ticket: 48 bytes, because there are millions.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// Its first code.
    code: CodeHash,
    order: u32,
    show: u32,
    channel: ChannelId,
    seat: u32,
    price: i32,
    fee: i32,
    /// Number of what its VAT is worked out from.
    pub(super) tax: u32,
    /// The zone's place among the show's.
    pub(crate) zone: u8,
    pub(crate) cancelled: bool,
    pub(crate) fee_kept: bool,
    /// Why it is free.
    pub(crate) comp: Option<CompReason>,
}

const _: () = assert!(size_of::<Ticket>() == 48);
const _: () = assert!(soticket_schema::limits::AMOUNT_MAX <= i32::MAX as i64);

impl Ticket {
    pub(crate) fn order(&self) -> OrderId {
        OrderId(u64::from(self.order))
    }

    pub(crate) fn show(&self) -> ShowId {
        ShowId(u64::from(self.show))
    }

    pub(crate) fn channel(&self) -> ChannelId {
        self.channel
    }

    pub(crate) fn seat(&self) -> Option<SeatId> {
        (self.seat != NO_SEAT).then_some(SeatId(self.seat))
    }

    /// It has another place from here on.
    pub(super) fn relocate(&mut self, zone: u8, seat: Option<SeatId>) {
        (self.zone, self.seat) = (zone, seat.map_or(NO_SEAT, |seat| seat.0));
    }

    pub(crate) fn price(&self) -> Amount {
        Amount(i64::from(self.price))
    }

    /// The fee on top that it was sold with.
    pub(crate) fn fee(&self) -> Amount {
        Amount(i64::from(self.fee))
    }

    /// What is owed for the ticket: nothing once it is cancelled, but for a fee that is kept.
    pub(crate) fn due(&self) -> Amount {
        let fee = self.fee();
        match (self.cancelled, self.fee_kept) {
            (false, _) => self.price() + fee,
            (true, true) => fee,
            (true, false) => Amount::ZERO,
        }
    }

    /// What the sums of closings need to know of it.
    pub(super) fn sold(&self) -> SoldTicket {
        SoldTicket { show: self.show(), tax: self.tax, price: self.price(), fee: self.fee() }
    }

    /// Of the fee of a cancelled ticket this much stays due; false where the fee is not given back.
    pub(super) fn keep_of_fee(&mut self, amount: Amount) -> bool {
        let given_back = self.cancelled && !self.fee_kept;
        if given_back {
            (self.fee, self.fee_kept) = (compact(amount), true);
        }
        given_back
    }

    pub(super) fn reduce(&mut self, price: Amount) {
        self.price = compact(price);
    }
}

/// No line that a decision writes is beyond 32 bits.
fn compact(amount: Amount) -> i32 {
    i32::try_from(amount.0.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or(0)
}

/// All tickets.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub(crate) struct Tickets {
    records: Dense<Ticket>,
    /// Second and later codes of tickets.
    further: Vec<(CodeHash, TicketId)>,
    /// The tickets of each code that several have.
    shared: BTreeMap<CodeHash, Vec<TicketId>>,
    /// Copies of the few tickets that were printed again.
    copies: BTreeMap<TicketId, u16>,
    /// Who holds the few tickets that were handed on.
    holders: BTreeMap<TicketId, SubjectRef>,
    #[serde(skip)]
    index: CodeIndex,
}

/// [`Tickets`] as stored: the index is built again, which is quicker than reading it.
#[derive(Deserialize)]
struct Stored {
    records: Dense<Ticket>,
    further: Vec<(CodeHash, TicketId)>,
    shared: BTreeMap<CodeHash, Vec<TicketId>>,
    copies: BTreeMap<TicketId, u16>,
    holders: BTreeMap<TicketId, SubjectRef>,
}

impl From<Stored> for Tickets {
    fn from(stored: Stored) -> Self {
        let Stored { records, further, shared, copies, holders } = stored;
        let codes = usize::try_from(records.len()).unwrap_or(0).saturating_add(further.len());
        let index = CodeIndex::with_room(codes);
        let mut tickets = Self { records, further, shared, copies, holders, index };
        // A code that several tickets have may get another first entry than before: look-ups of those go by `shared`.
        for entry in (1..=tickets.records.next_u32().saturating_sub(1)).chain(tickets.further_entries()) {
            let code = tickets.code_of(entry);
            if tickets.find(code).is_none() {
                tickets.index_entry(code, entry);
            }
        }
        tickets
    }
}

impl Tickets {
    pub(crate) fn next(&self) -> TicketId {
        TicketId(self.records.next())
    }

    pub(crate) fn get(&self, ticket: TicketId) -> Option<&Ticket> {
        self.records.get(ticket.0)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Ticket> {
        self.records.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Ticket> {
        self.records.iter_mut()
    }

    pub(super) fn get_mut(&mut self, ticket: TicketId) -> Option<&mut Ticket> {
        self.records.get_mut(ticket.0)
    }

    pub(super) fn set_tax(&mut self, ticket: TicketId, tax: u32) {
        if let Some(ticket) = self.get_mut(ticket) {
            ticket.tax = tax;
        }
    }

    /// How often a ticket was printed again.
    pub(crate) fn copies(&self, ticket: TicketId) -> u16 {
        self.copies.get(&ticket).copied().unwrap_or(0)
    }

    /// Who a ticket was handed to, if it was.
    pub(crate) fn holder(&self, ticket: TicketId) -> Option<SubjectRef> {
        self.holders.get(&ticket).copied()
    }

    /// Tickets that were handed to a person and that they hold, ascending.
    pub(crate) fn handed_to(&self, subject: SubjectRef) -> impl Iterator<Item = TicketId> {
        self.holders.iter().filter(move |(_, holder)| **holder == subject).map(|(ticket, _)| *ticket)
    }

    pub(super) fn duplicated(&mut self, ticket: TicketId) {
        if self.get(ticket).is_some() {
            let copies = self.copies.entry(ticket).or_default();
            *copies = copies.saturating_add(1);
        }
    }

    /// The codes of before still lead to the ticket: what a gate makes of them is worked out by those who read it.
    pub(super) fn transferred(&mut self, event: &TicketTransferred) {
        if self.get(event.ticket).is_some() {
            self.holders.insert(event.ticket, event.to);
            // Not its first code, whatever the ticket has.
            self.add_code(event.ticket, event.code.hash, 1);
        }
    }

    /// The tickets that have a code, by number.
    pub(crate) fn by_code(&self, code: CodeHash) -> impl Iterator<Item = TicketId> {
        let shared = self.shared.get(&code);
        let only = if shared.is_none() { self.find(code).map(|entry| self.ticket_of(entry)) } else { None };
        shared.into_iter().flatten().copied().chain(only)
    }

    /// Adds a ticket if it has the next number.
    pub(super) fn add(&mut self, line: &TicketLine, order: OrderId, channel: ChannelId, zone: u8) -> bool {
        let ticket = Ticket {
            code: line.codes.first().map_or_else(CodeHash::default, |code| code.hash),
            order: u32::try_from(order.0).unwrap_or(0),
            show: u32::try_from(line.show.0).unwrap_or(0),
            channel,
            seat: line.seat.map_or(NO_SEAT, |seat| seat.0),
            price: compact(line.price),
            fee: compact(line.fee),
            tax: 0,
            zone,
            cancelled: false,
            fee_kept: false,
            comp: line.comp,
        };
        if line.ticket.0 >= u64::from(FURTHER) || !self.records.push(line.ticket.0, ticket) {
            return false;
        }
        for (place, code) in line.codes.iter().enumerate() {
            self.add_code(line.ticket, code.hash, place);
        }
        true
    }

    /// Bytes of memory that tickets and their codes take.
    pub(super) fn bytes(&self) -> usize {
        let codes = self.further.capacity() * size_of::<(CodeHash, TicketId)>() + self.index.bytes();
        self.records.bytes() + codes
    }

    fn add_code(&mut self, ticket: TicketId, code: CodeHash, place: usize) {
        let known = self.find(code).map(|entry| self.ticket_of(entry));
        if place > 0 {
            self.further.push((code, ticket));
        }
        match known {
            Some(first) => {
                let tickets = self.shared.entry(code).or_insert_with(|| vec![first]);
                if tickets.last() != Some(&ticket) {
                    tickets.push(ticket);
                }
            }
            None if place == 0 => self.index_entry(code, u32::try_from(ticket.0).unwrap_or(0)),
            None => {
                let entry = self.further_entries().end.saturating_sub(1);
                self.index_entry(code, entry);
            }
        }
    }

    fn find(&self, code: CodeHash) -> Option<u32> {
        self.index.find(code, |entry| self.code_of(entry))
    }

    fn index_entry(&mut self, code: CodeHash, entry: u32) {
        let Self { records, further, index, .. } = self;
        index.insert(code, entry, |entry| code_of(records, further, entry));
    }

    fn code_of(&self, entry: u32) -> CodeHash {
        code_of(&self.records, &self.further, entry)
    }

    fn ticket_of(&self, entry: u32) -> TicketId {
        match further_place(entry) {
            Some(place) => self.further.get(place).map_or_else(TicketId::default, |(_, ticket)| *ticket),
            None => TicketId(u64::from(entry)),
        }
    }

    fn further_entries(&self) -> std::ops::Range<u32> {
        FURTHER..FURTHER.saturating_add(u32::try_from(self.further.len()).unwrap_or(u32::MAX))
    }
}

fn further_place(entry: u32) -> Option<usize> {
    (entry >= FURTHER).then_some((entry & !FURTHER) as usize)
}

fn code_of(records: &Dense<Ticket>, further: &[(CodeHash, TicketId)], entry: u32) -> CodeHash {
    let code = match further_place(entry) {
        Some(place) => further.get(place).map(|(code, _)| *code),
        None => records.get(entry).map(|ticket| ticket.code),
    };
    code.unwrap_or_default()
}
