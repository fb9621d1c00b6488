//! What a device sends to say who it is.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use soticket_schema::ids::{CredentialId, OrganisationId};

const SECRET_BYTES: usize = 32;
const TOKEN_BYTES: usize = 16 + 4 + SECRET_BYTES;

/// Organisation, credential and secret: 70 characters of base64url.
pub(crate) struct Token {
    /// The organisation.
    pub(crate) organisation: OrganisationId,
    /// The credential.
    pub(crate) credential: CredentialId,
    /// The secret; the log has a keyed hash of it.
    pub(crate) secret: [u8; SECRET_BYTES],
}

impl Token {
    /// As a device sends it.
    pub(crate) fn text(&self) -> String {
        let credential = self.credential.0.to_be_bytes();
        URL_SAFE_NO_PAD.encode([self.organisation.0.as_slice(), &credential, &self.secret].concat())
    }

    /// Reads a token.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; TOKEN_BYTES];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let bytes = bytes.get(..length)?;
        let (organisation, bytes) = bytes.split_first_chunk::<16>()?;
        let (credential, secret) = bytes.split_first_chunk::<4>()?;
        Some(Self {
            organisation: OrganisationId(*organisation),
            credential: CredentialId(u32::from_be_bytes(*credential)),
            secret: secret.try_into().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_nothing_else_is_one() {
        let (organisation, credential) = (OrganisationId([3; 16]), CredentialId(70_000));
        let text = Token { organisation, credential, secret: [9; 32] }.text();
        assert_eq!(text.len(), 70);
        let read = Token::read(&text).unwrap();
        assert_eq!((read.organisation, read.credential, read.secret), (organisation, credential, [9; 32]));
        for other in ["", "AAAA", &text[1..], &format!("{text}AAAA"), "é", &"A".repeat(10_000)] {
            assert!(Token::read(other).is_none(), "{other}");
        }
    }
}
