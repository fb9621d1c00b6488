//! The settlement of the sample show as files: the same figures in each, read by libraries of others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../../exports/tests/workbook/mod.rs"]
mod workbook;

use std::path::Path;
use std::process::Command;

/// Receipts, tax, royalties and contribution, commissions, payment cost, net to share, costs, guarantee, break-even,
/// excess, the producer's part of it, what the producer gets without and with VAT, and the organiser's difference.
const FIGURES: [&str; 20] = [
    "8561,85", "470,90", "299,66", "753,44", "75,34", "8,29", "40,80", "49,20", "19,80", "8,16", "7382,50",
    "1150,00", "312,40", "3200,00", "5762,40", "1620,10", "1134,07", "4334,07", "4572,44", "486,03",
];

fn run(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for name in ["SOTICKET_DATA", "SOTICKET_KEYS", "SOTICKET_CONFIG"] {
        command.env_remove(name);
    }
    let output = command.current_dir(folder).args(["--data", "data"]).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The settlement in a format.
fn file(folder: &Path, format: &str) -> Vec<u8> {
    run(folder, &["settle", "S-2026-0314", "--statement", "deal", "--lang", "fr", "--format", format])
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}

#[test]
fn every_figure_is_in_every_file() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, &["demo", "--once"]);

    let csv = String::from_utf8(file(folder, "csv")).unwrap();
    let json = String::from_utf8(file(folder, "json")).unwrap();
    let pdf = file(folder, "pdf");
    assert_eq!(pdf, file(folder, "pdf"), "the same position gives the same bytes");
    let read = lopdf::Document::load_mem(&pdf).unwrap();
    let pages: Vec<u32> = read.get_pages().keys().copied().collect();
    let pdf = without_spaces(&read.extract_text(&pages).unwrap());
    let book = file(folder, "xlsx");
    let cells = workbook::cells(&book);
    for figure in FIGURES {
        assert!(csv.contains(&format!(";{figure}")), "{figure} is not in the CSV: {csv}");
        assert!(pdf.contains(figure), "{figure} is not in the PDF: {pdf}");
        let decimal = figure.replace(',', ".");
        assert!(json.contains(&format!("\"{decimal}\"")), "{figure} is not in the JSON: {json}");
        let number: f64 = decimal.parse().unwrap();
        assert!(cells.contains(&number.to_string()), "{figure} is not in the workbook: {cells:?}");
    }
    // Net to share, break-even and the difference; and what parties get.
    assert!(workbook::recalculated(&book) >= 10, "{}", workbook::recalculated(&book));
}
