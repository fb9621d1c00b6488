//! What it takes to read an input: whose ids and which currency.

use async_graphql::{ID, InputObject};
use soticket_projections::AsOf;
use soticket_schema::command::Person;
use soticket_schema::event::v1::Leg;
use soticket_schema::ids::{ActorId, OrganisationId};
use soticket_schema::money::InvalidAmount;
use soticket_schema::{Amount, Currency, Rate, Rejection, RejectionCode};

use crate::ids::{self, Numbered};
use crate::scalar::Decimal;

/// The organisation that an input is for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope {
    /// Its id.
    pub(crate) organisation: OrganisationId,
    /// Currency of its amounts.
    pub(crate) currency: Currency,
    /// The actor that the request names, who sees what it is assigned to; none sees everything.
    pub(crate) viewer: Option<ActorId>,
    /// Position of the last event that is seen; none for all there are.
    pub(crate) moment: Option<u64>,
}

impl Scope {
    /// The moment that is asked for, else the scope's own.
    pub(crate) fn at(&self, asked: Option<AsOf>) -> Option<AsOf> {
        asked.or(self.moment.map(AsOf::Position))
    }

    /// The number behind an id; one that is never assigned for an id that is not this organisation's.
    pub(crate) fn id<T: Numbered>(&self, id: &ID) -> T {
        ids::local_or_never(self.organisation, id)
    }

    /// As [`Self::id`], where an id may be absent.
    pub(crate) fn optional<T: Numbered>(&self, id: Option<&ID>) -> Option<T> {
        id.map(|id| self.id(id))
    }

    /// Ids in order.
    pub(crate) fn list<T: Numbered>(&self, ids: &[ID]) -> Vec<T> {
        ids.iter().map(|id| self.id(id)).collect()
    }

    /// An amount on the currency's minor unit. `field` names the field of the command.
    pub(crate) fn amount(
        &self,
        decimal: &Decimal,
        field: impl FnOnce() -> String,
    ) -> Result<Amount, Rejection> {
        Amount::parse(&decimal.0, self.currency).map_err(|error| Rejection::new(code(error), field()))
    }

    /// A rate out of a percentage.
    pub(crate) fn rate(&self, decimal: &Decimal, field: impl FnOnce() -> String) -> Result<Rate, Rejection> {
        Rate::parse_percent(&decimal.0).map_err(|error| {
            let code = match error {
                InvalidAmount::Precision => RejectionCode::AmountPrecision,
                InvalidAmount::Syntax | InvalidAmount::Range => RejectionCode::RateOutOfRange,
            };
            Rejection::new(code, field())
        })
    }

    /// A count. GraphQL's integers are signed.
    pub(crate) fn count(&self, count: i32, field: impl FnOnce() -> String) -> Result<u32, Rejection> {
        u32::try_from(count).map_err(|_| Rejection::new(RejectionCode::QuantityZero, field()))
    }

    /// Legs of a payment or refund.
    pub(crate) fn legs(&self, legs: &[LegInput], field: &str) -> Result<Vec<Leg>, Rejection> {
        let leg = |(place, leg): (usize, &LegInput)| {
            let amount = self.amount(&leg.amount, || format!("{field}.{place}.amount"))?;
            Ok(Leg { method: self.id(&leg.method), amount })
        };
        legs.iter().enumerate().map(leg).collect()
    }
}

fn code(error: InvalidAmount) -> RejectionCode {
    match error {
        InvalidAmount::Precision => RejectionCode::AmountPrecision,
        InvalidAmount::Syntax | InvalidAmount::Range => RejectionCode::AmountTooLarge,
    }
}

/// One part of a payment or refund.
#[derive(InputObject)]
pub(crate) struct LegInput {
    /// How.
    method: ID,
    /// How much, above zero.
    amount: Decimal,
}

/// A person. Kept in the vault, never in the log.
#[derive(InputObject)]
pub(crate) struct PersonInput {
    /// E-mail: what the same person is found by.
    email: String,
    /// Name.
    #[graphql(default)]
    name: String,
    /// Telephone.
    #[graphql(default)]
    telephone: String,
}

impl From<PersonInput> for Person {
    fn from(person: PersonInput) -> Self {
        Self { email: person.email, name: person.name, telephone: person.telephone }
    }
}
