//! What erasures leave to do afterwards, as the service's timer and `soticket erase` do it: the vault's next epoch, and
//! the end of earlier ones.

use std::time::Duration;

use soticket_schema::command::{BeginVaultEpoch, RecordVaultEpochsDestroyed};
use soticket_schema::{ActorId, Command, CommandBody, Event, OrganisationId, RejectionCode};

use crate::ledger::Ledger;
use crate::receipt::SubmitError;
use crate::vault::VaultError;

/// What was done for an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct VaultUpkeep {
    /// The epoch that was begun, because somebody was erased since the last one.
    pub begun: Option<u32>,
    /// The epoch before which all keys are now known to be destroyed.
    pub destroyed_before: Option<u32>,
}

/// Begins the vault's next epoch if somebody of the organisation was erased since the last: once, however many were.
/// Destroys the keys of epochs that only backups of more than `window` ago need, and records what that means for the
/// organisation's erasures. For a thread outside any asynchronous runtime.
///
/// A crash anywhere in between is made good by the next opening or the next call: an epoch that is recorded is turned to,
/// and keys that are gone without a record are recorded.
///
/// # Errors
/// The ledger stopped.
pub fn keep_vault(
    ledger: &Ledger,
    organisation: OrganisationId,
    window: Duration,
) -> Result<VaultUpkeep, SubmitError> {
    let begun = submit(ledger, organisation, CommandBody::BeginVaultEpoch(BeginVaultEpoch {}))?;
    ledger.turn_vault().map_err(stopped)?;
    ledger.destroy_epochs(window).map_err(stopped)?;
    let record = CommandBody::RecordVaultEpochsDestroyed(RecordVaultEpochsDestroyed {});
    let destroyed = submit(ledger, organisation, record)?;
    Ok(VaultUpkeep {
        begun: begun.and_then(|event| match event {
            Event::VaultEpochBegun(begun) => Some(begun.epoch),
            _ => None,
        }),
        destroyed_before: destroyed.and_then(|event| match event {
            Event::VaultEpochsDestroyed(destroyed) => Some(destroyed.before),
            _ => None,
        }),
    })
}

/// The event that a command of the vault's becomes; none when it is not due.
fn submit(
    ledger: &Ledger,
    organisation: OrganisationId,
    body: CommandBody,
) -> Result<Option<Event>, SubmitError> {
    // One key for one length of the log: two callers that see the same make one command.
    let length = ledger.head(organisation).map_or(0, |head| head.length);
    let key = match &body {
        CommandBody::BeginVaultEpoch(_) => format!("begin vault epoch at {length}"),
        _ => format!("record destroyed vault epochs at {length}"),
    };
    let command = Command { organisation, actor: ActorId(0), key, occurred_at: None, body };
    match ledger.submit_blocking(command) {
        Ok(receipt) if receipt.replayed => Ok(None),
        Ok(receipt) => Ok(receipt.entries().first().map(|entry| entry.event.clone())),
        Err(SubmitError::Rejected(rejection)) if rejection.code == RejectionCode::EpochNotDue => Ok(None),
        Err(error) => Err(error),
    }
}

fn stopped(error: VaultError) -> SubmitError {
    SubmitError::Stopped(format!("{}: {error}", error.code()))
}
