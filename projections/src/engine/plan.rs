//! What is read, what is folded, and what a free thread shall do next.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use soticket_ledger::Entry;
use soticket_schema::Hash;

use super::views::{Broken, COUNT, Feed};

/// Where a replay is: position of the next entry, and the hash that it has to name as its previous one.
pub(super) type Place = (u64, Hash);

/// A step as a thread has read it.
pub(super) struct Reading {
    /// The thread: what it allocated is freed by it, as others would fight over its memory.
    pub(super) home: usize,
    pub(super) from: u64,
    pub(super) entries: Arc<Vec<Entry>>,
    /// What the first entry names as its previous hash.
    pub(super) first: Option<Hash>,
    /// Where the entries lead, if they follow each other; none without entries.
    pub(super) follows: Option<Result<Place, Broken>>,
    /// Whether the log has fewer entries than were asked for.
    pub(super) short: bool,
    /// Why no more could be read.
    pub(super) fault: Option<String>,
}

/// A read model and the number of its next step; the model is away while a thread folds it.
struct Lane<'a> {
    feed: Option<(&'a mut dyn Feed, &'a mut u64)>,
    step: usize,
}

/// What a thread is to do.
pub(super) enum Task<'a> {
    Fold(Fold<'a>),
    Read { number: usize, used: Vec<Entry> },
}

/// What a thread is to do, if anything.
pub(super) enum Turn<'a> {
    Do(Task<'a>),
    /// What is left waits for what other threads do.
    Wait,
    End,
}

/// A step to be folded by one read model.
pub(super) struct Fold<'a> {
    lane: usize,
    feed: (&'a mut dyn Feed, &'a mut u64),
    from: u64,
    entries: Arc<Vec<Entry>>,
}

impl Fold<'_> {
    pub(super) fn run(&mut self) {
        let (feed, its_next) = &mut self.feed;
        feed.fold_from(self.from, &self.entries, its_next);
    }
}

/// The plan of a stretch. Steps are numbered from 0.
pub(super) struct Plan<'a> {
    lanes: [Lane<'a>; COUNT],
    /// Steps that follow all before them, the first being number `oldest`: those that a read model has to fold yet.
    steps: VecDeque<Reading>,
    oldest: usize,
    /// Steps that were read before one that comes earlier.
    early: BTreeMap<usize, Reading>,
    /// Number of the next step to be read.
    unread: usize,
    /// How many steps there are: fewer than planned once the log has ended or failed.
    count: usize,
    ahead: usize,
    reached: Place,
    fault: Option<String>,
    stopped: bool,
    /// Folded by all, with the thread that they are to be freed by.
    used: Vec<(usize, Vec<Entry>)>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        feeds: [(&'a mut dyn Feed, &'a mut u64); COUNT],
        start: Place,
        count: usize,
        ahead: usize,
    ) -> Self {
        Self {
            lanes: feeds.map(|feed| Lane { feed: Some(feed), step: 0 }),
            steps: VecDeque::new(),
            oldest: 0,
            early: BTreeMap::new(),
            unread: 0,
            count,
            ahead,
            reached: start,
            fault: None,
            stopped: false,
            used: Vec::new(),
        }
    }

    /// What a thread does next: folding comes first, so that no more than needed is read ahead.
    pub(super) fn turn(&mut self, home: usize) -> Turn<'a> {
        if self.stopped || (self.oldest >= self.count && self.unread >= self.count) {
            return Turn::End;
        }
        if let Some(fold) = self.fold() {
            return Turn::Do(Task::Fold(fold));
        }
        if self.unread >= self.count || self.unread >= self.oldest + self.ahead {
            return Turn::Wait;
        }
        let number = self.unread;
        self.unread += 1;
        let used = self.used.iter().position(|(owner, _)| *owner == home);
        let used = used.map(|index| self.used.swap_remove(index).1).unwrap_or_default();
        Turn::Do(Task::Read { number, used })
    }

    /// The read model that is furthest behind, with its next step.
    fn fold(&mut self) -> Option<Fold<'a>> {
        let followed = self.oldest + self.steps.len();
        let lanes = self.lanes.iter_mut().enumerate();
        let waiting = lanes.filter(|(_, lane)| lane.feed.is_some() && lane.step < followed);
        let (index, lane) = waiting.min_by_key(|(_, lane)| lane.step)?;
        let step = self.steps.get(lane.step - self.oldest)?;
        Some(Fold {
            lane: index,
            feed: lane.feed.take()?,
            from: step.from,
            entries: Arc::clone(&step.entries),
        })
    }

    /// Takes a read model back that has folded its step.
    pub(super) fn folded(&mut self, fold: Fold<'a>) {
        let Fold { lane, feed, entries, .. } = fold;
        drop(entries);
        if let Some(lane) = self.lanes.get_mut(lane) {
            lane.feed = Some(feed);
            lane.step += 1;
        }
        let slowest = self.lanes.iter().map(|lane| lane.step).min().unwrap_or(0);
        while self.oldest < slowest {
            self.oldest += 1;
            let step = self.steps.pop_front();
            self.used.extend(step.and_then(|step| Some((step.home, Arc::into_inner(step.entries)?))));
        }
    }

    /// Takes in what was read, and every step that follows now.
    pub(super) fn arrived(&mut self, number: usize, reading: Reading) {
        self.early.insert(number, reading);
        while let Some(reading) = self.early.remove(&(self.oldest + self.steps.len())) {
            self.append(reading);
        }
    }

    fn append(&mut self, mut reading: Reading) {
        let next = self.oldest + self.steps.len();
        if next >= self.count {
            return;
        }
        let ends = reading.short || reading.fault.is_some();
        self.fault = reading.fault.take();
        match reading.follows {
            Some(Ok(_)) if reading.first != Some(self.reached.1) => {
                self.fault = Some(Broken::Link(self.reached.0).to_string());
                self.count = next;
            }
            Some(Err(broken)) => {
                self.fault = Some(broken.to_string());
                self.count = next;
            }
            Some(Ok(reached)) => {
                self.reached = reached;
                self.steps.push_back(reading);
                self.count = if ends { next + 1 } else { self.count };
            }
            None => self.count = next,
        }
    }

    /// Has every thread end at once.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    /// Where the replay got to, and why no further.
    pub(super) fn end(self) -> (Place, Option<String>) {
        (self.reached, self.fault)
    }
}
