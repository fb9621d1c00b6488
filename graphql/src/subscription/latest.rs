//! Figures that change: the latest one only, at a stated rate.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Result;
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use soticket_projections::OrganisationViews;
use soticket_schema::ids::{OrganisationId, ShowId};
use tokio::sync::watch;
use tokio::time::Instant;

use super::Live;
use crate::core::Core;

/// Figures are sent at most this often.
pub(super) const EVERY: Duration = Duration::from_millis(500);
/// How often a figure is looked at though nothing tells that it changed: holds run out and days end by themselves, and an
/// event may matter to a show without naming it.
const AGE_EVERY: Duration = Duration::from_secs(1);

/// What tells cheaply that a figure has probably changed.
pub(super) type Mark = Box<dyn Fn(&OrganisationViews) -> u64 + Send + Sync>;

/// A figure of a show changes with the events that name the show.
pub(super) fn of_show(show: ShowId) -> Mark {
    Box::new(move |views| views.index.last(show).map_or(0, |last| last.saturating_add(1)))
}

/// Sales of a show, or of everything.
pub(super) fn of_sales(show: Option<ShowId>) -> Mark {
    show.map_or_else(|| Box::new(OrganisationViews::folded) as Mark, of_show)
}

/// A figure with the position that it is as of.
pub(crate) trait Figure: Clone + Send + 'static {
    /// Whether nothing that a client sees differs but the position.
    fn same(&self, other: &Self) -> bool;
}

struct Values<L> {
    core: Arc<Core>,
    organisation: OrganisationId,
    mark: Mark,
    look: L,
    folded: watch::Receiver<u64>,
    /// When the mark was last looked at, and when the figure.
    checked_at: Option<Instant>,
    looked_at: Option<Instant>,
    marked: Option<u64>,
}

/// The figure as it is now, then whenever it has changed. None for an unknown organisation.
pub(super) fn values<V: Figure, L>(
    core: &Arc<Core>,
    organisation: OrganisationId,
    mark: Mark,
    look: L,
) -> Option<Live<V>>
where
    L: Fn(&Core, &OrganisationViews) -> Option<V> + Send + Sync + 'static,
{
    let folded = core.projections.watch(organisation)?;
    let core = Arc::clone(core);
    let values =
        Values { core, organisation, mark, look, folded, checked_at: None, looked_at: None, marked: None };
    let next = |(mut values, mut last): (Values<L>, Option<V>)| async move {
        loop {
            let value: V = values.next().await?;
            if last.as_ref().is_none_or(|last| !last.same(&value)) {
                last = Some(value.clone());
                return Some((Result::Ok(value), (values, last)));
            }
        }
    };
    Some(unfold((values, None), next).boxed())
}

impl<L> Values<L> {
    /// The figure when it is worth looking again; none when the service ends.
    async fn next<V>(&mut self) -> Option<V>
    where
        L: Fn(&Core, &OrganisationViews) -> Option<V>,
    {
        loop {
            if let Some(checked_at) = self.checked_at {
                tokio::time::sleep_until(checked_at + EVERY).await;
            }
            self.checked_at = Some(Instant::now());
            self.folded.borrow_and_update();
            let aged = self.looked_at.is_none_or(|at| at.elapsed() >= AGE_EVERY);
            let found = self.core.projections.view(self.organisation, |views| {
                let mark = (self.mark)(views);
                let changed = self.marked != Some(mark);
                self.marked = Some(mark);
                (changed || aged).then(|| (self.look)(&self.core, views)).flatten()
            });
            if let Some(value) = found? {
                self.looked_at = Some(Instant::now());
                return Some(value);
            }
            tokio::select! {
                grown = self.folded.changed() => grown.ok()?,
                () = tokio::time::sleep(AGE_EVERY) => {}
            }
        }
    }
}
