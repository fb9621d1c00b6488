//! Tokens.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{IssueToken, RevokeToken};
use soticket_schema::{CommandBody, Hash, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;
use crate::types::enums::TokenRole;

/// Input of `tokenIssue`.
#[derive(InputObject)]
pub(crate) struct TokenIssueInput {
    #[graphql(flatten)]
    caller: Caller,
    /// What it is for, in words of your own; nothing about people.
    label: String,
    /// What it is good for.
    role: TokenRole,
    /// Who acts by it, an actor that is there already: a second token in place of the first, say. Absent for a new actor.
    holder: Option<ID>,
    /// Where a new actor sells, for a role that sells: channels of the role's kind.
    #[graphql(default)]
    channels: Vec<ID>,
    /// When it ends by itself; never if absent.
    expires_at: Option<DateTime>,
    /// Whether the organisation must not have given out any yet.
    #[graphql(skip)]
    first: bool,
    /// What the log is to know the new secret by.
    #[graphql(skip)]
    hash: Hash,
}

impl TokenIssueInput {
    /// For a secret that the log is to know by this; `first` if it must be the organisation's first token.
    pub(crate) fn with_hash(self, hash: Hash, first: bool) -> Self {
        Self { hash, first, ..self }
    }
}

impl CommandInput for TokenIssueInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::IssueToken(IssueToken {
            label: self.label,
            role: self.role.into(),
            holder: scope.optional(self.holder.as_ref()),
            channels: scope.list(&self.channels),
            expires_at: self.expires_at.map(|expires_at| expires_at.0),
            first: self.first,
            hash: self.hash,
        }))
    }
}

/// Input of `tokenRevoke`.
#[derive(InputObject)]
pub(crate) struct TokenRevokeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The token.
    token: ID,
}

impl CommandInput for TokenRevokeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RevokeToken(RevokeToken { token: scope.id(&self.token) }))
    }
}
