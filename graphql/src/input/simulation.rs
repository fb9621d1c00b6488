//! Seasons to be simulated.

use async_graphql::InputObject;
use soticket_projections::simulation::{DataError, Level, Season, Tariffs};
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Amount, Currency, Rejection};

use super::Scope;
use crate::scalar::{Counter, CurrencyCode, Decimal};

/// A season as it is foreseen, and what to compare with.
#[derive(InputObject)]
pub(crate) struct CostSimulationInput {
    /// Currency of every amount; the euro if absent. The shipped tariffs are in euros.
    currency: Option<CurrencyCode>,
    /// Shows.
    shows: i32,
    /// Tickets sold, on line and elsewhere.
    tickets: Counter,
    /// Average face price, with VAT.
    price: Decimal,
    /// Share of the tickets that is sold on line, in percent.
    online: Decimal,
    /// How many months the season lasts, at most 36.
    #[graphql(default = 12)]
    months: i32,
    /// Payments on line in a month.
    transactions: Counter,
    /// The venue's yearly budget: the cooperative's tariff goes by its members' means.
    budget: Decimal,
    /// Levels of a distributor to compare with, in order; the shipped example if empty.
    #[graphql(default)]
    distributor: Vec<DistributorLevelInput>,
}

/// One that takes a commission of each ticket.
#[derive(InputObject)]
pub(crate) struct DistributorLevelInput {
    /// Its name.
    name: String,
    /// Share of the face price, in percent.
    rate: Decimal,
    /// Fixed amount beside it; none if absent.
    fixed: Option<Decimal>,
}

/// Why a season cannot be simulated.
pub(crate) enum SimulationError {
    /// A figure.
    Figure(Rejection),
    /// The tariffs.
    Data(DataError),
}

impl CostSimulationInput {
    /// The currency; unknown ones are told by the tariffs, which are not in them.
    pub(crate) fn currency(&self) -> Currency {
        self.currency.as_ref().map_or(Currency::EUR, CurrencyCode::currency)
    }

    /// The season and the tariffs to compare on.
    pub(crate) fn read(&self) -> Result<(Season, Tariffs), SimulationError> {
        let currency = self.currency();
        let mut tariffs = Tariffs::shipped(currency).map_err(SimulationError::Data)?;
        let season = self.season(currency).map_err(SimulationError::Figure)?;
        if !self.distributor.is_empty() {
            tariffs.distributor.levels = self.levels(currency).map_err(SimulationError::Figure)?;
            tariffs.distributor.source = "Stated with the request".to_owned();
        }
        Ok((season, tariffs))
    }

    fn season(&self, currency: Currency) -> Result<Season, Rejection> {
        let scope = scope(currency);
        // Negative counts are refused as zero.
        let count = |value: i32| u32::try_from(value).unwrap_or(0);
        Ok(Season {
            currency,
            shows: count(self.shows),
            tickets: self.tickets.0,
            price: scope.amount(&self.price, || "price".into())?,
            online: scope.rate(&self.online, || "online".into())?,
            months: count(self.months),
            transactions: self.transactions.0,
            budget: scope.amount(&self.budget, || "budget".into())?,
        })
    }

    fn levels(&self, currency: Currency) -> Result<Vec<Level>, Rejection> {
        let scope = scope(currency);
        let level = |(place, level): (usize, &DistributorLevelInput)| {
            let at = |name: &str| format!("distributor.{place}.{name}");
            let fixed = match &level.fixed {
                Some(fixed) => scope.amount(fixed, || at("fixed"))?,
                None => Amount::ZERO,
            };
            let rate = scope.rate(&level.rate, || at("rate"))?;
            Ok(Level { name: level.name.clone(), rate, fixed })
        };
        self.distributor.iter().take(255).enumerate().map(level).collect()
    }
}

fn scope(currency: Currency) -> Scope {
    Scope { organisation: OrganisationId::default(), currency, viewer: None, moment: None }
}
