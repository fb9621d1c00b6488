//! A ticket as the events have it.

use soticket_schema::event::v1::{CancelReason, CompReason};
use soticket_schema::{Amount, ChannelId, OrderId, SeatId, ShowId, ZoneId};

/// A ticket, by number from 1.
#[derive(Debug)]
pub(in super::super) struct Ticket {
    pub(in super::super) show: ShowId,
    pub(super) zone: ZoneId,
    pub(super) seat: Option<SeatId>,
    pub(super) channel: ChannelId,
    pub(in super::super) order: OrderId,
    pub(super) price: Amount,
    pub(super) fee: Amount,
    pub(super) comp: Option<CompReason>,
    pub(super) cancelled: Option<(CancelReason, bool)>,
    /// What is kept of a fee that was given back.
    pub(super) kept: Amount,
    pub(super) replaced: bool,
    pub(super) copies: u16,
    /// The numbers of its codes: the first one, and those that it was handed on with.
    pub(in super::super) codes: Vec<u64>,
}

impl Ticket {
    /// What is owed for it.
    pub(super) fn due(&self) -> Amount {
        match self.cancelled {
            None => self.price + self.fee,
            Some((_, true)) => self.fee,
            Some((_, false)) => self.kept,
        }
    }

    pub(in super::super) fn is_valid(&self) -> bool {
        self.cancelled.is_none()
    }

    pub(in super::super) fn price(&self) -> Amount {
        self.price
    }
}
