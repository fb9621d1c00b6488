//! Published folders as the operator would write them, honest or not: the operator has the key.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fs;
use std::path::Path;

use soticket_ledger::proof::{
    Checkpoint, Frontier, KeyKind, Nodes, Note, NoteKey, ProofFile, TileLevel, TreeHash, bundle_entry,
    cosign, inclusion, tiles_of,
};
use soticket_schema::OrganisationId;

/// The tree over entries.
pub(crate) struct Tree<'a> {
    entries: &'a [Vec<u8>],
    known: std::cell::RefCell<HashMap<(u8, u64), TreeHash>>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(entries: &'a [Vec<u8>]) -> Self {
        Self { entries, known: std::cell::RefCell::default() }
    }

    pub(crate) fn root(&self, size: usize) -> TreeHash {
        let mut frontier = Frontier::default();
        self.entries[..size].iter().for_each(|entry| frontier.push(TreeHash::leaf(entry)));
        frontier.root()
    }
}

impl Nodes for Tree<'_> {
    type Error = Infallible;

    fn node(&self, level: u8, index: u64) -> Result<TreeHash, Infallible> {
        if let Some(known) = self.known.borrow().get(&(level, index)) {
            return Ok(*known);
        }
        let hash = match level.checked_sub(1) {
            None => TreeHash::leaf(&self.entries[index as usize]),
            Some(below) => TreeHash::node(&self.node(below, 2 * index)?, &self.node(below, 2 * index + 1)?),
        };
        self.known.borrow_mut().insert((level, index), hash);
        Ok(hash)
    }
}

/// Keys of a test: the operator's and a witness's.
pub(crate) struct Keys {
    pub(crate) operator: NoteKey,
    pub(crate) witness: NoteKey,
}

impl Keys {
    pub(crate) fn of(organisation: OrganisationId) -> Self {
        let origin = format!("ledger.example/{organisation}");
        Self {
            operator: NoteKey::from_seed(&origin, KeyKind::Log, &[1; 32]).unwrap(),
            witness: NoteKey::from_seed("member.example/witness", KeyKind::Cosignature, &[2; 32]).unwrap(),
        }
    }
}

/// A signed checkpoint over the first entries.
pub(crate) fn signed(entries: &[Vec<u8>], size: usize, key: &NoteKey) -> Note {
    let root = Tree::new(entries).root(size);
    Checkpoint::new(key.verifier().name(), size as u64, root).signed(key)
}

/// The receipt of an entry.
pub(crate) fn receipt(entries: &[Vec<u8>], index: usize, key: &NoteKey) -> ProofFile {
    let size = entries.len();
    let Ok(hashes) = inclusion(&Tree::new(entries), index as u64, size as u64);
    ProofFile { extra: None, index: index as u64, hashes, checkpoint: signed(entries, size, key) }
}

/// Writes the entries as a published log, with checkpoints at the sizes `kept` and at the end. The witness has cosigned
/// those at the sizes in `witnessed`.
pub(crate) fn publish(folder: &Path, entries: &[Vec<u8>], kept: &[usize], keys: &Keys, witnessed: &[usize]) {
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let tree = Tree::new(entries);
    for tile in tiles_of(0, entries.len() as u64) {
        let mut bytes = Vec::new();
        for number in tile.first()..tile.first() + u64::from(tile.width) {
            match tile.level {
                TileLevel::Entries => bundle_entry(&entries[number as usize], &mut bytes),
                TileLevel::Hashes(level) => {
                    let Ok(hash) = tree.node(8 * level, number);
                    bytes.extend_from_slice(&hash.0);
                }
            }
        }
        write(&tile.to_string(), &bytes);
    }
    for size in kept.iter().copied().chain([entries.len()]) {
        let mut note = signed(entries, size, &keys.operator);
        if witnessed.contains(&size) {
            note.add(cosign(&keys.witness, &note.text, 1_780_000_000));
        }
        write(&format!("checkpoints/{size}"), note.to_string().as_bytes());
        if size == entries.len() {
            write("checkpoint", note.to_string().as_bytes());
        }
    }
    write("key", format!("{}\n", keys.operator.verifier()).as_bytes());
}
