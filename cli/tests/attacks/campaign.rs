//! The attacks on a published log, each with what is answered when an auditor has nothing, the key, a checkpoint or a
//! receipt kept from earlier, or a witness. The table in `docs/auditors.md` is this one.

use std::fs;
use std::path::Path;

use soticket_schema::{Amount, Event, Timestamp};
use tempfile::TempDir;

use super::folders::copy;
use super::program::agreed;
use super::published::{Keys, publish, receipt, signed};
use super::records::{Demo, Record, bytes, demo, relinked, sale};

/// Where the record is that most attacks are about.
const PLACE: usize = 100;
/// About the size of yesterday's checkpoint.
const YESTERDAY: usize = 300;

/// Size of yesterday's checkpoint: commands are recorded whole.
fn yesterday(records: &[Record]) -> usize {
    (0..=YESTERDAY).rev().find(|position| records[*position].envelope.part == 0).unwrap()
}

/// What an auditor has kept of the honest log.
struct Kept {
    folder: TempDir,
    keys: Keys,
    yesterday: usize,
}

impl Kept {
    /// Of the honest log of today: its newest checkpoint, and the receipt of one of the last sales.
    fn of(demo: &Demo) -> Self {
        let (folder, keys) = (tempfile::tempdir().unwrap(), Keys::of(demo.organisation));
        let honest = bytes(&demo.records);
        let last = sale(&demo.records, YESTERDAY + 1).start;
        let write = |name: &str, text: String| fs::write(folder.path().join(name), text).unwrap();
        write("seen", signed(&honest, honest.len(), &keys.operator).to_string());
        write("receipt.tlog-proof", receipt(&honest, last, &keys.operator).to_string());
        Self { folder, keys, yesterday: yesterday(&demo.records) }
    }

    fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// Evidence of each column of the table.
    fn columns(&self) -> [Vec<String>; 5] {
        let key = || vec!["--key".to_owned(), self.keys.operator.verifier().to_string()];
        let with = |more: &[String]| [key(), more.to_vec()].concat();
        let witness = self.keys.witness.verifier().to_string();
        [
            Vec::new(),
            key(),
            with(&["--seen".to_owned(), self.file("seen")]),
            with(&["--receipt".to_owned(), self.file("receipt.tlog-proof")]),
            with(&["--witness".to_owned(), witness, "--quorum".to_owned(), "1".to_owned()]),
        ]
    }
}

/// A published folder of an attack.
struct Attacked(TempDir);

