//! Signed ticket codes: what a house code looks like on a ticket, and how it is checked without a network.
//!
//! ```text
//! "ST1." | 40 characters: key u16, show u32, zone u32, house code [15] (big-endian) | 103 characters: signature [64]
//! ```
//! in Crockford's base 32, five bits a character, the last character's low bits zero. The 147 characters are all of QR
//! code's alphanumeric set and fit version 6 at level M. The house code is characters 20 to 44 of the text, as it
//! is typed where nothing can be scanned, and the only secret: 120 random bits. The signature is Ed25519 (RFC 8032) over
//! [`SIGNED_CONTEXT`], the organisation's id and the text before the signature.
//!
//! Signing is deterministic and needs nothing that the sale does not record. So a code is signed when it is shown, and a
//! sale costs nothing more; codes that were sold before there was a key can be shown signed as well.

use std::fmt;

use bincode::{Decode, Encode};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

use crate::hash::Hash;
use crate::ids::{CodeKeyId, OrganisationId, ShowId, ZoneId};

/// What a signature is over begins with this, so that it can be taken for nothing else. Frozen with the format.
pub const SIGNED_CONTEXT: &[u8] = b"soticket-ledger 2026 ticket code v1\0";

/// Characters of a house code.
pub const HOUSE_CODE_CHARACTERS: usize = 24;
/// Random bytes of a house code.
pub const HOUSE_CODE_BYTES: usize = 15;
/// Bytes of the hash of a code in lists for devices.
pub const OFFLINE_HASH_BYTES: usize = 16;

const PREFIX: &str = "ST1.";
const FIELDS_BYTES: usize = 2 + 4 + 4 + HOUSE_CODE_BYTES;
const FIELDS_CHARACTERS: usize = FIELDS_BYTES * 8 / 5;
const SIGNATURE_BYTES: usize = 64;
const SIGNED_CHARACTERS: usize = PREFIX.len() + FIELDS_CHARACTERS;
const CODE_CHARACTERS: usize = SIGNED_CHARACTERS + (SIGNATURE_BYTES * 8).div_ceil(5);

/// Crockford's base 32: no I, L, O or U, so that a code can be read aloud and typed.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The public half of a key that codes are signed with, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
pub struct PublicKey(pub [u8; 32]);

impl PublicKey {
    /// Of a private key.
    pub fn of_private(private: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(private).verifying_key().to_bytes())
    }

    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Option<Self> {
        Hash::parse(text).map(|bytes| Self(bytes.0))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Hash(self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Hash::deserialize(deserializer).map(|bytes| Self(bytes.0)).map_err(D::Error::custom)
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Hash(self.0).fmt(f)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// What a signed code says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignedCode<'a> {
    /// The key that signed it.
    pub key: CodeKeyId,
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The house code: what the ledger knows the ticket by.
    pub house: &'a str,
}

/// Why a text is no code that may pass by its signature.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CodeFault {
    /// It does not have the form of a signed code: it may be a network's, or one of before.
    #[error("not a signed code")]
    NotSigned,
    /// It names a key that is not among those given.
    #[error("signed with key {0}, which is not known")]
    KeyUnknown(CodeKeyId),
    /// The signature is not over this text, or not of this organisation.
    #[error("the signature does not fit")]
    SignatureInvalid,
}

/// A house code out of random bytes: five bits a character.
pub fn house_code(random: &[u8; HOUSE_CODE_BYTES]) -> String {
    base32(random)
}

/// The code of a ticket as it is shown; none when `house` is no house code, or a number does not fit.
pub fn sign(
    organisation: OrganisationId,
    (key, private): (CodeKeyId, &[u8; 32]),
    (show, zone): (ShowId, ZoneId),
    house: &str,
) -> Option<String> {
    let secret: [u8; HOUSE_CODE_BYTES] = from_base32(house)?;
    let show = u32::try_from(show.0).ok()?;
    let fields =
        [key.0.to_be_bytes().as_slice(), &show.to_be_bytes(), &zone.0.to_be_bytes(), &secret].concat();
    let mut text = [PREFIX, &base32(&fields)].concat();
    let signature = SigningKey::from_bytes(private).sign(&signed_message(organisation, &text));
    text.push_str(&base32(&signature.to_bytes()));
    Some(text)
}

