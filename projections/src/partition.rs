//! State in partitions: the unit of digests and snapshots. A partition's bytes are canonical: the same state always
//! encodes the same way.

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde::de::DeserializeOwned;
use soticket_ledger::Entry;

/// A read model: a pure and total fold over the entries of one log.
pub trait Projection: Default + Send {
    /// Its name, as in snapshots and digests.
    const NAME: &'static str;
    /// Raised when the fold or the state changes: older snapshots are rebuilt then.
    const VERSION: u16;

    /// Takes the next entry into account. Touches only the partitions that the event names.
    fn fold(&mut self, entry: &Entry);

    /// Hands out every partition, by ascending key.
    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>));

    /// Takes back a partition that [`Self::save`] handed out; none when the bytes are no such partition.
    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()>;
}

/// Which partition of a projection: its family (organisation, show, …) and its number within it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PartitionKey {
    /// Which kind of partition; 0 for the organisation's own.
    pub family: u8,
    /// Its number within the family.
    pub id: u64,
}

/// The family of the organisation's own partition, which every projection numbers first.
pub(crate) const OWN: PartitionKey = PartitionKey { family: 0, id: 0 };

/// The partitions of one family.
#[derive(Debug)]
pub(crate) struct Partitions<P>(FxHashMap<u64, P>);

impl<P> Default for Partitions<P> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<P: Serialize + DeserializeOwned> Partitions<P> {
    pub(crate) fn get(&self, id: u64) -> Option<&P> {
        self.0.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut P> {
        self.0.get_mut(&id)
    }

    pub(crate) fn entry(&mut self, id: u64) -> &mut P
    where
        P: Default,
    {
        self.0.entry(id).or_default()
    }

    /// Adds a partition unless there is one already: a number names one thing for ever.
    pub(crate) fn add(&mut self, id: u64, make: impl FnOnce() -> P) {
        self.0.entry(id).or_insert_with(make);
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut P> {
        self.0.values_mut()
    }

    /// Numbers in ascending order.
    pub(crate) fn ids(&self) -> Vec<u64> {
        let mut ids: Vec<u64> = self.0.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// Partitions by ascending number.
    pub(crate) fn sorted(&self) -> impl DoubleEndedIterator<Item = (u64, &P)> {
        self.ids().into_iter().filter_map(|id| self.0.get(&id).map(|partition| (id, partition)))
    }

    pub(crate) fn save(&self, family: u8, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        for (id, partition) in self.sorted() {
            out(PartitionKey { family, id }, encode(partition));
        }
    }

    pub(crate) fn load(&mut self, id: u64, bytes: &[u8]) -> Option<&mut P> {
        let partition = decode(bytes)?;
        Some(self.0.entry(id).insert_entry(partition).into_mut())
    }
}

/// Canonical bytes of a partition.
#[expect(clippy::expect_used, reason = "plain data into memory: no serializer here can fail")]
pub(crate) fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    bincode::serde::encode_to_vec(value, bincode::config::standard()).expect("plain data encodes")
}

/// Reads what [`encode`] wrote; none when the bytes are anything else.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (value, read) = bincode::serde::decode_from_slice(bytes, bincode::config::standard()).ok()?;
    (read == bytes.len()).then_some(value)
}
