//! Verification of a log from its bytes: chain and tree, and the payloads too, in a data folder and in a published copy, at
//! two sizes. Each run is in a process of its own, so that its peak of memory is its own.

use std::fs;
use std::hint::black_box;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use sha2::{Digest, Sha256};
use soticket_ledger::log::{Log, SledLog, SledOptions};
use soticket_ledger::proof::{
    Checkpoint, FolderFiles, KeyKind, NoteKey, PublishedFiles, PublishedLog, Tile, TileLevel, TileLog,
    TreeHash, bundle_entry,
};
use soticket_ledger::verify::{Published, Unpublished, verify_log_and_trees};
use soticket_schema::{Event, Hash, OrganisationId, RecordView};

use crate::bench::Bench;
use crate::machine::{cores, hashed_bytes, peak_bytes};
use crate::replay::fill;
use crate::report::{Table, Value, grouped};
use crate::stats::per_second;
use crate::workload::{History, ORGANISATION, expect};

/// Events per second that are aimed at with chain and tree, on two cores.
const TARGET: f64 = 1_500_000.0;
/// Most that the peak may grow from the smaller log to the ten times larger one.
const GROWTH_MAX: f64 = 1.25;
/// How long each limit is measured.
const LIMIT: Duration = Duration::from_millis(800);
const TILE: usize = 256;

pub(crate) fn run(bench: &Bench) -> Result<Table> {
    let mut table =
        Table::new("verify: chain and tree", &["log", "checked", "events", "took", "events/s", "peak"]);
    let (mut slowest, mut peaks) = (f64::MAX, Vec::new());
    for events in [bench.events / 2, bench.events * 5] {
        let folder = bench.folder(&format!("verify-{events}"))?;
        let (data, published) = (folder.join("data"), folder.join("published"));
        let count = fill(bench.seed, events, &data)?.events;
        publish(&SledLog::open(&data, &SledOptions::default())?, &published)?;
        for (name, path, payloads) in [
            ("data folder", &data, false),
            ("data folder", &data, true),
            ("published copy", &published, false),
            ("published copy", &published, true),
        ] {
            let run = measured(path, payloads)?;
            expect("records verified", run.records, count)?;
            let rate = per_second(run.records, run.took);
            let checked = match (name, payloads) {
                ("data folder", false) => "chain, tree",
                ("data folder", true) => "chain, tree, payloads",
                (_, false) => "chain, tree, tiles",
                (_, true) => "chain, tree, tiles, payloads",
            };
            if !payloads {
                slowest = slowest.min(rate);
            }
            peaks.push(((name, payloads), run.peak));
            table.row([
                Value::text(name),
                Value::text(checked),
                Value::Text(grouped(run.records)),
                Value::Time(run.took),
                Value::Rate(rate),
                Value::Bytes(run.peak),
            ]);
        }
        fs::remove_dir_all(&folder)?;
    }
    let limits = limits(bench)?;
    table.note(&limits);
    table.target("1,500,000 events/s with chain and tree", slowest >= TARGET, &limits);
    // The larger log comes behind the smaller one.
    let growth = |&(of, small): &(_, u64)| {
        let large = peaks.iter().rev().find(|(known, _)| *known == of);
        large.map_or(f64::MAX, |(_, large)| *large as f64 / small as f64)
    };
    let worst = peaks.iter().map(growth).fold(0.0, f64::max);
    table.target(
        "memory flat",
        worst <= GROWTH_MAX,
        &format!("ten times the events take {worst:.2} times the peak"),
    );
    Ok(table)
}

/// What the machine does over the same records, hashing them and nothing else.
fn limits(bench: &Bench) -> Result<String> {
    let records = History::records(bench.seed, 20_000)?;
    let threads = cores();
    let blake3 = hashed_bytes(&records, threads, LIMIT, |record| {
        black_box(Hash::of_record(record));
    })?;
    let sha256 = hashed_bytes(&records, threads, LIMIT, |record| {
        black_box(Sha256::digest(record));
    })?;
    Ok(format!(
        "{threads} cores hash these records at {:.0} MB/s with BLAKE3 and at {:.0} MB/s with SHA-256",
        blake3 / 1e6,
        sha256 / 1e6
    ))
}

struct Run {
    records: u64,
    took: Duration,
    peak: u64,
}

