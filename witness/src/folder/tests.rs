//! What a witness's folder survives, and what it refuses.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use soticket_ledger::proof::{Frontier, KeyKind, Nodes, TreeHash, consistency, cosigned_at};
use tempfile::TempDir;

use super::*;

/// A log whose leaves are its numbers.
struct Log;

impl Nodes for Log {
    type Error = ();
    fn node(&self, level: u8, index: u64) -> Result<TreeHash, ()> {
        Ok(tree(index << level, (index + 1) << level).root())
    }
}

fn tree(from: u64, to: u64) -> Frontier {
    let mut tree = Frontier::default();
    (from..to).for_each(|number| tree.push(TreeHash::leaf(&number.to_be_bytes())));
    tree
}

fn log(name: &str) -> NoteKey {
    NoteKey::from_seed(name, KeyKind::Log, &[1; 32]).unwrap()
}

fn submission(name: &str, old: u64, size: u64) -> Submission {
    let note = Checkpoint::new(name, size, tree(0, size).root()).signed(&log(name));
    Submission { old, proof: consistency(&Log, old, size).unwrap(), note }
}

fn open(folder: &TempDir) -> Result<Witness, FolderError> {
    let logs = ["a", "b"].map(|name| log(name).verifier().clone());
    Witness::open(&folder.path().join("witness"), Some("w.example"), &logs)
}

/// The code that opening is refused with.
fn refused(folder: &TempDir) -> &'static str {
    open(folder).err().map_or("", |error| error.code())
}

fn state(folder: &TempDir, origin: &str) -> PathBuf {
    folder.path().join("witness/cosigned").join(state::hash(origin))
}

#[test]
fn what_was_cosigned_outlives_the_witness() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    let first = submission("a", 0, 5);
    let cosignature = witness.add(&first).unwrap();
    let note = Note { text: first.note.text.clone(), signatures: vec![cosignature] };
    assert!(cosigned_at(&note, witness.verifier()).unwrap() > 1_700_000_000);
    let key = witness.verifier().clone();
    drop(witness);
    let again = open(&folder).unwrap();
    assert_eq!(*again.verifier(), key);
    let conflict = again.add(&submission("a", 0, 9)).unwrap_err();
    assert!(matches!(conflict, Refused::Witness(WitnessRefusal::Conflict(5))), "{conflict}");
    again.add(&submission("a", 5, 5)).unwrap();
    again.add(&submission("a", 5, 9)).unwrap();
    again.add(&submission("b", 0, 2)).unwrap();
    let kept: Note = again.newest(&state::hash("a")).unwrap().parse().unwrap();
    assert_eq!(kept.text.parse::<Checkpoint>().unwrap().size, 9);
    kept.verify(log("a").verifier()).unwrap();
    cosigned_at(&kept, &key).unwrap();
    assert_eq!(again.newest(&state::hash("c")), None);
}

#[test]
fn signatures_of_strangers_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    let mut submission = submission("a", 0, 5);
    submission.note.add(log("stranger").sign(&submission.note.text));
    witness.add(&submission).unwrap();
    let kept: Note = witness.newest(&state::hash("a")).unwrap().parse().unwrap();
    let names: Vec<&str> = kept.signatures.iter().map(|signature| signature.name.as_str()).collect();
    assert_eq!(names, ["a", "w.example"]);
}

#[test]
fn one_process_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    assert_eq!(refused(&folder), "WITNESS_LOCKED");
    drop(witness);
    assert_eq!(refused(&folder), "");
}

#[test]
fn the_key_is_the_owners_and_has_one_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("witness");
    assert_eq!(Witness::open(&path, None, &[]).err().unwrap().code(), "WITNESS_NAME_MISSING");
    assert_eq!(Witness::open(&path, Some("a b"), &[]).err().unwrap().code(), "WITNESS_NAME_INVALID");
    drop(open(&folder).unwrap());
    let key = path.join("key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(Witness::open(&path, Some("other"), &[]).err().unwrap().code(), "WITNESS_NAME_OTHER");
    assert!(Witness::open(&path, None, &[]).is_ok());
    let text = fs::read_to_string(&key).unwrap();
    for damaged in [text.replace("w.example", "v.example"), text[..text.len() - 1].to_owned(), String::new()]
    {
        fs::write(&key, damaged).unwrap();
        assert_eq!(refused(&folder), "WITNESS_KEY_DAMAGED");
    }
}

