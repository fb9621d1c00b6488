//! What can be wrong with an export, and how it is told.

use std::fs;
use std::path::Path;

use super::super::*;
use super::{gala, header_rows, ledger, products, run};
use crate::import::ImportError;

fn export() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    gala::write(&header_rows(), folder.path());
    folder
}

fn edit(folder: &Path, file: &str, change: impl Fn(String) -> String) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).unwrap();
    let changed = change(text.clone());
    assert_ne!(text, changed, "{file}");
    fs::write(path, changed).unwrap();
}

/// The refusals of an import that does not begin; nothing may have been recorded.
#[tokio::main(flavor = "current_thread")]
async fn refusals(folder: &Path) -> Vec<Refusal> {
    let ledger = ledger();
    let files = Files::Folder(folder.to_owned());
    let result = import(&ledger, &files, &Options::default(), &ProgressBar::hidden()).await;
    assert!(ledger.heads().is_empty(), "nothing is recorded");
    match result {
        Err(ImportError::Refused(refused)) => refused,
        other => panic!("{other:?}"),
    }
}

fn assert_no_import(change: impl Fn(&Path), code: &str, place: &str) {
    let folder = export();
    change(folder.path());
    let refused = refusals(folder.path());
    let found = refused.iter().any(|refusal| refusal.code == code && refusal.place.to_string() == place);
    assert!(found, "{code} at {place}: {refused:?}");
    assert!(refused.iter().all(|refusal| !refusal.advice.is_empty() && refusal.message.len() < 2_000));
}

#[test]
fn a_file_that_is_not_what_it_should_be_ends_the_import_before_it_begins() {
    let write = |file: &'static str, text: &'static [u8]| {
        move |folder: &Path| fs::write(folder.join(file), text).unwrap()
    };
    assert_no_import(write("orders.json", b"{\"event\": "), "JSON_INVALID", "orders.json:1");
    assert_no_import(write("orders.json", b"[]"), "JSON_FIELD", "orders.json [event.slug]");
    assert_no_import(write("orders.json", b"{\"event\": 5}"), "JSON_FIELD", "orders.json [event.orders]");
    assert_no_import(write("orders.json", b"\xff\xfe"), "UTF8_INVALID", "orders.json");
    for file in ["transactions.csv", "payments_refunds.csv", "quotas.csv", "checkinlog.csv"] {
        assert_no_import(write(file, b"PK\x03\x04rest"), "FILE_UNREADABLE", file);
        assert_no_import(write(file, b""), "FILE_UNKNOWN", file);
        assert_no_import(write(file, b"\xff\xfea,b\n1,2\n"), "UTF8_INVALID", &format!("{file}:1"));
    }
    for (file, column) in [
        ("transactions.csv", "currency"),
        ("payments_refunds.csv", "order_code"),
        ("quotas.csv", "name"),
        ("checkinlog.csv", "date"),
    ] {
        assert_no_import(write(file, b"a,b\n1,2\n"), "COLUMN_MISSING", &format!("{file}:1 [{column}]"));
    }
    let missing = |folder: &Path| fs::remove_file(folder.join("transactions.csv")).unwrap();
    assert_no_import(missing, "FILE_MISSING", "transactions.csv");
}

#[test]
fn a_header_without_or_with_twice_a_column_is_told_by_column() {
    for (file, label, column) in [
        ("transactions.csv", "\"Price\"", "price"),
        ("payments_refunds.csv", "\"Status code\"", "status_code"),
        ("checkinlog.csv", "\"Scan type\"", "scan_type"),
    ] {
        let twice = |folder: &Path| {
            edit(folder, file, |text| text.replacen(label, &format!("{label};{label}"), 1));
        };
        assert_no_import(twice, "DUPLICATE", &format!("{file}:1 [{column}]"));
        let gone = |folder: &Path| edit(folder, file, |text| text.replacen(&format!("{label};"), "", 1));
        assert_no_import(gone, "COLUMN_MISSING", &format!("{file}:1 [{column}]"));
    }
}

#[test]
fn the_list_of_another_event_is_not_imported() {
    let other = |folder: &Path| {
        edit(folder, "transactions.csv", |text| text.replace("\"gala\"", "\"fest\""));
    };
    assert_no_import(other, "FILE_UNKNOWN", "transactions.csv:2 [event_slug]");
    let coin = |folder: &Path| {
        edit(folder, "transactions.csv", |text| text.replace("\"EUR\"", "\"XBT\""));
    };
    assert_no_import(coin, "WORD_UNKNOWN", "transactions.csv:2 [currency]");
    let item = |folder: &Path| {
        edit(folder, "orders.json", |text| text.replacen("\"admission\":true", "\"admission\":\"x\"", 1));
    };
    assert_no_import(item, "JSON_FIELD", "orders.json [event.items[0].admission]");
}

