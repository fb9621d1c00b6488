//! Works whose paid performances are counted: VAT law gives the first ones a lower rate.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ShowWorkSet, WorkRegistered};
use soticket_schema::{ShowId, Timestamp, WorkId};

use super::view::WorkView;

/// Works, and which shows perform them.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Works {
    works: BTreeMap<WorkId, WorkRegistered>,
    shows: BTreeMap<ShowId, WorkId>,
    starts: BTreeMap<ShowId, Timestamp>,
}

/// Which performance of its work a show is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Performance {
    /// The work.
    pub work: WorkId,
    /// Its title.
    pub title: String,
    /// Its number among the paid performances of the work, from 1, those before this log included.
    pub number: u32,
}

impl Works {
    pub(super) fn registered(&mut self, event: &WorkRegistered) {
        self.works.entry(event.work).or_insert_with(|| event.clone());
    }

    pub(super) fn set(&mut self, event: &ShowWorkSet) {
        match event.work {
            Some(work) => drop(self.shows.insert(event.show, work)),
            None => drop(self.shows.remove(&event.show)),
        }
    }

    pub(super) fn scheduled(&mut self, show: ShowId, starts_at: Timestamp) {
        self.starts.insert(show, starts_at);
    }

    /// A show that is called off is no performance.
    pub(super) fn cancelled(&mut self, show: ShowId) {
        self.starts.remove(&show);
    }

    /// Shows of a work by their begin.
    fn performances(&self, work: WorkId) -> Vec<ShowId> {
        let shows = self.shows.iter().filter(|(_, of)| **of == work);
        let mut shows: Vec<(Timestamp, ShowId)> =
            shows.filter_map(|(show, _)| Some((*self.starts.get(show)?, *show))).collect();
        shows.sort_unstable();
        shows.into_iter().map(|(_, show)| show).collect()
    }

    pub(super) fn performance(&self, show: ShowId) -> Option<Performance> {
        let work = *self.shows.get(&show)?;
        let registered = self.works.get(&work)?;
        let place = self.performances(work).iter().position(|known| *known == show)?;
        let place = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        let number = registered.performances_before.saturating_add(place);
        Some(Performance { work, title: registered.title.clone(), number })
    }

    pub(super) fn all(&self) -> Vec<WorkView> {
        let view = |work: &WorkRegistered| WorkView {
            work: work.work,
            title: work.title.clone(),
            performances_before: work.performances_before,
            source: work.source.clone(),
            shows: self.performances(work.work),
        };
        self.works.values().map(view).collect()
    }
}
