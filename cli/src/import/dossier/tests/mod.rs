//! The shipped dossier and what can be wrong with one, imported into a ledger in memory.

mod bad_input;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use soticket_ledger::Ledger;
use soticket_ledger::clock::system_clock;
use soticket_projections::Projections;
use soticket_schema::event::v1::Flag;
use soticket_schema::{Event, ShowId};

use super::*;
use crate::import::{ImportError, PretixOptions, Report, execute, import};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/seance-2026-03-14")
}

/// A copy of the shipped dossier with one file passed through `edit`.
fn edited(file: &str, edit: impl FnOnce(String) -> String) -> tempfile::TempDir {
    let folder = copied();
    let path = folder.path().join(file);
    fs::write(&path, edit(fs::read_to_string(&path).unwrap())).unwrap();
    folder
}

fn copied() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in [DESCRIPTION, sales::FILE, quotas::FILE, refunds::FILE, scans::FILE] {
        fs::copy(shipped().join(file), folder.path().join(file)).unwrap();
    }
    folder
}

fn ledger() -> Ledger {
    Ledger::in_memory(system_clock()).unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn run(ledger: &Ledger, folder: &Path) -> Result<Report, ImportError> {
    import(ledger, &Files::Folder(folder.to_owned()), &PretixOptions::default(), &ProgressBar::hidden()).await
}

#[tokio::main(flavor = "current_thread")]
async fn run_plan(ledger: &Ledger, plan: Plan) -> Report {
    execute(ledger, plan, &ProgressBar::hidden()).await.unwrap()
}

fn counts(report: &Report, file: &str) -> (u64, u64, u64, u64) {
    let counts = report.files.iter().find(|counts| counts.file == file).unwrap();
    assert_eq!(counts.unexplained(), 0, "{file}");
    (counts.read, counts.taken, counts.known, counts.refused)
}

fn codes(report: &Report) -> Vec<(String, &'static str)> {
    report.refused.iter().map(|refusal| (refusal.place.to_string(), refusal.code)).collect()
}

/// Tickets over a channel's quota, as availability counts them; the flags of the events must say the same.
fn over_quota(ledger: &Ledger) -> u64 {
    let projections = Projections::start(ledger.clone(), Default::default()).unwrap();
    let organisation = ledger.heads()[0].0;
    let availability =
        projections.view(organisation, |views| views.availability.show(ShowId(1))).unwrap().unwrap();
    let channels = availability.zones.iter().flat_map(|zone| &zone.channels);
    let counted: u64 = channels.map(|channel| channel.over_quota).sum();
    assert_eq!(counted > 0, flagged(ledger) > 0);
    counted
}

/// Recorded sales that went over a channel's quota.
fn flagged(ledger: &Ledger) -> usize {
    let mut count = 0;
    for (organisation, _) in ledger.heads() {
        let mut visit = |entry: soticket_ledger::Entry| {
            if let Event::ExternalSaleReported(event) = entry.event {
                count += usize::from(event.flags.contains(&Flag::OverQuota));
            }
            ControlFlow::Continue(())
        };
        ledger.read(organisation, 0, &mut visit).unwrap();
    }
    count
}

#[test]
fn the_shipped_dossier_is_taken_whole_and_a_second_run_adds_nothing() {
    let ledger = ledger();
    let first = run(&ledger, &shipped()).unwrap();
    assert_eq!(codes(&first), []);
    assert_eq!(counts(&first, sales::FILE), (425, 425, 0, 0));
    assert_eq!(counts(&first, quotas::FILE), (6, 6, 0, 0));
    assert_eq!(counts(&first, refunds::FILE), (3, 3, 0, 0));
    assert_eq!(counts(&first, scans::FILE), (398, 398, 0, 0));
    let heads = ledger.heads();
    assert_eq!(first.events_added, heads[0].1.length);

    let second = run(&ledger, &shipped()).unwrap();
    assert_eq!(codes(&second), []);
    assert_eq!(counts(&second, sales::FILE), (425, 0, 425, 0));
    assert_eq!(counts(&second, scans::FILE), (398, 0, 398, 0));
    assert_eq!((second.events_added, &second.organisation), (0, &first.organisation));
    assert_eq!(ledger.heads(), heads);
}

#[test]
fn quota_transfers_stand_before_the_sales_that_need_them() {
    let ordered = ledger();
    run(&ordered, &shipped()).unwrap();
    assert_eq!(over_quota(&ordered), 0);

    // The same steps with the transfers at the end: what an importer does that reads one file after the other.
    let shuffled = ledger();
    let mut plan = plan(&Files::Folder(shipped())).unwrap();
    plan.steps.sort_by_key(|step| matches!(step.ask, Ask::Transfer { .. }));
    run_plan(&shuffled, plan);
    assert!(over_quota(&shuffled) > 0, "sales before their transfer must be flagged");

    // The same files with transfers that came too late.
    let late = ledger();
    let folder = edited(quotas::FILE, |text| text.replace("2026-03-14T09:00:00Z", "2026-03-14T21:00:00Z"));
    run(&late, folder.path()).unwrap();
    assert!(over_quota(&late) > 0);
}

/// More sales than may be in flight at once, each a minute after the one before.
#[test]
fn many_steps_in_flight_stay_in_the_order_of_time() {
    let folder = edited(sales::FILE, |text| {
        let header = text.lines().next().unwrap().to_owned();
        let line = |number: i64| {
            let at = jiff::Timestamp::from_second(1_769_000_000 + number * 60).unwrap();
            format!("T{number},O{number},{at},web,site,prevente,placement-libre,24.00,1.00,carte,,")
        };
        // The file is upside down: only the times tell.
        let lines = (0..3_000).rev().map(line);
        std::iter::once(header).chain(lines).collect::<Vec<_>>().join("\n")
    });
    fs::remove_file(folder.path().join(refunds::FILE)).unwrap();
    let ledger = ledger();
    let report = run(&ledger, folder.path()).unwrap();
    assert_eq!(counts(&report, sales::FILE), (3_000, 3_000, 0, 0));
    let mut times = Vec::new();
    let mut visit = |entry: soticket_ledger::Entry| {
        if matches!(entry.event, Event::ExternalSaleReported(_)) {
            times.push(entry.envelope.occurred_at);
        }
        ControlFlow::Continue(())
    };
    ledger.read(ledger.heads()[0].0, 0, &mut visit).unwrap();
    assert_eq!(times.len(), 3_000);
    assert!(times.is_sorted(), "the log must hold the sales in the order in which they happened");
}

#[test]
fn a_changed_line_is_told_and_everything_else_is_known() {
    let ledger = ledger();
    run(&ledger, &shipped()).unwrap();
    let heads = ledger.heads();
    let folder = edited(sales::FILE, |text| {
        text.replace("T00355,M0030,2026-01-12T10:18:15Z", "T00355,M0030,2026-01-12T10:18:16Z")
    });
    let report = run(&ledger, folder.path()).unwrap();
    assert_eq!(codes(&report), [("sales.csv:2".to_owned(), "IDEMPOTENCY_KEY_REUSED")]);
    assert_eq!(ledger.heads(), heads);

    let folder =
        edited(DESCRIPTION, |text| text.replace("\"fee_on_top\": \"1.80\"", "\"fee_on_top\": \"1.90\""));
    let report = run(&ledger, folder.path()).unwrap();
    assert_eq!(codes(&report), [("show.json [channels[2]]".to_owned(), "IDEMPOTENCY_KEY_REUSED")]);
    assert_eq!(ledger.heads(), heads, "sales of the channel are found again");
}

#[test]
fn files_may_have_marks_semicolons_and_windows_line_ends() {
    let ledger = ledger();
    run(&ledger, &shipped()).unwrap();
    let heads = ledger.heads();
    let folder = edited(sales::FILE, |text| {
        let text = text.replace("carte:12.00+especes:15.00", "carte:12,00+especes:15,00");
        format!(
            "\u{feff}{}",
            text.replace(',', ";")
                .replace("12;00+especes:15;00", "12,00+especes:15,00")
                .replace('\n', "\r\n")
        )
    });
    let report = run(&ledger, folder.path()).unwrap();
    assert_eq!(codes(&report), []);
    assert_eq!(ledger.heads(), heads, "the same lines, read from another spelling");
}

#[test]
fn scans_and_refunds_may_be_absent_but_not_the_show_and_its_sales() {
    for (file, missing) in [(scans::FILE, false), (refunds::FILE, false), (sales::FILE, true)] {
        let folder = copied();
        fs::remove_file(folder.path().join(file)).unwrap();
        let outcome = run(&ledger(), folder.path());
        assert_eq!(outcome.is_err(), missing, "{file}");
        if let Err(error) = outcome {
            assert!(error.to_string().starts_with("sales.csv: FILE_MISSING"), "{error}");
        }
    }
    let folder = copied();
    fs::remove_file(folder.path().join(DESCRIPTION)).unwrap();
    assert!(run(&ledger(), folder.path()).unwrap_err().to_string().contains("FILE_MISSING"));
}
