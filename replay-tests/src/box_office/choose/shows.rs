//! Shows that are put off, moved or called off, and the return of their money step by step.

use soticket_schema::command::*;
use soticket_schema::event::v1::ZoneOnSale;
use soticket_schema::*;

use super::super::house::{
    BALCONY, FLOOR, FLOOR_PLACES, PIT, PIT_PLACES, SEATS, TIER_SEATS, TIERS, seats_of,
};
use super::{Chooser, MINUTE};

const HOUR: i64 = 60 * MINUTE;

impl Chooser<'_> {
    pub(super) fn show_change(&mut self) -> (CommandBody, bool) {
        let show = self.show();
        match self.random.below(20) {
            0..9 => (self.postpone(show), true),
            9..19 => (self.move_show(show), true),
            // Not the newest, so that there is something to return.
            _ => {
                let last = self.books.last_show();
                let show = ShowId(last.saturating_sub(1 + self.random.below(3)));
                (CommandBody::CancelShow(CancelShow { show }), true)
            }
        }
    }

    fn postpone(&mut self, show: ShowId) -> CommandBody {
        let doors_at = Timestamp(self.now.0 + (2 + self.up_to(8)) * HOUR);
        let starts_at = Timestamp(doors_at.0 + HOUR);
        let sale_until = Timestamp(starts_at.0 + 5 * HOUR);
        let refunds_until = self.random.chance(70).then(|| self.after(400));
        let sale_from = Timestamp(self.now.0 - HOUR);
        CommandBody::PostponeShow(PostponeShow {
            show,
            starts_at,
            doors_at,
            sale_from,
            sale_until,
            refunds_until,
        })
    }

    /// To the other hall: seats keep their numbers, are turned round, or become free seating.
    fn move_show(&mut self, show: ShowId) -> CommandBody {
        let zones = self.books.shows.show(show).map_or(&[][..], |show| &show.zones);
        let away = zones.iter().all(|(zone, _)| *zone == PIT || *zone == BALCONY);
        let (hall, free, numbered, places) = if away {
            (HallId(2), FLOOR, TIERS, FLOOR_PLACES)
        } else {
            (HallId(1), PIT, BALCONY, PIT_PLACES)
        };
        let seats = if away { TIER_SEATS } else { SEATS };
        let all_free = self.random.chance(15);
        let mut on_sale = vec![ZoneOnSale { zone: free, on_sale: places }];
        if !all_free {
            on_sale.push(ZoneOnSale { zone: numbered, on_sale: seats });
        }
        let turned = !all_free && self.random.chance(40);
        let moves = zones.iter().map(|(from, count)| {
            let to = if *count > 0 && !all_free { numbered } else { free };
            let fits = *count <= seats_of(to);
            let turn = turned && to == numbered && fits;
            let seats = if turn { (0..*count).rev().map(SeatId).collect() } else { Vec::new() };
            ZoneMove { from: *from, to, seats }
        });
        let moves = moves.collect();
        let refunds_until = self.random.chance(70).then(|| self.after(400));
        CommandBody::RelocateShow(RelocateShow { show, hall, zones: on_sale, moves, refunds_until })
    }

    /// The return of a show's money: begun, and worked off in small steps.
    pub(super) fn refund(&mut self) -> CommandBody {
        let under_way: Vec<ShowId> = self.books.refunds.under_way.keys().copied().collect();
        if let Some(show) = self.random.pick(&under_way).copied()
            && self.random.chance(90)
        {
            let orders = u32::try_from(1 + self.random.below(12)).unwrap_or(1);
            return CommandBody::AdvanceShowRefund(AdvanceShowRefund { show, orders });
        }
        let last = self.books.last_show();
        let called_off: Vec<ShowId> = (last.saturating_sub(8)..=last)
            .map(ShowId)
            .filter(|show| self.books.shows.show(*show).is_some_and(|show| show.called_off.is_some()))
            .collect();
        let show = match self.random.pick(&called_off) {
            Some(show) if self.random.chance(95) => *show,
            _ => self.show(),
        };
        CommandBody::BeginShowRefund(BeginShowRefund { show, fees_kept: self.random.chance(40) })
    }
}
