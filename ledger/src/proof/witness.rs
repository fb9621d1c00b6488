//! What a witness answers to a checkpoint (c2sp.org/tlog-witness): a pure decision from the newest checkpoint that it
//! cosigned and the request. Whoever calls it makes the answer durable before it is given.

use std::fmt;
use std::str::FromStr;

use super::checkpoint::{Checkpoint, decimal};
use super::error::ProofError;
use super::hash::TreeHash;
use super::note::{Note, VerifierKey};
use super::tree::check_consistency;

/// Most hashes of a consistency proof.
const PROOF_MAX: usize = 63;

/// A checkpoint as it is submitted to a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Size of the newest checkpoint that the witness is believed to have cosigned; 0 for none.
    pub old: u64,
    /// What shows that the log of that size is the beginning of this one.
    pub proof: Vec<TreeHash>,
    /// The signed checkpoint.
    pub note: Note,
}

impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        self.proof.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for Submission {
    type Err = WitnessRefusal;

    fn from_str(body: &str) -> Result<Self, WitnessRefusal> {
        let shape = WitnessRefusal::Shape;
        let (head, note) = body.split_once("\n\n").ok_or(shape("no blank line before the checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let old = old.ok_or(shape("the first line is not `old` and a size"))?;
        let proof = lines.map(TreeHash::parse).collect::<Option<Vec<_>>>();
        let proof = proof.ok_or(shape("a line of the proof is no base64 of 32 bytes"))?;
        if proof.len() > PROOF_MAX {
            return Err(shape("the proof has more than 63 lines"));
        }
        Ok(Self { old, proof, note: note.parse().map_err(WitnessRefusal::Note)? })
    }
}

/// Why a witness does not cosign. The order is that in which the reasons are looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessRefusal {
    /// The request is none.
    #[error("the request is malformed: {0}")]
    Shape(&'static str),
    /// It holds no checkpoint.
    #[error("{0}")]
    Note(ProofError),
    /// The witness does not watch this log.
    #[error("this witness does not watch {0}: ask its operator to add the log's verifier key")]
    OriginUnknown(String),
    /// No key that the witness knows of the log signed it, or one of them wrongly.
    #[error("{0}")]
    NotSigned(ProofError),
    /// The old size is beyond the checkpoint.
    #[error("the old size {old} is beyond the checkpoint's size {size}")]
    OldBeyondNew {
        /// The old size.
        old: u64,
        /// The checkpoint's.
        size: u64,
    },
    /// The newest checkpoint that was cosigned has another size.
    #[error("the newest checkpoint cosigned here has size {0}: submit again with it as the old size")]
    Conflict(u64),
    /// The log has another root at a size that was cosigned.
    #[error("another root was cosigned here for size {0}: the log shows two histories")]
    OtherRoot(u64),
    /// The proof does not lead from what was cosigned to the checkpoint.
    #[error("the proof does not show that the log of size {old} is the beginning of that of size {size}")]
    Unproved {
        /// The size that was cosigned.
        old: u64,
        /// The checkpoint's.
        size: u64,
    },
}

impl WitnessRefusal {
    /// The status of the answer over HTTP.
    pub fn status(&self) -> u16 {
        match self {
            Self::Shape(_) | Self::Note(_) | Self::OldBeyondNew { .. } => 400,
            Self::OriginUnknown(_) => 404,
            Self::NotSigned(_) => 403,
            Self::Conflict(_) => 409,
            Self::OtherRoot(_) | Self::Unproved { .. } => 422,
        }
    }

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shape(_) => "WITNESS_REQUEST_MALFORMED",
            Self::Note(error) | Self::NotSigned(error) => error.code(),
            Self::OriginUnknown(_) => "WITNESS_ORIGIN_UNKNOWN",
            Self::OldBeyondNew { .. } => "WITNESS_OLD_BEYOND_NEW",
            Self::Conflict(_) => "WITNESS_CONFLICT",
            Self::OtherRoot(_) => "WITNESS_OTHER_ROOT",
            Self::Unproved { .. } => "WITNESS_UNPROVED",
        }
    }
}

/// Which log a submission is of.
///
/// # Errors
/// The note holds no checkpoint.
pub fn submitted(submission: &Submission) -> Result<Checkpoint, WitnessRefusal> {
    submission.note.text.parse().map_err(WitnessRefusal::Note)
}

