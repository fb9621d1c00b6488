//! Tokens, and what a request costs.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::catalogue::TokenInfo;
use soticket_schema::ids::TokenId;

use super::Actor;
use super::lookup::named;
use super::token_enums::{TokenProof, TokenRole};
use crate::access::{Charge, token_text};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime};

/// What a program or a person proves itself with.
pub(crate) struct Token {
    scope: Scope,
    info: TokenInfo,
    secret: Option<[u8; 32]>,
}

impl Token {
    /// A token as the catalogue has it.
    pub(super) fn new(scope: Scope, info: TokenInfo) -> Self {
        Self { scope, info, secret: None }
    }

    /// The token with this number.
    pub(crate) fn load(core: &Core, scope: Scope, token: TokenId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.access().token(token).cloned())
            .map(|info| Self::new(scope, info))
    }

    /// The same with the secret that was made for it.
    pub(crate) fn with_secret(self, secret: Option<[u8; 32]>) -> Self {
        Self { secret, ..self }
    }
}

/// What a program or a person proves itself with. The log holds a keyed hash of the secret only.
#[Object]
impl Token {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.issued.token)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.issued.token.0.into())
    }

    /// What it is for.
    async fn label(&self) -> &str {
        &self.info.issued.label
    }

    /// What it is good for.
    async fn role(&self) -> TokenRole {
        self.info.issued.role.into()
    }

    /// What it is proved with.
    async fn proof(&self) -> TokenProof {
        self.info.issued.proof.into()
    }

    /// Who acts by it, with the channels that a holder who sells is assigned to.
    async fn holder(&self, context: &Context<'_>) -> Result<Actor> {
        named(context, self.scope, self.info.issued.holder, Actor::load)
    }

    /// What is sent as `Authorization: Bearer <secret>`. Told once, by the mutation that made it; null whenever it is asked
    /// for again.
    async fn secret(&self) -> Option<String> {
        self.secret.as_ref().map(token_text)
    }

    /// When it was given out.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.info.issued_at)
    }

    /// When it ends by itself.
    async fn expires_at(&self) -> Option<DateTime> {
        self.info.issued.expires_at.map(DateTime)
    }

    /// When it was revoked.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.info.revoked_at.map(DateTime)
    }

    /// When it was last used, to the minute; null if it never was.
    async fn last_used_at(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        match Core::of(context) {
            Ok(core) => {
                let used = core.access.last_used(self.scope.organisation, self.info.issued.token)?;
                Some(Ok(DateTime(used)))
            }
            Err(error) => Some(Err(error)),
        }
    }
}

/// What a request costs, and what is left.
#[derive(SimpleObject)]
pub(crate) struct RateLimit {
    /// Points that this request cost: one, and one more for every hundred fields that it may be answered with.
    cost: i32,
    /// Points that are left in this minute.
    remaining: i32,
    /// Points per minute.
    limit: i32,
    /// When the next minute begins.
    reset_at: DateTime,
}

impl From<Charge> for RateLimit {
    fn from(charge: Charge) -> Self {
        let count = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            cost: count(charge.cost),
            remaining: count(charge.remaining),
            limit: count(charge.limit),
            reset_at: DateTime(charge.reset_at),
        }
    }
}
