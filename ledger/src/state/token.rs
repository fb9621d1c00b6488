//! The tokens that an organisation has given out: what decisions know of them, and what the service looks up.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{TokenIssued, TokenProof, TokenRole};
use soticket_schema::{ActorId, Event, Hash, Timestamp, TokenId};

use super::dense::Dense;

/// The tokens of an organisation.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tokens(Dense<Token>);

/// A token as the log knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its number.
    pub token: TokenId,
    /// Who acts by it.
    pub holder: ActorId,
    /// What it is good for.
    pub role: TokenRole,
    /// What it is proved with.
    pub proof: TokenProof,
    /// Keyed hash of the secret, or of the name.
    pub hash: Hash,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Whether it was revoked.
    pub revoked: bool,
}

impl Token {
    /// Whether it is worth something at an instant.
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|expires_at| expires_at > at)
    }
}

impl From<&TokenIssued> for Token {
    fn from(event: &TokenIssued) -> Self {
        let TokenIssued { token, holder, role, proof, hash, expires_at, .. } = *event;
        Self { token, holder, role, proof, hash, expires_at, revoked: false }
    }
}

impl Tokens {
    pub(crate) fn next(&self) -> TokenId {
        TokenId(self.0.next_u32())
    }

    pub(crate) fn get(&self, token: TokenId) -> Option<&Token> {
        self.0.get(token.0)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Token> {
        self.0.iter()
    }

    /// Whether somebody signs in with the name of this hash at an instant.
    pub(crate) fn signs_in(&self, hash: Hash, at: Timestamp) -> bool {
        let is_it = |token: &Token| {
            token.proof == TokenProof::Password && token.hash == hash && token.is_in_force(at)
        };
        self.all().any(is_it)
    }

    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::TokenIssued(event) => {
                self.0.push(event.token.0, Token::from(event));
            }
            Event::TokenRevoked(event) => {
                if let Some(token) = self.0.get_mut(event.token.0) {
                    token.revoked = true;
                }
            }
            _ => {}
        }
    }
}
