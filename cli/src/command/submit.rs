//! Commands of the program itself, on a data folder that nobody else has open.

use soticket_ledger::{Ledger, Receipt, SubmitError};
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId, Rejection};

use crate::failure::{Exit, Failure};

/// Nobody else writes while the folder is open here: where the log ends names the step.
pub(super) fn submit(
    ledger: &Ledger,
    organisation: OrganisationId,
    what: &str,
    body: CommandBody,
) -> Result<Receipt, Failure> {
    let length = ledger.head(organisation).map_or(0, |head| head.length);
    let key = format!("{what}/{length}");
    let command = Command { organisation, actor: ActorId(0), key, occurred_at: None, body };
    ledger.submit_blocking(command).map_err(|error| match error {
        SubmitError::Rejected(rejection) => refused(&rejection),
        other => Failure::new(Exit::Unexpected, "LEDGER_STOPPED", other.to_string()),
    })
}

/// A rejection, with the field that it names and what to do.
pub(super) fn refused(rejection: &Rejection) -> Failure {
    let advice = format!("{}: {}", rejection.field, rejection.code.advice());
    Failure::new(Exit::Refused, rejection.code.code(), advice)
}
