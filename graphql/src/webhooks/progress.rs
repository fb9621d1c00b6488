//! Where a delivery stands.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use soticket_projections::catalogue::{Replay, WebhookInfo};
use soticket_schema::Timestamp;

use super::WebhookOptions;
use super::client::Fault;

/// Events from one position to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

/// Attempts that failed since the last success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failing {
    pub(crate) since: Timestamp,
    pub(crate) attempts: u32,
    /// Code and words of the last one.
    pub(crate) code: String,
    pub(crate) detail: String,
    pub(crate) next_attempt: Timestamp,
}

/// Where the delivery to one webhook stands: kept in a file, so that a restart goes on from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Progress {
    /// Position of the next event. Everything before it was delivered, is of no kind that goes there, or is in `dead`.
    pub(crate) next: u64,
    /// How many replays were taken in.
    replays: u64,
    /// What is delivered again before delivery goes on.
    pub(crate) again: Vec<Span>,
    /// What was passed over: it can be replayed.
    pub(crate) dead: Vec<Span>,
    pub(crate) failing: Option<Failing>,
    /// When it was given up until somebody asks for a replay.
    pub(crate) suspended_at: Option<Timestamp>,
    pub(crate) delivered_at: Option<Timestamp>,
    pub(crate) deliveries: u64,
}

impl Progress {
    /// Before the first delivery.
    pub(crate) fn new(info: &WebhookInfo) -> Self {
        Self {
            next: info.from,
            replays: 0,
            again: Vec::new(),
            dead: Vec::new(),
            failing: None,
            suspended_at: None,
            delivered_at: None,
            deliveries: 0,
        }
    }

    /// The event that comes next, and where its run ends.
    pub(super) fn run(&self, length: u64) -> (u64, u64) {
        match self.again.first() {
            Some(span) => (span.from, span.to.saturating_add(1)),
            None => (self.next, length),
        }
    }

    /// Takes in what was asked for since; false if nothing was.
    pub(super) fn take_in(&mut self, replays: &[Replay]) -> bool {
        let known = usize::try_from(self.replays).unwrap_or(usize::MAX);
        let new = replays.get(known..).unwrap_or_default();
        for replay in new {
            self.replay(*replay);
            self.replays += 1;
        }
        !new.is_empty()
    }

    fn replay(&mut self, replay: Replay) {
        (self.failing, self.suspended_at) = (None, None);
        match (replay.from, replay.to) {
            (Some(from), Some(to)) => self.again.push(Span { from, to }),
            (Some(from), None) => {
                if let Some(to) = from.checked_sub(1).filter(|to| *to >= self.next) {
                    self.dead.push(Span { from: self.next, to });
                }
                self.forgive(Span { from, to: u64::MAX });
                self.next = from;
            }
            (None, _) => {}
        }
    }

    /// What is or was delivered again is no longer passed over.
    fn forgive(&mut self, done: Span) {
        let left = self.dead.drain(..).flat_map(|dead| {
            let before = Span { from: dead.from, to: dead.to.min(done.from.saturating_sub(1)) };
            let after = Span { from: dead.from.max(done.to.saturating_add(1)), to: dead.to };
            let before = (done.from > dead.from).then_some(before);
            let after = (done.to < dead.to).then_some(after);
            before.into_iter().chain(after)
        });
        self.dead = left.collect();
    }

    /// The event at `position` is done with: delivered, or of no kind that goes there.
    pub(super) fn pass(&mut self, position: u64) {
        let next = position.saturating_add(1);
        let Some(span) = self.again.first_mut() else {
            self.next = next;
            return;
        };
        let done = Span { from: span.from, to: position };
        if position >= span.to {
            self.again.remove(0);
        } else {
            span.from = next;
        }
        self.forgive(done);
    }

    /// An event was delivered.
    pub(super) fn delivered(&mut self, position: u64, now: Timestamp) {
        self.pass(position);
        self.failing = None;
        self.delivered_at = Some(now);
        self.deliveries = self.deliveries.saturating_add(1);
    }

    /// An attempt failed; `jitter` is between 0 and 1,000.
    pub(super) fn failed(&mut self, fault: &Fault, now: Timestamp, options: &WebhookOptions, jitter: u32) {
        let before = self.failing.take();
        let attempts = before.as_ref().map_or(0, |failing| failing.attempts).saturating_add(1);
        let since = before.map_or(now, |failing| failing.since);
        let pause = pause(attempts, options, jitter);
        let pause = fault.retry_after.map_or(pause, |asked| pause.max(asked.min(options.retry_longest)));
        let next_attempt = after(now, pause);
        let (code, detail) = (fault.code.to_owned(), fault.detail.clone());
        self.failing = Some(Failing { since, attempts, code, detail, next_attempt });
        if fault.gone || after(since, options.suspend_after) <= now {
            self.suspended_at = Some(now);
        }
    }

