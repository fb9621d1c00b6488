//! What is asked of signing keys, devices, rules for entry, and of the ledger at the gate.

use bincode::Encode;
use bincode::enc::Encoder;
use bincode::error::EncodeError;
use serde::Serialize;

use crate::event::v1::{Direction, EntryRules};
use crate::ids::{ActorId, CodeKeyId, CredentialHash, CredentialId, GateId, ShowId, ZoneId};
use crate::time::Timestamp;

/// See [`super::CommandBody::RegisterCodeKey`]. The key is made by the vault.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RegisterCodeKey {}

/// See [`super::CommandBody::RetireCodeKey`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RetireCodeKey {
    /// The key.
    pub key: CodeKeyId,
    /// Whether codes that it signed may still be let in by their signature alone.
    pub trusted: bool,
}

/// See [`super::CommandBody::SetGateZones`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetGateZones {
    /// The gate.
    pub gate: GateId,
    /// The show; none for all shows.
    pub show: Option<ShowId>,
    /// The zones; empty for all.
    pub zones: Vec<ZoneId>,
}

/// See [`super::CommandBody::SetEntryRules`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct SetEntryRules {
    /// The show; none for all shows.
    pub show: Option<ShowId>,
    /// The rules.
    pub rules: EntryRules,
}

/// See [`super::CommandBody::IssueCredential`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct IssueCredential {
    /// The device.
    pub device: ActorId,
    /// The gate that it stands at.
    pub gate: GateId,
    /// When the credential ends by itself.
    pub expires_at: Option<Timestamp>,
    /// Keyed hash of the secret that was made for it: generated, and so no parameter of the caller's.
    pub hash: CredentialHash,
}

/// The generated hash is left out: a retry is told from another request by what the caller asks for.
impl Encode for IssueCredential {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Self { device, gate, expires_at, hash: _ } = self;
        (device, gate, expires_at).encode(encoder)
    }
}

/// See [`super::CommandBody::RevokeCredential`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RevokeCredential {
    /// The credential.
    pub credential: CredentialId,
}

/// See [`super::CommandBody::ReplaceCredential`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ReplaceCredential {
    /// The credential to end; the new one is for the same device and gate, and ends when it would have.
    pub credential: CredentialId,
    /// Keyed hash of the new secret: generated.
    pub hash: CredentialHash,
}

/// As that of [`IssueCredential`].
impl Encode for ReplaceCredential {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Self { credential, hash: _ } = self;
        credential.encode(encoder)
    }
}

/// See [`super::CommandBody::RedeemTicket`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct RedeemTicket {
    /// The shows whose entry is controlled; recorded for the ticket's one, or else the first.
    pub shows: Vec<ShowId>,
    /// The code as presented.
    pub code: String,
    /// The gate.
    pub gate: GateId,
    /// The device.
    pub device: ActorId,
    /// The device's own number of the scan.
    pub nonce: u64,
    /// Which way.
    pub direction: Direction,
    /// Whether a ticket that is not paid enters all the same.
    pub ignore_unpaid: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_secret_is_no_parameter() {
        let issue = |hash| IssueCredential {
            device: ActorId(3),
            gate: GateId(1),
            expires_at: Some(Timestamp(5)),
            hash: CredentialHash([hash; 16]),
        };
        let encoded = |command: &IssueCredential| crate::codec::encode(command).unwrap();
        assert_eq!(encoded(&issue(1)), encoded(&issue(2)));
        assert_ne!(encoded(&issue(1)), encoded(&IssueCredential { gate: GateId(2), ..issue(1) }));
        let replace = |credential, hash| ReplaceCredential {
            credential: CredentialId(credential),
            hash: CredentialHash([hash; 16]),
        };
        let encoded = |command: &ReplaceCredential| crate::codec::encode(command).unwrap();
        assert_eq!(encoded(&replace(1, 1)), encoded(&replace(1, 2)));
        assert_ne!(encoded(&replace(1, 1)), encoded(&replace(2, 1)));
    }
}
