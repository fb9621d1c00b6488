//! Erases whose time is over: what the service's timer and `soticket retention` do alike.

use soticket_ledger::{Ledger, SubmitError};
use soticket_projections::Projections;
use soticket_projections::customers::RetentionDue;
use soticket_schema::command::EraseSubject;
use soticket_schema::event::v1::ErasureReason;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId, RejectionCode};

/// Persons that are looked for at a time.
const PAGE: usize = 500;

/// What came of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// They are erased.
    Erased,
    /// Something is open: they are looked at again the next time.
    Deferred(RejectionCode),
}

/// Whose time is over now, by reference.
pub(crate) fn due(
    ledger: &Ledger,
    projections: &Projections,
    organisation: OrganisationId,
) -> Vec<RetentionDue> {
    let now = ledger.now();
    let all = projections.view(organisation, |views| {
        let zone = views.catalogue.organisation().map(|info| info.parameters.time_zone.clone());
        let zone = zone.unwrap_or_else(|| "UTC".to_owned());
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = views.customers.retention_due(now, &zone, after, PAGE);
            after = page.last().map(|due| due.subject);
            if page.is_empty() {
                return all;
            }
            all.extend(page);
        }
    });
    all.unwrap_or_default()
}

/// Erases one person whose time is over. What they own they are not asked to give up: it puts the erasure off.
///
/// # Errors
/// The ledger stopped, or refuses for another reason than that something is open.
pub(crate) fn erase(
    ledger: &Ledger,
    organisation: OrganisationId,
    due: &RetentionDue,
) -> Result<Outcome, SubmitError> {
    let subject = due.subject;
    let length = ledger.head(organisation).map_or(0, |head| head.length);
    let erase = EraseSubject { subject, reason: ErasureReason::RetentionOver, waived: false };
    let command = Command {
        organisation,
        actor: ActorId(0),
        key: format!("retention {subject} at {length}"),
        occurred_at: None,
        body: CommandBody::EraseSubject(erase),
    };
    match ledger.submit_blocking(command) {
        Ok(_) => Ok(Outcome::Erased),
        Err(SubmitError::Rejected(rejection)) => Ok(Outcome::Deferred(rejection.code)),
        Err(error) => Err(error),
    }
}
