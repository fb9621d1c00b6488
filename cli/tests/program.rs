//! The program as its users run it: arguments, exit codes, what it prints.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// The program in a folder of its own, without the caller's settings.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    program(folder.path()).args(["--data", "data"]).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// The section of a statement with this key.
fn section<'a>(statement: &'a Value, key: &str) -> &'a Value {
    statement["sections"].as_array().unwrap().iter().find(|section| section["key"] == key).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn a_networks_file_is_read_by_its_mapping() {
    let folder = tempfile::tempdir().unwrap();
    let path = |file: &str| repository(&format!("data/seance-2026-03-14/{file}")).display().to_string();
    let statement = path("statement-fnac-with-faults.csv");
    let absent = run(&folder, &["import", "network", &statement, "--mapping", "fnac"]);
    assert_eq!(code(&absent), 3, "{}", err(&absent));
    assert_eq!(code(&run(&folder, &["import", &path("")])), 0);
    let same = run(&folder, &["import", "network", &path("statement-fnac.csv"), "--mapping", "fnac"]);
    assert_eq!(code(&same), 0, "{}", err(&same));
    assert!(out(&same).contains("Events added: 0"), "{}", out(&same));
    // The ledger has 24.00 for a ticket that this one says cost 22.00, and does not have another.
    let other = run(&folder, &["--json", "import", "network", &statement, "--mapping", "fnac"]);
    assert_eq!(code(&other), 0, "{}", err(&other));
    let report = json(&out(&other));
    assert_eq!(report["files"][0]["known"], 66);
    let flagged: Vec<_> =
        report["flagged"].as_array().unwrap().iter().map(|line| line["line"].clone()).collect();
    assert_eq!(flagged, [22, 69]);
    let mapping = run(&folder, &["import", "network", &statement, "--mapping", "nobody"]);
    assert_eq!(code(&mapping), 1);
    assert!(err(&mapping).contains("FILE_UNREADABLE"), "{}", err(&mapping));
    let channel = ["import", "network", &statement, "--mapping", "fnac", "--channel", "nowhere"];
    assert!(err(&run(&folder, &channel)).contains("CHANNEL_UNKNOWN"));
    assert_eq!(code(&run(&folder, &["import", "network", "no-such-file", "--mapping", "fnac"])), 2);
    assert_eq!(code(&run(&folder, &["import"])), 2, "a path there must be");
}

#[test]
fn the_demonstration_shows_the_statement_to_the_cent_and_adds_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = run(&folder, &["demo", "--once"]);
    assert_eq!(code(&first), 0, "{}", err(&first));
    let text = out(&first);
    let squeezed = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in [
        "Sur place Placement libre guichet 1–61 27,00 61 0 61 1 647,00 1 561,14 5,50 % 85,86",
        "Prévente Placement libre web 5–225 24,00 118 3 115 2 760,00 2 616,11 5,50 % 143,89",
        "Réduit Placement libre web 1–42 20,00 42 0 42 840,00 796,21 5,50 % 43,79",
        "Abonné Placement libre guichet 1–36 18,00 36 0 36 648,00 614,22 5,50 % 33,78",
        "Prévente Placement libre fnac 2–224 24,00 68 0 68 1 632,00 1 546,92 5,50 % 85,08",
        "Prévente Placement libre ticketmaster 1–227 24,00 41 0 41 984,00 932,70 5,50 % 51,30",
        "Pass 2 jours (part J1) Placement libre web 1–25 20,87 25 0 25 521,75 494,55 5,50 % 27,20",
        "Total payant 391 3 388 9 032,75 8 561,85 470,90",
        "artistes 15 0 15 production 8 0 8 presse 6 0 6 partenaires 5 0 5 Total exonéré 34 0 34",
        "Entrées payantes: 388 Entrées exonérées: 34 Total des entrées: 422",
        "Billets contrôlés: 394 Absents: 28",
        "billet annulé 1 seconde entrée 2 code inconnu 1 Total 4",
        "Net à partager Calcul 7 382,50",
        "Point mort Calcul 5 762,40",
        "Excédent au-delà du point mort Calcul 1 620,10",
        "4 334,07",
        "4 572,44",
        "486,03",
        "Result: sound",
    ] {
        assert!(squeezed.contains(line), "{line} is not in\n{text}");
    }
    let again = run(&folder, &["demo", "--once", "--json"]);
    assert_eq!(code(&again), 0, "{}", err(&again));
    let shown = json(&out(&again));
    assert_eq!(shown["import"]["events_added"], 0);
    let receipts = &section(&shown["statements"][0], "receipts")["tables"]["receipts"]["rows"];
    assert_eq!(receipts.as_array().unwrap().last().unwrap()["cells"]["gross"], "9032.75");
    assert_eq!(shown["verification"]["sound"], true);
}

