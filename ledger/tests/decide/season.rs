//! Seasons, and the rows of numbered seats.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, after, refused};
use crate::venue::*;

const SEASON: SeasonId = SeasonId(1);

fn terms() -> SeasonTerms {
    SeasonTerms { name: "2026-2027".into(), from: after(0), until: after(1_000) }
}

fn rows(numbers: &[&str]) -> DrawSeats {
    let seats = numbers.iter().map(|number| SeatOfRow { number: (*number).into(), at: None }).collect();
    DrawSeats { zone: BALCONY, rows: vec![SeatRow { row: "A".into(), seats }] }
}

#[test]
fn a_show_is_in_one_season_or_in_none() {
    let world = open();
    world
        .when(DefineSeason { terms: terms() })
        .then([SeasonDefined { season: SEASON, terms: terms() }.into()]);
    let world = world.after(DefineSeason { terms: terms() });
    let renamed = SeasonTerms { name: "26/27".into(), ..terms() };
    world.when(ChangeSeason { season: SEASON, terms: renamed.clone() }).then([SeasonChanged {
        season: SEASON,
        terms: renamed,
    }
    .into()]);
    for season in [Some(SEASON), None] {
        let event = ShowSeasonSet { show: SHOW, season };
        world.when(SetShowSeason { show: SHOW, season }).then([event.into()]);
    }
}

#[test]
fn rows_hold_exactly_the_seats_of_their_zone() {
    let command = rows(&["1", "2", "3", "4"]);
    let event = SeatsDrawn { hall: HallId(1), zone: BALCONY, rows: command.rows.clone() };
    open().when(command).then([event.into()]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = open().after(DefineSeason { terms: terms() });
    let unnamed = SeasonTerms { name: " ".into(), ..terms() };
    let backwards = SeasonTerms { until: after(0), ..terms() };
    let far = SeasonTerms { from: Timestamp(0), ..terms() };
    let empty = DrawSeats { rows: Vec::new(), ..rows(&[]) };
    let other = SetShowSeason { show: ShowId(9), season: Some(SeasonId(9)) };
    vec![
        refused(&world, DefineSeason { terms: unnamed }, TextEmpty, "terms.name"),
        refused(&world, DefineSeason { terms: backwards }, TimeOrder, "terms.until"),
        refused(&world, DefineSeason { terms: far }, TimeOutOfRange, "terms.from"),
        refused(&world, ChangeSeason { season: SeasonId(2), terms: terms() }, SeasonUnknown, "season"),
        refused(&world, other, ShowUnknown, "show"),
        refused(&world, SetShowSeason { show: SHOW, season: Some(SeasonId(2)) }, SeasonUnknown, "season"),
        refused(&world, empty, ListEmpty, "rows"),
        refused(&world, rows(&[]), ListEmpty, "rows.0.seats"),
        refused(&world, rows(&["1", "", "3", "4"]), TextEmpty, "rows.0.seats.1.number"),
        refused(&world, rows(&["1", "2", "3"]), SeatsMismatch, "rows"),
        refused(&world, DrawSeats { zone: PIT, ..rows(&["1"]) }, SeatsMismatch, "rows"),
        refused(&world, DrawSeats { zone: ZoneId(9), ..rows(&["1"]) }, ZoneUnknown, "zone"),
    ]
}
