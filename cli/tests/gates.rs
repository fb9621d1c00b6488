//! Codes and gates through the program.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use soticket_schema::ids::{CodeKeyId, OrganisationId, ShowId, ZoneId};
use soticket_schema::ticket_code::{self, PublicKey};

const SHOW: &str = "S-2026-0314";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--data", "data"]).args(arguments).output().unwrap()
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

fn refused(folder: &Path, arguments: &[&str], code: i32, text: &str) {
    let output = run(folder, arguments);
    let told = String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
    assert!(told.contains(text), "{told}");
}

#[test]
fn a_code_is_checked_without_a_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let private = [3; 32];
    let organisation = OrganisationId([9; 16]);
    let house = ticket_code::house_code(&[0x5a; 15]);
    let place = (ShowId(12), ZoneId(2));
    let code = ticket_code::sign(organisation, (CodeKeyId(4), &private), place, &house).unwrap();
    let id = organisation.to_string();
    let key = format!("4={}", PublicKey::of_private(&private));
    let check = |key: &str, code: &str| {
        ["code", "check", "--organisation", &id, "--key", key, code].map(str::to_owned)
    };
    let ask = |arguments: [String; 7]| -> Vec<String> { arguments.to_vec() };
    let good = ask(check(&key, &code));
    let good: Vec<&str> = good.iter().map(String::as_str).collect();
    assert_eq!(done(folder.path(), &good), format!("signed with key 4: show 12, zone 2, code {house}\n"));
    let json: Value =
        serde_json::from_str(&done(folder.path(), &[&["--json"], good.as_slice()].concat())).unwrap();
    assert_eq!((&json["show"], &json["house_code"]), (&Value::from(12), &Value::from(house.clone())));
    let other = format!("4={}", PublicKey::of_private(&[4; 32]));
    for (key, code, exit, text) in [
        (&other, &code, 1, "CODE_INVALID: the signature does not fit"),
        (&key.replacen('4', "5", 1), &code, 1, "CODE_INVALID: signed with key 4, which is not known"),
        (&key, &house, 1, "CODE_INVALID: not a signed code"),
        (&"4".to_owned(), &code, 2, "write NUMBER=HEX"),
    ] {
        let arguments = ask(check(key, code));
        refused(folder.path(), &arguments.iter().map(String::as_str).collect::<Vec<_>>(), exit, text);
    }
}

/// Codes of a whitelist with their action and coding.
fn records(xml: &str) -> Vec<(String, String, String)> {
    let part = |text: &str, name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>")).unwrap();
        rest.split_once(&format!("</{name}>")).unwrap().0.to_owned()
    };
    let records = xml.split("<WhitelistRecord ").skip(1);
    records.map(|record| (part(record, "UTID"), part(record, "Action"), part(record, "Coding"))).collect()
}

#[test]
fn a_whitelist_goes_out_and_transactions_come_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    done(at, &["demo", "--once"]);
    let told =
        done(at, &["--json", "gate", "hshif25", "export", SHOW, "--out", "whitelist.xml", "--issuer", "15"]);
    let told: Value = serde_json::from_str(&told).unwrap();
    let xml = fs::read_to_string(at.join("whitelist.xml")).unwrap();
    let records = records(&xml);
    // Issued and not cancelled: as the statement of the show has it.
    let statement: Value = serde_json::from_str(&done(at, &["--json", "settle", SHOW])).unwrap();
    let entries =
        statement["sections"].as_array().unwrap().iter().find(|section| section["key"] == "entries");
    let facts = &entries.unwrap()["facts"];
    let scanned = facts["scanned"].as_u64().unwrap();
    let no_show = facts["no-show"].as_u64().unwrap();
    assert_eq!(told["tickets"].as_u64().unwrap(), records.len() as u64);
    assert_eq!(records.len() as u64, scanned + no_show);
    assert!(records.iter().all(|(code, action, _)| !code.is_empty() && action == "I"));
    assert!(xml.contains("<Version>HSHIF25</Version>") && xml.contains("<Issuer>15</Issuer>"));
    assert!(xml.contains("Type=\"VALIDITY\" From=\"2026-03-14T"), "{}", &xml[..1_500]);
    let version = told["version"].to_string();
    assert!(!done(at, &["gate", "hshif25", "export", SHOW, "--since", &version]).contains("WhitelistRecord"));

    let transaction = |id: u32, code: &str, minute: u32, status: u32| {
        format!(
            "<Transaction><TransactionId>{id}</TransactionId><UTID>{code}</UTID><Checkpoint>753</Checkpoint>\
             <DateTime>2026-03-14T22:{minute:02}:00</DateTime><Direction>0</Direction><Status>{status}</Status>\
             <Validated>1</Validated></Transaction>"
        )
    };
    let first = [transaction(1, &records[0].0, 1, 0), transaction(2, "nobody", 2, 106)].concat();
    fs::write(at.join("some.xml"), format!("<TSData>{first}</TSData>")).unwrap();
    let wrong = transaction(4, "x", 4, 0).replace("22:04", "99:04");
    let all = [first, transaction(3, &records[1].0, 3, 0), wrong].concat();
    fs::write(at.join("all.xml"), format!("<TSData>{all}</TSData>")).unwrap();
    let import = |file: &'static str| {
        ["gate", "hshif25", "import", SHOW, file, "--device", "1", "--gate", "1", "--checkpoint", "753=2"]
    };
    let report = done(at, &import("some.xml"));
    assert_eq!(report, "2 recorded, 0 known before, 1 passages\n  1 no whitelist record\n");
    refused(at, &import("all.xml"), 1, "1 recorded, 2 known before, 2 passages");
    refused(at, &import("all.xml"), 1, "refused: transaction 4: its time cannot be read");
    let events = done(at, &["export", "events"]);
    let scans =
        events.lines().filter(|line| line.contains("\"TicketScanned\"") && line.contains("\"gate\":2"));
    assert!(scans.clone().count() >= 3 && scans.clone().any(|line| line.contains("\"nonce\":3")));
    fs::write(at.join("broken.xml"), "<TSData><Transaction>").unwrap();
    refused(at, &import("broken.xml"), 1, "XML_INVALID");
    refused(at, &["gate", "hshif25", "export", "S-0"], 1, "SHOW_UNKNOWN");
}
