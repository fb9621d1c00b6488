//! Sessions of browsers. They are in memory only: a service that is started again asks everybody to sign in again. A session
//! is worth what its token is: once that is revoked or has ended, so has the session.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_ledger::state::Token;
use soticket_schema::ids::{OrganisationId, TokenId};
use soticket_schema::{Hash, Timestamp};

const MINUTE: i64 = 60_000_000;
/// How long a session that nobody uses stays open.
pub(crate) const IDLE_MAX: i64 = 60 * MINUTE;
/// How long a session stays open at most.
pub(crate) const LIFE_MAX: i64 = 12 * 60 * MINUTE;
/// Sessions at once. Beyond it the one that was used longest ago ends.
const SESSIONS_MAX: usize = 20_000;

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Session {
    /// The organisation.
    pub(crate) organisation: OrganisationId,
    /// The login.
    pub(crate) token: TokenId,
    /// What the log knows its name by.
    pub(crate) name: Hash,
    begun: Timestamp,
    used: Timestamp,
}

impl Session {
    fn is_open(&self, now: Timestamp) -> bool {
        now.0 < self.used.0.saturating_add(IDLE_MAX) && now < self.ends_at()
    }

    /// When it ends whoever uses it.
    pub(crate) fn ends_at(&self) -> Timestamp {
        Timestamp(self.begun.0.saturating_add(LIFE_MAX))
    }
}

/// Open sessions by a hash of their secret: what the table holds opens nothing.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<FxHashMap<Hash, Session>>);

impl Sessions {
    /// Opens a session of a login: its secret, which is told once.
    pub(crate) fn open(
        &self,
        organisation: OrganisationId,
        login: &Token,
        secret: [u8; 32],
        now: Timestamp,
    ) -> (String, Session) {
        let text = URL_SAFE_NO_PAD.encode(secret);
        let session = Session { organisation, token: login.token, name: login.hash, begun: now, used: now };
        let mut open = self.0.lock();
        if open.len() >= SESSIONS_MAX {
            open.retain(|_, session| session.is_open(now));
        }
        if open.len() >= SESSIONS_MAX
            && let Some(oldest) = open.iter().min_by_key(|(_, session)| session.used).map(|(key, _)| *key)
        {
            open.remove(&oldest);
        }
        open.insert(Hash::of_reference(&text), session);
        (text, session)
    }

    /// The session with this secret, which is used now; none if it is over.
    pub(crate) fn of(&self, secret: &str, now: Timestamp) -> Option<Session> {
        let key = Hash::of_reference(secret);
        let mut open = self.0.lock();
        let session = open.get_mut(&key)?;
        if !session.is_open(now) {
            open.remove(&key);
            return None;
        }
        session.used = now;
        Some(*session)
    }

    /// Ends the session with this secret.
    pub(crate) fn end(&self, secret: &str) -> Option<Session> {
        self.0.lock().remove(&Hash::of_reference(secret))
    }

    /// Ends every session of a login, but for the one with this secret.
    pub(crate) fn end_others(&self, organisation: OrganisationId, token: TokenId, secret: Option<&str>) {
        let but = secret.map(Hash::of_reference);
        let stays = |key: &Hash, session: &mut Session| {
            Some(*key) == but || (session.organisation, session.token) != (organisation, token)
        };
        self.0.lock().retain(stays);
    }
}

#[cfg(test)]
mod tests {
    use soticket_schema::ActorId;
    use soticket_schema::event::v1::{TokenProof, TokenRole};

    use super::*;

    const HOUSE: OrganisationId = OrganisationId([1; 16]);

    fn login(token: u32) -> Token {
        Token {
            token: TokenId(token),
            holder: ActorId(5),
            role: TokenRole::Owner,
            proof: TokenProof::Password,
            hash: Hash([9; 32]),
            expires_at: None,
            revoked: false,
        }
    }

    #[test]
    fn a_session_ends_when_nobody_uses_it_and_in_any_case() {
        let (sessions, begun) = (Sessions::default(), Timestamp(1_773_000_000_000_000));
        let at = |minutes: i64| Timestamp(begun.0 + minutes * MINUTE);
        let (secret, session) = sessions.open(HOUSE, &login(1), [7; 32], begun);
        assert_eq!((secret.len(), session.ends_at()), (43, at(720)));
        assert!(sessions.of(&secret, at(59)).is_some());
        assert!(sessions.of(&secret, at(118)).is_some(), "it was used in between");
        assert!(sessions.of(&secret, at(178)).is_none(), "an hour without use");
        assert!(sessions.of(&secret, at(119)).is_none(), "what has ended stays so");
        let (secret, _) = sessions.open(HOUSE, &login(1), [8; 32], begun);
        for minute in (30..720).step_by(30) {
            assert!(sessions.of(&secret, at(minute)).is_some(), "{minute}");
        }
        assert!(sessions.of(&secret, at(720)).is_none(), "twelve hours");
    }

    #[test]
    fn who_signs_out_ends_one_session_and_a_new_password_all_others() {
        let (sessions, now) = (Sessions::default(), Timestamp(1_773_000_000_000_000));
        let open = |token, byte| sessions.open(HOUSE, &login(token), [byte; 32], now).0;
        let (first, second, third, other) = (open(1, 1), open(1, 2), open(1, 3), open(2, 4));
        assert!(sessions.end(&first).is_some() && sessions.end(&first).is_none());
        sessions.end_others(HOUSE, TokenId(1), Some(&second));
        let left = |secret: &str| sessions.of(secret, now).is_some();
        assert_eq!([left(&first), left(&second), left(&third), left(&other)], [false, true, false, true]);
        sessions.end_others(HOUSE, TokenId(1), None);
        assert!(!left(&second) && left(&other) && !left("nobody's"));
    }

    #[test]
    fn there_are_so_many_at_once_and_the_oldest_makes_room() {
        let (sessions, now) = (Sessions::default(), Timestamp(1_773_000_000_000_000));
        let secret = |number: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&number.to_be_bytes());
            bytes
        };
        let open = |number| {
            let at = Timestamp(now.0 + i64::try_from(number).unwrap());
            sessions.open(HOUSE, &login(1), secret(number), at).0
        };
        let all: Vec<String> = (0..=SESSIONS_MAX).map(open).collect();
        let left = |number: usize| sessions.of(&all[number], now).is_some();
        assert_eq!([left(0), left(1), left(SESSIONS_MAX)], [false, true, true]);
    }
}
