//! Tokens that are given out and ended.

use async_graphql::{Context, Object, Result};

use super::payload::{TokenIssuePayload, TokenRevokePayload};
use super::{Outcome, outcome, submit};
use crate::access::{Principal, Role};
use crate::core::Core;
use crate::input::{TokenIssueInput, TokenRevokeInput};

/// Tokens that are given out and ended.
#[derive(Default)]
pub(super) struct AccessMutation;

#[Object]
impl AccessMutation {
    /// Gives out a token. Its secret is in this answer and nowhere else. An administrator of the cooperative gives each
    /// organisation its first one, and no other.
    async fn token_issue(
        &self,
        context: &Context<'_>,
        input: TokenIssueInput,
    ) -> Option<Result<TokenIssuePayload>> {
        Some(issued(context, input).await.map(TokenIssuePayload::from))
    }

    /// Ends a token: once this is answered, nobody is let in by it any more.
    async fn token_revoke(
        &self,
        context: &Context<'_>,
        input: TokenRevokeInput,
    ) -> Option<Result<TokenRevokePayload>> {
        submit(context, input).await
    }
}

async fn issued(context: &Context<'_>, input: TokenIssueInput) -> Result<Outcome> {
    let first = Principal::of(context)?.role == Role::CooperativeAdministrator;
    let (secret, hash) = Core::of(context)?.ledger.token_secret();
    Ok(outcome(context, input.with_hash(hash, first)).await?.with_secret(secret))
}
