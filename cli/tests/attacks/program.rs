//! The program and the independent reader, run as their users run them.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;

/// What the reader does not look at: it knows no payloads, and has no keys folder.
const NOT_READ: [&str; 3] = ["PAYLOAD", "SETTLEMENT", "PROMISE"];

pub(crate) fn soticket(folder: &Path, arguments: &[impl AsRef<OsStr>]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soticket"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOTICKET_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(["--data", "data"]).args(arguments).output().unwrap()
}

pub(crate) fn done(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = soticket(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What a verifier answered.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) report: Value,
}

impl Answer {
    pub(crate) fn of(output: &Output) -> Self {
        let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!(
                "{error}: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        });
        Self { code: output.status.code().unwrap(), report }
    }

    pub(crate) fn is_sound(&self) -> bool {
        let sound = self.report["sound"].as_bool().unwrap();
        assert_eq!(sound, self.code == 0, "the exit code says what the report says");
        sound
    }

    /// Every violation as log, position, rule and detail.
    pub(crate) fn violations(&self) -> BTreeSet<(String, u64, String, String)> {
        let of = |log: &Value, violation: &Value| {
            let text = |name: &str| violation[name].as_str().unwrap().to_owned();
            (
                log.as_str().unwrap().to_owned(),
                violation["position"].as_u64().unwrap(),
                text("rule"),
                text("detail"),
            )
        };
        let list = |value: &Value| value.as_array().unwrap().clone();
        let mut all: BTreeSet<_> = list(&self.report["log"]["violations"])
            .iter()
            .map(|found| of(&found["organisation"], found))
            .collect();
        for proof in list(&self.report["proofs"]) {
            all.extend(list(&proof["violations"]).iter().map(|found| of(&proof["log"], found)));
        }
        all
    }

    /// The rules that are broken.
    pub(crate) fn rules(&self) -> BTreeSet<String> {
        self.violations().into_iter().map(|(_, _, rule, _)| rule).collect()
    }

    /// `sound`, or the broken rules.
    pub(crate) fn text(&self) -> String {
        if self.is_sound() { "sound".to_owned() } else { Vec::from_iter(self.rules()).join(" ") }
    }

    /// What is proved of the organisation's log, which comes behind the cooperative's.
    pub(crate) fn proof(&self) -> &Value {
        self.report["proofs"].as_array().unwrap().last().unwrap()
    }

    /// The rung of the organisation's log.
    pub(crate) fn rung(&self) -> Option<u64> {
        self.proof()["rung"].as_u64()
    }
}

/// `soticket verify --json` on a published folder.
pub(crate) fn verify(folder: &Path, evidence: &[String]) -> Answer {
    let source = folder.display().to_string();
    let arguments = [&["--json".to_owned(), "verify".to_owned(), source], evidence].concat();
    Answer::of(&soticket(folder, &arguments))
}

/// As [`verify`], on the data folder `data` in a folder.
pub(crate) fn verify_data(folder: &Path, evidence: &[String]) -> Answer {
    let arguments = [&["--json".to_owned(), "verify".to_owned()], evidence].concat();
    Answer::of(&soticket(folder, &arguments))
}

/// The independent reader on a published folder; none where its one dependency cannot be installed.
pub(crate) fn read(folder: &Path, evidence: &[String]) -> Option<Answer> {
    let reader = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auditors/read_log.py");
    let mut command = Command::new(python()?);
    command.arg(reader).arg(folder).arg("--json").args(evidence);
    Some(Answer::of(&command.output().unwrap()))
}

/// Both verifiers must say the same of everything that both look at; the answer of the program.
#[track_caller]
pub(crate) fn agreed(what: &str, folder: &Path, evidence: &[String]) -> Answer {
    let program = verify(folder, evidence);
    let Some(reader) = read(folder, evidence) else { return program };
    let (mut ours, theirs) = (program.violations(), reader.violations());
    ours.retain(|(_, _, rule, _)| !NOT_READ.contains(&rule.as_str()));
    assert_eq!(ours, theirs, "{what}: program and reader differ");
    assert_eq!(reader.report["evidence_unused"], program.report["evidence_unused"], "{what}");
    assert_eq!(reader.report["log"]["records"], program.report["log"]["records"], "{what}");
    assert_eq!(reader.report["log"]["bytes"], program.report["log"]["bytes"], "{what}");
    let proofs = |answer: &Answer| answer.report["proofs"].as_array().unwrap().clone();
    assert_eq!(proofs(&program).len(), proofs(&reader).len(), "{what}");
    for (ours, theirs) in proofs(&program).iter().zip(&proofs(&reader)) {
        for field in [
            "log",
            "origin",
            "records",
            "size",
            "root",
            "tiles",
            "checkpoints",
            "key_from",
            "rung",
            "rungs",
            "rests_on_operator",
        ] {
            assert_eq!(ours[field], theirs[field], "{what}: {field}");
        }
    }
    program
}

/// A Python with blake3, made once; none, said in one line, where it cannot be made.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON
        .get_or_init(|| {
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("auditor-python");
            let python = folder.join("bin/python");
            let has_blake3 = |python: &Path| {
                let import = Command::new(python).args(["-c", "import blake3"]).output();
                import.is_ok_and(|output| output.status.success())
            };
            if has_blake3(&python) {
                return Some(python);
            }
            let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).output();
            let installed = made.is_ok_and(|output| output.status.success())
                && Command::new(&python)
                    .args(["-m", "pip", "install", "--quiet", "blake3==1.0.11"])
                    .output()
                    .is_ok();
            if installed && has_blake3(&python) {
                return Some(python);
            }
            eprintln!("blake3==1.0.11 cannot be installed here: the independent reader was NOT run");
            None
        })
        .as_deref()
}
