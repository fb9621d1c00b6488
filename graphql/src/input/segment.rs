//! Which customers are asked for.

use async_graphql::{ID, InputObject};
use soticket_projections::segments::Criteria;
use soticket_schema::Rejection;

use super::Scope;
use crate::scalar::{DateTime, Decimal};

/// Which customers: all that is stated has to hold. Ranges hold their begin and not their end.
#[derive(InputObject, Default)]
pub(crate) struct CustomerCriteria {
    /// Whether they ever bought anything.
    bought: Option<bool>,
    /// Last purchase at this instant or later.
    last_purchase_from: Option<DateTime>,
    /// Last purchase before this instant.
    last_purchase_before: Option<DateTime>,
    /// So many orders or more.
    orders_from: Option<i32>,
    /// Fewer orders than this.
    orders_below: Option<i32>,
    /// Spent so much or more, less what went back.
    spend_from: Option<Decimal>,
    /// Spent less than this.
    spend_below: Option<Decimal>,
    /// Whether they hold a subscriber card that is valid now.
    card: Option<bool>,
    /// A valid card of one of these kinds.
    #[graphql(default)]
    card_types: Vec<ID>,
    /// So many valid tickets or more at reduced tariffs.
    reduced_from: Option<i32>,
    /// Tariffs that count as reduced, such as those for persons with a disability; every tariff of kind reduced if empty.
    #[graphql(default)]
    reduced_tariffs: Vec<ID>,
    /// Valid tickets for one of these shows.
    #[graphql(default)]
    shows: Vec<ID>,
    /// Only shows that a ticket of theirs was let in to: one of `shows`, or any at all if none is named.
    #[graphql(default)]
    attended: bool,
}

impl CustomerCriteria {
    /// The criteria as the read models take them.
    pub(crate) fn read(&self, scope: &Scope) -> Result<Criteria, Rejection> {
        let count = |value: Option<i32>, name: &str| {
            let read = value.map(|value| scope.count(value, || format!("criteria.{name}")));
            Ok::<_, Rejection>(read.transpose()?.map(u64::from))
        };
        let amount = |value: &Option<Decimal>, name: &str| {
            value.as_ref().map(|value| scope.amount(value, || format!("criteria.{name}"))).transpose()
        };
        Ok(Criteria {
            bought: self.bought,
            last_purchase_from: self.last_purchase_from.map(|instant| instant.0),
            last_purchase_before: self.last_purchase_before.map(|instant| instant.0),
            orders_from: count(self.orders_from, "orders_from")?,
            orders_below: count(self.orders_below, "orders_below")?,
            spend_from: amount(&self.spend_from, "spend_from")?,
            spend_below: amount(&self.spend_below, "spend_below")?,
            card: self.card,
            card_types: scope.list(&self.card_types),
            reduced_from: count(self.reduced_from, "reduced_from")?,
            reduced_tariffs: scope.list(&self.reduced_tariffs),
            shows: scope.list(&self.shows),
            attended: self.attended,
        })
    }
}
