//! Shows on the command line: the refund of a cancelled one, and a hall from a seat map.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use soticket_ledger::{Ledger, Options};
use soticket_schema::command::CancelShow;
use soticket_schema::{ActorId, CommandBody, OrganisationId, ShowId};
use tempfile::TempDir;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.args(["--data", "data"]).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text} {output:?}"))
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The sample show, imported.
fn demo() -> (TempDir, OrganisationId) {
    let folder = tempfile::tempdir().unwrap();
    let loaded = json(&run(folder.path(), &["--json", "demo", "--once"]));
    let organisation = OrganisationId::parse(loaded["import"]["organisation"].as_str().unwrap()).unwrap();
    (folder, organisation)
}

fn cancel(folder: &TempDir, organisation: OrganisationId) {
    let ledger = Ledger::open(&folder.path().join("data"), Options::default()).unwrap();
    let command = soticket_schema::Command {
        organisation,
        actor: ActorId(0),
        key: "called off".into(),
        occurred_at: None,
        body: CommandBody::CancelShow(CancelShow { show: ShowId(1) }),
    };
    ledger.submit_blocking(command).unwrap();
    ledger.close();
}

#[test]
fn the_money_of_a_cancelled_show_goes_back_in_as_many_runs_as_it_takes() {
    let (folder, organisation) = demo();
    let refund =
        |more: &[&str]| run(folder.path(), &[&["--json", "refund-show", "S-2026-0314"], more].concat());
    assert!(refused(&refund(&[])).contains("SHOW_NOT_CANCELLED"));
    cancel(&folder, organisation);
    let first = json(&refund(&["--orders", "40", "--batches", "2"]));
    assert_eq!((&first["orders_done"], &first["finished"]), (&80.into(), &false.into()), "{first}");
    assert!(refused(&refund(&["--keep-fees"])).contains("REFUND_UNDER_WAY"));
    let last = json(&refund(&[]));
    assert_eq!(last["finished"], true, "{last}");
    assert_eq!((&last["orders_done"], &last["amount_done"]), (&last["orders"], &last["amount"]), "{last}");
    // What was paid and not returned yet: tickets and fees on top, with the packs.
    assert_eq!(last["tickets_done"], 422);
    let again = json(&refund(&[]));
    assert_eq!(again, last, "a finished refund is told again");
    let settled = json(&run(folder.path(), &["--json", "settle", "S-2026-0314"]));
    let section = |key: &str| {
        settled["sections"].as_array().unwrap().iter().find(|section| section["key"] == key).unwrap()
    };
    assert_eq!(section("entries")["facts"]["all-entries"], 0);
    let lines = section("receipts")["tables"]["receipts"]["rows"].as_array().unwrap();
    assert!(lines.iter().all(|line| line["cells"]["gross"] == "0.00"), "{settled}");
    let verified = run(folder.path(), &["verify"]);
    assert_eq!(verified.status.code(), Some(0), "{verified:?}");
}

#[test]
fn a_hall_comes_from_a_seat_map_whole_or_not_at_all() {
    let (folder, _) = demo();
    let file = folder.path().join("seats.csv");
    let import = || {
        let arguments =
            ["--json", "import", "seats", "seats.csv", "--hall", "Théâtre", "--free", "Fosse=300"];
        run(folder.path(), &arguments)
    };
    std::fs::write(&file, "row,seat,label,zone,x,y\nA,1,A1,Balcon,10,5\nA,1,A2,Balcon,20,5\nB,x\n").unwrap();
    let told = refused(&import());
    assert!(
        told.contains("seats.csv:3 [seat]: DUPLICATE") && told.contains("seats.csv:4: ROW_SHAPE"),
        "{told}"
    );
    std::fs::write(&file, "row,seat,label,zone,x,y\nA,1,A1,Balcon,10,5\nA,2,A2,Balcon,20,5\nB,1,,Loge,,\n")
        .unwrap();
    let taken = json(&import());
    assert_eq!(taken["known"], false);
    let zones: Vec<_> = taken["zones"]
        .as_array()
        .unwrap()
        .iter()
        .map(|zone| (zone["name"].as_str().unwrap(), zone["places"].as_u64(), zone["seats"].as_u64()))
        .collect();
    assert_eq!(
        zones,
        [("Fosse", Some(300), Some(0)), ("Balcon", Some(2), Some(2)), ("Loge", Some(1), Some(1))]
    );
    assert_eq!(json(&import())["known"], true);
    let missing = run(folder.path(), &["import", "seats", "nothing.csv", "--hall", "x"]);
    assert!(refused(&missing).contains("FILE_MISSING"));
    let usage = run(folder.path(), &["import"]);
    assert_eq!(usage.status.code(), Some(2));
}
