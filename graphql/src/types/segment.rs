//! Segments: customers by what they did, and the files of those who agree to a purpose.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::customers;
use soticket_schema::SubjectRef;

use super::Customer;
use super::lookup::count;
use super::people_enums::SegmentOrder;
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::ids;
use crate::input::Scope;
use crate::paging::{Key, Nodes, Page};
use crate::schema::page_cost;

/// Customers are sorted by a number, then by their reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct SegmentKey(i64, SubjectRef);

impl Key for SegmentKey {
    const KIND: &'static str = "segment";

    fn write(self) -> String {
        format!("{},{}", self.0, self.1)
    }

    fn read(text: &str) -> Option<Self> {
        let (number, subject) = text.split_once(',')?;
        Some(Self(number.parse().ok()?, SubjectRef::parse(subject)?))
    }
}

/// Customers by what they did.
pub(crate) struct CustomerSegment {
    scope: Scope,
    /// By reference.
    customers: Arc<Vec<customers::Customer>>,
}

impl CustomerSegment {
    /// These customers.
    pub(super) fn new(scope: Scope, customers: Vec<customers::Customer>) -> Self {
        Self { scope, customers: Arc::new(customers) }
    }

    fn sorted(&self, order: SegmentOrder) -> Vec<(SegmentKey, &customers::Customer)> {
        let number = |customer: &customers::Customer| match order {
            SegmentOrder::Reference => 0,
            SegmentOrder::Spend => customer.spend.0,
            SegmentOrder::Orders => i64::try_from(customer.orders.len()).unwrap_or(i64::MAX),
            SegmentOrder::LastPurchase => customer.last_purchase.map_or(i64::MIN, |last| last.0),
        };
        let keyed = |customer| Some((SegmentKey(number(customer), customer.subject?), customer));
        let mut sorted: Vec<_> = self.customers.iter().filter_map(keyed).collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        sorted
    }
}

/// Customers by what they did, all at one moment.
#[Object]
impl CustomerSegment {
    /// How many.
    async fn count(&self) -> i32 {
        count(self.customers.len() as u64)
    }

    /// How many of them agree to a purpose now: whom a file for that purpose names.
    async fn consenting(&self, context: &Context<'_>, purpose: ID) -> Result<i32> {
        let purpose = self.scope.id(&purpose);
        let core = Core::of(context)?;
        let found = core.view(self.scope, |views| {
            views.customers.purpose(purpose)?;
            let subjects = self.customers.iter().filter_map(|customer| customer.subject);
            Some(subjects.filter(|subject| views.customers.consent(*subject, purpose).is_some()).count())
        });
        let found = found.ok_or_else(|| field_error(ErrorCode::BadUserInput, "There is no such purpose."));
        Ok(count(found? as u64))
    }

    /// The customers.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn customers(
        &self,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        #[graphql(default)] order_by: SegmentOrder,
    ) -> Result<Nodes<Customer>> {
        let page = Page::<SegmentKey>::new(first, after, last, before)?;
        let sorted = self.sorted(order_by);
        let row = |(key, customer): &(SegmentKey, &customers::Customer)| {
            (*key, Customer::new(self.scope, (*customer).clone()))
        };
        Ok(page.fill(
            |after, limit| {
                let from = after.map_or(0, |after| sorted.partition_point(|(key, _)| *key <= after));
                sorted.iter().skip(from).take(limit).map(row).collect()
            },
            |before, limit| {
                let to =
                    before.map_or(sorted.len(), |before| sorted.partition_point(|(key, _)| *key < before));
                sorted.iter().take(to).rev().take(limit).map(row).collect()
            },
        ))
    }
}

/// Where a person's file is.
pub(super) fn person_path(scope: Scope, subject: SubjectRef) -> String {
    let customer = ids::customer(scope.organisation, subject);
    format!("/customers/{}/person.json?customer={}", scope.organisation, customer.as_str())
}
