//! Who is on the way through a provider. In memory, for ten minutes.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Hash, Timestamp};

use super::provider::Way;

const LIFE_MAX: i64 = 10 * 60 * 1_000_000;
/// Ways at once. Beyond it all are forgotten: whoever is on one begins again.
const WAYS_MAX: usize = 4_096;

/// Somebody on the way.
pub(super) struct Pending {
    /// Where they want to sign in.
    pub(super) organisation: OrganisationId,
    /// What the provider's answer is checked with.
    pub(super) way: Way,
    /// Where they go on.
    pub(super) then: String,
    /// Hash of what the browser that began it was given.
    browser: Hash,
    begun: Timestamp,
}

/// Everybody on the way, by the state that the provider sends back.
#[derive(Default)]
pub(super) struct Waiting(Mutex<FxHashMap<String, Pending>>);

impl Waiting {
    /// Remembers somebody: what their browser has to bring back.
    pub(super) fn add(&self, organisation: OrganisationId, way: Way, then: String, now: Timestamp) -> String {
        let browser = uuid::Uuid::new_v4().simple().to_string();
        let hash = Hash::of_reference(&browser);
        let mut waiting = self.0.lock();
        if waiting.len() >= WAYS_MAX {
            waiting.retain(|_, pending| now.0 - pending.begun.0 < LIFE_MAX);
        }
        if waiting.len() >= WAYS_MAX {
            waiting.clear();
        }
        waiting.insert(way.state.clone(), Pending { organisation, way, then, browser: hash, begun: now });
        browser
    }

    /// Whoever comes back with this state, in the browser that began it; once, and in time.
    pub(super) fn take(&self, state: &str, browser: &str, now: Timestamp) -> Option<Pending> {
        let pending = self.0.lock().remove(state)?;
        let in_time = now.0 - pending.begun.0 < LIFE_MAX;
        (in_time && pending.browser == Hash::of_reference(browser)).then_some(pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(state: &str) -> Way {
        Way { state: state.to_owned(), ..Way::default() }
    }

    #[test]
    fn a_way_is_gone_once_in_the_same_browser_and_in_time() {
        let (waiting, now) = (Waiting::default(), Timestamp(1_773_000_000_000_000));
        let add = |state: &str| waiting.add(OrganisationId([1; 16]), way(state), "/".to_owned(), now);
        let (first, second, third) = (add("a"), add("b"), add("c"));
        assert!(waiting.take("a", &first, now).is_some());
        assert!(waiting.take("a", &first, now).is_none(), "once");
        assert!(waiting.take("b", &third, now).is_none(), "another browser");
        assert!(waiting.take("b", &second, now).is_none(), "and no second try");
        assert!(waiting.take("c", &third, Timestamp(now.0 + LIFE_MAX)).is_none(), "too late");
        for number in 0..2 * WAYS_MAX {
            waiting.add(OrganisationId([1; 16]), way(&number.to_string()), "/".to_owned(), now);
        }
        assert!(waiting.0.lock().len() <= WAYS_MAX);
    }
}
