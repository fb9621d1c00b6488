//! What came of a command: a receipt, or why nothing changed.

use soticket_ledger::{Entry, Receipt};
use soticket_schema::{Event, Rejection};

use crate::input::Scope;
use crate::scalar::{Hash, LogPosition};
use crate::user_error::UserError;

/// What came of a command.
pub(crate) struct Outcome {
    scope: Scope,
    receipt: Option<Receipt>,
    errors: Vec<UserError>,
    secret: Option<[u8; 32]>,
}

impl Outcome {
    /// The command is in the log.
    pub(super) fn recorded(scope: Scope, receipt: Receipt) -> Self {
        Self { scope, receipt: Some(receipt), errors: Vec::new(), secret: None }
    }

    /// The command changed nothing.
    pub(super) fn rejected(scope: Scope, rejection: Rejection) -> Self {
        Self { scope, receipt: None, errors: vec![rejection.into()], secret: None }
    }

    /// With the secret that was made for a credential. A repeated command made another one, which is worth nothing.
    pub(super) fn with_secret(self, secret: [u8; 32]) -> Self {
        Self { secret: (!self.replayed()).then_some(secret), ..self }
    }

    /// The secret that was made for a credential.
    pub(super) fn secret(&self) -> Option<[u8; 32]> {
        self.secret
    }

    /// The organisation.
    pub(super) fn scope(&self) -> Scope {
        self.scope
    }

    /// Why nothing changed.
    pub(super) fn errors(&self) -> &[UserError] {
        &self.errors
    }

    /// Position of the command's last event.
    pub(super) fn position(&self) -> Option<LogPosition> {
        self.receipt.as_ref().map(|receipt| LogPosition(receipt.position()))
    }

    /// Hash of the command's last event.
    pub(super) fn hash(&self) -> Option<Hash> {
        self.receipt.as_ref().map(|receipt| Hash(receipt.hash()))
    }

    /// Whether the command had been recorded before.
    pub(super) fn replayed(&self) -> bool {
        self.receipt.as_ref().is_some_and(|receipt| receipt.replayed)
    }

    /// The command's records; empty if nothing changed.
    pub(super) fn entries(&self) -> &[Entry] {
        self.receipt.as_ref().map(Receipt::entries).unwrap_or_default()
    }

    /// The first thing that `pick` finds in the command's events.
    pub(super) fn find<T>(&self, pick: impl FnMut(&Event) -> Option<T>) -> Option<T> {
        self.entries().iter().map(|entry| &entry.event).find_map(pick)
    }
}
