//! Closings, archives and the commissioning dossier of the demonstration season, through the program.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "../../ledger/tests/support/adder.rs"]
mod adder;

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use soticket_ledger::{Entry, Ledger, Options};
use soticket_schema::Event;
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder).args(["--data", "data"]).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], exit: i32, code: &str) {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {told}");
    assert!(told.contains(code), "{arguments:?}: {told}");
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn entries(folder: &Path) -> Vec<Entry> {
    let ledger = Ledger::open(&folder.join("data"), Options::default()).unwrap();
    let (organisation, _) = ledger.heads()[0];
    let mut entries = Vec::new();
    let mut take = |entry| {
        entries.push(entry);
        ControlFlow::Continue(())
    };
    ledger.read(organisation, 0, &mut take).unwrap();
    ledger.close();
    entries
}

/// Every closing of the log against what its events add up to, and how many there are.
#[track_caller]
fn reconcile(entries: &[Entry]) -> usize {
    let records =
        entries.iter().map(|entry| (entry.envelope.recorded_at, entry.envelope.occurred_at, &entry.event));
    adder::reconcile(records).0
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path: PathBuf| {
            (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}

#[test]
fn a_season_closes_is_archived_and_reconciles_from_nothing() {
    let folder: TempDir = tempfile::tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["season"]);
    // The season lies in the past: every day since it began is over and closes now, in order, with months and years.
    let made = json(&done(folder, &["--json", "close"]));
    let made = made.as_array().unwrap();
    let years = made.iter().filter(|closing| closing["period"] == "Year").count();
    assert!(made.len() > 365 && years >= 1, "{} closings, {years} years", made.len());
    let log = entries(folder);
    assert_eq!(reconcile(&log), made.len());
    let sold = log.iter().filter(|entry| matches!(entry.event, Event::OrderPlaced(_))).count();
    assert!(sold > 1_000, "a season was sold");

    // A second run finds nothing to do; a day that is closed stays so.
    assert_eq!(json(&done(folder, &["--json", "close"])), json("[]"));
    refused(folder, &["close", "--day", "2025-10-01"], 1, "PERIOD_ALREADY_CLOSED");
    refused(folder, &["close", "--day", "2199-01-01", "--period", "year"], 1, "PERIOD_NOT_OVER");

    let z = done(folder, &["closings", "--number", "2"]);
    assert!(z.contains("Clôture journalière (Z) n° 2") && z.contains("Total perpétuel"), "{z}");
    let z = done(folder, &["closings", "--number", "1", "--period", "year", "--lang", "en"]);
    assert!(z.contains("Yearly closing (Z) n° 1") && z.contains("Previous closing: "), "{z}");
    let x = done(folder, &["closings", "--x", "--lang", "en"]);
    assert!(x.contains("Reading of the open day (X)"), "{x}");
    refused(folder, &["closings", "--number", "99999"], 1, "CLOSING_UNKNOWN");
    refused(folder, &["closings", "--x", "2025-10-01"], 1, "PERIOD_ALREADY_CLOSED");
    let list = json(&done(folder, &["--json", "closings", "--period", "month"]));
    assert_eq!(list[0]["event"]["number"], 1);

    // The same year gives the same bytes, and the same event.
    refused(folder, &["archive", "--year", "2031", "--out", "none"], 1, "CLOSING_UNKNOWN");
    let first = json(&done(folder, &["--json", "archive", "--year", "2025", "--out", "one"]));
    let again = json(&done(folder, &["--json", "archive", "--year", "2025", "--out", "two"]));
    assert_eq!(first, again);
    assert_eq!(files(&folder.join("one")), files(&folder.join("two")));
    refused(folder, &["archive", "--year", "2025", "--out", "one"], 2, "FOLDER_NOT_EMPTY");
    let archived: Vec<_> = entries(folder)
        .into_iter()
        .filter_map(|entry| match entry.event {
            Event::ArchiveMade(made) => Some(made),
            _ => None,
        })
        .collect();
    assert_eq!(archived.len(), 1);
    assert_eq!(archived[0].manifest.to_string(), first["manifest"].as_str().unwrap());

    checks_find_what_was_altered(folder);
    let dossier = done(folder, &["commissioning"]);
    assert!(dossier.contains("Dossier de mise en service") && !dossier.contains("{{"), "{dossier}");
    assert!(dossier.contains("| 150 | PeriodClosed | 1 |"), "{dossier}");
    done(folder, &["commissioning", "--lang", "en", "--out", "dossier.md"]);
    assert!(fs::read_to_string(folder.join("dossier.md")).unwrap().starts_with("# Commissioning dossier"));

    // What was exported is in the audit journal.
    done(folder, &["export", "events", "--out", "events.jsonl"]);
    let last = entries(folder).pop().unwrap().event;
    assert!(matches!(last, Event::TechnicalEventNoted(noted) if noted.reference == "events.jsonl"));
    assert!(done(folder, &["verify"]).contains("Result: sound"));

    // Once the log has a checkpoint, a print names the one over the log up to and with the closing.
    assert!(!done(folder, &["closings", "--number", "2", "--lang", "en"]).contains("Checkpoint: "));
    done(folder, &["publish"]);
    let closing = json(&done(folder, &["--json", "closings", "--number", "2"]));
    let checkpoint = closing["checkpoint"].as_str().unwrap();
    let size = closing["position"].as_u64().unwrap() + 1;
    assert!(checkpoint.contains(&format!(" {size} ")), "{checkpoint}");
    let z = done(folder, &["closings", "--number", "2", "--lang", "en"]);
    assert!(z.contains(&format!("Checkpoint: {checkpoint}\n")), "{z}");
}

fn checks_find_what_was_altered(folder: &Path) {
    let sound = json(&done(folder, &["--json", "archive", "verify", "one"]));
    assert_eq!(sound["violations"], json("[]"));
    let archive = folder.join("two");
    let violations = || -> Vec<String> {
        let output = run(folder, &["--json", "archive", "verify", "two"]);
        let told = json(&String::from_utf8(output.stdout).unwrap());
        let found: Vec<String> = told["violations"]
            .as_array()
            .unwrap()
            .iter()
            .map(|violation| violation.as_str().unwrap().split(':').next().unwrap().to_owned())
            .collect();
        assert_eq!(output.status.code(), Some(i32::from(!found.is_empty())));
        found
    };
    // A figure of a table.
    let csv = fs::read_to_string(archive.join("sales.csv")).unwrap();
    fs::write(archive.join("sales.csv"), csv.replacen("55", "56", 1).replacen(";5.5;", ";2.1;", 1)).unwrap();
    assert_eq!(violations(), ["FILE_ALTERED"]);
    fs::write(archive.join("sales.csv"), csv).unwrap();
    // A byte of a record, in the middle: the record, its link and what is told of it.
    let records = fs::read(archive.join("records.bin")).unwrap();
    let mut altered = records.clone();
    let middle = altered.len() / 2;
    altered[middle] ^= 1;
    fs::write(archive.join("records.bin"), &altered).unwrap();
    let found = violations();
    assert!(found.contains(&"FILE_ALTERED".to_owned()), "{found:?}");
    assert!(found.len() > 1, "the chain tells too: {found:?}");
    // The end cut off.
    fs::write(archive.join("records.bin"), &records[..records.len() - 100]).unwrap();
    let found = violations();
    for code in ["FILE_ALTERED", "RECORDS_MISSING", "HEAD_DIFFERS", "CLOSING_MISSING"] {
        assert!(found.contains(&code.to_owned()), "{code}: {found:?}");
    }
    fs::write(archive.join("records.bin"), &records).unwrap();
    assert_eq!(violations(), Vec::<String>::new());
    // A file more, one fewer, and no archive at all.
    fs::write(archive.join("more.txt"), "").unwrap();
    assert_eq!(violations(), ["FILE_UNKNOWN"]);
    fs::remove_file(archive.join("more.txt")).unwrap();
    fs::remove_file(archive.join("journal.jsonl")).unwrap();
    assert_eq!(violations(), ["FILE_MISSING"]);
    refused(folder, &["archive", "verify", "nowhere"], 2, "ARCHIVE_UNREADABLE");
}