    /// Delivery cannot go on without somebody's doing.
    pub(super) fn suspend(&mut self, fault: &Fault, now: Timestamp) {
        let (code, detail) = (fault.code.to_owned(), fault.detail.clone());
        let attempts = self.failing.as_ref().map_or(0, |failing| failing.attempts);
        self.failing = Some(Failing { since: now, attempts, code, detail, next_attempt: now });
        self.suspended_at = Some(now);
    }
}

/// Doubled with every attempt up to the longest, and of that between a half and the whole: receivers that come back are
/// not overrun by all deliveries at once.
fn pause(attempts: u32, options: &WebhookOptions, jitter: u32) -> Duration {
    let doubled = options.retry_first.saturating_mul(1 << attempts.saturating_sub(1).min(20));
    let whole = doubled.min(options.retry_longest);
    whole / 2 + whole * jitter.min(1_000) / 2_000
}

fn after(instant: Timestamp, pause: Duration) -> Timestamp {
    Timestamp(instant.0.saturating_add(i64::try_from(pause.as_micros()).unwrap_or(i64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use soticket_schema::WebhookId;
    use soticket_schema::event::v1::WebhookTerms;

    fn begun(from: u64) -> Progress {
        Progress::new(&WebhookInfo {
            webhook: WebhookId(1),
            terms: WebhookTerms { url: "https://erp.example".to_owned(), kinds: Vec::new() },
            from,
            registered_at: Timestamp(0),
            retired_at: None,
            secret: 1,
            previous_until: None,
            replays: Vec::new(),
        })
    }

    fn span(from: u64, to: u64) -> Span {
        Span { from, to }
    }

    fn replay(from: u64, to: Option<u64>) -> Replay {
        Replay { from: Some(from), to }
    }

    #[test]
    fn what_is_passed_over_is_listed_until_it_was_replayed() {
        let mut progress = begun(5);
        let mut replays = vec![replay(20, None)];
        assert!(progress.take_in(&replays));
        assert!(!progress.take_in(&replays), "each once");
        assert_eq!((progress.run(40), progress.dead.clone()), ((20, 40), vec![span(5, 19)]));
        replays.push(replay(10, Some(12)));
        assert!(progress.take_in(&replays));
        assert_eq!(progress.run(40), (10, 13));
        for position in 10..=12 {
            assert_eq!(progress.run(40).0, position);
            progress.delivered(position, Timestamp(1));
        }
        assert_eq!((progress.run(40), progress.dead.clone()), ((20, 40), vec![span(5, 9), span(13, 19)]));
        progress.pass(20);
        assert_eq!(progress.run(40), (21, 40));
        replays.push(replay(8, None));
        progress.take_in(&replays);
        assert_eq!((progress.run(40), progress.dead), ((8, 40), vec![span(5, 7)]));
    }

    #[test]
    fn pauses_grow_and_delivery_is_suspended_where_it_stands() {
        let options = WebhookOptions::new("unused".into());
        let mut progress = begun(0);
        let fault = Fault::new("TIMEOUT", "nothing came");
        let mut now = Timestamp(0);
        let mut pauses = Vec::new();
        while progress.suspended_at.is_none() {
            progress.failed(&fault, now, &options, 1_000);
            let next = progress.failing.as_ref().unwrap().next_attempt;
            pauses.push((next.0 - now.0) / 1_000_000);
            now = next;
        }
        assert_eq!(&pauses[..6], [2, 4, 8, 16, 32, 64]);
        assert_eq!(pauses.iter().max(), Some(&900));
        assert!((259_200..259_200 + 1_800).contains(&(progress.suspended_at.unwrap().0 / 1_000_000)));
        assert_eq!(progress.next, 0);
        progress.take_in(&[Replay { from: None, to: None }]);
        assert_eq!((progress.suspended_at, progress.failing.clone(), progress.next), (None, None, 0));
        progress.failed(&Fault { gone: true, ..fault.clone() }, now, &options, 0);
        assert!(progress.suspended_at.is_some());
        assert_eq!(pause(1, &options, 0), Duration::from_secs(1));
        let asked = Fault { retry_after: Some(Duration::from_secs(60)), ..fault };
        let mut progress = begun(0);
        progress.failed(&asked, Timestamp(0), &options, 0);
        assert_eq!(progress.failing.unwrap().next_attempt, Timestamp(60_000_000));
    }
}
