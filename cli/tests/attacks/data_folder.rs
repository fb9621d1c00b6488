//! Attacks on the data folder itself: backups that are put back, with and without the keys folder, and a kept file altered.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use soticket_ledger::{Ledger, Options};
use soticket_schema::OrganisationId;
use tempfile::TempDir;

use super::folders::copy;
use super::program::{Answer, done, verify_data};
use super::records::SHOW;

/// A folder with `data` and `data-keys`, and the checkpoint of the end of each day.
struct Operated {
    folder: TempDir,
    organisation: OrganisationId,
}

impl Operated {
    /// The demonstration, and its log published.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        done(folder.path(), &["demo", "--once"]);
        let organisation = {
            let ledger = Ledger::open(&folder.path().join("data"), Options::default()).unwrap();
            let organisation = ledger.heads()[0].0;
            ledger.close();
            organisation
        };
        let operated = Self { folder, organisation };
        operated.publish("yesterday");
        operated
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Publishes the log; its checkpoint is given out under a name.
    fn publish(&self, name: &str) {
        let published = done(self.folder.path(), &["--origin", "ledger.example", "--json", "publish"]);
        let published: Value = serde_json::from_slice(&published).unwrap();
        let is_member =
            |log: &&Value| log["origin"].as_str().unwrap().ends_with(&self.organisation.to_string());
        let log = published.as_array().unwrap().iter().find(is_member).unwrap();
        fs::write(self.path(name), log["checkpoint"].as_str().unwrap()).unwrap();
    }

    fn copy(&self, from: &str, to: &str) {
        let _ = fs::remove_dir_all(self.path(to));
        copy(&self.path(from), &self.path(to));
    }

    /// What is answered with nothing, and with the newest checkpoint that was given out.
    fn answers(&self, newest: &str) -> [Answer; 2] {
        let seen = ["--seen".to_owned(), self.path(newest).display().to_string()];
        [verify_data(self.folder.path(), &[]), verify_data(self.folder.path(), &seen)]
    }
}

fn row(name: &str, answers: &[Answer], caught: &str) -> String {
    let cell = |answer: &Answer| {
        let rung = answer.rung().map_or("none".to_owned(), |rung| rung.to_string());
        let files = answer.report["files_faulty"].as_array().unwrap();
        match files.first() {
            Some(file) => file["fault"].as_str().unwrap().split(':').next().unwrap().to_owned(),
            None if answer.is_sound() => format!("sound, rung {rung}"),
            None => answer.text(),
        }
    };
    let cells: Vec<String> = answers.iter().map(cell).collect();
    format!("| {name} | {} | {caught} |", cells.join(" | "))
}

#[test]
fn backups_put_back_and_files_altered_are_caught_as_the_documents_say() {
    let operated = Operated::new();
    operated.copy("data", "backup");
    operated.copy("data-keys", "backup-keys");
    done(operated.folder.path(), &["seal", SHOW]);
    operated.publish("today");
    let mut rows = vec![row("none", &operated.answers("today"), "nothing to catch")];
    operated.copy("data", "good");
    operated.copy("data-keys", "good-keys");

    operated.copy("backup", "data");
    rows.push(row("yesterday's data put back", &operated.answers("today"), "promise in the keys folder"));

    operated.copy("backup-keys", "data-keys");
    let both = operated.answers("today");
    rows.push(row("yesterday's data and keys put back", &both, "checkpoint or receipt kept (2)"));

    operated.copy("good", "data");
    operated.copy("good-keys", "data-keys");
    let kept = files(&operated.path("data/files")).into_iter().next().unwrap();
    let mut bytes = fs::read(&kept).unwrap();
    bytes[10] ^= 1;
    fs::write(&kept, bytes).unwrap();
    rows.push(row("a kept file of a statement altered", &operated.answers("today"), "its hash in the log"));

    let documents =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auditors.md")).unwrap();
    let missing: Vec<&String> = rows.iter().filter(|row| !documents.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "docs/auditors.md does not have these rows:\n{}", rows.join("\n"));
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn what_the_program_publishes_is_read_alike_by_program_and_reader() {
    let operated = Operated::new();
    done(operated.folder.path(), &["seal", SHOW]);
    operated.publish("today");
    let published = operated.path("data/published");
    let seen = |name: &str| ["--seen".to_owned(), operated.path(name).display().to_string()];
    let evidence = [seen("yesterday"), seen("today")].concat();
    let answer = super::program::agreed("the published folder", &published, &evidence);
    assert_eq!((answer.text().as_str(), answer.rung()), ("sound", Some(2)));
    assert_eq!(answer.report["settlements"]["equal"], 1);
    assert_eq!(answer.proof()["key_from"], "log");
    let cooperative = &answer.report["proofs"][0];
    assert_eq!((&cooperative["log"], &cooperative["records"]), (&"cooperative".into(), &2.into()));
    let one = published.join(operated.organisation.to_string());
    let key = fs::read_to_string(one.join("key")).unwrap().trim().to_owned();
    let answer = super::program::agreed("one log", &one, &["--key".to_owned(), key]);
    assert_eq!((answer.text().as_str(), answer.proof()["key_from"].as_str()), ("sound", Some("outside")));

    // A member's log that is taken back to yesterday is not what the cooperative's log has of it.
    fs::copy(operated.path("yesterday"), one.join("checkpoint")).unwrap();
    let answer = super::program::agreed("a member's log taken back", &published, &[]);
    assert_eq!(answer.text(), "TAIL");
    let (.., detail) = answer.violations().into_iter().next().unwrap();
    assert!(detail.starts_with("entry 1 of the cooperative's log: it was given out at "), "{detail}");
}
