//! What a season would cost.

use async_graphql::{Enum, Result, SimpleObject};
use soticket_projections::simulation::{self, CostLine as Line, simulate};
use soticket_schema::{Amount, Currency};

use crate::error::{ErrorCode, field_error};
use crate::input::{CostSimulationInput, SimulationError};
use crate::money::Money;
use crate::scalar::{Counter, Decimal};

/// What a season would cost a venue. Costs are without VAT.
#[derive(SimpleObject)]
pub(crate) struct CostSimulation {
    /// Face prices of all tickets, with VAT.
    receipts: Money,
    /// Tickets sold on line.
    online_tickets: Counter,
    /// Face prices of these, with VAT.
    online_receipts: Money,
    /// With the cooperative and its payment providers.
    cooperative: SeasonCost,
    /// With a distributor that sells on line and carries what payments cost there.
    distributor: SeasonCost,
    /// What the distributor costs more; below zero if less.
    difference: Money,
}

/// What a season costs one way.
#[derive(SimpleObject)]
pub(crate) struct SeasonCost {
    /// Line by line.
    lines: Vec<CostLine>,
    /// All lines.
    total: Money,
    /// For each ticket of the season on average.
    per_ticket: Money,
    /// For each show on average.
    per_show: Money,
    /// Share of the season's receipts, in percent.
    of_receipts: Decimal,
}

/// One line of a cost.
#[derive(SimpleObject)]
pub(crate) struct CostLine {
    /// What it is for.
    kind: CostKind,
    /// Who charges it.
    name: String,
    /// Where the figures are from, with their date.
    source: String,
    /// Whether the figures are an example.
    example: bool,
    /// How it is worked out.
    rule: String,
    /// What it is worked out on: an amount; null where only numbers count.
    basis: Option<Money>,
    /// What it comes to.
    amount: Money,
}

/// What a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "simulation::CostKind")]
pub(crate) enum CostKind {
    /// A provider's access fee.
    Access,
    /// A provider's yearly fee, for every year begun.
    Yearly,
    /// A provider's payments beyond those included.
    Transactions,
    /// A provider's share of amounts, and prices beside it.
    Rate,
    /// The cooperative's contribution, for every year begun.
    Contribution,
    /// The cooperative's price of tickets.
    Tickets,
    /// A distributor's commission.
    Commission,
}

impl CostSimulation {
    /// Works out what the input asks for.
    pub(crate) fn of(input: &CostSimulationInput) -> Result<Self> {
        let bad = |message: String| field_error(ErrorCode::BadUserInput, message);
        let (season, tariffs) = input.read().map_err(|error| match error {
            SimulationError::Figure(rejection) => bad(rejection.to_string()),
            SimulationError::Data(error) => bad(error.to_string()),
        })?;
        let found = simulate(&season, &tariffs).map_err(|rejection| bad(rejection.to_string()))?;
        let money = |amount: Amount| Money::new(amount, season.currency);
        Ok(Self {
            receipts: money(found.receipts),
            online_tickets: Counter(found.online_tickets),
            online_receipts: money(found.online_receipts),
            cooperative: cost(&found.cooperative, season.currency),
            distributor: cost(&found.distributor, season.currency),
            difference: money(found.difference),
        })
    }
}

fn cost(cost: &simulation::Cost, currency: Currency) -> SeasonCost {
    let money = |amount: Amount| Money::new(amount, currency);
    let line = |line: &Line| CostLine {
        kind: line.kind.into(),
        name: line.name.clone(),
        source: line.source.clone(),
        example: line.example,
        rule: line.rule.clone(),
        basis: line.basis.map(money),
        amount: money(line.amount),
    };
    SeasonCost {
        lines: cost.lines.iter().map(line).collect(),
        total: money(cost.total),
        per_ticket: money(cost.per_ticket),
        per_show: money(cost.per_show),
        of_receipts: Decimal::percent(cost.of_receipts),
    }
}
