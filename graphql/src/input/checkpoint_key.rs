//! The keys that checkpoints are signed with.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{RegisterCheckpointKey, RetireCheckpointKey};
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};

/// Input of `checkpointKeyRegister`.
#[derive(InputObject)]
pub(crate) struct CheckpointKeyRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The name of the log: a URL without scheme, the same for all its keys.
    origin: String,
}

impl CommandInput for CheckpointKeyRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RegisterCheckpointKey(RegisterCheckpointKey { origin: self.origin }))
    }
}

/// Input of `checkpointKeyRetire`.
#[derive(InputObject)]
pub(crate) struct CheckpointKeyRetireInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The key.
    key: ID,
}

impl CommandInput for CheckpointKeyRetireInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RetireCheckpointKey(RetireCheckpointKey { key: scope.id(&self.key) }))
    }
}
