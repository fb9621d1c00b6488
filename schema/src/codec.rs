//! Payload bytes: bincode 2, standard configuration through serde, with a size limit.
//!
//! A payload is `(Option<Fingerprint>, event struct)`: the first event of a command carries the fingerprint of the
//! caller's parameters, so that a retry can be told from a reused key for as long as the log exists.

use bincode::config::{Configuration, Limit};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::limits::PAYLOAD_BYTES_MAX;

/// The one configuration of every payload. Never change it: stored bytes depend on it.
const CONFIG: Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    Limit<PAYLOAD_BYTES_MAX>,
> = bincode::config::standard().with_limit::<PAYLOAD_BYTES_MAX>();

/// Why a payload could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// No event kind has this number and version.
    #[error("event kind {kind} version {version} is not in the catalogue")]
    UnknownKind {
        /// Number of the kind.
        kind: u16,
        /// Version of the payload.
        version: u16,
    },
    /// The bytes do not decode as the kind's payload.
    #[error("the payload of event kind {kind} does not decode: {reason}")]
    Malformed {
        /// Number of the kind.
        kind: u16,
        /// What the decoder said.
        reason: String,
    },
    /// Bytes are left over after the payload.
    #[error("the payload of event kind {kind} has {left} bytes left over")]
    Trailing {
        /// Number of the kind.
        kind: u16,
        /// How many bytes.
        left: usize,
    },
    /// The bytes are not the ones that encoding the same event gives.
    #[error("the payload of event kind {kind} is not in canonical form")]
    NotCanonical {
        /// Number of the kind.
        kind: u16,
    },
    /// The value encodes to more than the limit.
    #[error("the payload is longer than {PAYLOAD_BYTES_MAX} bytes")]
    TooLong,
}

/// Encodes `value`.
///
/// # Errors
/// [`CodecError::TooLong`] when the encoding is over the limit.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::serde::encode_to_vec(value, CONFIG).map_err(|_| CodecError::TooLong)?;
    if bytes.len() > PAYLOAD_BYTES_MAX { Err(CodecError::TooLong) } else { Ok(bytes) }
}

/// Decodes `bytes` and demands that every one of them is consumed.
///
/// # Errors
/// [`CodecError::Malformed`] or [`CodecError::Trailing`]; a hostile length is an error, never an allocation.
pub fn decode<T: DeserializeOwned>(kind: u16, bytes: &[u8]) -> Result<T, CodecError> {
    let (value, read) = bincode::serde::decode_from_slice(bytes, CONFIG)
        .map_err(|error| CodecError::Malformed { kind, reason: error.to_string() })?;
    match bytes.len() - read {
        0 => Ok(value),
        left => Err(CodecError::Trailing { kind, left }),
    }
}
