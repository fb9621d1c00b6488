//! The demonstration season: it loads, its read models agree, and loading it again adds nothing.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder).args(["--data", "data", "--json"]).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

fn season(folder: &Path) -> (Value, Output) {
    let output = run(folder, &["season"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {output:?}")), output)
}

#[test]
fn the_season_loads_agrees_and_adds_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    let (first, output) = season(folder.path());
    assert!(output.status.success(), "{output:?}");
    let shows = first["agreement"]["shows"].as_array().unwrap();
    assert_eq!(shows.len(), 24);
    for show in shows {
        assert_eq!(show["differences"], serde_json::json!([]), "{show}");
        let sold = show["sold"].as_u64().unwrap();
        let called_off = show["reference"] == "TS-12";
        assert!(if called_off { sold == 0 } else { sold > 300 }, "{show}");
    }
    let tickets = first["agreement"]["tickets"].as_u64().unwrap();
    assert!((29_500..=30_500).contains(&tickets), "{tickets}");
    assert_eq!(first["agreement"]["customers_tickets"].as_u64(), Some(tickets));

    assert_eq!(first["agreement"]["differences"], serde_json::json!([]));
    // Both tills, every day of the season.
    assert_eq!(first["agreement"]["tills"], 2 * 298);
    assert!(first["agreement"]["commissions"].as_i64().unwrap() > 1_000_000, "{first}");
    let happened = first["agreement"]["happened"].as_object().unwrap();
    for (what, count) in happened {
        assert!(count.as_u64().unwrap() > 5, "{what}: {happened:?}");
    }

    let (second, output) = season(folder.path());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(second["added"]["events"], 0);
    assert_eq!(second["agreement"], first["agreement"]);

    // Its accounts have a file with a legal name, and a strict checker has nothing against it.
    let period = ["--from", "2025-09-01", "--to", "2026-06-30"];
    let exported = run(folder.path(), &[&["export", "fec"][..], &period].concat());
    assert!(exported.status.success(), "{exported:?}");
    let checked = run(folder.path(), &["check", "fec", "000000000FEC20260630.txt"]);
    assert!(checked.status.success(), "{checked:?}");
    let checked: Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert!(checked["entries"].as_u64().unwrap() > 1_000, "{checked}");
}
