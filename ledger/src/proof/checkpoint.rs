//! Checkpoints (c2sp.org/tlog-checkpoint): how many records a log has and the root over them.

use std::fmt;
use std::str::FromStr;

use super::error::ProofError;
use super::hash::TreeHash;
use super::note::{Note, NoteKey, VerifierKey};

/// What a log says of itself at a size. Its text form is what is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a URL without scheme.
    pub origin: String,
    /// How many records.
    pub size: u64,
    /// The root over them.
    pub root: TreeHash,
    /// Further lines, which this program never writes.
    pub extensions: Vec<String>,
}

impl Checkpoint {
    /// A checkpoint without extensions.
    pub fn new(origin: &str, size: u64, root: TreeHash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// Signs it.
    pub fn signed(&self, key: &NoteKey) -> Note {
        let text = self.to_string();
        let signature = key.sign(&text);
        Note { text, signatures: vec![signature] }
    }

    /// The checkpoint that a note holds, signed by one of the log's keys.
    ///
    /// # Errors
    /// The note is no checkpoint of the keys' log, is signed by none of them, or wrongly by one.
    pub fn open(note: &Note, keys: &[VerifierKey]) -> Result<Self, ProofError> {
        let checkpoint: Self = note.text.parse()?;
        let mut signed = false;
        for key in keys.iter().filter(|key| key.name() == checkpoint.origin) {
            match note.verify(key) {
                Ok(()) => signed = true,
                Err(ProofError::NotSigned(_)) => {}
                Err(error) => return Err(error),
            }
        }
        if signed {
            Ok(checkpoint)
        } else {
            Err(ProofError::NotSigned(format!("a known key of {}", checkpoint.origin)))
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let refuse = ProofError::Checkpoint;
        let body = text.strip_suffix('\n').ok_or(refuse("it does not end with a line feed"))?;
        let mut lines = body.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty()).ok_or(refuse("it names no log"))?;
        let size = lines.next().and_then(decimal).ok_or(refuse("its second line is no size"))?;
        let root = lines.next().and_then(TreeHash::parse).ok_or(refuse("its third line is no root"))?;
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if extensions.iter().any(String::is_empty) {
            return Err(refuse("an extension line is empty"));
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }
}

/// The checkpoint that a note says, whoever signed it.
pub fn checkpoint_of(note: &Note) -> Option<Checkpoint> {
    note.text.parse().ok()
}

/// A note with the checkpoint that it says, from the bytes of a file or of an entry.
pub fn read_checkpoint(bytes: &[u8]) -> Option<(Note, Checkpoint)> {
    let note: Note = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    let checkpoint = checkpoint_of(&note)?;
    Some((note, checkpoint))
}

/// A number in its one decimal form.
pub(super) fn decimal(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::super::note::KeyKind;
    use super::*;

    #[test]
    fn a_checkpoint_reads_back_in_its_one_form() {
        let checkpoint = Checkpoint::new("ledger.example/a", 20, TreeHash([9; 32]));
        let text = checkpoint.to_string();
        assert_eq!(text, "ledger.example/a\n20\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\n");
        assert_eq!(text.parse(), Ok(checkpoint));
        for wrong in [
            text.replace("20", "020"),
            text.replace("20", "+20"),
            text.replace("CQk", ""),
            text.replace("=\n", "=\n\n"),
            text.trim_end().to_owned(),
            format!("\n{text}"),
        ] {
            assert_eq!(wrong.parse::<Checkpoint>().unwrap_err().code(), "CHECKPOINT_MALFORMED", "{wrong}");
        }
    }

    #[test]
    fn a_checkpoint_is_opened_by_a_key_of_its_own_log() {
        let key = |name: &str, seed| NoteKey::from_seed(name, KeyKind::Log, &[seed; 32]).unwrap();
        let (mine, later, other) = (key("a", 1), key("a", 2), key("b", 1));
        let checkpoint = Checkpoint::new("a", 3, TreeHash([9; 32]));
        let note = checkpoint.signed(&mine);
        let keys = [later.verifier().clone(), mine.verifier().clone()];
        assert_eq!(Checkpoint::open(&note, &keys), Ok(checkpoint.clone()));
        for keys in [[later.verifier().clone()], [other.verifier().clone()]] {
            assert_eq!(Checkpoint::open(&note, &keys).unwrap_err().code(), "SIGNATURE_ABSENT");
        }
        let foreign = checkpoint.signed(&other);
        assert!(Checkpoint::open(&foreign, &[other.verifier().clone()]).is_err());
    }
}
