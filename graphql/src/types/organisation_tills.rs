//! The tills of an organisation.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::tills;

use super::lookup::asked;
use super::{TillSession, viewer};
use crate::core::Core;
use crate::input::Scope;
use crate::paging::{Nodes, Page, TillSessionKey};
use crate::schema::page_cost;

/// The tills of an organisation.
pub(super) struct OrganisationTills {
    pub(super) scope: Scope,
}

#[Object]
impl OrganisationTills {
    /// One of its till sessions.
    async fn till_session(&self, context: &Context<'_>, id: ID) -> Option<Result<TillSession>> {
        asked(context, self.scope, &id, TillSession::load)
    }

    /// Its till sessions, by number: all of them, or those that are open, or closed.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn till_sessions(
        &self,
        context: &Context<'_>,
        open: Option<bool>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<TillSession>> {
        let page = Page::<TillSessionKey>::new(first, after, last, before)?;
        let core = Core::of(context)?;
        let scope = self.scope;
        let sessions: Vec<_> = core.expect(scope, |views| Some(views.tills.sessions().collect()))?;
        let wanted = |session: &tills::TillSession| {
            open.is_none_or(|open| open == session.closed_at.is_none())
                && viewer::sees(core, scope, session.channel)
        };
        let row = |session: &tills::TillSession| {
            (TillSessionKey(session.session.0), TillSession::new(scope, session.clone()))
        };
        let wanted: Vec<_> = sessions.into_iter().filter(wanted).collect();
        let key = |session: &tills::TillSession| TillSessionKey(session.session.0);
        Ok(page.fill(
            |after, limit| {
                let later = wanted.iter().filter(|session| after.is_none_or(|after| key(session) > after));
                later.take(limit).map(row).collect()
            },
            |before, limit| {
                let earlier = wanted.iter().rev();
                let earlier = earlier.filter(|session| before.is_none_or(|before| key(session) < before));
                earlier.take(limit).map(row).collect()
            },
        ))
    }
}
