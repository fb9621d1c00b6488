//! The independent reader and the program over the same folder: the demonstration's, and a copy of it for every way to
//! damage it. They must agree on every violation, word for word.

use std::fs;
use std::path::{Path, PathBuf};

use soticket_ledger::proof::{KeyKind, NoteKey};
use tempfile::TempDir;

use super::program::agreed;
use super::published::{Keys, publish, signed};
use super::records::{Demo, bytes, demo};

fn honest(demo: &Demo, keys: &Keys) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let entries = bytes(&demo.records);
    publish(folder.path(), &entries, &[1, 256, 300], keys, &[256, entries.len()]);
    folder
}

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// What can be done to a file.
fn damage(kind: usize, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    match kind {
        0 => return None,
        1 => bytes[middle] ^= 1,
        2 => bytes.truncate(bytes.len() - 1),
        3 => bytes.push(b'\n'),
        4 => bytes[0] ^= 0x40,
        _ => bytes.clear(),
    }
    Some(bytes)
}

#[test]
fn program_and_reader_agree_on_every_damaged_file() {
    let demo = demo();
    let keys = Keys::of(demo.organisation);
    let evidence = [
        "--key",
        &keys.operator.verifier().to_string(),
        "--witness",
        &keys.witness.verifier().to_string(),
        "--quorum",
        "1",
    ]
    .map(str::to_owned);
    let folder = honest(demo, &keys);
    let sound = agreed("honest", folder.path(), &evidence);
    assert_eq!((sound.text().as_str(), sound.rung()), ("sound", Some(3)));
    for file in files(folder.path()) {
        let before = fs::read(&file).unwrap();
        for kind in 0..6 {
            match damage(kind, &before) {
                None => fs::remove_file(&file).unwrap(),
                Some(bytes) => fs::write(&file, bytes).unwrap(),
            }
            let what =
                format!("{} damaged in way {kind}", file.strip_prefix(folder.path()).unwrap().display());
            let answer = agreed(&what, folder.path(), &evidence);
            // The key beside the log is not looked at when there is one from outside; a kept checkpoint may be absent.
            let is_needless =
                file.ends_with("key") || (kind == 0 && file.parent().unwrap().ends_with("checkpoints"));
            assert_eq!(answer.is_sound(), is_needless, "{what}: {}", answer.text());
            fs::write(&file, &before).unwrap();
        }
    }
}

#[test]
fn program_and_reader_agree_on_keys_and_evidence() {
    let demo = demo();
    let keys = Keys::of(demo.organisation);
    let folder = honest(demo, &keys);
    let origin = keys.operator.verifier().name().to_owned();
    let other = NoteKey::from_seed(&origin, KeyKind::Log, &[7; 32]).unwrap();
    let stranger = NoteKey::from_seed("ledger.example/elsewhere", KeyKind::Log, &[7; 32]).unwrap();
    let entries = bytes(&demo.records);
    let kept = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let path = kept.path().join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let elsewhere = write("elsewhere", signed(&entries, 300, &stranger).to_string());
    let unsigned = write("unsigned", signed(&entries, 300, &other).to_string());
    let cases: [(&[&str], &str, Option<u64>); 5] = [
        (&[], "sound", Some(1)),
        (&["--key", &other.verifier().to_string()], "SIGNATURE", Some(0)),
        (&["--key", &stranger.verifier().to_string()], "", Some(1)),
        (&["--seen", &elsewhere], "", Some(1)),
        (&["--seen", &unsigned], "SIGNATURE", Some(1)),
    ];
    for (evidence, expected, rung) in cases {
        let evidence: Vec<String> = evidence.iter().map(|&text| text.to_owned()).collect();
        let answer = agreed(&evidence.join(" "), folder.path(), &evidence);
        assert_eq!((answer.text().as_str(), answer.rung()), (expected, rung), "{evidence:?}");
    }
}

#[test]
fn evidence_that_is_none_is_refused_before_anything_is_read() {
    let demo = demo();
    let keys = Keys::of(demo.organisation);
    let folder = honest(demo, &keys);
    let source = folder.path().display().to_string();
    let cases: [(&[&str], i32); 5] = [
        (&["--key", "no key"], 2),
        (&["--key", &keys.witness.verifier().to_string()], 2),
        (&["--witness", &keys.witness.verifier().to_string(), "--quorum", "2"], 2),
        (&["--seen", "no-such-file"], 2),
        (&["--receipt", "key"], 2),
    ];
    for (evidence, code) in cases {
        let arguments = [&["verify", &source], evidence].concat();
        let output = super::program::soticket(folder.path(), &arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{evidence:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let nowhere = super::program::soticket(folder.path(), &["verify", "/no/such/folder"]);
    assert_eq!(nowhere.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("PUBLISHED_ABSENT"));
}
