//! Seasons.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{ChangeSeason, DefineSeason, SetShowSeason};
use soticket_schema::event::v1::SeasonTerms;
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::DateTime;

/// All that defines a season.
#[derive(InputObject)]
pub(crate) struct SeasonTermsInput {
    /// Its name, such as "2026-2027".
    name: String,
    /// When it begins.
    from: DateTime,
    /// When it is over.
    until: DateTime,
}

impl From<SeasonTermsInput> for SeasonTerms {
    fn from(terms: SeasonTermsInput) -> Self {
        Self { name: terms.name, from: terms.from.0, until: terms.until.0 }
    }
}

/// Input of `seasonDefine`.
#[derive(InputObject)]
pub(crate) struct SeasonDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its terms.
    terms: SeasonTermsInput,
}

impl CommandInput for SeasonDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineSeason(DefineSeason { terms: self.terms.into() }))
    }
}

/// Input of `seasonChange`.
#[derive(InputObject)]
pub(crate) struct SeasonChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The season.
    season: ID,
    /// All terms, changed or not.
    terms: SeasonTermsInput,
}

impl CommandInput for SeasonChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let season = scope.id(&self.season);
        Ok(CommandBody::ChangeSeason(ChangeSeason { season, terms: self.terms.into() }))
    }
}

/// Input of `showSeasonSet`.
#[derive(InputObject)]
pub(crate) struct ShowSeasonSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// The one season that it belongs to from here on; absent for no season.
    season: Option<ID>,
}

impl CommandInput for ShowSeasonSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (show, season) = (scope.id(&self.show), scope.optional(self.season.as_ref()));
        Ok(CommandBody::SetShowSeason(SetShowSeason { show, season }))
    }
}
