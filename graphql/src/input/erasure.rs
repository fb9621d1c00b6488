//! Persons who are to be forgotten.

use async_graphql::{ID, InputObject};
use soticket_schema::command::EraseSubject;
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::ids;
use crate::types::enums::ErasureReason;

/// Input of `subjectErase`.
#[derive(InputObject)]
pub(crate) struct SubjectEraseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The person: the id of a customer.
    subject: ID,
    /// Why.
    reason: ErasureReason,
    /// Whether the person gives up what only their codes open: tickets for shows to come, cards, gift cards and
    /// vouchers. Without it these are in the way.
    #[graphql(default)]
    waived: bool,
}

impl CommandInput for SubjectEraseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        // An id that is no customer's here stands for nobody.
        let subject = ids::local_customer(scope.organisation, &self.subject).unwrap_or_default();
        let (reason, waived) = (self.reason.into(), self.waived);
        Ok(CommandBody::EraseSubject(EraseSubject { subject, reason, waived }))
    }
}
