//! Closing the days that are over, as the service's timer does.

use soticket_schema::command::CloseDueDays;
use soticket_schema::event::v1::PeriodClosed;
use soticket_schema::{ActorId, Command, CommandBody, Event, OrganisationId, RejectionCode};

use crate::ledger::Ledger;
use crate::receipt::SubmitError;

/// Closes every open day of an organisation that is over, in order, with the months and years that end with them. Gives
/// the closings that this call made; none when nothing was due.
///
/// Whoever else closes at the same time does no harm: a day is closed once, and what is left to do is asked for again.
///
/// # Errors
/// The ledger stopped, or refuses for another reason than that nothing is due.
pub async fn close_due_days(
    ledger: &Ledger,
    organisation: OrganisationId,
) -> Result<Vec<PeriodClosed>, SubmitError> {
    let mut closings = Vec::new();
    loop {
        // One key for one length of the log: two callers that see the same days due make one command.
        let length = ledger.head(organisation).map_or(0, |head| head.length);
        let command = Command {
            organisation,
            actor: ActorId(0),
            key: format!("close due days at {length}"),
            occurred_at: None,
            body: CommandBody::CloseDueDays(CloseDueDays {}),
        };
        match ledger.submit(command).await {
            Ok(receipt) if receipt.replayed => {}
            Ok(receipt) => closings.extend(receipt.entries().iter().filter_map(|entry| match &entry.event {
                Event::PeriodClosed(closed) => Some(closed.clone()),
                _ => None,
            })),
            Err(SubmitError::Rejected(rejection)) if rejection.code == RejectionCode::NothingToClose => {
                return Ok(closings);
            }
            Err(error) => return Err(error),
        }
    }
}
