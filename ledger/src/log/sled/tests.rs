//! The engine as a whole: what it survives, and what it refuses by name.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use soticket_schema::OrganisationId;
use tempfile::TempDir;

use super::changes::Changes;
use super::page::PageKey;
use super::store::{Part, Store};
use super::{SledLog, SledOptions, rebuild_head, repair};
use crate::log::conformance::{self, bytes_of, extend};
use crate::log::{Head, Log, LogError};
use crate::testing::{append, organisation};

/// Small segments, so that a test's data fills several.
fn options() -> SledOptions {
    SledOptions { segment_bytes: 512 << 10, cache_bytes: 4 << 20, ..SledOptions::default() }
}

fn open(dir: &Path) -> Result<SledLog, LogError> {
    SledLog::open(dir, &options())
}

fn refusal(dir: &Path) -> &'static str {
    open(dir).unwrap_err().code()
}

/// Three organisations, a dozen commits of one to several pages.
fn filled() -> (TempDir, Vec<(OrganisationId, Head)>) {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    for round in 0..4 {
        for number in 1..=3 {
            extend(&log, organisation(number), &vec![150; 1 + round * 20]);
        }
    }
    let heads = log.heads();
    (dir, heads)
}

/// Adds one commit of all three organisations and returns the head file as it was before.
fn commit_once_more(dir: &Path) -> (Vec<u8>, Vec<(OrganisationId, Head)>) {
    let before = std::fs::read(dir.join("head")).unwrap();
    let log = open(dir).unwrap();
    let appends: Vec<_> = (1..=3)
        .map(|number| append(organisation(number), log.head(organisation(number)), &[150; 40]))
        .collect();
    log.commit(&appends).unwrap();
    (before, log.heads())
}

/// A log that keeps its folder until it is dropped.
struct Kept(SledLog, #[expect(dead_code, reason = "removes the folder when dropped")] TempDir);

impl Log for Kept {
    fn heads(&self) -> Vec<(OrganisationId, Head)> {
        self.0.heads()
    }
    fn head(&self, organisation: OrganisationId) -> Option<Head> {
        self.0.head(organisation)
    }
    fn commit(&self, appends: &[crate::log::Append]) -> Result<(), LogError> {
        self.0.commit(appends)
    }
    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(crate::log::Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        self.0.read_runs(organisation, from, visit)
    }
}

#[test]
fn the_sled_log_conforms() {
    conformance::check(|| {
        let dir = tempfile::tempdir().unwrap();
        Kept(open(dir.path()).unwrap(), dir)
    });
}

#[test]
fn everything_is_there_after_opening_again() {
    let (dir, heads) = filled();
    for _ in 0..3 {
        let log = open(dir.path()).unwrap();
        assert_eq!(log.heads(), heads);
        let read = bytes_of(&log, organisation(2), 0);
        let blank = tempfile::tempdir().unwrap();
        let copy = open(blank.path()).unwrap();
        let rounds = (0..4).map(|round| extend(&copy, organisation(2), &vec![150; 1 + round * 20]).records);
        assert_eq!(read, rounds.collect::<Vec<_>>().concat());
    }
}

#[test]
fn a_second_process_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_LOCKED");
    drop(log);
    open(dir.path()).unwrap();
}

#[test]
fn a_commit_without_its_head_slot_is_adopted() {
    let (dir, _) = filled();
    let (before, heads) = commit_once_more(dir.path());
    std::fs::write(dir.path().join("head"), before).unwrap();
    assert_eq!(open(dir.path()).unwrap().heads(), heads);
    let log = open(dir.path()).unwrap();
    assert_eq!(log.heads(), heads, "the adoption was written down");
    extend(&log, organisation(1), &[5]);
}

#[test]
fn a_commit_with_a_torn_head_slot_is_adopted() {
    let (dir, _) = filled();
    let (before, heads) = commit_once_more(dir.path());
    let path = dir.path().join("head");
    let after = std::fs::read(&path).unwrap();
    let start =
        (0..4).map(|slot| slot * 512).find(|&at| before[at..at + 512] != after[at..at + 512]).unwrap();
    for kept in [0, 9, 40, 300, 511] {
        let mut torn = before.clone();
        torn[start..start + kept].copy_from_slice(&after[start..start + kept]);
        torn[start + 511] ^= 1;
        std::fs::write(&path, torn).unwrap();
        assert_eq!(open(dir.path()).unwrap().heads(), heads, "{kept} bytes of the slot written");
    }
}

