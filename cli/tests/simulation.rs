//! `soticket simulate` as its users run it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const SEASON: [&str; 14] = [
    "--shows",
    "40",
    "--tickets",
    "8000",
    "--price",
    "15.00",
    "--online",
    "60",
    "--transactions",
    "200",
    "--budget",
    "300000",
    "--months",
    "10",
];

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).arg("simulate").args(arguments).output().unwrap()
}

#[test]
fn a_season_is_explained_line_by_line_for_people_and_programs() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &SEASON);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "Saison: 40 séances, 8000 billets × 15.00 = 120000.00 EUR TTC, 4800 en ligne (72000.00 EUR), 10 mois",
        "Paybox accès 1 × 290.00 290.00",
        "Paybox transactions 10 × (200 - 100) × 0.085 85.00",
        "Carte bancaire taux 0.55 % × 72000.00 396.00",
        "SoCoop billets 3000 × 0.12 360.00",
        "Total 2431.00",
        "Plateforme commission 4800 × (2 % × 15.00 + 0.00 = 0.30) 1440.00",
        "SoCoop [exemple]: Example figures, decided by nobody",
        "Le distributeur coûte de plus: 8369.00 EUR",
    ] {
        assert!(squeezed.contains(line), "{line} is not in\n{text}");
    }
    assert!(fs::read_dir(folder.path()).unwrap().next().is_none(), "nothing is written");
    let output = run(folder.path(), &[&SEASON[..], &["--json"]].concat());
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["difference"], "8369.00");
    assert_eq!(shown["cooperative"]["lines"][2]["rule"], "10 × (200 - 100) × 0.085");
}

#[test]
fn own_tariffs_take_the_place_of_those_that_are_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let tariff = r#"{ "name": "SoCoop", "source": "AG 2027", "validFrom": "2027-01-01", "example": false,
        "currency": "EUR", "bands": [{ "budgetFrom": "0", "yearly": "1.00",
        "perTicket": [{ "from": 0, "price": "0.01" }] }] }"#;
    fs::write(folder.path().join("ag.json"), tariff).unwrap();
    let arguments = [&SEASON[..], &["--cooperative", "ag.json", "--json"]].concat();
    let shown: Value = serde_json::from_slice(&run(folder.path(), &arguments).stdout).unwrap();
    // 290 + 300 + 85 + 396, and 1.00 + 80.00.
    assert_eq!(shown["cooperative"]["total"], "1152.00");
    fs::write(folder.path().join("bad.json"), "{}").unwrap();
    let bad = run(folder.path(), &[&SEASON[..], &["--distributor", "bad.json"]].concat());
    let told = String::from_utf8(bad.stderr).unwrap();
    assert_eq!(bad.status.code(), Some(2));
    assert!(told.starts_with("TARIFF_UNREADABLE: bad.json: "), "{told}");
    let none = run(folder.path(), &[&SEASON[..], &["--months", "0"]].concat());
    assert_eq!(none.status.code(), Some(2));
}
