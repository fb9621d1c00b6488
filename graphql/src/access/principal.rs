//! Whoever asks.

use std::sync::Arc;

use async_graphql::{Context, Result};
use soticket_schema::ids::{ActorId, OrganisationId, TokenId};

use super::meter::Meter;
use super::role::Role;
use crate::error::internal;

/// Whoever asks: an actor of one organisation in a role, or an administrator of the cooperative.
#[derive(Debug)]
pub(crate) struct Principal {
    /// Its organisation; none for an administrator.
    pub(crate) organisation: Option<OrganisationId>,
    /// Who acts; 0 for a token of the settings.
    pub(crate) actor: ActorId,
    /// By which token of the log.
    pub(crate) token: Option<TokenId>,
    /// What it may do.
    pub(crate) role: Role,
    /// What it has asked.
    pub(crate) meter: Meter,
}

impl Principal {
    /// One that has asked nothing yet.
    pub(super) fn new(
        organisation: Option<OrganisationId>,
        role: Role,
        actor: ActorId,
        token: Option<TokenId>,
    ) -> Arc<Self> {
        Arc::new(Self { organisation, actor, token, role, meter: Meter::default() })
    }

    /// The principal of a request.
    pub(crate) fn of<'a>(context: &Context<'a>) -> Result<&'a Arc<Self>> {
        context.data::<Arc<Self>>().map_err(|error| internal(error.message))
    }

    /// Whether it may name this organisation. Nothing is looked up: whether another one exists plays no part.
    pub(crate) fn names(&self, organisation: OrganisationId) -> bool {
        match self.organisation {
            Some(own) => own == organisation,
            None => self.role == Role::CooperativeAdministrator,
        }
    }
}
