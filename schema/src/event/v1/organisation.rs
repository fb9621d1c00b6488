//! The organisation itself, and who acts in it.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::ids::ActorId;
use crate::money::{Currency, Rounding};

/// What an organisation's log may be used for; printed on every document and never mixed.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum Mode {
    /// Real sales.
    Live,
    /// Training of staff.
    Training,
    /// Demonstration.
    Demo,
}

/// Within what a ticket's serial number has no gaps.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub enum SerialScope {
    /// One series for the organisation.
    Organisation,
    /// One series per show.
    Show,
    /// One series per show, tariff and zone.
    #[default]
    ShowTariffZone,
}

/// What an organisation may change about itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct OrganisationParameters {
    /// Name as printed.
    pub name: String,
    /// SIRET number, or empty.
    pub siret: String,
    /// VAT number, or empty.
    pub vat_number: String,
    /// Licence number of the entrepreneur de spectacles, or empty.
    pub licence: String,
    /// IANA time zone, such as `Europe/Paris`.
    pub time_zone: String,
    /// Where VAT is rounded; shows keep the policy that they were scheduled under.
    pub rounding: Rounding,
    /// Serial scope; shows keep the scope that they were scheduled under.
    pub serial_scope: SerialScope,
    /// When the commercial day ends, in minutes after local midnight.
    pub day_cutoff_minutes: u16,
}

/// The log begins.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct OrganisationOpened {
    /// What the log may be used for.
    pub mode: Mode,
    /// Currency of every amount.
    pub currency: Currency,
    /// What may change later.
    pub parameters: OrganisationParameters,
}

/// The organisation's parameters from here on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct OrganisationChanged {
    /// All of them, changed or not.
    pub parameters: OrganisationParameters,
}

/// What kind of actor a number stands for.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum ActorKind {
    /// An access token of a program.
    Token,
    /// A person who signs in; the name is in the vault.
    User,
    /// A scanner or till.
    Device,
    /// A program that records facts from files.
    Importer,
}

/// A number now stands for an actor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct ActorRegistered {
    /// The number.
    pub actor: ActorId,
    /// What it is.
    pub kind: ActorKind,
    /// Label of a device, token or importer (`scan-A1`); empty for a user.
    pub label: String,
}
