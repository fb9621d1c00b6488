//! Tokens that open something of one organisation, as the service is configured with them: its closing statements to a
//! program that prepares declarations, the records of its log to an auditor.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use soticket_schema::Hash;
use soticket_schema::ids::OrganisationId;

/// Fewest characters of a token: it is a secret that is never changed by itself.
const TOKEN_BYTES_MIN: usize = 32;

/// A token that opens something of one organisation. Only its hash is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OrganisationToken {
    organisation: OrganisationId,
    hash: Hash,
}

impl std::fmt::Debug for OrganisationToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrganisationToken").field("organisation", &self.organisation).finish_non_exhaustive()
    }
}

/// A token that could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("TOKEN_WEAK: a token has at least {TOKEN_BYTES_MIN} characters without spaces")]
pub struct WeakToken;

impl OrganisationToken {
    /// The token of an organisation.
    ///
    /// # Errors
    /// It is shorter than 32 characters, or holds a space or control character.
    pub fn new(organisation: OrganisationId, token: &str) -> Result<Self, WeakToken> {
        Ok(Self { organisation, hash: strong(token)? })
    }
}

/// What a token is known by, if it cannot be guessed.
pub(crate) fn strong(token: &str) -> Result<Hash, WeakToken> {
    if token.len() < TOKEN_BYTES_MIN || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(WeakToken);
    }
    Ok(Hash::of_reference(token))
}

/// The organisation of the bearer token that was sent.
pub(crate) fn owner(known: &[OrganisationToken], headers: &HeaderMap) -> Option<OrganisationId> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    find(known, token.trim()).filter(|_| bearer)
}

/// The organisation that a token opens. Every known token is compared whole, so that the time taken tells nothing.
fn find(known: &[OrganisationToken], token: &str) -> Option<OrganisationId> {
    let hash = Hash::of_reference(token);
    let mut found = None;
    for candidate in known {
        let differs =
            candidate.hash.0.iter().zip(hash.0).fold(0, |differs, (left, right)| differs | (left ^ right));
        if std::hint::black_box(differs) == 0 {
            found = Some(candidate.organisation);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_its_own_organisation_and_nothing_else_does() {
        let (ours, theirs) = (OrganisationId([1; 16]), OrganisationId([2; 16]));
        let (first, second) = ("a".repeat(32), "b".repeat(40));
        let known =
            [OrganisationToken::new(ours, &first).unwrap(), OrganisationToken::new(theirs, &second).unwrap()];
        assert_eq!(find(&known, &first), Some(ours));
        assert_eq!(find(&known, &second), Some(theirs));
        for other in ["", "a", &"a".repeat(31), &"a".repeat(33), &"c".repeat(32)] {
            assert_eq!(find(&known, other), None);
        }
        assert_eq!(find(&[], &first), None);
        for weak in ["", "short", &format!("{} ", "a".repeat(40)), &"é".repeat(20)] {
            assert_eq!(OrganisationToken::new(ours, weak), Err(WeakToken));
        }
        assert!(!format!("{known:?}").contains(&first));
    }
}
