//! Given a published log, when it is verified, then the tree over it is the one of the formats, and each file that is not
//! what its records give is named.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use soticket_schema::OrganisationId;

use super::{Published, Rule, Unpublished, leaf_hash, verify_entries, verify_log_and_trees};
use crate::log::{Log, MemoryLog};
use crate::proof::{
    Checkpoint, FolderFiles, Frontier, KeyKind, NoteKey, PublishedFiles, PublishedLog, PublishedOf,
    TileLevel, TileLog, TreeHash, bundle_entry, tiles_of,
};
use crate::testing::{append, organisation};

/// The files of a folder, with the sizes and records that a test asks for.
struct Folder {
    files: FolderFiles,
    size: u64,
    sizes: Vec<u64>,
    leaves: Vec<u64>,
    has_copies: bool,
}

impl Published for Folder {
    fn size(&self, _: OrganisationId) -> Option<u64> {
        Some(self.size)
    }
    fn sizes(&self, _: OrganisationId) -> &[u64] {
        &self.sizes
    }
    fn leaves(&self, _: OrganisationId) -> &[u64] {
        &self.leaves
    }
    fn has_copies(&self) -> bool {
        self.has_copies
    }
    fn file(&self, _: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.files.read(path)
    }
    fn longer(&self, _: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.files.longer(path)
    }
}

/// A log of so many records.
fn log(count: usize) -> MemoryLog {
    let log = MemoryLog::new();
    for first in (0..count).step_by(1_000) {
        let lengths: Vec<usize> = (first..count.min(first + 1_000)).map(|number| number % 7).collect();
        log.commit(&[append(organisation(1), log.head(organisation(1)), &lengths)]).unwrap();
    }
    log
}

