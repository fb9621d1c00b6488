//! Who may ask the service for what.

use bincode::Encode;
use bincode::enc::Encoder;
use bincode::error::EncodeError;
use serde::Serialize;

use crate::event::v1::{AccessDenied, TokenProof, TokenRole};
use crate::hash::Hash;
use crate::ids::{ActorId, ChannelId, TokenId};
use crate::time::Timestamp;

/// See [`super::CommandBody::IssueToken`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IssueToken {
    /// What it is for.
    pub label: String,
    /// What it is good for.
    pub role: TokenRole,
    /// Who acts by it, an actor that is there already; none for a new one.
    pub holder: Option<ActorId>,
    /// Where a new actor sells: for roles that sell, and no others.
    pub channels: Vec<ChannelId>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Whether it must be the organisation's first, as one that is not given out by the organisation itself must.
    pub first: bool,
    /// What it is proved with.
    pub proof: TokenProof,
    /// Keyed hash of the secret, which is generated, or of the name.
    pub hash: Hash,
}

/// A generated secret is no parameter: asking again with another one is the same request. A name is one.
impl Encode for IssueToken {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Self { label, role, holder, channels, expires_at, first, proof, hash } = self;
        let name = match proof {
            TokenProof::Secret => None,
            TokenProof::Password => Some(hash),
        };
        (label, role, holder, channels, expires_at, first, name).encode(encoder)
    }
}

/// See [`super::CommandBody::RevokeToken`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RevokeToken {
    /// The token.
    pub token: TokenId,
}

/// See [`super::CommandBody::NoteDenials`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct NoteDenials {
    /// What was refused.
    pub denials: Vec<AccessDenied>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_secret_is_no_parameter() {
        let issue = |hash| IssueToken {
            label: "till".to_owned(),
            role: TokenRole::BoxOffice,
            holder: None,
            channels: vec![ChannelId(1)],
            expires_at: None,
            first: false,
            proof: TokenProof::Secret,
            hash: Hash([hash; 32]),
        };
        let login = |hash| IssueToken { proof: TokenProof::Password, ..issue(hash) };
        let encoded = |command: &IssueToken| crate::codec::encode(command).unwrap();
        assert_eq!(encoded(&issue(1)), encoded(&issue(2)));
        assert_ne!(encoded(&login(1)), encoded(&login(2)));
        assert_ne!(encoded(&issue(1)), encoded(&IssueToken { first: true, ..issue(1) }));
        assert_ne!(encoded(&issue(1)), encoded(&IssueToken { role: TokenRole::Network, ..issue(1) }));
    }
}
