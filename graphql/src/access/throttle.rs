//! Addresses that fail to prove who they are: after some failures they are told to wait, which keeps a program that guesses
//! from filling logs. Whoever proves who they are is let in all the same, from the same address too.

use std::net::IpAddr;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::Timestamp;

use super::meter::minute;

/// Failures of an address within a minute that are answered as such.
const FAILURES_MAX: u32 = 30;
/// Addresses that are remembered. Beyond it all are forgotten: memory must not grow with those who fail.
const ADDRESSES_MAX: usize = 16_384;

/// Failures by address within the present minute.
#[derive(Default)]
pub(super) struct Throttle(Mutex<(Timestamp, FxHashMap<IpAddr, u32>)>);

impl Throttle {
    /// Notes a failure; seconds to wait if there were too many.
    pub(super) fn failed(&self, address: Option<IpAddr>, now: Timestamp) -> Option<u64> {
        let address = address?;
        let mut known = self.0.lock();
        let begun = minute(now);
        if known.0 != begun || known.1.len() >= ADDRESSES_MAX {
            *known = (begun, FxHashMap::default());
        }
        let failures = known.1.entry(address).or_default();
        *failures = failures.saturating_add(1);
        let left = 60 - (now.0 - begun.0).div_euclid(1_000_000);
        (*failures > FAILURES_MAX).then(|| u64::try_from(left).unwrap_or(60))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_keeps_failing_waits_for_the_next_minute() {
        let (throttle, now) = (Throttle::default(), Timestamp(1_773_000_000_000_000));
        let address = |last| Some(IpAddr::from([192, 0, 2, last]));
        for _ in 0..FAILURES_MAX {
            assert_eq!(throttle.failed(address(1), now), None);
        }
        assert_eq!(throttle.failed(address(1), now), Some(60));
        assert_eq!(throttle.failed(address(2), now), None, "another address");
        assert_eq!(throttle.failed(address(1), Timestamp(now.0 + 60_000_000)), None, "the next minute");
        assert_eq!(throttle.failed(None, now), None);
    }
}