/// Every byte of a state counts, and none of them missing is a fresh start.
#[test]
fn a_damaged_or_missing_state_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    witness.add(&submission("a", 0, 5)).unwrap();
    witness.add(&submission("b", 0, 5)).unwrap();
    drop(witness);
    let (a, b) = (state(&folder, "a"), state(&folder, "b"));
    let whole = fs::read(&a).unwrap();
    for place in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[place] ^= 2;
        fs::write(&a, damaged).unwrap();
        assert_eq!(refused(&folder), "WITNESS_STATE_DAMAGED", "byte {place}");
    }
    fs::write(&a, &whole[..whole.len() / 2]).unwrap();
    assert_eq!(refused(&folder), "WITNESS_STATE_DAMAGED");
    // The state of another log is none of this one.
    fs::copy(&b, &a).unwrap();
    assert_eq!(refused(&folder), "WITNESS_STATE_DAMAGED");
    fs::remove_file(&a).unwrap();
    assert_eq!(refused(&folder), "WITNESS_STATE_MISSING");
    fs::write(&a, &whole).unwrap();
    assert_eq!(refused(&folder), "");
    let list = folder.path().join("witness/origins");
    let listed = fs::read(&list).unwrap();
    fs::remove_file(&list).unwrap();
    assert_eq!(refused(&folder), "WITNESS_STATE_MISSING");
    fs::write(&list, &listed[1..]).unwrap();
    assert_eq!(refused(&folder), "WITNESS_STATE_DAMAGED");
    fs::write(&list, &listed).unwrap();
    fs::remove_file(folder.path().join("witness/key")).unwrap();
    assert_eq!(refused(&folder), "WITNESS_KEY_MISSING");
}

/// A crash between the state and the list leaves a state that nothing demands; one while a draft is written, a draft.
#[test]
fn a_crash_while_keeping_leaves_a_folder_that_opens() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    witness.add(&submission("a", 0, 5)).unwrap();
    let list = folder.path().join("witness/origins");
    let before = fs::read(&list).unwrap();
    witness.add(&submission("b", 0, 5)).unwrap();
    drop(witness);
    fs::write(&list, before).unwrap();
    fs::write(state(&folder, "a").with_added_extension("new"), "soticket witn").unwrap();
    let witness = open(&folder).unwrap();
    let conflict = witness.add(&submission("b", 0, 7)).unwrap_err();
    assert!(matches!(conflict, Refused::Witness(WitnessRefusal::Conflict(5))), "{conflict}");
}

/// When nobody knows what is on the disk, nothing is cosigned any more.
#[test]
fn a_folder_that_cannot_be_written_stops_the_witness() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    witness.add(&submission("a", 0, 5)).unwrap();
    let states = folder.path().join("witness/cosigned");
    fs::rename(&states, folder.path().join("elsewhere")).unwrap();
    for _ in 0..2 {
        assert!(matches!(witness.add(&submission("a", 5, 9)), Err(Refused::Stopped)));
    }
    assert!(witness.stopped().borrow().as_ref().unwrap().contains("cosigned"));
    fs::rename(folder.path().join("elsewhere"), &states).unwrap();
    assert!(matches!(witness.add(&submission("a", 5, 9)), Err(Refused::Stopped)), "it stays stopped");
}

#[test]
fn logs_are_read_from_the_file_too() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder).unwrap());
    let file = folder.path().join("witness/logs");
    let (b, c) = (log("b").verifier().clone(), log("c").verifier().clone());
    fs::write(&file, format!("# members\n\n{b}\n {c} \n")).unwrap();
    let witness = open(&folder).unwrap();
    let names: Vec<&str> = witness.logs().iter().map(VerifierKey::name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    witness.add(&submission("c", 0, 1)).unwrap();
    let own = witness.verifier().clone();
    drop(witness);
    for (text, line) in [(format!("{b}\nnonsense\n"), 2), (format!("{own}\n"), 1)] {
        fs::write(&file, text).unwrap();
        let error = open(&folder).err().unwrap();
        assert!(matches!(error, FolderError::Logs { line: at, .. } if at == line), "{error}");
    }
    // A log that is watched no more keeps its state, and is not cosigned.
    fs::remove_file(&file).unwrap();
    let witness = open(&folder).unwrap();
    let unknown = witness.add(&submission("c", 1, 2)).unwrap_err();
    assert!(matches!(unknown, Refused::Witness(WitnessRefusal::OriginUnknown(_))), "{unknown}");
    assert!(witness.newest(&state::hash("c")).is_some());
}

/// Many at once: each size is cosigned after the one it continues, and nothing is rolled back.
#[test]
fn checking_and_keeping_are_one_step() {
    let folder = tempfile::tempdir().unwrap();
    let witness = open(&folder).unwrap();
    std::thread::scope(|scope| {
        for size in 1..=24 {
            let witness = &witness;
            scope.spawn(move || {
                let mut old = 0;
                loop {
                    match witness.add(&submission("a", old, size)) {
                        Err(Refused::Witness(WitnessRefusal::Conflict(told))) if told <= size => old = told,
                        Err(Refused::Witness(WitnessRefusal::Conflict(_))) | Ok(_) => break,
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    let newest: Note = witness.newest(&state::hash("a")).unwrap().parse().unwrap();
    assert_eq!(newest.text.parse::<Checkpoint>().unwrap().size, 24);
}
