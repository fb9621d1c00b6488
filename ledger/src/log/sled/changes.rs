//! What is written to the engine together.

use sled::{Batch, IVec, Tree};

/// Insertions and removals of one tree, all or none of which a crash leaves.
#[derive(Debug, Default)]
pub(super) struct Changes(Vec<(Vec<u8>, Option<IVec>)>);

impl Changes {
    /// Puts a value, replacing what was there.
    pub(super) fn insert(&mut self, key: impl Into<Vec<u8>>, value: &[u8]) {
        self.0.push((key.into(), Some(IVec::from(value))));
    }

    /// Removes a value, if there is one.
    pub(super) fn remove(&mut self, key: impl Into<Vec<u8>>) {
        self.0.push((key.into(), None));
    }

    /// Applies them; they are not on the disk yet.
    ///
    /// A batch costs a message of its own in a write of its own. One change alone is whole without it: most commits of
    /// a box office are that small.
    pub(super) fn apply(self, tree: &Tree) -> sled::Result<()> {
        match self.0.as_slice() {
            [] => return Ok(()),
            [(key, Some(value))] => return tree.insert(key, value).map(drop),
            [(key, None)] => return tree.remove(key).map(drop),
            _ => {}
        }
        let mut batch = Batch::default();
        for (key, value) in self.0 {
            match value {
                Some(value) => batch.insert(key, value),
                None => batch.remove(key),
            }
        }
        tree.apply_batch(batch)
    }
}
