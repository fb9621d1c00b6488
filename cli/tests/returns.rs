//! The returns of the sample show as files: the same figures in each, read by libraries of others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../exports/tests/workbook/mod.rs"]
mod workbook;

use std::path::Path;
use std::process::{Command, Output};

const FORMATS: [&str; 5] = ["text", "csv", "json", "pdf", "xlsx"];

/// Receipts by rate, what the producer gets by its contract, costs and their VAT, royalties and contribution.
const SACEM: [&str; 13] = [
    "8561,85", "470,90", "9032,75", "4334,07", "238,37", "4572,44", "1150,00", "312,40", "2562,40", "481,24",
    "3043,64", "753,44", "8,29",
];
/// Receipts, the price of the show, and the base.
const SACD: [&str; 5] = ["8561,85", "470,90", "9032,75", "4334,07", "4572,44"];
/// Base, tax, and what the settlement has of it.
const CNM: [&str; 3] = ["8561,85", "299,66", "0,00"];
/// Receipts by SIBIL's categories, in all, and the two means.
const SIBIL: [&str; 5] = ["7863,00", "1169,75", "9032,75", "23,28", "24,05"];

fn output(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for name in ["SOTICKET_DATA", "SOTICKET_KEYS", "SOTICKET_CONFIG"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--data", "data"]).args(arguments).output().unwrap()
}

fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = output(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// A file as one text without spaces: what is read of it with another library, figures with a decimal comma.
fn read(format: &str, bytes: &[u8]) -> String {
    match format {
        "pdf" => {
            let read = lopdf::Document::load_mem(bytes).unwrap();
            let pages: Vec<u32> = read.get_pages().keys().copied().collect();
            without_spaces(&read.extract_text(&pages).unwrap())
        }
        "xlsx" => {
            assert!(workbook::recalculated(bytes) > 0);
            let number =
                |cell: &String| cell.parse::<f64>().map(|number| format!("{number:.2}").replace('.', ","));
            let cells = workbook::cells(bytes);
            cells.iter().map(|cell| number(cell).unwrap_or_else(|_| cell.clone()) + ";").collect()
        }
        "json" => String::from_utf8(bytes.to_vec()).unwrap().replace('.', ","),
        _ => without_spaces(std::str::from_utf8(bytes).unwrap()),
    }
}

#[test]
fn every_figure_of_every_return_is_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, &["demo", "--once"]);
    let show = |statement| vec!["settle", "S-2026-0314", "--statement", statement];
    let quarter = |name| vec!["export", name, "--from", "2026-01-01", "--to", "2026-03-31"];
    for (arguments, figures) in [
        (show("sacem"), SACEM.as_slice()),
        (show("sacd"), &SACD),
        (show("cnm"), &CNM),
        (quarter("cnm"), &CNM),
        (quarter("sibil"), &SIBIL),
    ] {
        for format in FORMATS {
            let mut asked = arguments.clone();
            asked.extend(["--lang", "fr", "--format", format]);
            let bytes = run(folder, &asked);
            assert_eq!(bytes, run(folder, &asked), "the same position gives the same bytes");
            let text = read(format, &bytes);
            for figure in figures {
                assert!(text.contains(figure), "{figure} is not in {asked:?}: {text}");
            }
        }
    }
    let english = String::from_utf8(run(folder, &[show("sacem"), vec!["--lang", "en"]].concat())).unwrap();
    assert!(english.contains("Cession with a share") && english.contains("4,334.07"), "{english}");
    let json: serde_json::Value =
        serde_json::from_slice(&run(folder, &[quarter("sibil"), vec!["--format", "json"]].concat())).unwrap();
    let cells = &json["sections"][0]["tables"]["by-performance"]["rows"][0]["cells"];
    for (key, count) in
        [("total-tickets", 422), ("full-tickets", 327), ("subscription-tickets", 61), ("free-tickets", 34)]
    {
        assert_eq!(cells[key], count, "{key}: {cells}");
    }
}

#[test]
fn declared_data_is_read_from_the_data_folder_or_a_named_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, &["demo", "--once"]);
    let json: serde_json::Value = serde_json::from_slice(&run(
        folder,
        &["settle", "S-2026-0314", "--statement", "sacem", "--format", "json"],
    ))
    .unwrap();
    let organisation = json["organisation"]["id"].as_str().unwrap().to_owned();
    std::fs::create_dir(folder.join("data/declared")).unwrap();
    let kept = folder.join(format!("data/declared/{organisation}.json"));
    std::fs::write(&kept, r#"{"sacemClient": "7654321"}"#).unwrap();
    std::fs::write(folder.join("other.json"), r#"{"sacemClient": "1112223"}"#).unwrap();
    let sacem = ["settle", "S-2026-0314", "--statement", "sacem"];
    assert!(String::from_utf8(run(folder, &sacem)).unwrap().contains("7654321"));
    let named = [&sacem[..], &["--declared", "other.json"]].concat();
    assert!(String::from_utf8(run(folder, &named)).unwrap().contains("1112223"));

    std::fs::write(&kept, r#"{"sacemClient": 7}"#).unwrap();
    for (arguments, code, exit) in [
        (sacem.to_vec(), "DECLARED_INVALID", 1),
        ([&sacem[..], &["--declared", "nowhere.json"]].concat(), "DECLARED_INVALID", 1),
        (vec!["export", "sibil", "--from", "2026-03-31", "--to", "2026-01-01"], "PERIOD_INVALID", 2),
    ] {
        let refused = output(folder, &arguments);
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(told.contains(code), "{arguments:?}: {told}");
        assert_eq!(refused.status.code(), Some(exit), "{told}");
    }
}