fn measured(path: &Path, payloads: bool) -> Result<Run> {
    let mut child = Command::new(std::env::current_exe()?);
    child.arg("--verify").arg(path).args(payloads.then_some("--payloads"));
    let output = child.output()?;
    if !output.status.success() {
        bail!("verifying {}: {}", path.display(), String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8(output.stdout)?;
    let numbers: Vec<u64> = text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    match numbers.as_slice() {
        [records, micros, peak] => {
            Ok(Run { records: *records, took: Duration::from_micros(*micros), peak: *peak })
        }
        _ => bail!("the child said {text}"),
    }
}

/// In the child process: verifies, and prints records, microseconds and the peak of memory.
pub(crate) fn child(path: &Path, payloads: bool) -> Result<()> {
    let payload = |record: &RecordView<'_>| {
        if !payloads {
            return Ok(());
        }
        let envelope = &record.envelope;
        let event = Event::decode_canonical(envelope.kind, envelope.version, record.payload);
        event.map(drop).map_err(|error| error.to_string())
    };
    let files = FolderFiles(path.to_owned());
    let (log, published): (Box<dyn Log>, Box<dyn Published>) = if path.join("tile").is_dir() {
        let log = PublishedLog::open(Arc::new(files.clone())).map_err(|error| anyhow!(error))?;
        let sizes = vec![log.size];
        (Box::new(TileLog::new([log])), Box::new(Tiles { files, sizes }))
    } else {
        (Box::new(SledLog::open(path, &SledOptions::default())?), Box::new(Unpublished))
    };
    let started = Instant::now();
    let (report, trees) = verify_log_and_trees(log.as_ref(), &payload, published.as_ref(), &mut |_| {});
    let took = started.elapsed();
    ensure!(report.is_sound(), "not sound: {:?}", report.violations);
    let tree = trees.first().context("no tree")?;
    ensure!(tree.root.is_some(), "no root");
    println!("{} {} {}", report.records, took.as_micros(), peak_bytes());
    Ok(())
}

/// The tiles of a published log.
struct Tiles {
    files: FolderFiles,
    sizes: Vec<u64>,
}

impl Published for Tiles {
    fn size(&self, _: OrganisationId) -> Option<u64> {
        self.sizes.first().copied()
    }
    fn sizes(&self, _: OrganisationId) -> &[u64] {
        &self.sizes
    }
    fn leaves(&self, _: OrganisationId) -> &[u64] {
        &[]
    }
    fn has_copies(&self) -> bool {
        false
    }
    fn file(&self, _: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.files.read(path)
    }
    fn longer(&self, _: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        self.files.longer(path)
    }
}

/// Writes a log as its published copy.
fn publish(log: &dyn Log, folder: &Path) -> Result<()> {
    let mut writer = Writer { folder, size: 0, bundle: Vec::new(), levels: Vec::new() };
    let mut failed = Ok(());
    log.read(ORGANISATION, 0, &mut |record| {
        failed = writer.record(record.bytes);
        if failed.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    failed?;
    writer.end()
}

struct Writer<'a> {
    folder: &'a Path,
    size: u64,
    bundle: Vec<u8>,
    /// Hashes of the open tile of each level.
    levels: Vec<Vec<TreeHash>>,
}

impl Writer<'_> {
    fn record(&mut self, bytes: &[u8]) -> Result<()> {
        bundle_entry(bytes, &mut self.bundle);
        self.size += 1;
        if self.size.is_multiple_of(TILE as u64) {
            self.write(TileLevel::Entries, self.size / TILE as u64 - 1, TILE, &self.bundle)?;
            self.bundle.clear();
        }
        let mut hash = TreeHash::leaf(bytes);
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(hash);
            if self.levels[level].len() < TILE {
                break;
            }
            let hashes = std::mem::take(&mut self.levels[level]);
            let number = (self.size >> (8 * (level + 1))) - 1;
            self.write(TileLevel::Hashes(level as u8), number, TILE, &bytes_of(&hashes))?;
            hash = joined(&hashes);
        }
        Ok(())
    }

    fn end(self) -> Result<()> {
        let width = self.size as usize % TILE;
        if width > 0 {
            self.write(TileLevel::Entries, self.size / TILE as u64, width, &self.bundle)?;
        }
        let mut root: Option<TreeHash> = None;
        for (level, hashes) in self.levels.iter().enumerate() {
            if !hashes.is_empty() {
                let number = self.size >> (8 * (level + 1));
                self.write(TileLevel::Hashes(level as u8), number, hashes.len(), &bytes_of(hashes))?;
            }
            let mut end = hashes.len();
            while end > 0 {
                let begin = end & (end - 1);
                let peak = joined(&hashes[begin..end]);
                root = Some(root.map_or(peak, |right| TreeHash::node(&peak, &right)));
                end = begin;
            }
        }
        let origin = format!("bench.example/{ORGANISATION}");
        let key = NoteKey::from_seed(&origin, KeyKind::Log, &[7; 32])?;
        let checkpoint = Checkpoint::new(&origin, self.size, root.unwrap_or_else(TreeHash::empty));
        fs::write(self.folder.join("checkpoint"), checkpoint.signed(&key).to_string())?;
        Ok(())
    }

    fn write(&self, level: TileLevel, number: u64, width: usize, bytes: &[u8]) -> Result<()> {
        let path = self.folder.join(Tile { level, number, width: width as u16 }.to_string());
        fs::create_dir_all(path.parent().context("a tile without a folder")?)?;
        Ok(fs::write(path, bytes)?)
    }
}

fn bytes_of(hashes: &[TreeHash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// Root over a power of two of hashes.
fn joined(hashes: &[TreeHash]) -> TreeHash {
    match hashes {
        [only] => *only,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            TreeHash::node(&joined(left), &joined(right))
        }
    }
}

#[cfg(test)]
mod tests {
    use soticket_ledger::log::MemoryLog;

    use super::*;

    #[test]
    fn the_published_copy_is_the_log() {
        let log = MemoryLog::new();
        let mut history = History::new(1, 3_000).unwrap();
        history.appends(3_000, |append| Ok(log.commit(&[append])?)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        publish(&log, folder.path()).unwrap();
        let published = PublishedLog::open(Arc::new(FolderFiles(folder.path().to_owned()))).unwrap();
        let tiles = Tiles { files: FolderFiles(folder.path().to_owned()), sizes: vec![published.size] };
        let checkpoint = published.newest.clone().unwrap().1;
        let (report, trees) =
            verify_log_and_trees(&TileLog::new([published]), &|_| Ok(()), &tiles, &mut |_| {});
        assert!(report.is_sound(), "{:?}", report.violations);
        assert_eq!(trees[0].root, Some(checkpoint.root.0));
        assert_eq!(report.records, log.head(ORGANISATION).unwrap().length);
    }
}