/// Reads a signed code without checking its signature; none when the text has another form.
pub fn read(text: &str) -> Option<SignedCode<'_>> {
    let rest = text.strip_prefix(PREFIX).filter(|_| text.len() == CODE_CHARACTERS)?;
    let (fields, signature) = rest.split_at_checked(FIELDS_CHARACTERS)?;
    let bytes: [u8; FIELDS_BYTES] = from_base32(fields)?;
    from_base32::<SIGNATURE_BYTES>(signature)?;
    let (key, bytes) = bytes.split_first_chunk::<2>()?;
    let (show, bytes) = bytes.split_first_chunk::<4>()?;
    let (zone, _) = bytes.split_first_chunk::<4>()?;
    Some(SignedCode {
        key: CodeKeyId(u16::from_be_bytes(*key)),
        show: ShowId(u32::from_be_bytes(*show).into()),
        zone: ZoneId(u32::from_be_bytes(*zone)),
        house: fields.get(FIELDS_CHARACTERS - HOUSE_CODE_CHARACTERS..)?,
    })
}

/// Checks a code with nothing but the organisation's public keys. Whether the ticket was cancelled since, or has entered,
/// is not in the code.
///
/// # Errors
/// See [`CodeFault`].
pub fn check<'a>(
    organisation: OrganisationId,
    keys: &[(CodeKeyId, PublicKey)],
    text: &'a str,
) -> Result<SignedCode<'a>, CodeFault> {
    let code = read(text).ok_or(CodeFault::NotSigned)?;
    let known = keys.iter().find(|(key, _)| *key == code.key);
    let (_, public) = known.ok_or(CodeFault::KeyUnknown(code.key))?;
    let invalid = CodeFault::SignatureInvalid;
    let key = VerifyingKey::from_bytes(&public.0).map_err(|_| invalid)?;
    let (signed, signature) = text.split_at_checked(SIGNED_CHARACTERS).ok_or(invalid)?;
    let signature = Signature::from_bytes(&from_base32(signature).ok_or(invalid)?);
    // Strict: one signature for one text, and no key of small order.
    key.verify_strict(&signed_message(organisation, signed), &signature).map_err(|_| invalid)?;
    Ok(code)
}

/// What a code is known by: the house code of a signed one, any other as it is.
pub fn identity(text: &str) -> &str {
    read(text).map_or(text, |code| code.house)
}

/// What a list for devices holds instead of a code: the first half of SHA-256 over the list's salt and the identity.
pub fn offline_hash(salt: &[u8; 32], text: &str) -> [u8; OFFLINE_HASH_BYTES] {
    let digest = Sha256::new().chain_update(salt).chain_update(identity(text)).finalize();
    let mut half = [0; OFFLINE_HASH_BYTES];
    half.copy_from_slice(&digest[..OFFLINE_HASH_BYTES]);
    half
}

fn signed_message(organisation: OrganisationId, text: &str) -> Vec<u8> {
    [SIGNED_CONTEXT, &organisation.0, text.as_bytes()].concat()
}

fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity((bytes.len() * 8).div_ceil(5));
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in bytes {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 5 {
            count -= 5;
            text.push(character(bits >> count));
            bits &= (1 << count) - 1;
        }
    }
    if count > 0 {
        text.push(character(bits << (5 - count)));
    }
    text
}

fn character(bits: u32) -> char {
    char::from(ALPHABET[(bits & 31) as usize])
}