impl Attacked {
    /// The operator publishes these entries. The witness has cosigned what it was shown: of the honest log.
    fn publish(kept: &Kept, entries: &[Vec<u8>], witnessed: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        publish(folder.path(), entries, &[kept.yesterday], &kept.keys, witnessed);
        Self(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Another content of the bundles, while tiles and checkpoints stay.
    fn with_entries_of(self, kept: &Kept, entries: &[Vec<u8>]) -> Self {
        let other = Self::publish(kept, entries, &[]);
        let entries = self.path().join("tile/entries");
        fs::remove_dir_all(&entries).unwrap();
        copy(&other.path().join("tile/entries"), &entries);
        self
    }
}

/// The log as if one sale had never been, from before its settlement was sealed: no other trace of the sale is left.
fn without_sale(demo: &Demo) -> Vec<Record> {
    let sealed = demo.records.iter().position(|record| matches!(record.event(), Event::SettlementSealed(_)));
    let mut records = demo.records[..sealed.unwrap()].to_vec();
    records.drain(sale(&demo.records, PLACE));
    records
}

/// One row of the table: the attack, and what each column answers.
fn row(name: &str, kept: &Kept, attacked: &Attacked, caught: &str) -> String {
    let cells = kept.columns().map(|evidence| {
        let answer = agreed(name, attacked.path(), &evidence);
        match answer.rung() {
            Some(rung) if answer.is_sound() => format!("sound, rung {rung}"),
            _ => answer.text(),
        }
    });
    format!("| {name} | {} | {caught} |", cells.join(" | "))
}

#[test]
fn each_attack_is_caught_by_the_rung_that_the_documents_name() {
    let demo = demo();
    let kept = Kept::of(demo);
    let honest = bytes(&demo.records);
    let (yesterday, count) = (kept.yesterday, honest.len());
    let everything = [yesterday, count];
    let real = || Attacked::publish(&kept, &honest, &everything);
    let mut rows = vec![row("none", &kept, &real(), "nothing to catch")];

    let mut edited = demo.records.clone();
    edited[PLACE].envelope.occurred_at.0 -= 1;
    let attacked = real().with_entries_of(&kept, &bytes(&edited));
    rows.push(row("a record edited", &kept, &attacked, "chain (0)"));

    let mut inserted = demo.records.clone();
    inserted.insert(PLACE, demo.records[PLACE].clone());
    inserted.pop();
    let attacked = real().with_entries_of(&kept, &bytes(&inserted));
    rows.push(row("a record inserted", &kept, &attacked, "chain (0)"));

    let mut removed = demo.records.clone();
    removed.remove(PLACE);
    removed.push(demo.records[PLACE].clone());
    let attacked = real().with_entries_of(&kept, &bytes(&removed));
    rows.push(row("a record removed", &kept, &attacked, "chain (0)"));

    // The witness had cosigned yesterday's checkpoint when it was the newest.
    let attacked = Attacked::publish(&kept, &honest[..yesterday], &everything);
    rows.push(row("the tail cut", &kept, &attacked, "checkpoint or receipt kept (2)"));

    let mut restored = demo.records[..yesterday].to_vec();
    restored.extend(demo.records[yesterday + 20..].iter().take(200).cloned());
    let restored = sound_commands(restored);
    let attacked = Attacked::publish(&kept, &relinked(&restored), &[yesterday]);
    rows.push(row(
        "yesterday's backup restored, and sold on",
        &kept,
        &attacked,
        "checkpoint or receipt kept (2)",
    ));

    let attacked = Attacked::publish(&kept, &relinked(&without_sale(demo)), &[]);
    rows.push(row(
        "the whole log rewritten with the operator's key",
        &kept,
        &attacked,
        "checkpoint or receipt kept (2)",
    ));

    let mut view = demo.records.clone();
    let last = view.len() - 1;
    view[last].envelope.occurred_at.0 -= 1;
    let attacked = Attacked::publish(&kept, &relinked(&view), &[yesterday]);
    rows.push(row("another view for another auditor", &kept, &attacked, "witness quorum (3)"));

    let mut dated = demo.records.clone();
    dated[last].envelope.recorded_at = Timestamp(dated[last].envelope.recorded_at.0 - 86_400_000_000);
    let attacked = Attacked::publish(&kept, &relinked(&dated), &[yesterday]);
    rows.push(row("a sale back-dated at the end", &kept, &attacked, "chain (0)"));

    let mut dated = without_sale(demo);
    let before = dated[PLACE - 1].envelope.recorded_at.0;
    for record in dated.iter_mut().skip(PLACE) {
        let at = &mut record.envelope.recorded_at.0;
        *at = before.max(*at - 1);
    }
    let attacked = Attacked::publish(&kept, &relinked(&dated), &[]);
    rows.push(row(
        "a sale back-dated, all after it rewritten",
        &kept,
        &attacked,
        "checkpoint or receipt kept (2)",
    ));

    let attacked = Attacked::publish(&kept, &relinked(&altered_statement(demo)), &[yesterday]);
    rows.push(row("a sealed statement altered", &kept, &attacked, "settlement worked out anew (0)"));

    let documents =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auditors.md")).unwrap();
    let missing: Vec<&String> = rows.iter().filter(|row| !documents.contains(row.as_str())).collect();
    assert!(missing.is_empty(), "docs/auditors.md does not have these rows:\n{}", rows.join("\n"));
}

/// Records whose commands are whole: what is left of a cut one is dropped.
fn sound_commands(records: Vec<Record>) -> Vec<Record> {
    let mut sound = Vec::new();
    let mut rest = records.as_slice();
    while let Some(first) = rest.first() {
        let parts = usize::from(first.envelope.parts);
        let whole = first.envelope.part == 0
            && rest.len() >= parts
            && rest[..parts].iter().all(|record| record.envelope.command == first.envelope.command);
        let taken = if whole { parts } else { 1 };
        if whole {
            sound.extend_from_slice(&rest[..parts]);
        }
        rest = &rest[taken..];
    }
    sound
}

/// The log with other figures in its sealed settlement: ten euros moved from one line to the next, nothing else.
fn altered_statement(demo: &Demo) -> Vec<Record> {
    let mut records = demo.records.clone();
    for record in &mut records {
        if let Event::SettlementSealed(mut sealed) = record.event() {
            let mut lines = sealed.lines.iter_mut().rev();
            let (one, other) = (lines.next().unwrap(), lines.next().unwrap());
            one.net += Amount(1_000);
            other.net += Amount(-1_000);
            record.set_event(&sealed.into());
        }
    }
    records
}
