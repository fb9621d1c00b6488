//! Tokens of all organisations by the hash of their secret, as durable events gave them out and ended them: whoever was
//! told that a token is revoked knows that nobody is let in by it any more.

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use soticket_schema::event::v1::TokenProof;
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Event, Hash};

use crate::entry::Batch;
use crate::state::{Token, Tokens};

/// The look-up.
#[derive(Default)]
pub(crate) struct TokenTable(RwLock<FxHashMap<Hash, (OrganisationId, Token)>>);

impl TokenTable {
    /// The token whose secret or name has this hash, ended ones included; of several with one name the last.
    pub(crate) fn find(&self, hash: Hash) -> Option<(OrganisationId, Token)> {
        self.0.read().get(&hash).copied()
    }

    /// Takes in an organisation's tokens as they were loaded.
    pub(crate) fn load(&self, organisation: OrganisationId, tokens: &Tokens) {
        tokens.all().for_each(|token| self.add(organisation, *token));
    }

    /// A name can be given out again once its login has ended. A hash of it is of one organisation; that of a secret is
    /// random, and whoever has it first keeps it.
    fn add(&self, organisation: OrganisationId, token: Token) {
        let mut known = self.0.write();
        match token.proof {
            TokenProof::Secret => {
                known.entry(token.hash).or_insert((organisation, token));
            }
            TokenProof::Password => {
                known.insert(token.hash, (organisation, token));
            }
        }
    }

    /// Takes in what a durable batch says of tokens.
    pub(super) fn note(&self, batch: &Batch) {
        for entry in &batch.entries {
            match &entry.event {
                Event::TokenIssued(event) => {
                    self.add(batch.organisation, Token::from(event));
                }
                // As rare as it is urgent: a look through all is quick enough.
                Event::TokenRevoked(event) => {
                    let mut known = self.0.write();
                    let of_it = |(organisation, token): &&mut (OrganisationId, Token)| {
                        *organisation == batch.organisation && token.token == event.token
                    };
                    known.values_mut().filter(of_it).for_each(|(_, token)| token.revoked = true);
                }
                _ => {}
            }
        }
    }
}
