//! What an organisation has delivered to others.

use async_graphql::{Context, Object, Result};

use super::webhook::Webhook;
use crate::core::Core;
use crate::input::Scope;

/// What an organisation has delivered to others.
pub(super) struct OrganisationWebhooks {
    pub(super) scope: Scope,
}

#[Object]
impl OrganisationWebhooks {
    /// The addresses that its events are delivered to, retired ones included, by number.
    #[graphql(complexity = "20 * child_complexity")]
    async fn webhooks(&self, context: &Context<'_>) -> Result<Vec<Webhook>> {
        Core::of(context)?.expect(self.scope, |views| {
            let all = views.catalogue.webhooks().all();
            Some(all.map(|info| Webhook::new(self.scope, info.clone())).collect())
        })
    }
}
