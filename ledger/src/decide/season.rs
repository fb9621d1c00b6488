//! Seasons, and which one a show belongs to.

use soticket_schema::command::{ChangeSeason, DefineSeason, SetShowSeason};
use soticket_schema::event::v1::{SeasonChanged, SeasonDefined, SeasonTerms, ShowSeasonSet};
use soticket_schema::limits::NAME_BYTES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode, SeasonId};

use super::checks::{Checks, field};
use super::{Context, Decide, When, show};

impl Decide for DefineSeason {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let season = SeasonId(context.state.seasons.next());
        Ok(vec![SeasonDefined { season, terms: self.terms.clone() }.into()])
    }
}

impl Decide for ChangeSeason {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_season(self.season, context, checks);
        Ok(vec![SeasonChanged { season: self.season, terms: self.terms.clone() }.into()])
    }
}

impl Decide for SetShowSeason {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    /// Also of a show that is over: a season is a name for reports, and binds no sale.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        show::show(context.state, self.show)?;
        if let Some(season) = self.season {
            check_season(season, context, checks);
        }
        Ok(vec![ShowSeasonSet { show: self.show, season: self.season }.into()])
    }
}

fn check_terms(terms: &SeasonTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.instant(terms.from, at.field("from"));
    checks.instant(terms.until, at.field("until"));
    checks.ensure(terms.from < terms.until, RejectionCode::TimeOrder, at.field("until"));
}

fn check_season(season: SeasonId, context: &Context<'_>, checks: &mut Checks) {
    let known = context.state.seasons.knows(season.0);
    checks.ensure(known, RejectionCode::SeasonUnknown, field("season"));
}
