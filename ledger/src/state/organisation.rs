//! What decisions know of the organisation, its actors and what else has only a number.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    ActorKind, ActorRegistered, Mode, OrganisationOpened, OrganisationParameters,
};
use soticket_schema::{ActorId, Currency};

use super::State;

/// What the organisation was opened with, parameters as they are now.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Organisation {
    /// What the log may be used for.
    pub mode: Mode,
    /// Currency of every amount.
    pub currency: Currency,
    /// What may change.
    pub parameters: OrganisationParameters,
}

/// Numbers given to things of which decisions need to know nothing else.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Counter(u32);

impl Counter {
    pub(crate) fn knows(self, id: u32) -> bool {
        (1..=self.0).contains(&id)
    }

    pub(crate) fn next(self) -> u32 {
        self.0.saturating_add(1)
    }

    pub(super) fn take(&mut self, id: u32) {
        if id == self.next() {
            self.0 = id;
        }
    }
}

impl State {
    pub(super) fn opened_with(&mut self, event: &OrganisationOpened) {
        self.settings.get_or_insert_with(|| Organisation {
            mode: event.mode,
            currency: event.currency,
            parameters: event.parameters.clone(),
        });
    }

    pub(super) fn parameters_changed(&mut self, parameters: &OrganisationParameters) {
        if let Some(organisation) = &mut self.settings {
            organisation.parameters.clone_from(parameters);
        }
    }

    pub(super) fn actor_registered(&mut self, event: &ActorRegistered) {
        self.actors.push(event.actor.0, event.kind);
    }

    /// Whether the organisation's log has begun.
    pub fn opened(&self) -> bool {
        self.settings.is_some()
    }

    /// The organisation's mode, currency and parameters, once it is open.
    pub fn settings(&self) -> Option<&Organisation> {
        self.settings.as_ref()
    }

    pub(crate) fn next_actor(&self) -> u32 {
        self.actors.next_u32()
    }

    /// What an actor is; none for one that is not registered.
    pub(crate) fn actor_kind(&self, actor: ActorId) -> Option<ActorKind> {
        self.actors.get(actor.0).copied()
    }

    /// Whether the number stands for an actor; 0, the system, always does.
    pub fn knows_actor(&self, actor: ActorId) -> bool {
        actor.0 == 0 || self.actors.get(actor.0).is_some()
    }
}
