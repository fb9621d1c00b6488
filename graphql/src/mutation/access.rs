//! Tokens that are given out and ended.

use async_graphql::{Context, Object, Result};

use super::login;
use super::payload::{LoginIssuePayload, LoginPasswordSetPayload, TokenIssuePayload, TokenRevokePayload};
use super::{Outcome, outcome, submit};
use crate::access::{Principal, Role};
use crate::core::Core;
use crate::input::{LoginIssueInput, LoginPasswordSetInput, TokenIssueInput, TokenRevokeInput};

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

    /// Gives out a login: a token that is proved by a name and a password, for a person at a browser, who signs in at
    /// `/session` and changes the password there. The password is in no log.
    async fn login_issue(
        &self,
        context: &Context<'_>,
        input: LoginIssueInput,
    ) -> Option<Result<LoginIssuePayload>> {
        Some(login::issue(context, input).await.map(LoginIssuePayload::from))
    }

    /// Gives a login another password, for somebody who has lost theirs. All its sessions end.
    async fn login_password_set(
        &self,
        context: &Context<'_>,
        input: LoginPasswordSetInput,
    ) -> Option<Result<LoginPasswordSetPayload>> {
        Some(login::set_password(context, input).await.map(LoginPasswordSetPayload::from))
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
