//! Holds: places kept for a basket or an option.

use soticket_schema::command::{PlaceHold, ReleaseHold};
use soticket_schema::event::v1::{HoldPlaced, HoldReleased, Places};
use soticket_schema::{Event, HoldId, Rejection, RejectionCode, Timestamp};

use super::availability::{Availability, Place};
use super::checks::{Checks, field, rejection};
use super::quota::{check_places, check_seats, find_zone, in_order};
use super::show::not_selling;
use super::{Context, Decide, When};
use crate::state::{Hold, State};

impl Decide for PlaceHold {
    fn shape(&self, when: When, checks: &mut Checks) {
        check_places(&self.places, checks);
        checks.instant(self.expires_at, field("expires_at"));
        checks.ensure(self.expires_at > when.now, RejectionCode::TimeOrder, field("expires_at"));
        checks.buyer(self.buyer.as_ref());
    }

    /// A hold is the first step of a sale and can be placed when its channel can sell.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let (show, index, zone) = find_zone(state, self.show, self.zone)?;
        check_seats(&self.places, zone, checks);
        let channel = state.channels.get(self.channel.0);
        if let Some(channel) = checks.found(channel, RejectionCode::ChannelUnknown, field("channel")) {
            checks.ensure(!channel.closed, RejectionCode::ChannelClosed, field("channel"));
        }
        if let Some(code) = not_selling(show, context.now) {
            checks.ensure(false, code, field("show"));
        }
        check_free(self, context, index, checks);
        let event = HoldPlaced {
            hold: state.holds.next(),
            show: self.show,
            zone: self.zone,
            channel: self.channel,
            places: in_order(&self.places),
            expires_at: self.expires_at,
            subject: context.subject,
        };
        Ok(vec![event.into()])
    }
}

fn check_free(command: &PlaceHold, context: &Context<'_>, zone: u8, checks: &mut Checks) {
    let mut availability = Availability::new(context.state, context.now);
    let places = field("places");
    match &command.places {
        Places::Count(count) => {
            let place = Place::new(command.show, zone, None);
            availability.take(place, command.channel, i64::from(*count)).refuse(checks, places, places);
        }
        Places::Seats(seats) => {
            for (index, seat) in seats.iter().enumerate() {
                let place = Place::new(command.show, zone, Some(*seat));
                let at = places.item(index);
                availability.take(place, command.channel, 1).refuse(checks, places, at);
            }
        }
    }
}

impl Decide for ReleaseHold {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        if !context.state.holds.knows(self.hold) {
            return Err(rejection(RejectionCode::HoldUnknown, field("hold")));
        }
        let hold = in_force(context.state, self.hold, context.now)
            .ok_or_else(|| rejection(RejectionCode::HoldEnded, field("hold")))?;
        Ok(vec![HoldReleased { hold: self.hold, show: hold.show }.into()])
    }
}

/// A hold that was not used, released or expired, and is not past its time.
pub(super) fn in_force(state: &State, hold: HoldId, now: Timestamp) -> Option<&Hold> {
    state.holds.get(hold).filter(|hold| hold.expires_at > now)
}