/// Exactly `N` bytes in their one form.
fn from_base32<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != (N * 8).div_ceil(5) {
        return None;
    }
    let mut bytes = [0; N];
    let mut places = bytes.iter_mut();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text.bytes() {
        let value = ALPHABET.iter().position(|known| *known == character)?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        count += 5;
        if count >= 8 {
            count -= 8;
            *places.next()? = u8::try_from(bits >> count).ok()?;
            bits &= (1 << count) - 1;
        }
    }
    // Bits left over are zero in what is written: another text would be another code with the same signature.
    (bits == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ORGANISATION: OrganisationId = OrganisationId([7; 16]);
    const PRIVATE: [u8; 32] = [9; 32];
    const PLACE: (ShowId, ZoneId) = (ShowId(3), ZoneId(12));

    fn keys() -> [(CodeKeyId, PublicKey); 2] {
        [(CodeKeyId(1), PublicKey::of_private(&[1; 32])), (CodeKeyId(2), PublicKey::of_private(&PRIVATE))]
    }

    fn signed() -> String {
        sign(ORGANISATION, (CodeKeyId(2), &PRIVATE), PLACE, &house_code(&[0xa5; 15])).unwrap()
    }

    #[test]
    fn the_form_is_frozen() {
        let text = signed();
        assert_eq!(text.len(), 147);
        assert_eq!(&text[..44], "ST1.001000000C00000CMPJTB9D5MPJTB9D5MPJTB9D5");
        assert_eq!(signed(), text, "signing is deterministic");
        let alphanumeric = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '.';
        assert!(text.chars().all(alphanumeric), "all in QR code's alphanumeric set");
    }

    #[test]
    fn what_was_signed_is_read_and_checked() {
        let text = signed();
        let code = check(ORGANISATION, &keys(), &text).unwrap();
        let house = house_code(&[0xa5; 15]);
        assert_eq!(code, SignedCode { key: CodeKeyId(2), show: PLACE.0, zone: PLACE.1, house: &house });
        assert_eq!(&text[20..44], house);
        assert_eq!(identity(&text), house);
        assert_eq!(identity(&house), house);
        assert_eq!(offline_hash(&[5; 32], &text), offline_hash(&[5; 32], &house));
        assert_ne!(offline_hash(&[5; 32], &text), offline_hash(&[6; 32], &house));
    }

    #[test]
    fn what_is_not_in_order_is_named() {
        let text = signed();
        let check = |organisation, keys: &[_], text: &str| check(organisation, keys, text).err();
        assert_eq!(check(OrganisationId([8; 16]), &keys(), &text), Some(CodeFault::SignatureInvalid));
        assert_eq!(check(ORGANISATION, &keys()[..1], &text), Some(CodeFault::KeyUnknown(CodeKeyId(2))));
        let swapped = [(CodeKeyId(2), keys()[0].1)];
        assert_eq!(check(ORGANISATION, &swapped, &text), Some(CodeFault::SignatureInvalid));
        // A key of small order would accept anything under the lax rules.
        let weak = [(CodeKeyId(2), PublicKey([0; 32]))];
        assert_eq!(check(ORGANISATION, &weak, &text), Some(CodeFault::SignatureInvalid));
        for other in
            ["", "ST1.", &text[..146], &format!("{text}0"), &text.to_lowercase(), &text[20..44], "3\u{e9}"]
        {
            assert_eq!(check(ORGANISATION, &keys(), other), Some(CodeFault::NotSigned), "{other}");
        }
    }

    #[test]
    fn a_change_of_any_character_is_noticed() {
        let text = signed();
        for place in 0..text.len() {
            for other in ALPHABET.iter().map(|byte| char::from(*byte)) {
                let mut changed = text.clone();
                changed.replace_range(place..=place, other.encode_utf8(&mut [0; 4]));
                if changed != text && place % 7 == 0 {
                    assert!(check(ORGANISATION, &keys(), &changed).is_err(), "{changed}");
                }
            }
        }
    }

    #[test]
    fn numbers_that_do_not_fit_are_not_signed() {
        let house = house_code(&[1; 15]);
        let key = (CodeKeyId(1), &PRIVATE);
        assert_eq!(sign(ORGANISATION, key, (ShowId(u64::from(u32::MAX) + 1), ZoneId(1)), &house), None);
        assert_eq!(sign(ORGANISATION, key, PLACE, "a network's code"), None);
        assert_eq!(sign(ORGANISATION, key, PLACE, &house[1..]), None);
    }

    proptest! {
        #[test]
        fn base32_reads_back(bytes in any::<[u8; 64]>(), text in "\\PC{0,160}") {
            let written = base32(&bytes);
            prop_assert_eq!(from_base32::<64>(&written), Some(bytes));
            prop_assert_eq!(written.len(), 103);
            // Whatever is held before a reader is looked at without a panic.
            let _ = (read(&text), identity(&text), read(&format!("ST1.{text}")));
        }

        #[test]
        fn there_is_one_text_for_some_bytes(text in "[0-9A-HJKMNP-TV-Z]{103}") {
            if let Some(bytes) = from_base32::<64>(&text) {
                prop_assert_eq!(base32(&bytes), text);
            }
        }
    }
}
