//! What a principal has asked in the present minute, and when it last asked.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use soticket_schema::Timestamp;

const MINUTE: i64 = 60_000_000;

/// Points spent within a minute. Both are in one word, so that they change together.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    /// The minute since 1970 in the upper half, what was spent in the lower.
    spent: AtomicU64,
    last_used: AtomicI64,
}

/// What a request cost, and what is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Charge {
    /// Points that it cost.
    pub(crate) cost: u32,
    /// Points that are left in this minute.
    pub(crate) remaining: u32,
    /// Points per minute.
    pub(crate) limit: u32,
    /// When the next minute begins.
    pub(crate) reset_at: Timestamp,
}

/// Begin of an instant's minute.
pub(super) fn minute(at: Timestamp) -> Timestamp {
    Timestamp(at.0.div_euclid(MINUTE).saturating_mul(MINUTE))
}

impl Meter {
    /// Takes the cost of a request; whole seconds until the next minute if it is not there any more.
    pub(crate) fn take(&self, cost: u32, limit: u32, now: Timestamp) -> Result<Charge, u64> {
        let begun = minute(now);
        self.last_used.store(begun.0, Ordering::Relaxed);
        let number = u64::from(u32::try_from(begun.0.div_euclid(MINUTE)).unwrap_or(u32::MAX));
        let reset_at = Timestamp(begun.0.saturating_add(MINUTE));
        let spend = |known: u64| {
            let spent = if known >> 32 == number { known & u64::from(u32::MAX) } else { 0 };
            let after = spent + u64::from(cost);
            (after <= u64::from(limit)).then_some(number << 32 | after)
        };
        match self.spent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend) {
            Ok(known) => {
                let spent = spend(known).unwrap_or_default() & u64::from(u32::MAX);
                let remaining = limit.saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX));
                Ok(Charge { cost, remaining, limit, reset_at })
            }
            Err(_) => Err(u64::try_from((reset_at.0 - now.0 + 999_999).div_euclid(1_000_000)).unwrap_or(1)),
        }
    }

    /// The minute of the last request; none before the first.
    pub(crate) fn last_used(&self) -> Option<Timestamp> {
        let at = self.last_used.load(Ordering::Relaxed);
        (at != 0).then_some(Timestamp(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_so_many_points_and_the_next_as_many_again() {
        let (meter, at) =
            (Meter::default(), |second: i64| Timestamp(29_550_000 * MINUTE + second * 1_000_000));
        assert_eq!(meter.last_used(), None);
        let taken = meter.take(60, 100, at(10)).unwrap();
        assert_eq!((taken.cost, taken.remaining, taken.reset_at), (60, 40, at(60)));
        assert_eq!(meter.take(41, 100, at(20)), Err(40), "told when to come back");
        assert_eq!(meter.take(40, 100, at(59)).unwrap().remaining, 0);
        assert_eq!(meter.take(100, 100, at(60)).unwrap().remaining, 0);
        assert_eq!(meter.last_used(), Some(at(60)));
        assert!(meter.take(101, 100, at(120)).is_err(), "what no minute has room for");
    }
}
