//! The crates `signed_note` and `tlog_tiles`: nothing of this project's own is used to judge.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use signed_note::{Note, StandardVerifier, Verifier as _, VerifierList};
use tlog_tiles::tile::{Tile, TileHashReader, TileReader};
use tlog_tiles::tlog::{self, Error, Hash, HashReader};

use super::{Evidence, Verifier};

/// Levels of the tree in a tile.
const HEIGHT: u8 = 8;

pub(super) struct Rust;

/// The size and root of a checkpoint.
#[derive(Clone, Copy)]
struct Tree {
    size: u64,
    root: Hash,
}

struct Tiles(PathBuf);

/// The crate writes `tile/8/…`, the specification leaves the height out.
fn name(tile: &Tile) -> String {
    tile.path().replacen("tile/8/", "tile/", 1)
}

impl TileReader for Tiles {
    fn height(&self) -> u8 {
        HEIGHT
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        tiles.iter().map(|tile| fs::read(self.0.join(name(tile))).map_err(|_| Error::InvalidProof)).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

impl Verifier for Rust {
    fn name(&self) -> &'static str {
        "Rust signed_note and tlog_tiles"
    }

    fn audit(&self, evidence: &Evidence) -> Result<String> {
        let tree = open(&fs::read(evidence.folder.join("checkpoint"))?, &evidence.key)?;
        let tiles = Tiles(evidence.folder.clone());
        let hashes = TileHashReader::new(tree.size, tree.root, &tiles);
        let records = records(&evidence.folder, tree, &hashes)?;
        let earlier = open(&fs::read(&evidence.earlier)?, &evidence.key)?;
        let proof = tlog::prove_tree(tree.size, earlier.size, &hashes).map_err(refused)?;
        tlog::check_tree(&proof, tree.size, tree.root, earlier.size, earlier.root).map_err(refused)?;
        for proof in &evidence.proofs {
            included(&fs::read_to_string(proof)?, &evidence.key)
                .with_context(|| proof.display().to_string())?;
        }
        Ok(format!(
            "{records} records, {} proof files, consistent with {}",
            evidence.proofs.len(),
            earlier.size
        ))
    }
}

fn refused(error: Error) -> anyhow::Error {
    anyhow!("{error}")
}

/// The tree of a checkpoint that the key signed.
fn open(signed: &[u8], key: &str) -> Result<Tree> {
    let verifier = StandardVerifier::new(key).map_err(|error| anyhow!("{error:?}"))?;
    let origin = verifier.name().to_owned();
    let note = Note::from_bytes(signed).map_err(|error| anyhow!("{error:?}"))?;
    let known = VerifierList::new(vec![Box::new(verifier)]);
    note.verify(&known).map_err(|error| anyhow!("signature: {error:?}"))?;
    let checkpoint = tlog_tiles::checkpoint::Checkpoint::from_bytes(note.text())
        .map_err(|error| anyhow!("checkpoint: {error:?}"))?;
    ensure!(checkpoint.origin() == origin, "a checkpoint of another log");
    Ok(Tree { size: checkpoint.size(), root: *checkpoint.hash() })
}

/// Every record against its leaf, every tile against the root.
fn records(folder: &Path, tree: Tree, hashes: &TileHashReader<'_>) -> Result<u64> {
    let mut index = 0;
    for tile in Tile::new_tiles(HEIGHT, 0, tree.size) {
        let stated = fs::read(folder.join(name(&tile)))?;
        ensure!(tile.read_data(hashes).map_err(refused)? == stated, "{} is not of the tree", name(&tile));
        if tile.level() != 0 {
            continue;
        }
        let bundle = fs::read(folder.join(name(&tile).replacen("tile/0/", "tile/entries/", 1)))?;
        let entries = entries(&bundle)?;
        ensure!(entries.len() == tile.width() as usize, "a bundle beside {} is not whole", name(&tile));
        for entry in entries {
            let wanted = [tlog::stored_hash_index(0, index)];
            let leaf = hashes.read_hashes(&wanted).map_err(refused)?;
            ensure!(leaf == [tlog::record_hash(entry)], "record {index} is not the one in the tree");
            index += 1;
        }
    }
    ensure!(index == tree.size, "{index} records for a checkpoint over {}", tree.size);
    Ok(index)
}

fn entries(mut bundle: &[u8]) -> Result<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, rest) = rest.split_at_checked(length).context("an entry is cut short")?;
        entries.push(entry);
        bundle = rest;
    }
    ensure!(bundle.is_empty(), "a bundle ends within an entry");
    Ok(entries)
}

/// A proof file that holds its record.
fn included(text: &str, key: &str) -> Result<()> {
    let (head, checkpoint) = text.split_once("\n\n").context("no checkpoint")?;
    let mut lines = head.lines();
    ensure!(lines.next() == Some("c2sp.org/tlog-proof@v1"), "not a proof file");
    let record = lines.next().and_then(|line| line.strip_prefix("extra ")).context("no record")?;
    let record = STANDARD.decode(record)?;
    let index = lines.next().and_then(|line| line.strip_prefix("index ")).context("no index")?.parse()?;
    let proof = lines.map(|line| Hash::parse_hash(line).map_err(refused)).collect::<Result<Vec<_>>>()?;
    let tree = open(checkpoint.as_bytes(), key)?;
    tlog::check_record(&proof, tree.size, tree.root, index, tlog::record_hash(&record)).map_err(refused)
}