/// Removes one page from the data behind the engine's back.
fn remove_page(dir: &Path, key: PageKey) {
    let store = Store::open(&dir.join("log"), &options()).unwrap();
    let mut changes = Changes::default();
    changes.remove(key.chunk(0));
    store.write(Part::Pages, changes, true).unwrap();
}

#[test]
fn a_commit_cut_short_is_removed_unless_it_was_acknowledged() {
    let (dir, heads) = filled();
    let (before, after) = commit_once_more(dir.path());
    let path = dir.path().join("head");
    let acknowledged = std::fs::read(&path).unwrap();
    let key = PageKey { organisation: organisation(2), first: heads[1].1.length };
    remove_page(dir.path(), key);
    // The head file covers the commit: something is missing.
    assert_eq!(refusal(dir.path()), "LOG_PAGE_GAP");
    // It was about to: the slot is damaged.
    let mut torn = acknowledged.clone();
    let slot = (0..4).find(|slot| before[slot * 512..][..512] != acknowledged[slot * 512..][..512]).unwrap();
    torn[slot * 512 + 20] ^= 1;
    std::fs::write(&path, torn).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_HEAD_FILE_DAMAGED");
    // It was not: nobody was told about the commit.
    std::fs::write(&path, before).unwrap();
    let log = open(dir.path()).unwrap();
    assert_eq!(log.heads(), heads);
    for number in 1..=3 {
        extend(&log, organisation(number), &[150; 40]);
    }
    assert_eq!(log.heads(), after);
    drop(log);
    assert_eq!(open(dir.path()).unwrap().heads(), after);
}

#[test]
fn a_missing_last_page_is_behind_the_head() {
    let (dir, _) = filled();
    let (_, heads) = commit_once_more(dir.path());
    let store = Store::open(&dir.path().join("log"), &options()).unwrap();
    let last = store.last_page(organisation(3)).unwrap().unwrap().key;
    drop(store);
    remove_page(dir.path(), last);
    assert!(last.first < heads[2].1.length);
    assert_eq!(refusal(dir.path()), "LOG_BEHIND_HEAD");
}

#[test]
fn an_older_head_file_is_refused() {
    let (dir, _) = filled();
    let (older, _) = commit_once_more(dir.path());
    commit_once_more(dir.path());
    std::fs::write(dir.path().join("head"), older).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_AHEAD_OF_HEAD");
}

#[test]
fn missing_files_are_refused_by_name() {
    let cases: [(&str, &str); 3] =
        [("head", "LOG_HEAD_FILE_MISSING"), ("log/db", "LOG_BEHIND_HEAD"), ("log", "LOG_BEHIND_HEAD")];
    for (name, code) in cases {
        let (dir, _) = filled();
        let path = dir.path().join(name);
        if path.is_dir() {
            std::fs::remove_dir_all(&path).unwrap();
        } else {
            std::fs::remove_file(&path).unwrap();
        }
        assert_eq!(refusal(dir.path()), code, "{name}");
        assert_eq!(refusal(dir.path()), code, "{name}, the second time");
    }
    let (dir, _) = filled();
    std::fs::write(dir.path().join("log/db"), []).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_STORE_DAMAGED", "its snapshot points into nothing");
    let (dir, _) = filled();
    std::fs::write(dir.path().join("log/blobs/17"), b"large").unwrap();
    assert_eq!(refusal(dir.path()), "LOG_BLOBS_PRESENT");
    let (dir, heads) = filled();
    std::fs::remove_file(dir.path().join("verified")).unwrap();
    std::fs::remove_file(dir.path().join("lock")).unwrap();
    assert_eq!(open(dir.path()).unwrap().heads(), heads, "these two are disposable");
}

#[test]
fn a_lost_head_file_can_be_rebuilt() {
    let (dir, _) = filled();
    let (_, heads) = commit_once_more(dir.path());
    std::fs::remove_file(dir.path().join("head")).unwrap();
    let report = rebuild_head(dir.path(), &options()).unwrap();
    assert_eq!(report.heads, heads);
    assert_eq!(open(dir.path()).unwrap().heads(), heads);
}

