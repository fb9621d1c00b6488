//! Why a timestamp is not had, or proves nothing.

/// A stable code, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The authority could not be asked.
    #[error("{url} cannot be reached: {reason}")]
    Unreachable {
        /// Where it should be.
        url: String,
        /// What the system says.
        reason: String,
    },
    /// It answered something else.
    #[error("the authority answered {status}: {told}")]
    Answer {
        /// The status.
        status: u16,
        /// The beginning of the answer.
        told: String,
    },
    /// It refused.
    #[error("the authority did not grant a timestamp: status {status}{told}")]
    NotGranted {
        /// The status of RFC 3161: 2 to 5.
        status: u8,
        /// What it says besides.
        told: String,
    },
    /// The answer is not of the form of RFC 3161.
    #[error("not a timestamp of RFC 3161: {0}")]
    Malformed(String),
    /// It is of something else.
    #[error("the timestamp is of another text than this checkpoint")]
    ImprintOther,
    /// It answers another request.
    #[error("the answer is to another request: its nonce is not the one that was sent")]
    NonceOther,
    /// The given certificates are none.
    #[error("the authority's certificates cannot be used: {0}")]
    Roots(String),
    /// The signing certificate is not in it, or is not for timestamps.
    #[error("the token's signer is not one that gives timestamps: {0}")]
    Signer(String),
    /// The signature is wrong.
    #[error("the token's signature is wrong: {0}")]
    Signature(String),
    /// The signer's certificate does not lead to the given ones.
    #[error("the token's signer is not certified by the given certificates at the time of the token: {0}")]
    Untrusted(String),
    /// The published folder cannot be used.
    #[error("{0}")]
    Folder(String),
}

impl TimestampError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "TIMESTAMP_UNREACHABLE",
            Self::Answer { .. } => "TIMESTAMP_ANSWER_UNEXPECTED",
            Self::NotGranted { .. } => "TIMESTAMP_NOT_GRANTED",
            Self::Malformed(_) => "TIMESTAMP_MALFORMED",
            Self::ImprintOther => "TIMESTAMP_IMPRINT_OTHER",
            Self::NonceOther => "TIMESTAMP_NONCE_OTHER",
            Self::Roots(_) => "TIMESTAMP_ROOTS_UNUSABLE",
            Self::Signer(_) => "TIMESTAMP_SIGNER_UNFIT",
            Self::Signature(_) => "TIMESTAMP_SIGNATURE_WRONG",
            Self::Untrusted(_) => "TIMESTAMP_UNTRUSTED",
            Self::Folder(_) => "PUBLISHED_FOLDER_UNUSABLE",
        }
    }
}

impl From<der::Error> for TimestampError {
    fn from(error: der::Error) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<std::io::Error> for TimestampError {
    fn from(error: std::io::Error) -> Self {
        Self::Folder(error.to_string())
    }
}
