//! What is asked of the organisation itself and its actors.

use bincode::Encode;
use serde::Serialize;

use crate::event::v1::{ActorKind, Mode, OrganisationParameters};
use crate::money::Currency;

/// See [`super::CommandBody::OpenOrganisation`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct OpenOrganisation {
    /// What the log may be used for.
    pub mode: Mode,
    /// Currency of every amount.
    pub currency: Currency,
    /// What may change later.
    pub parameters: OrganisationParameters,
}

/// See [`super::CommandBody::ChangeOrganisation`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ChangeOrganisation {
    /// All parameters, changed or not.
    pub parameters: OrganisationParameters,
}

/// See [`super::CommandBody::RegisterActor`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterActor {
    /// What it is.
    pub kind: ActorKind,
    /// Label of a device, token or importer; empty for a user.
    pub label: String,
}