#[test]
fn an_event_in_another_currency_is_not_recorded_in_the_same_log() {
    let folder = export();
    let ledger = ledger();
    run(&ledger, folder.path(), Rounding::PerTicket);
    let heads = ledger.heads();
    edit(folder.path(), "transactions.csv", |text| text.replace("\"EUR\"", "\"CHF\""));
    let files = Files::Folder(folder.path().to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let bar = ProgressBar::hidden();
    let result = runtime.block_on(import(&ledger, &files, &Options::default(), &bar));
    match result {
        Err(ImportError::Refused(refused)) => assert_eq!(refused[0].code, "CURRENCY_MISMATCH"),
        other => panic!("{other:?}"),
    }
    assert_eq!(ledger.heads(), heads);
}

/// Imports with a change, which must refuse `lines` of the file and no other, then without it.
fn assert_lines(file: &str, change: impl Fn(String) -> String, lines: &[(u64, &str)]) {
    let folder = export();
    let original = fs::read(folder.path().join(file)).unwrap();
    edit(folder.path(), file, change);
    let ledger = ledger();
    let report = run(&ledger, folder.path(), Rounding::PerTicket);
    let told: Vec<(u64, &str)> = report
        .refused
        .iter()
        .filter(|refusal| refusal.place.file == file)
        .map(|refusal| (refusal.place.line.unwrap(), refusal.code))
        .collect();
    assert_eq!(told, lines, "{:?}", report.refused);
    assert!(report.files.iter().all(|file| file.unexplained() == 0), "{:?}", report.files);
    let heads = ledger.heads();
    assert_eq!(run(&ledger, folder.path(), Rounding::PerTicket).events_added, 0);
    assert_eq!(ledger.heads(), heads);
    // What was refused is taken once it is right.
    fs::write(folder.path().join(file), original).unwrap();
    let report = run(&ledger, folder.path(), Rounding::PerTicket);
    assert_eq!(report.refused, []);
    assert_eq!(products(&report), gala::expected());
    assert!(report.reconciliation.unwrap().agrees);
}

#[test]
fn a_bad_line_refuses_its_order_until_it_is_right() {
    let cent = |text: String| text.replacen("\"45.00\"", "\"45.005\"", 1);
    let mixed = |bad: u64, code: &'static str| -> Vec<(u64, &'static str)> {
        // Every record takes two lines: the event's name holds a line break.
        [2_u64, 4, 6, 8, 10, 12, 14]
            .map(|line| (line, if line == bad { code } else { "ORDER_INCOMPLETE" }))
            .to_vec()
    };
    assert_lines("transactions.csv", cent, &mixed(8, "AMOUNT_PRECISION"));
    let huge = |text: String| text.replacen("\"45.00\"", &format!("\"{}\"", "9".repeat(1_000_000)), 1);
    assert_lines("transactions.csv", huge, &mixed(8, "AMOUNT_UNREADABLE"));
    let rate = |text: String| text.replacen("\"7\"", "\"107\"", 1);
    assert_lines("transactions.csv", rate, &mixed(8, "RATE_OUT_OF_RANGE"));
    let shape = |text: String| text.replacen("\"45.00\";", "", 1);
    assert_lines("transactions.csv", shape, &mixed(8, "ROW_SHAPE"));
    let unknown = |text: String| text.replacen("\"SPLIT\"", "\"NOONE\"", 1);
    assert_lines("transactions.csv", unknown, &[(16, "ORDER_UNKNOWN")]);
}

#[test]
fn a_list_that_begins_in_the_middle_refuses_the_orders_that_it_cuts() {
    // The first line of LATE4 is missing: its expiry takes away what no line sold.
    let cut = |text: String| {
        let records: Vec<&str> = text.split_inclusive("\r\n").collect();
        records.iter().enumerate().filter(|(index, _)| *index != 10).map(|(_, record)| *record).collect()
    };
    let group = 2 * (2 * gala::GROUP - 1);
    assert_lines("transactions.csv", cut, &[(74 + group, "HISTORY_CUT"), (76 + group, "ORDER_INCOMPLETE")]);
}

