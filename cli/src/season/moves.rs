//! Shows to which something happens: one is called off and its money returned, one moves to a larger hall, one is put off.

use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::days;
use super::driver::{Driver, Order};
use super::sales::Live;
use super::venue::SeasonShow;
use crate::failure::Failure;

/// Its place in the season, and how many days before its date it is called off.
const CALLED_OFF: (u64, u64) = (11, 3);
/// Moves from the club to the large hall.
const MOVED: (u64, u64) = (16, 30);
/// Takes place so many days later.
const PUT_OFF: (u64, u64) = (20, 12);
const LATER: u64 = 4;
/// Orders that each step of the return works off, and steps of a part of a day.
const STEP_ORDERS: u32 = 40;
const STEPS: u32 = 3;
/// Holders who give a ticket back because its show was moved or put off.
const GIVE_BACK: usize = 12;

/// What happened so far.
#[derive(Default)]
pub(super) struct Moves {
    /// Whose money is being returned, and how many steps it took.
    returning: Option<(ShowId, u32)>,
}

impl Moves {
    /// What happens in the morning of a day; returns tickets that are given back for it.
    pub(super) fn morning(
        &mut self,
        driver: &mut Driver<'_>,
        shows: &mut [SeasonShow],
        live: &mut Vec<Live>,
        day: u64,
    ) -> Result<(), Failure> {
        let due = |(place, before): (u64, u64)| days::day_of(place) - before == day;
        if due(CALLED_OFF)
            && let Some(show) = shows.iter_mut().find(|show| show.place == CALLED_OFF.0)
        {
            show.called_off = true;
            live.retain(|sold| sold.show != show.show);
            driver.need("season/called off", CommandBody::CancelShow(CancelShow { show: show.show }))?;
            let begin = BeginShowRefund { show: show.show, fees_kept: false };
            driver.need("season/refund", CommandBody::BeginShowRefund(begin))?;
            self.returning = Some((show.show, 0));
        }
        if due(MOVED) {
            let hall = shows.iter().find(|show| show.place % 3 == 0).map(|show| show.standing);
            if let (Some(show), Some(to)) = (shows.iter_mut().find(|show| show.place == MOVED.0), hall) {
                driver.need("season/moved", relocate(show, to))?;
                show.standing = to;
                let show = show.clone();
                give_back(driver, live, &show)?;
            }
        }
        if due(PUT_OFF)
            && let Some(show) = shows.iter_mut().find(|show| show.place == PUT_OFF.0)
        {
            show.day += LATER;
            driver.need("season/put off", postpone(show))?;
            let show = show.clone();
            give_back(driver, live, &show)?;
        }
        Ok(())
    }

    /// Some steps of the return that is under way: it goes on where the last one stopped.
    pub(super) fn go_on(&mut self, driver: &mut Driver<'_>) -> Result<(), Failure> {
        for _ in 0..STEPS {
            let Some((show, step)) = self.returning else { return Ok(()) };
            let advance = AdvanceShowRefund { show, orders: STEP_ORDERS };
            let key = format!("season/refund/{step}");
            let events = driver.need(&key, CommandBody::AdvanceShowRefund(advance))?;
            let over = events.iter().any(|event| matches!(event, Event::ShowRefundFinished(_)));
            self.returning = (!over).then_some((show, step + 1));
        }
        Ok(())
    }
}

fn relocate(show: &SeasonShow, to: (ZoneId, u32)) -> CommandBody {
    CommandBody::RelocateShow(RelocateShow {
        show: show.show,
        hall: HallId(1),
        zones: vec![ZoneOnSale { zone: to.0, on_sale: to.1 }],
        moves: vec![ZoneMove { from: show.standing.0, to: to.0, seats: Vec::new() }],
        refunds_until: Some(days::at(show.day - 5, 0)),
    })
}

fn postpone(show: &SeasonShow) -> CommandBody {
    let starts_at = days::at(show.day, 20 * 60 + 30);
    CommandBody::PostponeShow(PostponeShow {
        show: show.show,
        starts_at,
        doors_at: days::at(show.day, 19 * 60 + 30),
        sale_from: days::at(show.day.saturating_sub(days::ON_SALE_DAYS), 8 * 60),
        sale_until: starts_at,
        refunds_until: Some(days::at(show.day - 2, 0)),
    })
}

fn give_back(driver: &mut Driver<'_>, live: &mut Vec<Live>, show: &SeasonShow) -> Result<(), Failure> {
    let mut orders = Vec::new();
    while orders.len() < GIVE_BACK
        && let Some(index) = live.iter().position(|sold| sold.show == show.show)
    {
        let sold = live.swap_remove(index);
        let key = format!("season/given back/{}/{}", show.place, orders.len());
        let body = sold.cancellation(CancelReason::ShowChanged);
        orders.push(Order { key, at: None, actor: ActorId(0), body });
    }
    driver.all(orders)?;
    Ok(())
}
