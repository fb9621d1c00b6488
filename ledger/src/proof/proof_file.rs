//! Proof files (c2sp.org/tlog-proof): that a record is in a log, to be checked without the log.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::checkpoint::{Checkpoint, decimal};
use super::error::ProofError;
use super::hash::TreeHash;
use super::note::{Note, VerifierKey};
use super::tree::check_inclusion;

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// A tree of 2^64 leaves has no longer way to its root.
const HASHES_MAX: usize = 64;

/// Where a record is, the way from it to the root, and the checkpoint with that root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// What comes along unproved: here the record itself, which the proof then proves.
    pub extra: Option<Vec<u8>>,
    /// Position of the record.
    pub index: u64,
    /// Hashes from the leaf to the root.
    pub hashes: Vec<TreeHash>,
    /// The signed checkpoint.
    pub checkpoint: Note,
}

impl ProofFile {
    /// Checks the signature of the checkpoint by one of the log's keys, and that `record` is in the log.
    ///
    /// # Errors
    /// Either is not so.
    pub fn check(&self, record: &[u8], keys: &[VerifierKey]) -> Result<Checkpoint, ProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, keys)?;
        let leaf = TreeHash::leaf(record);
        check_inclusion(leaf, self.index, checkpoint.size, &self.hashes, checkpoint.root)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for ProofFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        self.hashes.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for ProofFile {
    type Err = ProofError;

    fn from_str(text: &str) -> Result<Self, ProofError> {
        let refuse = ProofError::ProofFile;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(refuse("no blank line parts proof and checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(refuse("its first line is not c2sp.org/tlog-proof@v1"));
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = extra.map(|line| STANDARD.decode(&line["extra ".len()..])).transpose();
        let extra = extra.map_err(|_| refuse("its extra line is no base64"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(refuse("it names no index"))?;
        let hashes: Option<Vec<TreeHash>> = lines.map(TreeHash::parse).collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= HASHES_MAX);
        let hashes = hashes.ok_or(refuse("its hashes are malformed or too many"))?;
        Ok(Self { extra, index, hashes, checkpoint: checkpoint.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::super::note::{KeyKind, NoteKey};
    use super::*;

    #[test]
    fn a_proof_file_reads_back_and_proves_its_record() {
        let key = NoteKey::from_seed("log", KeyKind::Log, &[3; 32]).unwrap();
        let keys = [key.verifier().clone()];
        let (first, second) = (b"first".as_slice(), b"second".as_slice());
        let root = TreeHash::node(&TreeHash::leaf(first), &TreeHash::leaf(second));
        let file = ProofFile {
            extra: Some(second.to_vec()),
            index: 1,
            hashes: vec![TreeHash::leaf(first)],
            checkpoint: Checkpoint::new("log", 2, root).signed(&key),
        };
        let read: ProofFile = file.to_string().parse().unwrap();
        assert_eq!(read, file);
        assert_eq!(read.check(second, &keys).map(|checkpoint| checkpoint.size), Ok(2));
        assert_eq!(read.check(first, &keys).unwrap_err().code(), "INCLUSION_UNPROVED");
        let elsewhere = ProofFile { index: 0, ..read };
        assert!(elsewhere.check(second, &keys).is_err());
        let bare = ProofFile { extra: None, ..file };
        assert_eq!(bare.to_string().parse(), Ok(bare.clone()));
        let text = bare.to_string();
        for wrong in
            [text.replace("@v1", "@v2"), text.replace("index 1", "index 01"), text.replace("\n\n", "\n")]
        {
            assert_eq!(wrong.parse::<ProofFile>().unwrap_err().code(), "PROOF_FILE_MALFORMED", "{wrong}");
        }
    }
}