#[test]
fn money_and_scans_that_cannot_be_read_are_told_by_line() {
    let cent = |text: String| text.replacen("\"25.00\"", "\"25.001\"", 1);
    assert_lines("payments_refunds.csv", cent, &[(4, "AMOUNT_PRECISION")]);
    let word = |text: String| text.replacen("\"confirmed\"", "\"perhaps\"", 1);
    assert_lines("payments_refunds.csv", word, &[(4, "WORD_UNKNOWN")]);
    let twice = |text: String| text.replacen("MIXED-P-3", "MIXED-P-2", 1);
    assert_lines("payments_refunds.csv", twice, &[(6, "DUPLICATE")]);
    let order = |text: String| text.replace("\"SPLIT\"", "\"NOONE\"").replace("SPLIT-P", "NOONE-P");
    assert_lines("payments_refunds.csv", order, &[(10, "DEPENDS_ON_REFUSED")]);
    let day = |text: String| text.replacen("\"2026-10-03\"", "\"soon\"", 1);
    assert_lines("checkinlog.csv", day, &[(2, "TIME_UNREADABLE")]);
    let way = |text: String| text.replacen("\"Exit\"", "\"Sideways\"", 1);
    assert_lines("checkinlog.csv", way, &[(3, "WORD_UNKNOWN")]);
}

#[test]
fn an_order_of_which_something_cannot_be_read_is_refused_with_its_lines() {
    let folder = export();
    edit(folder.path(), "orders.json", |text| text.replacen("\"datetime\":\"2026", "\"datetime\":\"soon", 1));
    let report = run(&ledger(), folder.path(), Rounding::PerTicket);
    let told: Vec<&str> = report.refused.iter().map(|refusal| refusal.code).collect();
    let mut expected = vec!["TIME_UNREADABLE"];
    expected.extend(["DEPENDS_ON_REFUSED"; 3]);
    expected.extend(["ORDER_INCOMPLETE"; 7]);
    assert_eq!(told, expected, "{:?}", report.refused);
    assert_eq!(report.refused[0].place.column, "event.orders[0].datetime");
    assert!(report.files.iter().all(|file| file.unexplained() == 0), "{:?}", report.files);
    assert!(!report.reconciliation.unwrap().agrees);
}

#[test]
fn an_export_in_another_language_repeats_what_was_recorded() {
    let folder = export();
    let ledger = ledger();
    let before = run(&ledger, folder.path(), Rounding::PerTicket);
    edit(folder.path(), "payments_refunds.csv", |text| text.replace("\"Gift card\"", "\"Carte-cadeau\""));
    edit(folder.path(), "checkinlog.csv", |text| {
        text.replace("\"Entry\"", "\"Entrée\"").replace("\"Exit\"", "\"Sortie\"")
    });
    let after = run(&ledger, folder.path(), Rounding::PerTicket);
    assert_eq!(after.refused, []);
    assert_eq!(after.events_added, 1, "the way of paying has a new name, and nothing else is new");
    assert!(after.files.iter().all(|file| file.taken <= 1 && file.unexplained() == 0), "{:?}", after.files);
    let (before, after) = (before.reconciliation.unwrap(), after.reconciliation.unwrap());
    assert!(after.agrees);
    assert_eq!((before.total, before.open), (after.total, after.open));
}

#[test]
fn contingents_without_a_limit_or_without_a_place_refuse_nothing() {
    for size in ["null", "0"] {
        let folder = export();
        edit(folder.path(), "orders.json", |text| text.replace("\"size\":300", &format!("\"size\":{size}")));
        let report = run(&ledger(), folder.path(), Rounding::PerTicket);
        assert_eq!(report.refused, []);
        assert_eq!(products(&report), gala::expected());
        assert!(report.notes.iter().any(|note| note.contains("quotas.csv:2")), "{:?}", report.notes);
    }
}

#[test]
fn a_list_that_is_not_there_is_said_to_be_missing() {
    let folder = export();
    for file in ["payments_refunds.csv", "quotas.csv", "checkinlog.csv"] {
        fs::remove_file(folder.path().join(file)).unwrap();
    }
    let report = run(&ledger(), folder.path(), Rounding::PerTicket);
    assert_eq!(report.refused, []);
    for file in ["payments_refunds.csv", "quotas.csv", "checkinlog.csv"] {
        let said = report.notes.iter().any(|note| note.starts_with(&format!("there is no {file}")));
        assert!(said, "{file}: {:?}", report.notes);
    }
}
