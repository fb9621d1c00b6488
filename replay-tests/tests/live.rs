//! Short campaigns of subscriptions; `cargo xtask campaign live` runs them at full length.

use std::time::Duration;

use soticket_replay_tests::live::{Crowd, Plan, crowd, resume};

#[test]
fn a_subscription_that_is_cut_again_and_again_meets_every_event_once() {
    let folder = tempfile::tempdir().unwrap();
    let report = resume(&Plan { cuts: 60, callers: 4, seed: 11 }, folder.path()).unwrap();
    assert_eq!(report.cuts, 60);
    assert!(report.over_sockets > 10 && report.over_sockets < 60 && report.empty > 0, "{report:?}");
    assert!(report.recorded_meanwhile > 100 && report.events > report.recorded_meanwhile, "{report:?}");
}

#[test]
fn a_crowd_of_sockets_is_served() {
    let program = env!("CARGO_BIN_EXE_campaign").into();
    let plan = Crowd { program, sockets: 150, subscriptions: 50, stay: Duration::from_secs(2), seed: 3 };
    let measured = crowd(&plan).unwrap();
    assert!(measured.empty_kib > 0 && measured.stayed_kib.iter().all(|stayed| *stayed > 0), "{measured:?}");
}
