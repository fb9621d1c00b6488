//! Digests of what read models hold: the same log gives the same digest, built live or anew.

use soticket_schema::Hash;

use super::views::Feed;
use crate::partition::PartitionKey;

/// The digest of one projection's state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectionDigest {
    /// Its name.
    pub name: &'static str,
    /// Version of its fold and state.
    pub version: u16,
    /// Number of its partitions.
    pub partitions: u64,
    /// BLAKE3 over name, version and the digests of its partitions in order.
    pub digest: Hash,
}

const PARTITION_CONTEXT: &str = "soticket-ledger 2026 projection partition v1";
const PROJECTION_CONTEXT: &str = "soticket-ledger 2026 projection v1";

pub(super) fn of(feed: &dyn Feed) -> ProjectionDigest {
    let mut whole = blake3::Hasher::new_derive_key(PROJECTION_CONTEXT);
    whole.update(&(feed.name().len() as u64).to_be_bytes());
    whole.update(feed.name().as_bytes());
    whole.update(&feed.version().to_be_bytes());
    let mut partitions = 0_u64;
    feed.partitions(&mut |key, bytes| {
        whole.update(&of_partition(key, &bytes).0);
        partitions += 1;
    });
    let digest = Hash(*whole.finalize().as_bytes());
    ProjectionDigest { name: feed.name(), version: feed.version(), partitions, digest }
}

fn of_partition(key: PartitionKey, bytes: &[u8]) -> Hash {
    let mut hasher = blake3::Hasher::new_derive_key(PARTITION_CONTEXT);
    hasher.update(&[key.family]).update(&key.id.to_be_bytes()).update(bytes);
    Hash(*hasher.finalize().as_bytes())
}
