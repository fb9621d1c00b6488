//! The program on a data folder, and what persons' keys are once their slots are opened from outside.

#![allow(dead_code, reason = "every test uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde_json::Value;
use soticket_schema::ids::SubjectRef;

const SLOT_BYTES: usize = 128;

/// Runs the program over `data` in a folder, saying all it can in its log.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut program = Process::new(env!("CARGO_BIN_EXE_soticket"));
    program.current_dir(folder);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        program.env_remove(name);
    }
    program.args(["--data", "data", "--log", "trace"]).args(arguments).output().unwrap()
}

/// What it printed.
pub(crate) fn json(output: &Output) -> Value {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text} {}", String::from_utf8_lossy(&output.stderr)))
}

/// The files of a folder and the folders in it.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The epoch keys of a folder, as docs/format.md has them.
pub(crate) fn epoch_keys(keys: &Path) -> Vec<[u8; 32]> {
    let paths = files(keys).into_iter().filter(|path| {
        path.extension().is_some_and(|extension| extension == "key")
            && path.file_stem().unwrap().to_str().unwrap().starts_with("epoch-")
    });
    paths
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            *blake3::Hash::from_hex(text.lines().nth(1).unwrap()).unwrap().as_bytes()
        })
        .collect()
}

/// A person's raw key: their slot unwrapped by whichever of the epoch keys opens it.
pub(crate) fn raw_key(slots: &[u8], epochs: &[[u8; 32]], subject: SubjectRef) -> Option<Vec<u8>> {
    let slot = slots.chunks(SLOT_BYTES).find(|slot| slot.get(20..36) == Some(subject.0.as_slice()))?;
    let (nonce, wrapped) = (&slot[40..64], &slot[64..112]);
    epochs.iter().find_map(|epoch| {
        let cipher = XChaCha20Poly1305::new(epoch.into());
        cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: wrapped, aad: &subject.0 }).ok()
    })
}

/// The raw keys of all persons who have a slot that one of the epoch keys opens.
pub(crate) fn raw_keys(slots: &[u8], epochs: &[[u8; 32]]) -> HashMap<SubjectRef, Vec<u8>> {
    let open = |slot: &[u8]| {
        let subject = SubjectRef(slot.get(20..36)?.try_into().ok()?);
        Some((subject, raw_key(slot, epochs, subject)?))
    };
    slots.chunks(SLOT_BYTES).filter_map(open).collect()
}
