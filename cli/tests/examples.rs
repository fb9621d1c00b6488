//! The worked examples of docs/integration.md, run against the sample show: programs and queries as the documents have them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod served;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use served::{Served, shipped};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples")
}

/// Runs a program of the examples; none where there is no Python.
async fn python(program: &str, arguments: Vec<String>, token: String) -> Option<Output> {
    let program = examples().join(program);
    let mut command = Command::new("python3");
    command.arg(program).args(arguments).env("SOTICKET_TOKEN", token);
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap();
    match output {
        Ok(output) => Some(output),
        Err(error) => {
            println!("python3 cannot be run ({error}): nothing is tested");
            None
        }
    }
}

fn printed(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_follows_the_feed_and_comes_to_the_statement() {
    let served = Served::open(&shipped()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sales.csv");
    let arguments = vec![served.url(), served.organisation.clone(), file.to_string_lossy().into_owned()];
    let run = async || python("feed_to_csv.py", arguments.clone(), served.token()).await;
    let Some(first) = run().await else { return };
    // What the statement of the show says: reference figures of the dossier.
    let net: i64 = served.show("sales { netAmount { amount } }").await["sales"]
        .as_array()
        .unwrap()
        .iter()
        .map(|day| day["netAmount"]["amount"].as_str().unwrap().replace('.', "").parse::<i64>().unwrap())
        .sum();
    let told = printed(&first);
    let expected = format!("{}.{:02}", net / 100, net % 100);
    assert!(told.contains(&format!("sales.csv: {expected} ")), "{told}");
    let rows = fs::read_to_string(&file).unwrap();
    assert!(rows.lines().count() > 400, "{}", rows.lines().count());
    // Run again it adds nothing; rows that a crash left beyond the cursor are cut off and come again.
    printed(&run().await.unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), rows);
    let cursor = folder.path().join("sales.csv.cursor");
    fs::write(&cursor, "500").unwrap();
    printed(&run().await.unwrap());
    assert_eq!(fs::read_to_string(&file).unwrap(), rows);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_journal_is_imported_balanced() {
    let served = Served::open(&shipped()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("march.csv");
    let arguments = vec![
        served.url(),
        served.organisation.clone(),
        "2026-01-01".to_owned(),
        "2026-03-31".to_owned(),
        file.to_string_lossy().into_owned(),
    ];
    let Some(output) = python("accounting_import.py", arguments, served.token()).await else { return };
    let told = printed(&output);
    assert!(told.contains("entries, 1 to "), "{told}");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("\u{feff}Date;Journal;Piece;Compte;Libelle;Debit;Credit"), "{text}");
    let cents = |cell: &str| cell.replace(',', "").parse::<i64>().unwrap_or(0);
    let (debit, credit) = text.lines().skip(1).fold((0, 0), |(debit, credit), line| {
        let cells: Vec<&str> = line.rsplitn(3, ';').collect();
        (debit + cents(cells[1]), credit + cents(cells[0]))
    });
    assert!(debit > 0 && debit == credit, "{debit} {credit}");
    // A token that is none is told as such, and nothing is written.
    fs::remove_file(&file).unwrap();
    let arguments = vec![
        served.url(),
        served.organisation.clone(),
        "2026-01-01".to_owned(),
        "2026-03-31".to_owned(),
        file.to_string_lossy().into_owned(),
    ];
    let refused = python("accounting_import.py", arguments, "nobody's".to_owned()).await.unwrap();
    assert!(!refused.status.success() && !file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_panel_asks_what_the_service_answers() {
    let served = Served::open(&shipped()).await;
    let panel: Value =
        serde_json::from_slice(&fs::read(examples().join("grafana-panel.json")).unwrap()).unwrap();
    let target = &panel["targets"][0];
    let query = target["url_options"]["body_graphql_query"].as_str().unwrap();
    let variables = target["url_options"]["body_graphql_variables"].as_str().unwrap();
    let variables = variables
        .replace("${organisation}", &served.organisation)
        .replace("${__from:date:YYYY-MM-DD}", "2026-01-01")
        .replace("${__to:date:YYYY-MM-DD}", "2026-03-31");
    let answer = json!({ "data": served.data(query, serde_json::from_str(&variables).unwrap()).await });
    let rows = target["root_selector"].as_str().unwrap().split('.').fold(&answer, |at, name| &at[name]);
    assert!(rows.as_array().unwrap().len() > 5, "{answer}");
    for row in rows.as_array().unwrap() {
        for column in target["columns"].as_array().unwrap() {
            let cell = column["selector"].as_str().unwrap().split('.').fold(row, |at, name| &at[name]);
            assert!(cell.is_string(), "{column} of {row}");
        }
    }
}
