//! Files of a sealed settlement from the command line: given out, given back, and told by name when one is missing.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

const SHOW: &str = "S-2026-0314";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    command.current_dir(folder).args(["--data", "data"]).args(arguments);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.output().unwrap()
}

#[track_caller]
fn done(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[track_caller]
fn refused(folder: &Path, arguments: &[&str], code: &str) -> String {
    let output = run(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
    assert!(told.contains(code), "{arguments:?}: {told}");
    told
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// Files that are kept, whatever names them.
fn stored(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.join("data/files")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

#[test]
fn a_sealed_settlement_is_given_out_kept_and_told_when_it_is_not_there_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    done(folder, &["demo", "--once"]);
    fs::write(folder.join("signed.pdf"), b"%PDF-1.7 signed").unwrap();
    refused(folder, &["file", "keep", SHOW, "signed.pdf"], "SETTLEMENT_NOT_SEALED");
    refused(folder, &["seal", SHOW, "--statement", &"0".repeat(64)], "SETTLEMENT_OUTDATED");
    assert_eq!(stored(folder), [] as [PathBuf; 0], "nothing is rendered for a seal that is refused");

    let sealed = json(&done(folder, &["--json", "seal", SHOW]));
    let files = sealed["files"].as_array().unwrap();
    let kinds: Vec<_> = files.iter().map(|file| file["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["Json", "Json", "Pdf", "Xlsx", "Csv"]);
    assert_eq!(sealed["statement"], files[0]["hash"]);
    assert_eq!(stored(folder).len(), 5);
    let hash = |place: usize| files[place]["hash"].as_str().unwrap();
    refused(folder, &["seal", SHOW], "SETTLEMENT_UNCHANGED");
    assert_eq!(stored(folder).len(), 5);

    // Each comes back with its hash, and is what the sealed version gives when it is made anew.
    for (place, format) in [(1, "json"), (2, "pdf"), (3, "xlsx"), (4, "csv")] {
        done(folder, &["file", "get", hash(place), "--out", "kept"]);
        let kept = fs::read(folder.join("kept")).unwrap();
        assert_eq!(blake3::hash(&kept).to_hex().as_str(), hash(place));
        let anew = done(folder, &["settle", SHOW, "--sealed", "1", "--lang", "fr", "--format", format]);
        assert!(anew == kept, "{format} differs");
    }
    let canonical = done(folder, &["file", "get", hash(0)]);
    assert_eq!(blake3::hash(&canonical).to_hex().as_str(), hash(0));
    refused(folder, &["file", "get", &"0".repeat(64)], "FILE_UNKNOWN");
    refused(folder, &["settle", SHOW, "--sealed", "2"], "SETTLEMENT_NOT_SEALED");

    let kept = json(&done(folder, &["--json", "file", "keep", SHOW, "signed.pdf"]));
    assert_eq!((&kept["version"], &kept["file"]["kind"]), (&Value::from(1), &Value::from("Signed")));
    let signed = kept["file"]["hash"].as_str().unwrap();
    assert_eq!(done(folder, &["file", "get", signed]), b"%PDF-1.7 signed");
    let verified = done(folder, &["verify"]);
    let verified = String::from_utf8(verified).unwrap();
    assert!(verified.contains("Checked: 6 kept files of settlements"), "{verified}");

    // A file that was altered, and one that is gone: each is told by name, and never given out.
    let path = |hash: &str| {
        let (shelf, rest) = hash.split_at(2);
        let organisation = sealed["organisation"].as_str().unwrap();
        folder.join("data/files").join(organisation).join(shelf).join(rest)
    };
    let pdf = fs::read(path(hash(2))).unwrap();
    let mut altered = pdf.clone();
    altered[100] ^= 1;
    fs::write(path(hash(2)), altered).unwrap();
    fs::remove_file(path(signed)).unwrap();
    let told = refused(folder, &["verify"], "FILE_DAMAGED");
    for part in [hash(2), "pdf of version 1 of the settlement of S-2026-0314", "FILE_ABSENT", &signed[2..]] {
        assert!(told.contains(part), "{part} is not in {told}");
    }
    let report = json(&run(folder, &["--json", "verify"]).stdout);
    assert_eq!((&report["sound"], &report["log"]["violations"]), (&false.into(), &serde_json::json!([])));
    assert_eq!(report["files_faulty"].as_array().unwrap().len(), 2);
    refused(folder, &["file", "get", hash(2)], "FILE_DAMAGED");
    refused(folder, &["file", "get", signed], "FILE_ABSENT");
    fs::write(path(hash(2)), pdf).unwrap();
    done(folder, &["file", "keep", SHOW, "signed.pdf"]);
    done(folder, &["verify"]);
}
