//! What the engine needs of a ledger: to read its logs and to hear of new batches.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use soticket_ledger::{Batch, Entry, Ledger};
use soticket_schema::OrganisationId;

/// Logs to be read. Tests feed the engine from one of their own, so that it also meets what no decision would record.
pub(crate) trait Source: Send + Sync + 'static {
    /// Organisations with the number of their records.
    fn heads(&self) -> Vec<(OrganisationId, u64)>;
    /// Number of records of one organisation.
    fn recorded(&self, organisation: OrganisationId) -> u64;
    /// Calls `visit` with every durable entry from `from` on until it returns false. An error says what to do.
    fn read(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Entry) -> bool,
    ) -> Result<(), String>;
    /// Reads the entries at these ascending positions.
    fn read_at(&self, organisation: OrganisationId, positions: &[u64]) -> Result<Vec<Entry>, String>;
    /// Batches as they become durable; some may be left out when the listener is slow.
    fn listen(&self) -> Receiver<Arc<Batch>>;
}

impl Source for Ledger {
    fn heads(&self) -> Vec<(OrganisationId, u64)> {
        Self::heads(self).into_iter().map(|(organisation, head)| (organisation, head.length)).collect()
    }

    fn recorded(&self, organisation: OrganisationId) -> u64 {
        Self::head(self, organisation).map_or(0, |head| head.length)
    }

    fn read(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Entry) -> bool,
    ) -> Result<(), String> {
        let mut go_on = |entry| if visit(entry) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
        Self::read(self, organisation, from, &mut go_on).map_err(|error| format!("{}: {error}", error.code()))
    }

    fn read_at(&self, organisation: OrganisationId, positions: &[u64]) -> Result<Vec<Entry>, String> {
        Self::read_at(self, organisation, positions).map_err(|error| format!("{}: {error}", error.code()))
    }

    fn listen(&self) -> Receiver<Arc<Batch>> {
        Self::listen(self)
    }
}
