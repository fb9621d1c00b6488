//! Accounting entries of the dossier from the command line.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    // Without what the environment may set.
    for name in ["SOTICKET_DATA", "SOTICKET_KEYS", "SOTICKET_CONFIG", "SOTICKET_CLOSING_STATEMENTS"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--data", "data"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Debits less credits in cents by account, read from the file alone.
fn balances(fec: &str) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for line in fec.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let cents = |column: usize| columns[column].replace(',', "").parse::<i64>().unwrap();
        *sums.entry(columns[4].to_owned()).or_default() += cents(11) - cents(12);
    }
    sums.retain(|_, sum| *sum != 0);
    sums
}

#[test]
fn the_dossier_is_exported_to_the_cent_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(run(folder, &["demo", "--once"]).status.success());
    let period = ["--from", "2026-01-01", "--to", "2026-03-31"];
    let export = run(folder, &[&["export", "fec"][..], &period].concat());
    assert!(export.status.success(), "{}", text(&export.stderr));
    let file = "000000000FEC20260331.txt";
    let fec = std::fs::read_to_string(folder.join(file)).unwrap();
    let expected = [
        ("419PASS", 52_175),
        ("445712", -47_090),
        ("445713", -2_667),
        ("467FNAC", 163_200),
        ("467TICKETMASTER", 98_400),
        ("5112", 496_000),
        ("530", 109_500),
        ("7062", -856_185),
        ("7085", -13_333),
    ];
    let expected: BTreeMap<String, i64> =
        expected.into_iter().map(|(account, sum)| (account.to_owned(), sum)).collect();
    assert_eq!(balances(&fec), expected);

    let checked = run(folder, &["check", "fec", file, "--json"]);
    assert!(checked.status.success(), "{}", text(&checked.stdout));
    // One account changed, one cent changed, one line lost: each is found.
    let damaged = fec.replacen("\t4191\t", "\t41\t", 1);
    std::fs::write(folder.join(file), damaged).unwrap();
    let checked = run(folder, &["check", "fec", file]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(text(&checked.stdout).contains("FEC_ACCOUNT"), "{}", text(&checked.stdout));

    // The same period is written the same, in the other encoding too.
    let again = run(folder, &[&["export", "fec", "--out", "again.txt"][..], &period].concat());
    assert!(again.status.success());
    assert_eq!(std::fs::read_to_string(folder.join("again.txt")).unwrap(), fec);
    let latin = [
        &["export", "fec", "--encoding", "iso-8859-15", "--separator", "bar", "--out", "l.txt"][..],
        &period,
    ];
    assert!(run(folder, &latin.concat()).status.success());
    let latin = std::fs::read(folder.join("l.txt")).unwrap();
    assert!(std::str::from_utf8(&latin).is_err() && latin.contains(&b'|'));

    let csv = run(folder, &[&["export", "journal", "--show", "S-2026-0314"][..], &period].concat());
    let csv = text(&csv.stdout);
    assert!(csv.starts_with("number,day,book,show,reference,label,account,"), "{csv}");
    assert!(csv.contains("20260314-S-2026-0314-SPE"), "{csv}");
}

#[test]
fn what_cannot_be_exported_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(run(folder, &["demo", "--once"]).status.success());
    for (arguments, code, told) in [
        (["export", "fec", "--from", "2026-03-31", "--to", "2026-03-01"].as_slice(), 2, "PERIOD_INVALID"),
        (&["export", "fec", "--from", "2026-03-01", "--to", "2199-03-31"], 2, "PERIOD_INVALID"),
        (&["export", "fec", "--from", "yesterday", "--to", "2026-03-31"], 2, "not a day"),
        (
            &["export", "journal", "--from", "2026-03-01", "--to", "2026-03-31", "--show", "S-0"],
            1,
            "SHOW_UNKNOWN",
        ),
        (&["check", "fec", "no-such-file"], 2, "FILE_UNREADABLE"),
        (&["--closing-statements", "me:short", "serve", "--listen", "127.0.0.1:0"], 2, "SETTING_INVALID"),
    ] {
        let output = run(folder, arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains(told), "{arguments:?}: {}", text(&output.stderr));
    }
}