fn records(log: &MemoryLog) -> Vec<Vec<u8>> {
    let mut records = Vec::new();
    log.read(organisation(1), 0, &mut |record| {
        records.push(record.bytes.to_vec());
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    records
}

fn root(records: &[Vec<u8>]) -> [u8; 32] {
    let mut frontier = Frontier::default();
    records.iter().for_each(|record| frontier.push(TreeHash::leaf(record)));
    frontier.root().0
}

/// Hash over the entries of a complete subtree, by the definition.
fn subtree(records: &[Vec<u8>]) -> TreeHash {
    match records {
        [only] => TreeHash::leaf(only),
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            TreeHash::node(&subtree(left), &subtree(right))
        }
    }
}

/// Writes the records as a published log.
fn publish(records: &[Vec<u8>], folder: &Path) {
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    for tile in tiles_of(0, records.len() as u64) {
        let mut bytes = Vec::new();
        for number in tile.first()..tile.first() + u64::from(tile.width) {
            match tile.level {
                TileLevel::Entries => bundle_entry(&records[number as usize], &mut bytes),
                TileLevel::Hashes(level) => {
                    let span = 1 << (8 * level);
                    let begin = number as usize * span;
                    bytes.extend_from_slice(&subtree(&records[begin..begin + span]).0);
                }
            }
        }
        write(&tile.to_string(), &bytes);
    }
    let origin = format!("test.example/{}", organisation(1));
    let key = NoteKey::from_seed(&origin, KeyKind::Log, &[9; 32]).unwrap();
    let checkpoint = Checkpoint::new(&origin, records.len() as u64, TreeHash(root(records)));
    write("checkpoint", checkpoint.signed(&key).to_string().as_bytes());
}

fn folder(path: &Path, size: u64, sizes: &[u64]) -> Folder {
    let mut sizes = [sizes, &[size]].concat();
    sizes.sort_unstable();
    sizes.dedup();
    Folder { files: FolderFiles(path.to_owned()), size, sizes, leaves: vec![3], has_copies: true }
}

fn faults(log: &dyn Log, folder: &Folder) -> Vec<(u64, Rule, String)> {
    let (report, _) = verify_log_and_trees(log, &|_| Ok(()), folder, &mut |_| {});
    report.violations.into_iter().map(|found| (found.position, found.rule, found.detail)).collect()
}

#[test]
fn roots_at_every_size_are_those_of_the_formats() {
    for count in [1, 255, 256, 257, 2_048, 2_049, 5_000] {
        let log = log(count);
        let records = records(&log);
        let path = tempfile::tempdir().unwrap();
        publish(&records, path.path());
        let asked: Vec<u64> = [0, 1, 2, 255, 256, 257, 511, 2_047, 2_048, 2_049, 4_096, 4_999].to_vec();
        let asked: Vec<u64> = asked.into_iter().filter(|size| *size <= count as u64).collect();
        // Sizes that the log does not have are told nothing of.
        let mut folder = folder(path.path(), count as u64, &asked);
        let beyond = [count as u64 + 1, count as u64 + 300];
        folder.sizes.extend(beyond);
        let (report, trees) = verify_log_and_trees(&log, &|_| Ok(()), &folder, &mut |_| {});
        assert!(report.is_sound(), "{count}: {:?}", report.violations);
        assert_eq!(trees[0].root, Some(root(&records)), "{count}");
        for (size, found) in &trees[0].roots {
            assert_eq!(*found, Some(root(&records[..*size as usize])), "{size} of {count}");
        }
        let told: Vec<u64> = trees[0].roots.iter().map(|(size, _)| *size).collect();
        assert_eq!(told, folder.sizes[..folder.sizes.len() - beyond.len()]);
        let third = records.get(3).map(|record| (3, leaf_hash(record)));
        assert_eq!(trees[0].leaves.first().copied(), third);
        let hashes = tiles_of(0, count as u64).filter(|tile| tile.level != TileLevel::Entries).count();
        // A part that is the same for two sizes is compared for both.
        assert!(trees[0].tiles >= hashes as u64, "{} of {hashes} tiles", trees[0].tiles);
        assert_eq!(trees[0].bundles, count.div_ceil(256) as u64);
    }
}

#[test]
fn a_published_copy_is_a_log_of_its_own() {
    let log = log(2_500);
    let path = tempfile::tempdir().unwrap();
    publish(&records(&log), path.path());
    let published = PublishedLog::open(Arc::new(FolderFiles(path.path().to_owned()))).unwrap();
    assert_eq!(published.of, PublishedOf::Organisation(organisation(1)));
    let tiles = TileLog::new([published]);
    assert_eq!(tiles.heads(), log.heads());
    let whole = |log: &dyn Log| verify_log_and_trees(log, &|_| Ok(()), &Unpublished, &mut |_| {});
    let ((one, one_tree), (other, other_tree)) = (whole(&log), whole(&tiles));
    assert!(other.is_sound(), "{:?}", other.violations);
    assert_eq!(
        (one.records, one.bytes, one.organisations),
        (other.records, other.bytes, other.organisations)
    );
    assert_eq!(one_tree, other_tree);

    // What cannot be had of the copy is skipped, and named.
    let bundle = path.path().join("tile/entries/003");
    let mut bytes = fs::read(&bundle).unwrap();
    bytes[2] ^= 1;
    fs::write(&bundle, &bytes).unwrap();
    fs::remove_file(path.path().join("tile/entries/005")).unwrap();
    let last = path.path().join("tile/entries/009.p/196");
    let bytes = fs::read(&last).unwrap();
    fs::write(&last, &bytes[..bytes.len() - 1]).unwrap();
    let report = whole(&tiles).0;
    let found: Vec<_> =
        report.violations.iter().map(|found| (found.position, found.rule, found.detail.as_str())).collect();
    let short = "tile/entries/009.p/196 ends before its 196 entries";
    assert_eq!(
        found[..3],
        [
            (768, Rule::Readable, "entry 768 of tile/entries/003 is no record"),
            (1_280, Rule::Readable, "tile/entries/005 is not there"),
            (2_499, Rule::Readable, short),
        ]
    );
    assert_eq!((found[3].0, found[3].1, found.len()), (2_500, Rule::Head, 4));
    assert_eq!((report.records, report.organisations[0].violations), (2_500 - 1 - 256 - 1, 4));
}

#[test]
fn every_published_file_is_compared() {
    let log = log(70_000);
    let path = tempfile::tempdir().unwrap();
    publish(&records(&log), path.path());
    let folder = folder(path.path(), 70_000, &[]);
    assert_eq!(faults(&log, &folder), []);
    let cases = [
        ("tile/0/007", 7 * 256, Rule::Tile),
        ("tile/0/273.p/112", 273 * 256, Rule::Tile),
        ("tile/1/000", 0, Rule::Tile),
        ("tile/1/001.p/17", 65_536, Rule::Tile),
        ("tile/2/000.p/1", 0, Rule::Tile),
        ("tile/entries/100", 25_600, Rule::Entries),
        ("tile/entries/273.p/112", 273 * 256, Rule::Entries),
    ];
    for (name, position, rule) in cases {
        let file = path.path().join(name);
        let bytes = fs::read(&file).unwrap();
        let altered = match rule {
            Rule::Tile => format!("{name} is not what the records give"),
            _ => format!("{name} does not hold the records of the log"),
        };
        let mut other = bytes.clone();
        other[20] ^= 1;
        fs::write(&file, other).unwrap();
        assert_eq!(faults(&log, &folder), [(position, rule, altered.clone())]);
        fs::write(&file, &bytes[..bytes.len() - 1]).unwrap();
        assert_eq!(faults(&log, &folder), [(position, rule, altered)]);
        fs::remove_file(&file).unwrap();
        assert_eq!(faults(&log, &folder), [(position, rule, format!("{name} is not there"))]);
        // In the place of a part there may be the whole.
        if let Some((whole, _)) = name.split_once(".p/") {
            fs::write(path.path().join(whole), [bytes.as_slice(), &[7; 64]].concat()).unwrap();
            assert_eq!(faults(&log, &folder), []);
            fs::remove_file(path.path().join(whole)).unwrap();
        }
        fs::write(&file, bytes).unwrap();
    }
    assert_eq!(faults(&log, &folder), []);
}

#[test]
fn entries_that_are_no_records_have_a_tree_too() {
    let entries: Vec<Vec<u8>> = (0..3_000_u32).map(|number| number.to_be_bytes().to_vec()).collect();
    let visit = |hole: Option<usize>| {
        let entries = &entries;
        move |take: &mut dyn FnMut(Option<&[u8]>)| {
            for (number, entry) in entries.iter().enumerate() {
                take((Some(number) != hole).then_some(entry.as_slice()));
            }
        }
    };
    let (tree, found) = verify_entries(&Unpublished, visit(None));
    assert_eq!((tree.size, tree.root, found), (3_000, Some(root(&entries)), Vec::new()));
    assert_eq!(verify_entries(&Unpublished, visit(Some(2_999))).0.root, None);
}
