//! The witness's private key: a file of the owner, never printed.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use soticket_ledger::durable::{self, Readers};
use soticket_ledger::proof::{KeyKind, NoteKey, TreeHash};
use zeroize::Zeroizing;

use super::error::{FolderError, io};
use super::state::checksum;

const HEADER: &str = "soticket witness key v1";

pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("key")
}

/// Reads the key; none when there is no file. A name that is asked for must be the key's.
pub(super) fn read(folder: &Path, asked: Option<&str>) -> Result<Option<NoteKey>, FolderError> {
    let path = path(folder);
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::InvalidData => return Err(FolderError::KeyDamaged(path)),
        Err(error) => return Err(io(&path, &error)),
    };
    let key = parse(&text).ok_or(FolderError::KeyDamaged(path))?;
    let has = key.verifier().name();
    match asked {
        Some(asked) if asked != has => {
            Err(FolderError::NameOther { has: has.to_owned(), asked: asked.to_owned() })
        }
        _ => Ok(Some(key)),
    }
}

/// Makes a key.
pub(super) fn create(folder: &Path, name: &str) -> Result<NoteKey, FolderError> {
    let path = path(folder);
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice())
        .map_err(|error| FolderError::Io { path: path.clone(), reason: error.to_string() })?;
    let key = NoteKey::from_seed(name, KeyKind::Cosignature, &seed)
        .map_err(|_| FolderError::NameInvalid(name.to_owned()))?;
    let content = Zeroizing::new(format!("{HEADER}\n{name}\n{}\n", TreeHash(*seed)));
    let text = Zeroizing::new(format!("{}{}\n", *content, checksum(&content)));
    durable::write(&path, text.as_bytes(), Readers::Owner).map_err(|error| io(&path, &error))?;
    Ok(key)
}

fn parse(text: &str) -> Option<NoteKey> {
    let (content, stated) = text.strip_suffix('\n')?.rsplit_once('\n')?;
    let content = Zeroizing::new(format!("{content}\n"));
    let mut lines = content.lines();
    if lines.next()? != HEADER || checksum(&content) != stated {
        return None;
    }
    let name = lines.next()?;
    // A hash is 32 bytes as base64, which is what the seed is written as.
    let seed = Zeroizing::new(TreeHash::parse(lines.next()?)?.0);
    NoteKey::from_seed(name, KeyKind::Cosignature, &seed).ok()
}
