//! Holds and quotas.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::{Chooser, MINUTE};

impl Chooser<'_> {
    pub(super) fn places(&mut self, show: ShowId) -> (ZoneId, Places) {
        let numbered = self.numbered_zone(show).filter(|_| self.random.chance(30));
        let Some((zone, seats)) = numbered else {
            let count = u32::try_from(1 + self.random.below(6)).unwrap_or(1);
            return (self.free_zone(show), Places::Count(count));
        };
        let first = self.random.below(u64::from(seats));
        let last = (first + self.random.below(4)).min(u64::from(seats) - 1);
        let seats = (first..=last).filter_map(|seat| u32::try_from(seat).ok()).map(SeatId);
        (zone, Places::Seats(seats.collect()))
    }

    pub(super) fn hold(&mut self) -> CommandBody {
        let (show, channel, buyer) = (self.show(), self.channel(), None);
        let (zone, places) = self.places(show);
        let expires_at =
            Timestamp(self.now.0 + MINUTE * (1 + i64::try_from(self.random.below(60)).unwrap_or(0)));
        CommandBody::PlaceHold(PlaceHold { show, zone, channel, places, expires_at, buyer })
    }

    pub(super) fn release(&mut self) -> CommandBody {
        let holds: Vec<HoldId> = self.books.places.holds.keys().rev().take(30).copied().collect();
        let hold = self.random.pick(&holds).copied().unwrap_or(HoldId(1));
        CommandBody::ReleaseHold(ReleaseHold { hold })
    }

    pub(super) fn deadline(&mut self) -> Timestamp {
        Timestamp(self.now.0 + MINUTE * (1 + i64::try_from(self.random.below(300)).unwrap_or(0)))
    }

    pub(super) fn quota(&mut self) -> (CommandBody, bool) {
        let show = self.show();
        let (zone, places) = self.places(show);
        let (channel, to) = (self.channel(), self.channel());
        match self.random.below(10) {
            0..3 => {
                let returns_at = self.random.chance(40).then(|| self.deadline());
                let allocate = AllocateQuota { show, zone, channel, places, returns_at };
                // A deadline is set for what is to come: a fact states none.
                let either = allocate.returns_at.is_none();
                (CommandBody::AllocateQuota(allocate), either)
            }
            3 => {
                let returns_at = self.random.chance(80).then(|| self.deadline());
                (CommandBody::SetQuotaDeadline(SetQuotaDeadline { show, zone, channel, returns_at }), false)
            }
            4 => (CommandBody::ReturnQuota(ReturnQuota { show, zone, channel, places }), true),
            5..7 => {
                let transfer = TransferQuota { show, zone, from: channel, to, places };
                (CommandBody::TransferQuota(transfer), true)
            }
            _ => (CommandBody::CloseQuota(CloseQuota { show, zone, channel }), false),
        }
    }
}
