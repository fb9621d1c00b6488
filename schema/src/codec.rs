//! Payload bytes: bincode 2, standard configuration, with a size limit.
//!
//! A payload is `(Option<Fingerprint>, event struct)`: the first event of a command carries the fingerprint of the
//! caller's parameters, so that a retry can be told from a reused key for as long as the log exists.
//!
//! Types are read and written by bincode's own traits and not through serde. The bytes are the same: both walk the
//! fields in the order of the source, and each serde call ends in the same function that the own traits call
//! (`tests/serde_bytes.rs` and the golden files check it). But serde knows no arrays of bytes: every id and code hash
//! would be read byte by byte, which takes longer than all the rest.

use bincode::config::{Configuration, Limit};
use bincode::enc::write::Writer;
use bincode::error::EncodeError;
use bincode::{Decode, Encode};

use crate::limits::PAYLOAD_BYTES_MAX;

/// What the values of one payload may take in memory while they are read. The decoder counts 8 bytes for an integer
/// that is stored in one, and the size in memory of a vector's elements: at most 24 and 8 bytes for each stored one. A
/// limit of the payload's own length would refuse long payloads that this ledger has written.
const DECODED_BYTES_MAX: usize = 32 * PAYLOAD_BYTES_MAX;

/// The one configuration of every payload. Never change it: stored bytes depend on it (the limit is not in them).
const CONFIG: Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    Limit<DECODED_BYTES_MAX>,
> = bincode::config::standard().with_limit::<DECODED_BYTES_MAX>();

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
pub fn encode<T: Encode>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::encode_to_vec(value, CONFIG).map_err(|_| CodecError::TooLong)?;
    if bytes.len() > PAYLOAD_BYTES_MAX { Err(CodecError::TooLong) } else { Ok(bytes) }
}

/// Decodes `bytes` and demands that every one of them is consumed.
///
/// # Errors
/// [`CodecError::Malformed`] or [`CodecError::Trailing`]; a hostile length is an error, never an allocation beyond
/// what a payload may take.
pub fn decode<T: Decode<()>>(kind: u16, bytes: &[u8]) -> Result<T, CodecError> {
    if bytes.len() > PAYLOAD_BYTES_MAX {
        return Err(CodecError::Malformed { kind, reason: CodecError::TooLong.to_string() });
    }
    let (value, read) = bincode::decode_from_slice(bytes, CONFIG)
        .map_err(|error| CodecError::Malformed { kind, reason: error.to_string() })?;
    match bytes.len() - read {
        0 => Ok(value),
        left => Err(CodecError::Trailing { kind, left }),
    }
}

/// Whether `value` encodes to exactly `bytes`; nothing is allocated to find out.
pub(crate) fn encodes_to<T: Encode>(value: &T, bytes: &[u8]) -> bool {
    let mut expected = Expected(bytes);
    bincode::encode_into_writer(value, &mut expected, CONFIG).is_ok() && expected.0.is_empty()
}

/// Takes what is written off the front of the bytes that are expected.
struct Expected<'a>(&'a [u8]);

impl Writer for Expected<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.0 = self.0.strip_prefix(bytes).ok_or(EncodeError::Other("other bytes"))?;
        Ok(())
    }
}
