//! Tokens.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{IssueToken, NoteTechnicalEvent, RevokeToken};
use soticket_schema::event::v1::{TechnicalKind, TokenProof};
use soticket_schema::limits::REFERENCE_BYTES_MAX;
use soticket_schema::{ActorId, CommandBody, Hash, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;
use crate::types::token_enums::TokenRole;

/// What is given out, whatever it is proved with.
#[derive(InputObject)]
pub(crate) struct TokenTermsInput {
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
}

/// What the log is to know of a token besides.
#[derive(Default)]
struct Known {
    /// Whether the organisation must not have given out any yet.
    first: bool,
    /// What the log knows the secret or the name by.
    hash: Hash,
}

impl TokenTermsInput {
    fn body(self, scope: &Scope, proof: TokenProof, Known { first, hash }: Known) -> CommandBody {
        CommandBody::IssueToken(IssueToken {
            label: self.label,
            role: self.role.into(),
            holder: scope.optional(self.holder.as_ref()),
            channels: scope.list(&self.channels),
            expires_at: self.expires_at.map(|expires_at| expires_at.0),
            first,
            proof,
            hash,
        })
    }
}

/// Input of `tokenIssue`.
#[derive(InputObject)]
pub(crate) struct TokenIssueInput {
    #[graphql(flatten)]
    caller: Caller,
    #[graphql(flatten)]
    terms: TokenTermsInput,
    #[graphql(skip)]
    known: Known,
}

impl TokenIssueInput {
    /// For a secret that the log is to know by this; `first` if it must be the organisation's first token.
    pub(crate) fn with_hash(self, hash: Hash, first: bool) -> Self {
        Self { known: Known { first, hash }, ..self }
    }
}

impl CommandInput for TokenIssueInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(self.terms.body(scope, TokenProof::Secret, self.known))
    }
}

/// Input of `loginIssue`.
#[derive(InputObject)]
pub(crate) struct LoginIssueInput {
    #[graphql(flatten)]
    caller: Caller,
    /// What the person signs in with; case and spaces around it do not count. The log holds a keyed hash of it only.
    name: String,
    /// The first password: 12 characters or more, at most 256 bytes. Whoever gets it changes it.
    password: String,
    #[graphql(flatten)]
    terms: TokenTermsInput,
    #[graphql(skip)]
    known: Known,
    /// Why the password is not taken.
    #[graphql(skip)]
    weak: Option<Rejection>,
}

impl LoginIssueInput {
    /// The name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The password.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// With what the log is to know the name by, and whether the password is taken.
    pub(crate) fn with_name(self, hash: Hash, first: bool, password: Result<(), Rejection>) -> Self {
        Self { known: Known { first, hash }, weak: password.err(), ..self }
    }
}

impl CommandInput for LoginIssueInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err(Rejection::new(RejectionCode::TextEmpty, "name"));
        }
        if name.len() > REFERENCE_BYTES_MAX {
            return Err(Rejection::new(RejectionCode::TextTooLong, "name"));
        }
        match self.weak {
            Some(weak) => Err(weak),
            None => Ok(self.terms.body(scope, TokenProof::Password, self.known)),
        }
    }
}

/// Input of `loginPasswordSet`.
#[derive(InputObject)]
pub(crate) struct LoginPasswordSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The login.
    token: ID,
    /// The new password: 12 characters or more, at most 256 bytes. Whoever gets it changes it.
    password: String,
    /// Whom the journal is told of.
    #[graphql(skip)]
    about: Option<Result<ActorId, Rejection>>,
}

impl LoginPasswordSetInput {
    /// The login.
    pub(crate) fn token(&self) -> &ID {
        &self.token
    }

    /// The password.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// With whose login it is, or why nothing is changed. Every change is one of its own, whatever key it is asked under.
    pub(crate) fn about(self, about: Result<ActorId, Rejection>) -> Self {
        let caller = Caller { idempotency_key: uuid::Uuid::new_v4().to_string().into(), ..self.caller };
        Self { caller, about: Some(about), ..self }
    }
}

impl CommandInput for LoginPasswordSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        let unknown = || Err(Rejection::new(RejectionCode::TokenUnknown, "token"));
        let about = Some(self.about.unwrap_or_else(unknown)?);
        let (what, reference) = (TechnicalKind::PasswordChanged, String::new());
        Ok(CommandBody::NoteTechnicalEvent(NoteTechnicalEvent { what, about, reference }))
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