/// The checkpoint to cosign. `keys` are those of all logs that the witness watches, `newest` is the newest checkpoint
/// that it cosigned of this log.
///
/// # Errors
/// Why not; the first reason in the order of [`WitnessRefusal`].
pub fn witness(
    newest: Option<&Checkpoint>,
    keys: &[VerifierKey],
    submission: &Submission,
) -> Result<Checkpoint, WitnessRefusal> {
    let checkpoint = submitted(submission)?;
    if !keys.iter().any(|key| key.name() == checkpoint.origin) {
        return Err(WitnessRefusal::OriginUnknown(checkpoint.origin));
    }
    Checkpoint::open(&submission.note, keys).map_err(WitnessRefusal::NotSigned)?;
    let (old, size) = (submission.old, checkpoint.size);
    if old > size {
        return Err(WitnessRefusal::OldBeyondNew { old, size });
    }
    let known = newest.map_or((0, TreeHash::empty()), |newest| (newest.size, newest.root));
    if old != known.0 {
        return Err(WitnessRefusal::Conflict(known.0));
    }
    // Holds for a size of 0 as well: a tree without leaves has one root.
    if old == size && checkpoint.root != known.1 {
        return Err(WitnessRefusal::OtherRoot(size));
    }
    check_consistency(known, (size, checkpoint.root), &submission.proof)
        .map_err(|_| WitnessRefusal::Unproved { old, size })?;
    Ok(checkpoint)
}

#[cfg(test)]
mod tests {
    use super::super::note::{KeyKind, NoteKey};
    use super::super::tree::{Frontier, Nodes, consistency};
    use super::*;

    /// A log whose leaves are its numbers, with one salt for each history.
    struct Log(u8);

    impl Nodes for Log {
        type Error = ();
        fn node(&self, level: u8, index: u64) -> Result<TreeHash, ()> {
            let mut frontier = Frontier::default();
            for number in index << level..(index + 1) << level {
                frontier.push(self.leaf(number));
            }
            Ok(frontier.root())
        }
    }

    impl Log {
        fn leaf(&self, number: u64) -> TreeHash {
            TreeHash::leaf(&[[self.0].as_slice(), &number.to_be_bytes()].concat())
        }

        fn checkpoint(&self, size: u64) -> Checkpoint {
            let mut frontier = Frontier::default();
            (0..size).for_each(|number| frontier.push(self.leaf(number)));
            Checkpoint::new("log", size, frontier.root())
        }

        fn submission(&self, old: u64, size: u64) -> Submission {
            let proof = if old > size { Vec::new() } else { consistency(self, old, size).unwrap() };
            Submission { old, proof, note: self.checkpoint(size).signed(&key("log", 1)) }
        }
    }

    fn key(name: &str, seed: u8) -> NoteKey {
        NoteKey::from_seed(name, KeyKind::Log, &[seed; 32]).unwrap()
    }

    fn answer(newest: Option<&Checkpoint>, submission: &Submission) -> Result<u64, (u16, &'static str)> {
        let keys = [key("other", 1), key("log", 9), key("log", 1)].map(|key| key.verifier().clone());
        witness(newest, &keys, submission)
            .map(|checkpoint| checkpoint.size)
            .map_err(|refusal| (refusal.status(), refusal.code()))
    }

