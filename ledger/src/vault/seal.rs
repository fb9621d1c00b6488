//! Authenticated encryption: XChaCha20-Poly1305 with a random nonce in front of the ciphertext.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

use super::keys::Secret;
use super::random::Random;

const NONCE_BYTES: usize = 24;

/// Encrypts `plain` under `key`, bound to `context`.
pub(super) fn seal(key: &Secret, context: &[u8], plain: &[u8], random: &mut Random) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = random.take();
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    // Encryption of these short texts cannot fail; an empty result would never open again and so be noticed.
    let sealed =
        cipher.encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: context }).unwrap_or_default();
    [nonce.as_slice(), &sealed].concat()
}

/// Decrypts what [`seal`] made with the same key and context.
pub(super) fn unseal(key: &Secret, context: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    cipher.decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: context }).ok()
}
