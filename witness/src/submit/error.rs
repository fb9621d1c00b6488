//! Why a witness did not cosign.

/// A stable code, what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// It could not be asked.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What the system says.
        reason: String,
    },
    /// It does not watch the log.
    #[error("it does not watch this log: give its operator the log's verifier key ({0})")]
    OriginUnknown(String),
    /// It knows the log by other keys.
    #[error("it knows this log by other keys: give its operator the log's newest verifier key ({0})")]
    KeyUnknown(String),
    /// It cosigned a longer log.
    #[error(
        "it has cosigned this log at size {witnessed}, which has {size} now: the log was cut, or restored from a backup"
    )]
    Ahead {
        /// What the witness saw.
        witnessed: u64,
        /// What there is.
        size: u64,
    },
    /// It cosigned another history.
    #[error("it has cosigned another history of this log than the one published: the log was replaced ({0})")]
    Forked(String),
    /// The published tiles do not lead to the checkpoint, so that it cannot be asked.
    #[error("the published tiles do not lead to the checkpoint, publish the log again: {0}")]
    Unprovable(String),
    /// What it gave is not its cosignature of this checkpoint.
    #[error("what it gave is not its cosignature of this checkpoint: {0}")]
    NotCosigned(String),
    /// It answered something else.
    #[error("it answered {status}: {told}")]
    Answer {
        /// The status.
        status: u16,
        /// The beginning of the answer.
        told: String,
    },
    /// The program failed while it asked.
    #[error("the program failed while it asked: see its log")]
    Fault,
}

impl SubmitError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "WITNESS_UNREACHABLE",
            Self::OriginUnknown(_) => "WITNESS_ORIGIN_UNKNOWN",
            Self::KeyUnknown(_) => "WITNESS_KEY_UNKNOWN",
            Self::Ahead { .. } => "WITNESS_AHEAD",
            Self::Forked(_) => "WITNESS_FORKED",
            Self::Unprovable(_) => "WITNESS_PROOF_UNAVAILABLE",
            Self::NotCosigned(_) => "WITNESS_COSIGNATURE_WRONG",
            Self::Answer { .. } => "WITNESS_ANSWER_UNEXPECTED",
            Self::Fault => "WITNESS_FAULT",
        }
    }

    /// Whether it says that the log is not what it was: somebody must look before anything else is done.
    pub fn is_alarm(&self) -> bool {
        matches!(self, Self::Ahead { .. } | Self::Forked(_))
    }
}
