//! Tokens of the service's settings: for those who are of no organisation, and for services that a program starts itself.

use soticket_schema::Hash;
use soticket_schema::ids::OrganisationId;

use super::role::Role;
use crate::organisation_token::{WeakToken, strong};

/// A token of the service's settings. Only its hash is kept; it ends with the process.
#[derive(Debug, Clone, Copy)]
pub struct ConfiguredToken {
    pub(super) organisation: Option<OrganisationId>,
    pub(super) role: Role,
    pub(super) hash: Hash,
}

impl ConfiguredToken {
    /// A token of an administrator of the cooperative.
    ///
    /// # Errors
    /// It is shorter than 32 characters, or holds a space or control character.
    pub fn administrator(token: &str) -> Result<Self, WeakToken> {
        let role = Role::CooperativeAdministrator;
        Ok(Self { organisation: None, role, hash: strong(token)? })
    }

    /// A token that stands for the system itself within an organisation, in a role that is bound to no channel.
    ///
    /// # Errors
    /// As [`Self::administrator`].
    pub fn of_organisation(organisation: OrganisationId, role: Role, token: &str) -> Result<Self, WeakToken> {
        // A seller without an assignment could sell anywhere, and a device without a credential stands at no gate.
        let role = if role.sells() || role == Role::GateDevice { Role::Dashboard } else { role };
        Ok(Self { organisation: Some(organisation), role, hash: strong(token)? })
    }
}
