//! What the decider keeps in memory of one organisation: the decision state, the head and the known commands.

use rustc_hash::FxHashMap;
use soticket_schema::ids::{CommandId, OrganisationId};

use crate::entries;
use crate::entry::Entry;
use crate::log::{Head, Log, LogError};
use crate::state::State;

/// One organisation's side of the writer.
pub(crate) struct OrganisationWriter {
    pub(crate) state: State,
    pub(crate) head: Head,
    /// Position of the first event of every command: kept for ever, so that a retry is always recognised.
    pub(crate) commands: FxHashMap<CommandId, u64>,
}

impl OrganisationWriter {
    /// An organisation without records.
    pub(crate) fn new(organisation: OrganisationId) -> Self {
        Self {
            state: State::new(organisation),
            head: Head::genesis(organisation),
            commands: FxHashMap::default(),
        }
    }

    /// Takes in one entry that is, or is about to be, in the log.
    pub(crate) fn apply(&mut self, entry: &Entry) {
        if entry.envelope.part == 0 {
            self.commands.insert(entry.envelope.command, entry.envelope.position);
        }
        self.state.apply(&entry.envelope, &entry.event);
        self.head = Head {
            length: entry.envelope.position + 1,
            hash: entry.hash,
            recorded_at: entry.envelope.recorded_at,
        };
    }

    /// Takes in everything that the log has beyond this, checking the links.
    ///
    /// # Errors
    /// The log cannot be read, a link is broken, or a payload is no event.
    pub(crate) fn catch_up(&mut self, organisation: OrganisationId, log: &dyn Log) -> Result<(), LogError> {
        let from = self.head.length;
        entries::read_ahead(log, organisation, from, &mut |entry| {
            if entry.envelope.previous != self.head.hash {
                return Err(LogError::LinkBroken { organisation, position: entry.envelope.position });
            }
            self.apply(entry);
            Ok(())
        })
    }
}