#[test]
fn statements_are_printed_for_people_and_programs_and_for_earlier_moments() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["demo", "--once"]);
    let now = run(&folder, &["settle", "S-2026-0314", "--json"]);
    let statement = json(&out(&now));
    let facts = &section(&statement, "entries")["facts"];
    assert_eq!(facts["all-entries"], 422);
    assert_eq!(facts["scanned"], 394);
    assert_eq!(statement["notes"][0], "rounding-document");
    assert_eq!(statement["log"]["hash"].as_str().unwrap().len(), 64);
    let last = statement["log"]["last"].as_u64().unwrap().to_string();
    // The same statement by number, and as of the last position, byte for byte.
    let by_number = run(&folder, &["settle", "1", "--json", "--as-of", &last]);
    assert_eq!(out(&by_number), out(&now));
    let english = run(&folder, &["settle", "S-2026-0314", "--lang", "en", "--as-of", "400"]);
    let heading =
        "Box-office statement (bordereau de recettes)   No. BR-S-2026-0314   Provisional   [DEMONSTRATION]";
    assert!(out(&english).contains(heading), "{}", out(&english));
    for (arguments, code_, text) in [
        (["settle", "S-2026-0314", "--as-of", "2"].as_slice(), 1, "SHOW_UNKNOWN"),
        (&["settle", "S-1999-0001"], 1, "SHOW_UNKNOWN"),
        (&["settle", "S-2026-0314", "--as-of", "yesterday"], 2, "neither a position nor an instant"),
    ] {
        let output = run(&folder, arguments);
        assert_eq!(code(&output), code_, "{arguments:?}");
        assert!(err(&output).contains(text), "{}", err(&output));
    }
}