#[test]
fn a_damaged_snapshot_is_refused_and_repaired() {
    let (dir, heads) = filled();
    drop(open(dir.path()).unwrap());
    let snapshot = |dir: &Path| -> PathBuf {
        let mut files = std::fs::read_dir(dir.join("log")).unwrap().map(|entry| entry.unwrap().path());
        files.find(|path| path.file_name().unwrap().to_string_lossy().starts_with("snap.")).unwrap()
    };
    std::fs::write(snapshot(dir.path()), []).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_STORE_DAMAGED");
    let report = repair(dir.path(), &options()).unwrap();
    assert_eq!(report.heads, heads);
    assert_eq!(report.set_aside.len(), 1);
    assert_eq!(open(dir.path()).unwrap().heads(), heads);
}

#[test]
fn an_interrupted_creation_is_taken_up_again() {
    type Step = fn(&Path);
    let steps: [(&str, Step); 5] = [
        ("the folder", |_| {}),
        ("half a head file", |dir| std::fs::write(dir.join("head.new"), [0; 700]).unwrap()),
        ("an empty store", |dir| {
            std::fs::write(dir.join("head.new"), [0; 700]).unwrap();
            std::fs::create_dir_all(dir.join("log/blobs")).unwrap();
            std::fs::write(dir.join("log/conf"), []).unwrap();
        }),
        ("half a store", |dir| {
            std::fs::write(dir.join("head.new"), [0; 700]).unwrap();
            std::fs::create_dir_all(dir.join("log/blobs")).unwrap();
            std::fs::write(dir.join("log/conf"), b"segment_size: 26").unwrap();
            std::fs::write(dir.join("log/db"), [7; 5_000]).unwrap();
        }),
        ("everything but the name", |dir| {
            drop(open(dir).unwrap());
            std::fs::rename(dir.join("head"), dir.join("head.new")).unwrap();
        }),
    ];
    for (name, leave_behind) in steps {
        let dir = tempfile::tempdir().unwrap();
        leave_behind(dir.path());
        let log = open(dir.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let head = extend(&log, organisation(1), &[9]).next;
        drop(log);
        assert_eq!(open(dir.path()).unwrap().heads(), [(organisation(1), head)], "{name}");
    }
}

/// Breaks a file.
type Breakage = (&'static str, fn(&Path));

/// What a power cut can leave of the engine's file.
const BROKEN_STORES: [Breakage; 4] = [
    ("cut off", |db| std::fs::write(db, &std::fs::read(db).unwrap()[..100]).unwrap()),
    ("garbled", |db| std::fs::write(db, [7; 5_000]).unwrap()),
    ("empty", |db| std::fs::write(db, []).unwrap()),
    ("zeros", |db| std::fs::write(db, vec![0; std::fs::read(db).unwrap().len()]).unwrap()),
];

#[test]
fn half_of_a_store_that_was_never_used_is_set_aside() {
    for (name, break_it) in BROKEN_STORES {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path()).unwrap());
        std::fs::remove_file(dir.path().join("verified")).unwrap();
        break_it(&dir.path().join("log/db"));
        let log = open(dir.path()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let head = extend(&log, organisation(1), &[9]).next;
        drop(log);
        assert_eq!(open(dir.path()).unwrap().heads(), [(organisation(1), head)], "{name}");
    }
}

#[test]
fn half_of_a_store_that_was_used_is_refused() {
    for (name, break_it) in BROKEN_STORES {
        let dir = tempfile::tempdir().unwrap();
        extend(&open(dir.path()).unwrap(), organisation(1), &[9]);
        let _ = std::fs::remove_file(dir.path().join("verified"));
        break_it(&dir.path().join("log/db"));
        let codes = ["LOG_STORE_DAMAGED", "LOG_BEHIND_HEAD"];
        assert!(codes.contains(&refusal(dir.path())), "{name}");
        assert!(codes.contains(&refusal(dir.path())), "{name}, the second time");
    }
    // Without a commit, a store that was opened to its end stays what it is.
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    std::fs::write(dir.path().join("log/db"), [7; 5_000]).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_STORE_DAMAGED");
    // A torn slot says that a first commit was on the disk.
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()).unwrap());
    std::fs::remove_file(dir.path().join("verified")).unwrap();
    let mut head = std::fs::read(dir.path().join("head")).unwrap();
    head[600] ^= 1;
    std::fs::write(dir.path().join("head"), head).unwrap();
    std::fs::write(dir.path().join("log/db"), [7; 5_000]).unwrap();
    assert_eq!(refusal(dir.path()), "LOG_STORE_DAMAGED");
}

