//! Short campaigns; `cargo xtask campaign` runs them at full length.

use std::path::PathBuf;

use soticket_replay_tests::subject::Subject;
use soticket_replay_tests::{crash, damage, kill};

fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_campaign").into()
}

fn power_cuts(subject: Subject, commands: u32) -> crash::Plan {
    crash::Plan { program: program(), subject, images: 15, commands, seed: 7, disk_lies: false }
}

/// Whether writes can be recorded here; says so if not.
fn can_record() -> bool {
    let available = crash::is_available();
    if !available {
        println!("strace is missing or may not trace here: the crash-image campaign is skipped");
    }
    available
}

#[test]
fn a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged() {
    if !can_record() {
        return;
    }
    for plan in [power_cuts(Subject::Engine, 1_300), power_cuts(Subject::Ledger, 600)] {
        let folder = tempfile::tempdir().unwrap();
        let report = crash::run(&plan, folder.path()).unwrap();
        assert!(report.unsynced > 0 && report.lost > 0, "the cuts lost nothing: {report:?}");
        assert!(
            report.reuses > 0 || plan.subject == Subject::Ledger,
            "no segment was used again: {report:?}"
        );
    }
}

#[test]
fn the_power_cuts_notice_a_disk_that_lies() {
    if !can_record() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let plan = crash::Plan { disk_lies: true, ..power_cuts(Subject::Engine, 200) };
    crash::run(&plan, folder.path()).unwrap_err();
}

#[test]
fn damage_gives_everything_or_a_named_refusal() {
    for subject in Subject::ALL {
        let plan = damage::Plan { program: program(), subject, cases: 20, commands: 600, seed: 7 };
        let folder = tempfile::tempdir().unwrap();
        let report = damage::run(&plan, folder.path()).unwrap();
        assert_eq!(report.cases(), plan.cases);
        assert!(report.full > 0 && !report.refused.is_empty(), "{report:?}");
    }
}

#[test]
fn a_killed_process_has_kept_every_receipt_that_it_gave() {
    let plan = kill::Plan { program: program(), rounds: 12, seed: 7, callers: 8 };
    let folder = tempfile::tempdir().unwrap();
    let report = kill::run(&plan, folder.path()).unwrap();
    assert_eq!(report.kills, plan.rounds);
    assert!(report.receipts > 100, "{report:?}");
}
