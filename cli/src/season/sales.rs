//! The season, part of a day by part of a day.

use std::collections::BTreeMap;

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::chance::Chance;
use super::days::{ON_SALE_DAYS, Slot};
use super::desk::Desk;
use super::driver::Driver;
use super::gates;
use super::moves::Moves;
use super::venue::*;
use crate::failure::Failure;

/// Orders per show and slot at the slowest; near the date there are more.
const ORDERS_SLOWEST: u64 = 1;
/// Slots of a thousand with an order more.
const ONE_MORE: u64 = 700;

/// A valid ticket that was sold live.
pub(super) struct Live {
    pub(super) ticket: TicketId,
    pub(super) order: OrderId,
    pub(super) show: ShowId,
    /// What goes back for it: its price and its fee, without what stays due.
    pub(super) back: Amount,
}

/// The sales so far.
pub(super) struct Sales {
    /// Shows as they stand.
    pub(super) shows: Vec<SeasonShow>,
    pub(super) number: u64,
    /// Next numbered seat of each show.
    pub(super) seats: BTreeMap<ShowId, u32>,
    pub(super) live: Vec<Live>,
    /// Subscriber cards that are paid.
    pub(super) cards: Vec<CardId>,
    pub(super) gift_cards: Vec<(StoredValueId, Amount)>,
    pub(super) desk: Desk,
    moves: Moves,
}

impl Sales {
    pub(super) fn new(venue: Venue) -> Self {
        Self {
            shows: venue.shows,
            number: 0,
            seats: BTreeMap::new(),
            live: Vec::new(),
            cards: Vec::new(),
            gift_cards: Vec::new(),
            desk: Desk::new(),
            moves: Moves::default(),
        }
    }

    /// Everything that happens in one slot.
    pub(super) fn slot(
        &mut self,
        driver: &mut Driver<'_>,
        chance: &mut Chance,
        day: u64,
        slot: Slot,
    ) -> Result<(), Failure> {
        if slot == Slot::Noon {
            self.desk.open(driver, day)?;
            self.moves.morning(driver, &mut self.shows, &mut self.live, day)?;
        }
        self.moves.go_on(driver)?;
        let mut orders = Vec::new();
        for show in self.on_sale(day) {
            let left = show.day - day;
            let near = ON_SALE_DAYS / (left + 10);
            let more = u64::from(chance.per_mille(ONE_MORE));
            for _ in 0..(ORDERS_SLOWEST + more + chance.below(3 + near)) {
                orders.push(self.sale(chance, &show, day));
            }
        }
        if slot == Slot::Noon && chance.per_mille(700) {
            orders.push(self.right(chance));
        }
        let answers = driver.all(orders)?;
        for events in answers.into_iter().flatten() {
            self.learn(&events);
        }
        let changes = self.changes(chance, day);
        driver.all(changes)?;
        if slot == Slot::Evening {
            if let Some(show) = self.shows.iter().find(|show| show.day == day && !show.called_off) {
                gates::evening(driver, show, &self.live)?;
            }
            self.desk.close(driver, chance, day)?;
        }
        Ok(())
    }

    /// Shows that sell on a day.
    pub(super) fn on_sale(&self, day: u64) -> Vec<SeasonShow> {
        let selling = |show: &&SeasonShow| {
            let sells = (show.day.saturating_sub(ON_SALE_DAYS)..=show.day).contains(&day);
            sells && !show.called_off
        };
        self.shows.iter().filter(selling).cloned().collect()
    }

    pub(super) fn key(&mut self, what: &str) -> String {
        self.number += 1;
        format!("season/{what}/{}", self.number)
    }

    fn learn(&mut self, events: &[Event]) {
        self.desk.learn(events);
        for event in events {
            match event {
                Event::OrderPlaced(placed) => {
                    let OrderLines { order, channel, .. } = placed.lines;
                    let tickets = placed.lines.tickets.iter().filter(|line| line.pack.is_none());
                    self.live.extend(tickets.map(|line| {
                        let stays = channel == SITE && line.price > Amount::ZERO;
                        let stays = if stays { SITE_SERVICE } else { Amount::ZERO };
                        let back = line.price + line.fee - stays;
                        Live { ticket: line.ticket, order, show: line.show, back }
                    }));
                }
                Event::CardIssued(issued) => self.cards.push(issued.card),
                Event::StoredValueIssued(issued) => self.gift_cards.push((issued.value, issued.amount)),
                _ => {}
            }
        }
    }
}
