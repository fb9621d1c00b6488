//! Why a proof, or a text that carries one, is not accepted.

/// Stable code, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A proof does not lead from the leaf to the root.
    #[error("the proof does not show that the record is in the tree")]
    Inclusion,
    /// A proof does not lead from the old root to the new one.
    #[error("the proof does not show that the smaller tree is the beginning of the larger one")]
    Consistency,
    /// A text is no signed note.
    #[error("not a signed note: {0}")]
    Note(&'static str),
    /// A text is no verifier key.
    #[error("not a verifier key: {0}")]
    Key(&'static str),
    /// A known key's signature is wrong: the whole note is refused.
    #[error("the signature of {0} is wrong")]
    Signature(String),
    /// The key did not sign the note.
    #[error("{0} did not sign it")]
    NotSigned(String),
    /// A text is no checkpoint.
    #[error("not a checkpoint: {0}")]
    Checkpoint(&'static str),
    /// A text is no proof file.
    #[error("not a proof file: {0}")]
    ProofFile(&'static str),
    /// Bytes are no bundle of entries, or no tile.
    #[error("not a tile of the log: {0}")]
    Tile(&'static str),
}

impl ProofError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Inclusion => "INCLUSION_UNPROVED",
            Self::Consistency => "CONSISTENCY_UNPROVED",
            Self::Note(_) => "NOTE_MALFORMED",
            Self::Key(_) => "VERIFIER_KEY_MALFORMED",
            Self::Signature(_) => "SIGNATURE_WRONG",
            Self::NotSigned(_) => "SIGNATURE_ABSENT",
            Self::Checkpoint(_) => "CHECKPOINT_MALFORMED",
            Self::ProofFile(_) => "PROOF_FILE_MALFORMED",
            Self::Tile(_) => "TILE_MALFORMED",
        }
    }
}
