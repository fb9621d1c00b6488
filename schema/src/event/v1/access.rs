//! Who may ask the service for what: tokens, and what was refused.

use bincode::{Decode, Encode};
use serde::{Deserialize, Serialize};

use crate::hash::Hash;
use crate::ids::{ActorId, TokenId};
use crate::time::Timestamp;

use super::SellerRole;

/// What the holder of a token may do.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum TokenRole {
    /// Everything of the organisation.
    Owner,
    /// Sells at the venue, on the channels of its actor.
    BoxOffice,
    /// Sells for the producer elsewhere, out of its own quotas only.
    RemoteBoxOffice,
    /// Sells on the producer's own site.
    WebShop,
    /// Sells, or reports what it sold, out of its own allotment.
    Network,
    /// Keeps the accounts: closings, settlements, costs, entries.
    Accountant,
    /// Reads everything but what is known of persons.
    Auditor,
    /// Reads sums.
    Dashboard,
}

impl TokenRole {
    /// As what the role sells; none if it does not sell.
    pub fn seller(self) -> Option<SellerRole> {
        match self {
            Self::BoxOffice => Some(SellerRole::BoxOffice),
            Self::RemoteBoxOffice => Some(SellerRole::RemoteBoxOffice),
            Self::WebShop => Some(SellerRole::WebShop),
            Self::Network => Some(SellerRole::Network),
            Self::Owner | Self::Accountant | Self::Auditor | Self::Dashboard => None,
        }
    }
}

/// What a token is proved with.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize, Encode, Decode,
)]
pub enum TokenProof {
    /// A secret of 256 random bits, sent with every request.
    #[default]
    Secret,
    /// A name and a password, which open a session of a browser.
    Password,
}

/// A token was given out. The secret itself, or the name and the password, are nowhere in the ledger.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TokenIssued {
    /// The token's number.
    pub token: TokenId,
    /// Who acts by it.
    pub holder: ActorId,
    /// What it is good for.
    pub role: TokenRole,
    /// What it is for, in words of the venue's own. Nothing about people.
    pub label: String,
    /// What it is proved with.
    pub proof: TokenProof,
    /// Keyed hash of the secret, or of the name.
    pub hash: Hash,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A token is worth nothing any more.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct TokenRevoked {
    /// The token.
    pub token: TokenId,
    /// Who acted by it.
    pub holder: ActorId,
}

/// Why the service refused to answer.
#[derive(
    Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, Encode, Decode,
)]
pub enum DenialReason {
    /// The token was revoked or has ended.
    TokenEnded,
    /// The role does not allow it.
    RoleNotAllowed,
    /// Another actor was named.
    ActorNotAllowed,
    /// An organisation was named that is not the token's.
    OrganisationNotAllowed,
    /// Too much was asked in a minute.
    RateExceeded,
    /// A name and a password that do not belong together.
    PasswordWrong,
}

/// The service refused to answer somebody, so many times within a minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, Encode, Decode)]
pub struct AccessDenied {
    /// Whom; 0 for a token of the service's settings.
    pub asker: ActorId,
    /// By which token; none for a device's credential or a token of the service's settings.
    pub token: Option<TokenId>,
    /// Why.
    pub reason: DenialReason,
    /// Begin of the minute.
    pub minute: Timestamp,
    /// How many times.
    pub count: u32,
}