#[test]
fn the_verified_mark_moves_on_and_is_checked() {
    let (dir, heads) = filled();
    let lazy = SledOptions { open_check_bytes: 1, ..options() };
    std::fs::remove_file(dir.path().join("verified")).unwrap();
    let log = SledLog::open(dir.path(), &lazy).unwrap();
    let records: u64 = heads.iter().map(|(_, head)| head.length).sum();
    assert!(log.verified().iter().map(|(_, length)| length).sum::<u64>() < records);
    let mut last = None;
    log.verify_rest(&mut |progress| {
        last = Some(progress);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(last.map(|progress| (progress.verified, progress.records)), Some((records, records)));
    drop(log);
    // A mark from another copy of the data is not held against this one.
    let foreign = std::fs::read(dir.path().join("verified")).unwrap();
    let other = tempfile::tempdir().unwrap();
    let log = open(other.path()).unwrap();
    (1..=3).for_each(|number| drop(extend(&log, organisation(number), &[1; 300])));
    drop(log);
    std::fs::write(other.path().join("verified"), foreign).unwrap();
    let log = open(other.path()).unwrap();
    assert!(log.verified().iter().all(|(_, length)| *length == 300));
}

#[test]
fn values_beside_the_log_are_kept_whole() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let side = log.side_store();
    let long: Vec<u8> = (0..20_000_u32).map(|at| at as u8).collect();
    side.put(&[(b"a".to_vec(), long.clone()), (b"ab".to_vec(), b"short".to_vec())]).unwrap();
    side.put_durable(&[(b"b".to_vec(), Vec::new()), (b"a\0\0".to_vec(), b"odd".to_vec())]).unwrap();
    assert_eq!(side.get(b"a").unwrap(), Some(long.clone()));
    side.put(&[(b"a".to_vec(), long[..5_000].to_vec())]).unwrap();
    extend(&log, organisation(1), &[1]);
    drop((log, side));
    let log = open(dir.path()).unwrap();
    let side = log.side_store();
    let mut found = side.scan_prefix(b"a").unwrap();
    found.sort();
    let expected = [
        (b"a".to_vec(), long[..5_000].to_vec()),
        (b"a\0\0".to_vec(), b"odd".to_vec()),
        (b"ab".to_vec(), b"short".to_vec()),
    ];
    assert_eq!(found, expected);
    assert_eq!(side.get(b"b").unwrap(), Some(Vec::new()));
    side.remove_durable(&[b"a".to_vec(), b"missing".to_vec()]).unwrap();
    assert_eq!(side.get(b"a").unwrap(), None);
    assert_eq!(side.scan_prefix(b"").unwrap().len(), 3);
}

#[test]
fn merging_keeps_bytes_and_heads_under_concurrent_reads() {
    let dir = tempfile::tempdir().unwrap();
    let log = open(dir.path()).unwrap();
    let (busy, quiet) = (organisation(1), organisation(2));
    let mut written = Vec::new();
    for round in 0..300 {
        written.extend(extend(&log, busy, &[100 + round % 50]).records);
        if round % 30 == 0 {
            extend(&log, quiet, &[9_000, 20]);
        }
    }
    let (heads, quiet_bytes) = (log.heads(), bytes_of(&log, quiet, 0));
    let merged = std::thread::scope(|scope| {
        let merging = scope.spawn(|| {
            let mut merged = 0;
            loop {
                let report = log.merge_small_pages(1).unwrap();
                merged += report.pages_merged;
                if !report.more {
                    return merged;
                }
            }
        });
        while !merging.is_finished() {
            assert!(bytes_of(&log, busy, 0) == written);
        }
        merging.join().unwrap()
    });
    assert!(merged > 250, "{merged} of 300 small pages merged");
    assert!(bytes_of(&log, busy, 0) == written);
    assert_eq!((log.heads(), bytes_of(&log, quiet, 0)), (heads.clone(), quiet_bytes));
    for from in [0, 1, 17, 150, 295, 299] {
        let expected = &written[written.len() - bytes_of(&log, busy, from).len()..];
        assert!(bytes_of(&log, busy, from) == expected);
    }
    assert_eq!(log.merge_small_pages(1 << 20).unwrap().pages_merged, 0, "nothing is merged twice");
    drop(log);
    let log = open(dir.path()).unwrap();
    assert_eq!(log.heads(), heads);
    assert!(bytes_of(&log, busy, 0) == written);
}