    #[test]
    fn each_request_has_its_answer() {
        let (log, fork) = (Log(0), Log(1));
        let ten = log.checkpoint(10);
        let cut = |mut submission: Submission| {
            submission.proof.pop();
            submission
        };
        let longer = |mut submission: Submission| {
            submission.proof.push(TreeHash([1; 32]));
            submission
        };
        let conflict = Err((409, "WITNESS_CONFLICT"));
        let unproved = Err((422, "WITNESS_UNPROVED"));
        let beyond = Err((400, "WITNESS_OLD_BEYOND_NEW"));
        let other = Err((422, "WITNESS_OTHER_ROOT"));
        let cases = [
            ("first seen", None, log.submission(0, 10), Ok(10)),
            ("first seen, empty", None, log.submission(0, 0), Ok(0)),
            ("first seen, with a proof", None, longer(log.submission(0, 10)), unproved),
            ("first seen, with an old size", None, log.submission(4, 10), conflict),
            ("grown", Some(&ten), log.submission(10, 23), Ok(23)),
            ("asked again", Some(&ten), log.submission(10, 10), Ok(10)),
            ("asked again as before", Some(&ten), log.submission(7, 10), conflict),
            ("unknowing", Some(&ten), log.submission(0, 23), conflict),
            ("rolled back", Some(&ten), log.submission(0, 8), conflict),
            ("rolled back, told the size", Some(&ten), log.submission(10, 8), beyond),
            ("forked at the same size", Some(&ten), fork.submission(10, 10), other),
            ("forked and grown", Some(&ten), fork.submission(10, 23), unproved),
            ("proof cut short", Some(&ten), cut(log.submission(10, 23)), unproved),
            ("proof too long", Some(&ten), longer(log.submission(10, 23)), unproved),
            ("proof where none is needed", Some(&ten), longer(log.submission(10, 10)), unproved),
        ];
        for (name, newest, submission, expected) in cases {
            assert_eq!(answer(newest, &submission), expected, "{name}");
            let read: Submission = submission.to_string().parse().unwrap();
            assert_eq!(read, submission, "{name}");
        }
    }

    /// Each request has this fault and every later one, as far as they go together.
    #[test]
    fn the_first_fault_is_told() {
        let ten = Log(0).checkpoint(10);
        let fork = Log(1).checkpoint(8);
        let unknown = Checkpoint { origin: "stranger".to_owned(), ..fork.clone() };
        let submission = |note: Note, old| Submission { old, proof: vec![TreeHash([1; 32])], note };
        let by = |seed| key("log", seed);
        let forged = Note { signatures: vec![by(1).sign("else\n")], ..fork.signed(&by(1)) };
        let mut doubtful = fork.signed(&by(1));
        doubtful.add(by(9).sign("else\n"));
        let cases = [
            (Note { text: "log\n".to_owned(), ..fork.signed(&by(2)) }, 12, (400, "CHECKPOINT_MALFORMED")),
            (unknown.signed(&by(2)), 12, (404, "WITNESS_ORIGIN_UNKNOWN")),
            (fork.signed(&by(2)), 12, (403, "SIGNATURE_ABSENT")),
            (forged, 12, (403, "SIGNATURE_WRONG")),
            (doubtful, 12, (403, "SIGNATURE_WRONG")),
            (fork.signed(&key("other", 1)), 12, (403, "SIGNATURE_ABSENT")),
            (fork.signed(&by(1)), 12, (400, "WITNESS_OLD_BEYOND_NEW")),
            (fork.signed(&by(1)), 8, (409, "WITNESS_CONFLICT")),
            (Log(1).checkpoint(10).signed(&by(9)), 10, (422, "WITNESS_OTHER_ROOT")),
            (Log(1).checkpoint(11).signed(&by(9)), 10, (422, "WITNESS_UNPROVED")),
        ];
        for (note, old, expected) in cases {
            let name = format!("{note} from {old}");
            assert_eq!(answer(Some(&ten), &submission(note, old)), Err(expected), "{name}");
        }
        // A root where there is nothing.
        let empty = Checkpoint::new("log", 0, TreeHash([1; 32])).signed(&by(1));
        let submission = Submission { old: 0, proof: Vec::new(), note: empty };
        assert_eq!(answer(None, &submission), Err((422, "WITNESS_OTHER_ROOT")));
    }

    #[test]
    fn malformed_requests_are_refused() {
        let good = Log(0).submission(10, 23).to_string();
        let lines = format!("old 1\n{}\n", format!("{}\n", TreeHash::empty()).repeat(PROOF_MAX + 1));
        let cases = [
            String::new(),
            good.replacen("old 10\n", "", 1),
            good.replacen("old 10", "old 010", 1),
            good.replacen("old 10", "old -1", 1),
            good.replacen("old 10", "old 18446744073709551616", 1),
            good.replacen("old 10\n", "old 10\n\u{2014}\n", 1),
            good.replacen("old 10\n", "old 10\nAAAA\n", 1),
            good.replacen("\n\n", "\n", 1),
            good.replacen('\n', "\r\n", 1),
            good.trim_end().to_owned(),
            lines + &good,
        ];
        for case in cases {
            let refusal = case.parse::<Submission>().unwrap_err();
            assert_eq!(refusal.status(), 400, "{case}: {refusal}");
        }
    }
}
