//! Passwords that were wrong: who tries on waits, twice as long each time. Counted by name and address together, so that
//! nobody keeps another from signing in, and by name alone with more patience, so that many addresses do not help.

use std::hash::Hash as Key;
use std::net::IpAddr;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::{Hash, Timestamp};

const SECOND: i64 = 1_000_000;
/// Wrong passwords for a name from one address before it has to wait.
const FROM_ADDRESS: u32 = 5;
/// Wrong passwords for a name, from wherever.
const FROM_ANYWHERE: u32 = 50;
/// Longest wait.
const WAIT_MAX: i64 = 15 * 60 * SECOND;
/// How long a failure is remembered.
const REMEMBERED: i64 = 60 * 60 * SECOND;
/// Names, and names by address, that are remembered. Beyond it all are forgotten: memory must not grow with those who try.
const REMEMBERED_MAX: usize = 16_384;

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

struct Counted<K>(FxHashMap<K, Failures>, u32);

impl<K: Key + Eq> Counted<K> {
    /// Microseconds to wait.
    fn wait(&self, key: &K, now: Timestamp) -> i64 {
        let Some(failures) = self.0.get(key) else { return 0 };
        let Some(beyond) = failures.count.checked_sub(self.1) else { return 0 };
        let wait = SECOND.saturating_mul(1 << beyond.min(20)).min(WAIT_MAX);
        (failures.last.0.saturating_add(wait) - now.0).max(0)
    }

    fn failed(&mut self, key: K, now: Timestamp) {
        if self.0.len() >= REMEMBERED_MAX {
            self.0.clear();
        }
        let known = self.0.entry(key).or_insert(Failures { count: 0, last: now });
        if now.0 - known.last.0 > REMEMBERED {
            known.count = 0;
        }
        known.count = known.count.saturating_add(1);
        known.last = now;
    }
}

/// A name, and where somebody tries it.
type FromAddress = (Hash, Option<IpAddr>);

/// Wrong passwords.
pub(crate) struct Attempts(Mutex<(Counted<FromAddress>, Counted<Hash>)>);

impl Default for Attempts {
    fn default() -> Self {
        let (by_address, by_name) = (FxHashMap::default(), FxHashMap::default());
        Self(Mutex::new((Counted(by_address, FROM_ADDRESS), Counted(by_name, FROM_ANYWHERE))))
    }
}

impl Attempts {
    /// Seconds that whoever tries this name from this address has to wait; none if they may try now.
    pub(crate) fn wait(&self, name: Hash, address: Option<IpAddr>, now: Timestamp) -> Option<u64> {
        let attempts = self.0.lock();
        let wait = attempts.0.wait(&(name, address), now).max(attempts.1.wait(&name, now));
        (wait > 0).then(|| u64::try_from((wait + SECOND - 1) / SECOND).unwrap_or(1))
    }

    /// A password was wrong.
    pub(crate) fn failed(&self, name: Hash, address: Option<IpAddr>, now: Timestamp) {
        let mut attempts = self.0.lock();
        attempts.0.failed((name, address), now);
        attempts.1.failed(name, now);
    }

    /// A password was right. Failures from elsewhere stay counted.
    pub(crate) fn succeeded(&self, name: Hash, address: Option<IpAddr>) {
        self.0.lock().0.0.remove(&(name, address));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Hash = Hash([1; 32]);

    fn address(last: u8) -> Option<IpAddr> {
        Some(IpAddr::from([192, 0, 2, last]))
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp(1_773_000_000_000_000 + seconds * SECOND)
    }

    #[test]
    fn who_keeps_failing_waits_twice_as_long_each_time() {
        let attempts = Attempts::default();
        for _ in 0..FROM_ADDRESS {
            assert_eq!(attempts.wait(NAME, address(1), at(0)), None);
            attempts.failed(NAME, address(1), at(0));
        }
        assert_eq!(attempts.wait(NAME, address(1), at(0)), Some(1));
        assert_eq!(attempts.wait(NAME, address(1), at(1)), None);
        attempts.failed(NAME, address(1), at(1));
        assert_eq!(attempts.wait(NAME, address(1), at(1)), Some(2));
        for _ in 0..40 {
            attempts.failed(NAME, address(1), at(10));
        }
        assert_eq!(attempts.wait(NAME, address(1), at(10)), Some(900), "a quarter of an hour at most");
        assert_eq!(attempts.wait(NAME, address(2), at(10)), None, "others are not kept from signing in");
        assert_eq!(attempts.wait(Hash([2; 32]), address(1), at(10)), None);
        attempts.succeeded(NAME, address(1));
        assert_eq!(attempts.wait(NAME, address(1), at(10)), None);
    }

    #[test]
    fn many_addresses_do_not_help() {
        let attempts = Attempts::default();
        for last in 0..50 {
            attempts.failed(NAME, address(last), at(0));
        }
        assert_eq!(attempts.wait(NAME, address(200), at(0)), Some(1));
        // After an hour it begins anew.
        attempts.failed(NAME, address(200), at(4_000));
        assert_eq!(attempts.wait(NAME, address(201), at(4_000)), None);
    }

    #[test]
    fn memory_does_not_grow_with_those_who_try() {
        let attempts = Attempts::default();
        for number in 0..2 * REMEMBERED_MAX as u64 + 10 {
            let mut name = [0; 32];
            name[..8].copy_from_slice(&number.to_be_bytes());
            attempts.failed(Hash(name), address(1), at(0));
        }
        let known = attempts.0.lock();
        assert!(known.0.0.len() <= REMEMBERED_MAX && known.1.0.len() <= REMEMBERED_MAX);
    }
}
