//! Replays on all cores give what one thread gives, however the log ends.

use soticket_schema::{Hash, Rounding};

use super::*;
use crate::engine::digest;
use crate::testing::logs::Logs;
use crate::testing::venue::Venue;
use crate::testing::{LogBuilder, ORGANISATION};

fn log() -> LogBuilder {
    let mut venue = Venue::new(Rounding::Document);
    let mut choice = 1_u64;
    while venue.log.entries.len() < 4 * STEP as usize {
        // Fixed, well spread numbers.
        venue.act(choice.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        choice += 1;
    }
    venue.log
}

fn on_one_thread(entries: &[Entry]) -> OrganisationViews {
    let mut views = OrganisationViews::new(ORGANISATION);
    views.fold(entries).unwrap();
    views
}

fn replayed(logs: &Logs, until: u64) -> (OrganisationViews, Result<(), String>) {
    let mut views = OrganisationViews::new(ORGANISATION);
    let result = stretch(&mut views, logs, ORGANISATION, until);
    (views, result)
}

fn assert_same(left: &OrganisationViews, right: &OrganisationViews) {
    assert_eq!((left.folded(), left.head()), (right.folded(), right.head()));
    assert_eq!(left.feeds().map(digest::of), right.feeds().map(digest::of));
}

#[test]
fn a_replay_is_what_one_thread_folds() {
    let log = log();
    let logs = Logs::of(&log);
    let whole = on_one_thread(&log.entries);
    let (mut views, result) = replayed(&logs, 700);
    assert_eq!((result, views.folded()), (Ok(()), 700));
    stretch(&mut views, &logs, ORGANISATION, log.entries.len() as u64).unwrap();
    assert_same(&views, &whole);
    // A log that is shorter than was thought is folded to its end.
    let (views, result) = replayed(&logs, 1 << 20);
    assert_eq!(result, Ok(()));
    assert_same(&views, &whole);
}

#[test]
fn a_log_that_does_not_follow_is_folded_up_to_the_step_before() {
    let log = log();
    let step = STEP as usize;
    // At a seam between steps, and within one.
    for at in [2 * step, 2 * step + 7] {
        let mut forged = log.clone();
        forged.entries[at].envelope.previous = Hash([1; 32]);
        let (views, result) = replayed(&Logs::of(&forged), forged.entries.len() as u64);
        assert!(result.unwrap_err().starts_with("CHAIN_BROKEN"), "at {at}");
        assert_same(&views, &on_one_thread(&log.entries[..2 * step]));
    }
}

#[test]
fn a_read_model_that_is_ahead_folds_nothing_twice() {
    let log = log();
    let mut views = OrganisationViews::new(ORGANISATION);
    let [_, (orders, its_next), ..] = views.feeds_mut();
    orders.fold_from(0, &log.entries[..900], its_next);
    stretch(&mut views, &Logs::of(&log), ORGANISATION, log.entries.len() as u64).unwrap();
    assert_same(&views, &on_one_thread(&log.entries));
}

#[test]
fn an_unreadable_log_says_why() {
    let logs = Logs::of(&log());
    logs.set_unreadable(true);
    let (views, result) = replayed(&logs, 2_000);
    assert_eq!((result, views.folded()), (Err("TEST_UNREADABLE: no".to_owned()), 0));
}