#[test]
fn statements_and_lists_are_written_as_files() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["demo", "--once"]);
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for (format, begins) in
        [("pdf", "%PDF-1.7"), ("xlsx", "PK"), ("csv", "\u{FEFF}Tableau;"), ("json", "{\"format\"")]
    {
        let name = format!("statement.{format}");
        let written = run(&folder, &["settle", "S-2026-0314", "--format", format, "--out", &name]);
        assert_eq!((code(&written), out(&written)), (0, String::new()), "{}", err(&written));
        assert!(file(&name).starts_with(begins.as_bytes()), "{format}");
    }
    let remittance = run(&folder, &["settle", "1", "--statement", "remittance", "--lang", "en"]);
    let squeezed = out(&remittance).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(squeezed.contains("fnac 68 1,632.00 40.80 8.16 1,583.04"), "{squeezed}");
    assert!(squeezed.contains("ticketmaster 41 984.00 49.20 9.84 924.96"), "{squeezed}");

    let orders = out(&run(&folder, &["export", "orders", "--format", "jsonl"]));
    let tickets = out(&run(&folder, &["export", "tickets", "--show", "S-2026-0314", "--lang", "en"]));
    assert_eq!(tickets.lines().count(), 1 + 425);
    let issued = orders.lines().map(|line| json(line)["issued"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(issued, 425);
    assert_eq!(code(&run(&folder, &["export", "orders", "--format", "xlsx", "--out", "orders.xlsx"])), 0);
    assert!(file("orders.xlsx").starts_with(b"PK"));
    let unknown = run(&folder, &["export", "orders", "--show", "nowhere"]);
    assert_eq!(code(&unknown), 1);
}

#[test]
fn a_pretix_export_is_imported_and_agrees_with_its_accounting_report() {
    let folder = tempfile::tempdir().unwrap();
    let path = repository("data/pretix");
    let import = ["import", path.to_str().unwrap(), "--rounding", "per-ticket", "--json"];
    let first = run(&folder, &import);
    assert_eq!(code(&first), 0, "{}", err(&first));
    let report = json(&out(&first));
    assert_eq!(report["refused"], Value::Array(vec![]));
    assert_eq!(report["reconciliation"]["agrees"], true);
    assert_eq!(report["reconciliation"]["total"]["net"], "6092.53");
    assert_eq!(report["reconciliation"]["open"], "0.00");
    let again = json(&out(&run(&folder, &import)));
    assert_eq!(again["events_added"], 0);
    assert_eq!(code(&run(&folder, &["verify"])), 0);
    // Another policy for the same organisation: its parameters stay, and the difference is told.
    let other = run(&folder, &["import", path.to_str().unwrap()]);
    assert_eq!(code(&other), 1);
    assert!(err(&other).contains("orders.json [event.organizer]: IDEMPOTENCY_KEY_REUSED"), "{}", err(&other));
}

#[test]
fn refused_lines_are_told_and_end_with_1() {
    let folder = tempfile::tempdir().unwrap();
    let dossier = folder.path().join("dossier");
    fs::create_dir(&dossier).unwrap();
    for file in ["show.json", "sales.csv", "quotas.csv"] {
        fs::copy(repository("data/seance-2026-03-14").join(file), dossier.join(file)).unwrap();
    }
    let sales = fs::read_to_string(dossier.join("sales.csv")).unwrap();
    fs::write(dossier.join("sales.csv"), sales.replacen("24.00,2.20", "-24.00,2.20", 1)).unwrap();
    let output = run(&folder, &["import", "dossier"]);
    assert_eq!(code(&output), 1);
    assert_eq!(
        err(&output),
        "sales.csv:2 [price]: AMOUNT_NEGATIVE: \"-24.00\" (state an amount that is not negative)\n"
    );
    fs::write(dossier.join("show.json"), "{}").unwrap();
    let output = run(&folder, &["--json", "import", "dossier"]);
    assert_eq!(code(&output), 1);
    let failure = json(&err(&output));
    assert_eq!((failure["code"].as_str(), failure["exit"].as_u64()), (Some("JSON_FIELD"), Some(1)));
    assert!(failure["message"].as_str().unwrap().contains("organisation.name"));
}

#[test]
fn events_are_exported_as_json_lines_without_personal_data() {
    let folder = tempfile::tempdir().unwrap();
    run(&folder, &["demo", "--once"]);
    let whole = run(&folder, &["export", "events"]);
    assert_eq!(code(&whole), 0);
    let text = out(&whole);
    let lines: Vec<Value> = text.lines().map(json).collect();
    assert_eq!(lines.len(), 1_130);
    for (position, pair) in (0_u64..).zip(lines.windows(2)) {
        assert_eq!(pair[0]["position"], position);
        assert_eq!(pair[1]["previous"], pair[0]["hash"]);
    }
    assert_eq!(lines[0]["event"], "OrganisationOpened");
    assert_eq!(lines[0]["payload"]["parameters"]["time_zone"], "Europe/Paris");
    // The sample's buyers and ticket codes are in the vault only.
    assert!(!text.contains("example.org") && !text.contains("T00355"));

    let part = run(&folder, &["export", "events", "--from", "5", "--to", "7", "--out", "part.jsonl"]);
    assert_eq!((code(&part), out(&part)), (0, String::new()));
    let written = fs::read_to_string(folder.path().join("part.jsonl")).unwrap();
    assert_eq!(
        written.lines().map(|line| json(line)["position"].as_u64().unwrap()).collect::<Vec<_>>(),
        [5, 6, 7]
    );
    let id = "00000000-0000-0000-0000-000000000001";
    assert_eq!(code(&run(&folder, &["export", "events", "--organisation", id])), 1);
    assert_eq!(code(&run(&folder, &["export", "events", "--organisation", "mine"])), 2);
}

#[test]
fn a_data_folder_that_is_not_whole_is_refused_with_3() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(code(&run(&folder, &["verify"])), 3, "no folder yet: a reader must not make one");
    assert!(!folder.path().join("data").exists());
    run(&folder, &["demo", "--once"]);
    let head = fs::read_dir(folder.path().join("data"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.file_name().unwrap().to_string_lossy().contains("head"))
        .unwrap();
    fs::remove_file(head).unwrap();
    let output = run(&folder, &["verify", "--json"]);
    assert_eq!(code(&output), 3, "{}", err(&output));
    assert_eq!(json(&err(&output))["exit"], 3);
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("soticket.toml"), "queue = 11\ncache_mib = 12\nlang = \"en\"\n").unwrap();
    let print = |command: &mut Command| {
        let output = command.args(["config", "print", "--json"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", err(&output));
        json(&out(&output))
    };
    let shown = print(program(folder.path()).env("SOTICKET_QUEUE", "21").args(["--data", "here"]));
    assert_eq!((shown["queue"].as_u64(), shown["cache_mib"].as_u64()), (Some(21), Some(12)));
    assert_eq!((shown["data"].as_str(), shown["lang"].as_str()), (Some("here"), Some("en")));
    let shown = print(program(folder.path()).env("SOTICKET_QUEUE", "21").args(["--queue", "31"]));
    assert_eq!((shown["queue"].as_u64(), shown["data"].as_str()), (Some(31), None));
    // What is printed can be read again.
    let output = program(folder.path()).args(["--data", "d", "config", "print"]).output().unwrap();
    fs::write(folder.path().join("again.toml"), out(&output)).unwrap();
    let shown = print(program(folder.path()).args(["--config", "again.toml"]));
    assert_eq!(shown["data"].as_str(), Some("d"));

    for (text, complaint) in
        [("qeue = 1\n", "qeue"), ("queue = 0\n", "queue"), ("queue = \n", "soticket.toml")]
    {
        fs::write(folder.path().join("soticket.toml"), text).unwrap();
        let output = program(folder.path()).args(["config", "print"]).output().unwrap();
        assert_eq!(code(&output), 2, "{text}");
        assert!(err(&output).contains(complaint), "{}", err(&output));
    }
}

#[test]
fn arguments_that_cannot_be_used_end_with_2() {
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        ["import"].as_slice(),
        &["import", "nowhere"],
        &["import", ".", "--rounding", "never"],
        &["import", ".", "--starts-at", "soon"],
        &["export", "everything"],
        &["fly"],
        &["--cache-mib", "0", "verify"],
    ] {
        assert_eq!(code(&run(&folder, arguments)), 2, "{arguments:?}");
    }
    let output = program(folder.path()).arg("verify").output().unwrap();
    assert_eq!((code(&output), err(&output).starts_with("DATA_MISSING: ")), (2, true));
}

#[cfg(unix)]
#[test]
fn serving_ends_at_a_signal_with_everything_kept() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let folder = tempfile::tempdir().unwrap();
    let mut child = program(folder.path())
        .args(["--data", "data", "demo", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("GraphiQL on http://127.0.0.1:") {
        line.clear();
        assert!(told.read_line(&mut line).unwrap() > 0, "it must say where it serves");
    }
    // Another process on the same folder is refused while it is open.
    assert_eq!(code(&run(&folder, &["verify"])), 3);
    let signal = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(signal.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(code(&run(&folder, &["verify"])), 0);
}
