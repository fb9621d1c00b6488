//! Logins and their passwords, which are kept beside the log and not in it.

use async_graphql::{Context, Result};
use soticket_schema::event::v1::TokenProof;
use soticket_schema::{Event, OrganisationId, Rejection, RejectionCode, TokenId};

use super::{Outcome, named, outcome};
use crate::access::password::{self, Kept};
use crate::access::{Principal, Role};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::{CommandInput as _, LoginIssueInput, LoginPasswordSetInput};

/// Gives out a login, then keeps its password. A crash in between leaves a login that nobody can sign in with: repeated under
/// its idempotency key, the request keeps the password after all.
pub(super) async fn issue(context: &Context<'_>, input: LoginIssueInput) -> Result<Outcome> {
    let (core, principal) = (Core::of(context)?, Principal::of(context)?);
    let first = principal.role == Role::CooperativeAdministrator;
    let organisation = ids::organisation(&input.caller().organisation).unwrap_or_default();
    let name = core.ledger.login_name(organisation, input.name());
    let checked = password::check(input.password(), input.name());
    let new = input.password().to_owned();
    let input = input.with_name(name, first, checked.map_err(|code| Rejection::new(code, "password")));
    let done = outcome(context, input).await?;
    let issued = done.find(|event| match event {
        Event::TokenIssued(issued) => Some(issued.token),
        _ => None,
    });
    let Some(token) = issued else { return Ok(done) };
    let kept = core.access.passwords.of(organisation, token);
    if kept.is_none() || !done.replayed() {
        core.blocking(move |core| keep(core, organisation, token, &new)).await?;
    }
    Ok(done)
}

/// Has the audit journal told, then keeps another password of a login and ends its sessions. Asked again, it is done again:
/// a crash in between leaves the password before, and a note too many.
pub(super) async fn set_password(context: &Context<'_>, input: LoginPasswordSetInput) -> Result<Outcome> {
    let (core, principal) = (Core::of(context)?, Principal::of(context)?);
    let Some(organisation) = named(core, principal, input.caller()) else {
        let unknown = Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
        return outcome(context, input.about(Err(unknown))).await;
    };
    // A login that was given out or ended a moment ago is looked at as it is now.
    core.reach_head(organisation).await?;
    let token = ids::local(organisation, input.token());
    let login = token.and_then(|token| {
        let find =
            core.projections.view(organisation, |views| views.catalogue.access().token(token).cloned());
        find.flatten()
    });
    let refused = |code, field: &str| Err(Rejection::new(code, field));
    let about = match &login {
        None => refused(RejectionCode::TokenUnknown, "token"),
        Some(login) if login.issued.proof != TokenProof::Password => {
            refused(RejectionCode::TokenNotLogin, "token")
        }
        Some(login) if login.revoked_at.is_some() => refused(RejectionCode::TokenEnded, "token"),
        Some(login) => match password::check(input.password(), "") {
            Ok(()) => Ok(login.issued.holder),
            Err(code) => refused(code, "password"),
        },
    };
    let new = input.password().to_owned();
    let done = outcome(context, input.about(about)).await?;
    let noted = done.find(|event| matches!(event, Event::TechnicalEventNoted(_)).then_some(()));
    if let (Some(()), Some(token)) = (noted, token) {
        core.blocking(move |core| keep(core, organisation, token, &new)).await?;
        core.access.sessions.end_others(organisation, token, None);
    }
    Ok(done)
}

fn keep(core: &Core, organisation: OrganisationId, token: TokenId, new: &str) -> Result<()> {
    let kept = Kept::of(new).map_err(internal)?;
    core.access.passwords.set(organisation, token, kept).map_err(internal)
}
