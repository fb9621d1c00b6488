//! Passwords: how they are kept, and which are taken. Argon2id with the parameters that OWASP names first for it: 19 MiB, two
//! passes, one lane. A guess costs whoever steals the file as much as it costs us to check one.

use argon2::password_hash::{Error, SaltString};
use argon2::{Argon2, PasswordHash, PasswordHasher as _, PasswordVerifier as _};
use soticket_schema::RejectionCode;

/// Fewest characters.
const CHARACTERS_MIN: usize = 12;
/// Most bytes: what is hashed is bounded.
pub(crate) const BYTES_MAX: usize = 256;
/// What is checked in place of a password that nobody has, so that a name that nobody has takes as long to refuse.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyBpdA$QTAxWm5vYm9keSBoYXMgdGhpcyBwYXNzd29yZCEhISE";

/// A password as it is kept: algorithm, parameters, salt and hash.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Kept(pub(super) Box<str>);

/// What could be tried against a password is not printed.
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl Kept {
    /// Hashes a password. Takes some ten milliseconds and 19 MiB.
    ///
    /// # Errors
    /// The library refuses its own salt, which it does not.
    pub(crate) fn of(password: &str) -> Result<Self, Error> {
        let salt = SaltString::encode_b64(uuid::Uuid::new_v4().as_bytes())?;
        let hash = Argon2::default().hash_password(password.as_bytes(), &salt)?;
        Ok(Self(hash.to_string().into()))
    }

    /// Whether it is of this password. Takes as long as hashing one.
    pub(crate) fn is_of(kept: Option<&Self>, password: &str) -> bool {
        let text = kept.map_or(NOBODYS, |kept| &kept.0);
        let right = PasswordHash::new(text)
            .and_then(|hash| Argon2::default().verify_password(password.as_bytes(), &hash))
            .is_ok();
        right && kept.is_some()
    }
}

/// Whether a password is taken for whoever signs in with this name.
///
/// # Errors
/// It is too short, too long, or the name.
pub(crate) fn check(password: &str, name: &str) -> Result<(), RejectionCode> {
    let long = password.chars().count() >= CHARACTERS_MIN && password.len() <= BYTES_MAX;
    let distinct: std::collections::BTreeSet<char> = password.chars().collect();
    let name = name.trim().to_lowercase();
    let guessed =
        distinct.len() < 4 || (!name.is_empty() && password.to_lowercase().replace(&name, "").len() < 6);
    if long && !guessed { Ok(()) } else { Err(RejectionCode::PasswordWeak) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_nothing_else_is() {
        let kept = Kept::of("correct horse battery").unwrap();
        assert!(kept.0.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept.0);
        assert!(Kept::is_of(Some(&kept), "correct horse battery"));
        for other in ["", "correct horse batter", "Correct horse battery", "correct horse battery "] {
            assert!(!Kept::is_of(Some(&kept), other), "{other}");
        }
        assert_ne!(Kept::of("correct horse battery").unwrap(), kept, "a salt of its own");
        assert!(!format!("{kept:?}").contains("argon2"));
    }

    #[test]
    fn nobodys_password_is_looked_at_and_never_right() {
        assert!(PasswordHash::new(NOBODYS).is_ok(), "it would be refused at once");
        assert!(!Kept::is_of(None, "nobody has it"));
        assert!(!Kept::is_of(Some(&Kept("damaged".into())), "damaged"));
    }

    #[test]
    fn what_could_be_guessed_is_not_taken() {
        for good in ["correct horse battery", "Un mot de passe, 12", "ééèèààùùôôîî"] {
            assert_eq!(check(good, "ada"), Ok(()), "{good}");
        }
        let long = "abcd".repeat(65);
        for weak in ["", "short", "aaaaaaaaaaaaaaaa", "ada.lovelace1", long.as_str()] {
            assert_eq!(check(weak, "ada.lovelace"), Err(RejectionCode::PasswordWeak), "{weak}");
        }
    }
}
