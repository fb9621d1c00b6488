//! Which code belongs to which ticket, in about seven bytes per code: a table of places in the ticket list, where the
//! hashes themselves are.

use soticket_schema::CodeHash;

/// An open-addressing table of entries whose code the owner of the table knows. Code hashes are keyed and therefore
/// spread evenly: their first bytes serve as the hash. No two entries have the same code.
#[derive(Clone, Debug, Default)]
pub(super) struct CodeIndex {
    /// 0 for an empty slot; the length is a power of two.
    slots: Vec<u32>,
    used: usize,
}

impl CodeIndex {
    /// A table with room for so many entries.
    pub(super) fn with_room(entries: usize) -> Self {
        let slots = (entries * 4 / 3 + 1).next_power_of_two().max(16);
        Self { slots: vec![0; slots], used: 0 }
    }

    /// The entry with this code.
    pub(super) fn find(&self, code: CodeHash, code_of: impl Fn(u32) -> CodeHash) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut slot = start(code) & mask;
        loop {
            match *self.slots.get(slot)? {
                0 => return None,
                entry if code_of(entry) == code => return Some(entry),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Adds an entry, not 0, whose code is not in the table yet.
    pub(super) fn insert(&mut self, code: CodeHash, entry: u32, code_of: impl Fn(u32) -> CodeHash) {
        // A quarter stays free, so that searches end after a few slots.
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let larger = vec![0; (self.slots.len() * 2).max(16)];
            let entries = std::mem::replace(&mut self.slots, larger);
            entries
                .into_iter()
                .filter(|entry| *entry != 0)
                .for_each(|entry| self.place(code_of(entry), entry));
        }
        self.place(code, entry);
        self.used += 1;
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    fn place(&mut self, code: CodeHash, entry: u32) {
        let Some(mask) = self.slots.len().checked_sub(1) else { return };
        let mut slot = start(code) & mask;
        while let Some(taken) = self.slots.get_mut(slot) {
            if *taken == 0 {
                *taken = entry;
                return;
            }
            slot = (slot + 1) & mask;
        }
    }
}

fn start(code: CodeHash) -> usize {
    let (first, _) =
        code.0.split_first_chunk::<8>().map_or(([0; 8], &[][..]), |(first, rest)| (*first, rest));
    u64::from_le_bytes(first) as usize
}
