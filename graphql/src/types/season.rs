//! Seasons.

use async_graphql::{Context, ID, InputObject, Object, Result};
use soticket_projections::catalogue::{self, Catalogue};
use soticket_schema::event::v1::SeasonTerms;
use soticket_schema::ids::SeasonId;

use super::Show;
use super::show::ShowState;
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::paging::{Nodes, Page, ShowKey};
use crate::scalar::{Counter, DateTime};
use crate::schema::page_cost;

/// A season.
pub(crate) struct Season {
    scope: Scope,
    season: SeasonId,
    terms: SeasonTerms,
}

impl Season {
    /// A season as the catalogue has it.
    pub(super) fn new(scope: Scope, season: SeasonId, terms: SeasonTerms) -> Self {
        Self { scope, season, terms }
    }

    /// The season with this number.
    pub(crate) fn load(core: &Core, scope: Scope, season: SeasonId) -> Option<Self> {
        let terms = core.view(scope, |views| views.catalogue.season(season).cloned())?;
        Some(Self::new(scope, season, terms))
    }
}

/// A season: a span of time that shows are announced and sold under.
#[Object]
impl Season {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.season)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.season.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.terms.name
    }

    /// When it begins.
    async fn from(&self) -> DateTime {
        DateTime(self.terms.from)
    }

    /// When it is over.
    async fn until(&self) -> DateTime {
        DateTime(self.terms.until)
    }

    /// Its shows, by number.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn shows(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<Show>> {
        let page = Page::<ShowKey>::new(first, after, last, before)?;
        let wanted = Wanted { season: Some(self.season), state: None };
        Core::of(context)?
            .expect(self.scope, |views| Some(shows(self.scope, &views.catalogue, &wanted, &page)))
    }
}

/// Which shows a list has: those of which all that is stated holds.
#[derive(InputObject)]
pub(super) struct ShowFilter {
    /// Those of a season.
    season: Option<ID>,
    /// Those that stand like this.
    state: Option<ShowState>,
}

impl ShowFilter {
    pub(super) fn wanted(&self, scope: Scope) -> Wanted {
        Wanted { season: scope.optional(self.season.as_ref()), state: self.state }
    }
}

/// Which shows a list has.
#[derive(Default)]
pub(super) struct Wanted {
    /// Those of a season.
    pub(super) season: Option<SeasonId>,
    /// Those that stand like this.
    pub(super) state: Option<ShowState>,
}

impl Wanted {
    fn has(&self, info: &catalogue::ShowInfo) -> bool {
        let season = self.season.is_none_or(|season| info.season == Some(season));
        season && self.state.is_none_or(|state| state == ShowState::from(info.state))
    }
}

/// A page of shows, by number.
pub(super) fn shows(
    scope: Scope,
    catalogue: &Catalogue,
    wanted: &Wanted,
    page: &Page<ShowKey>,
) -> Nodes<Show> {
    let row = |info: &catalogue::ShowInfo| (ShowKey(info.show().0), Show::new(scope, info.clone()));
    let key = |info: &catalogue::ShowInfo| ShowKey(info.show().0);
    let listed = || catalogue.shows().filter(|info| wanted.has(info));
    page.fill(
        |after, limit| {
            let later = listed().filter(|info| after.is_none_or(|after| key(info) > after));
            later.take(limit).map(row).collect()
        },
        |before, limit| {
            let earlier = listed().rev().filter(|info| before.is_none_or(|before| key(info) < before));
            earlier.take(limit).map(row).collect()
        },
    )
}
