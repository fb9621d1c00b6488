//! The refusals of a dossier while its files are read.

use crate::import::refusal::Refusal;

/// What has been refused so far.
#[derive(Debug, Default)]
pub(crate) struct Source {
    /// In the order in which it was found.
    pub(crate) refused: Vec<Refusal>,
}

impl Source {
    /// The value, or none after noting why there is none.
    pub(crate) fn take<T>(&mut self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refused.push(refusal)).ok()
    }
}
