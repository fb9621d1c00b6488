//! Principals by what they prove themselves with. A request costs a look-up or two in memory.

use std::hash::Hash;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use soticket_ledger::state::Token;
use soticket_schema::Timestamp;
use soticket_schema::ids::{ActorId, CredentialId, OrganisationId, TokenId};

use super::configured::ConfiguredToken;
use super::principal::Principal;
use super::role::Role;

type Known<K> = RwLock<FxHashMap<K, Arc<Principal>>>;

/// Principals that have asked, so that what they spend adds up, and those of the settings.
#[derive(Default)]
pub(super) struct Directory {
    configured: Known<soticket_schema::Hash>,
    tokens: Known<(OrganisationId, TokenId)>,
    devices: Known<(OrganisationId, CredentialId)>,
}

fn known<K: Hash + Eq>(
    principals: &Known<K>,
    key: K,
    new: impl FnOnce() -> Arc<Principal>,
) -> Arc<Principal> {
    if let Some(principal) = principals.read().get(&key) {
        return Arc::clone(principal);
    }
    Arc::clone(principals.write().entry(key).or_insert_with(new))
}

impl Directory {
    pub(super) fn admit(&self, token: &ConfiguredToken) {
        let principal = Principal::new(token.organisation, token.role, ActorId(0), None);
        self.configured.write().insert(token.hash, principal);
    }

    pub(super) fn configured(&self, text: &str) -> Option<Arc<Principal>> {
        // What is compared is a hash of the whole token: how far it agrees tells nothing about one that is known.
        self.configured.read().get(&soticket_schema::Hash::of_reference(text)).map(Arc::clone)
    }

    pub(super) fn of_token(&self, organisation: OrganisationId, token: &Token) -> Arc<Principal> {
        let new = || Principal::new(Some(organisation), token.role.into(), token.holder, Some(token.token));
        known(&self.tokens, (organisation, token.token), new)
    }

    pub(super) fn of_device(
        &self,
        organisation: OrganisationId,
        credential: CredentialId,
        actor: ActorId,
    ) -> Arc<Principal> {
        let new = || Principal::new(Some(organisation), Role::GateDevice, actor, None);
        known(&self.devices, (organisation, credential), new)
    }

    /// When tokens were last used, to the minute, since this service was started.
    pub(super) fn used(&self) -> Vec<((OrganisationId, TokenId), Timestamp)> {
        let tokens = self.tokens.read();
        tokens.iter().filter_map(|(token, principal)| Some((*token, principal.meter.last_used()?))).collect()
    }

    /// When a token was last used, to the minute; none since this service was started.
    pub(super) fn last_used(&self, organisation: OrganisationId, token: TokenId) -> Option<Timestamp> {
        self.tokens.read().get(&(organisation, token))?.meter.last_used()
    }
}
