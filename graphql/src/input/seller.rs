//! Who may sell where.

use async_graphql::{ID, InputObject};
use soticket_schema::command::AssignActor;
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::types::enums::SellerRole;

/// Input of `actorAssign`.
#[derive(InputObject)]
pub(crate) struct ActorAssignInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The actor to bind; `actor` is who asks.
    assigned: ID,
    /// What it sells as.
    role: SellerRole,
    /// Where, in place of where it did before: channels of the role's kind; empty for nowhere.
    channels: Vec<ID>,
}

impl CommandInput for ActorAssignInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (assigned, role) = (scope.id(&self.assigned), self.role.into());
        Ok(CommandBody::AssignActor(AssignActor { assigned, role, channels: scope.list(&self.channels) }))
    }
}
