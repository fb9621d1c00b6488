//! The 32-byte BLAKE3 value that links records, and the two domain-separated ways to make one.

use std::fmt;
use std::sync::LazyLock;

use bincode::{Decode, Encode};
use blake3::hazmat::{ContextKey, HasherExt, hash_derive_key_context};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::OrganisationId;

/// BLAKE3 derive-key context of a record's hash. Frozen with the envelope.
pub const EVENT_CONTEXT: &str = "soticket-ledger 2026 event v1";
/// BLAKE3 derive-key context of the hash before position 0. Frozen with the envelope.
pub const GENESIS_CONTEXT: &str = "soticket-ledger 2026 genesis v1";

static EVENT_KEY: LazyLock<ContextKey> = LazyLock::new(|| hash_derive_key_context(EVENT_CONTEXT));

/// A 32-byte BLAKE3 hash, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct Hash(pub [u8; 32]);

/// 32 bytes in files, hexadecimal where a person may read it.
impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 32]>::deserialize(deserializer).map(Self);
        }
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not 64 hexadecimal digits"))
    }
}

impl Hash {
    /// The hash of a whole record, exactly as it is stored.
    pub fn of_record(record: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new_from_context_key(&EVENT_KEY);
        hasher.update(record);
        Self(*hasher.finalize().as_bytes())
    }

    /// What position 0 of an organisation's log names as its previous hash.
    pub fn genesis(organisation: OrganisationId) -> Self {
        Self(blake3::derive_key(GENESIS_CONTEXT, &organisation.0))
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text).ok().map(|hash| Self(*hash.as_bytes()))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&blake3::Hash::from_bytes(self.0).to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}
