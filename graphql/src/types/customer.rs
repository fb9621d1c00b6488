//! Customers.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_ledger::vault::VaultError;
use soticket_projections::customers;
use soticket_projections::rights::CardInfo;
use soticket_schema::ids::{SubjectRef, TicketId};
use soticket_schema::profile::Profile;

use super::consent::{Consent, ConsentStatement, ProfileEntry};
use super::erasure::ErasureOutlook;
use super::lookup::{count, named};
use super::segment::person_path;
use super::{Card, LogEvent, Order, Show, Ticket, story};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::paging::Key;
use crate::personal::Shown;
use crate::scalar::DateTime;

/// Most orders of a customer that are listed, the latest ones.
const ORDERS_MAX: usize = 100;

/// Customers are ordered by their random reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CustomerKey(pub(super) SubjectRef);

impl Key for CustomerKey {
    const KIND: &'static str = "customer";

    fn write(self) -> String {
        self.0.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        SubjectRef::parse(text).map(Self)
    }
}

/// What one customer, or all unknown ones together, bought.
pub(crate) struct Customer {
    scope: Scope,
    customer: customers::Customer,
}

impl Customer {
    /// A customer as the read model has it.
    pub(super) fn new(scope: Scope, customer: customers::Customer) -> Self {
        Self { scope, customer }
    }

    /// The customer with this reference.
    pub(crate) fn load(core: &Core, scope: Scope, subject: SubjectRef) -> Option<Self> {
        core.view(scope, |views| views.customers.customer(subject)).map(|customer| Self::new(scope, customer))
    }
}

/// What one customer, or all unknown ones together, bought.
#[Object]
impl Customer {
    /// Global id; null for the unknown ones together.
    async fn id(&self) -> Option<ID> {
        self.customer.subject.map(|subject| ids::customer(self.scope.organisation, subject))
    }

    /// What the vault knows of the person; null if nothing, or if it was erased. That it was shown is noted in the audit
    /// journal, once for all persons of a request.
    async fn person(&self, context: &Context<'_>) -> Option<Result<Person>> {
        let subject = self.customer.subject?;
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let found = core.ledger.profile(self.scope.organisation, subject);
        if matches!(found, Ok(Some(_)))
            && let Err(error) = Shown::add(context, self.scope, subject)
        {
            return Some(Err(error));
        }
        match found {
            Ok(person) => person.map(|person| Ok(person.into())),
            Err(VaultError::SubjectKeyMissing { .. }) => None,
            Err(error) => Some(Err(internal(error))),
        }
    }

    /// How their profile changed, in the order of the log.
    async fn profile_changes(&self) -> Vec<ProfileEntry> {
        self.customer.profile_changes.iter().map(Into::into).collect()
    }

    /// Where they stand to each purpose of the organisation.
    async fn consents(&self, context: &Context<'_>) -> Result<Vec<Consent>> {
        let last =
            |purpose| self.customer.consents.iter().rev().find(|entry| entry.purpose == purpose).copied();
        Core::of(context)?.expect(self.scope, |views| {
            let consent = |purpose: &customers::PurposeInfo| Consent {
                scope: self.scope,
                purpose: purpose.clone(),
                last: last(purpose.purpose),
            };
            Some(views.customers.purposes().iter().map(consent).collect())
        })
    }

    /// All that they said of purposes, in the order in which they said it.
    async fn consent_history(&self) -> Vec<ConsentStatement> {
        let entries = self.customer.consents.iter();
        entries.map(|entry| ConsentStatement { scope: self.scope, entry: *entry }).collect()
    }

    /// The last contact that came from them: what the time is counted from for which their data are kept.
    async fn last_contact_at(&self) -> Option<DateTime> {
        self.customer.last_contact.map(DateTime)
    }

    /// What an erasure would meet now, and what it would leave; null for the unknown ones together.
    async fn erasure(&self) -> Option<ErasureOutlook> {
        self.customer.subject?;
        Some(ErasureOutlook { scope: self.scope, customer: self.customer.clone() })
    }

    /// Path of everything that is kept about the person, as JSON for them to take along. Reading it is noted in the audit
    /// journal. Null for the unknown ones together.
    async fn portability_path(&self) -> Option<String> {
        self.customer.subject.map(|subject| person_path(self.scope, subject))
    }

    /// When the person was erased; null for everybody else.
    async fn erased_at(&self) -> Option<DateTime> {
        self.customer.erased_at.map(DateTime)
    }

    /// When the keys of the backups from before the erasure were destroyed, so that these count as erased, too; null until
    /// then.
    async fn erased_in_backups_at(&self) -> Option<DateTime> {
        self.customer.erased_in_backups_at.map(DateTime)
    }

    /// Their latest orders, at most 100, the last first.
    async fn orders(&self, context: &Context<'_>) -> Result<Vec<Order>> {
        let latest = self.customer.orders.iter().rev().take(ORDERS_MAX);
        latest.map(|order| named(context, self.scope, *order, Order::load)).collect()
    }

    /// What happened to their latest orders, at most 100, and to tickets that were handed to them: at most 1,000 events, in
    /// the order of the log.
    #[graphql(complexity = "100 + 10 * child_complexity")]
    async fn events(&self, context: &Context<'_>) -> Result<Vec<LogEvent>> {
        let core = Core::of(context)?;
        let orders = self.customer.orders.iter().rev().take(ORDERS_MAX).copied().collect();
        let of = |ticket: &TicketId| {
            let found = core.view(self.scope, |views| views.orders.ticket(*ticket))?;
            Some((*ticket, found.order))
        };
        let received = self.customer.received.iter().rev().take(ORDERS_MAX).filter_map(of).collect();
        story::of_orders(context, self.scope, orders, received).await
    }

    /// How many orders.
    async fn order_count(&self) -> i32 {
        count(self.customer.orders.len() as u64)
    }

    /// Tickets, less cancelled ones.
    async fn ticket_count(&self) -> i32 {
        count(self.customer.tickets)
    }

    /// What they paid.
    async fn paid(&self) -> Money {
        self.scope.money(self.customer.paid)
    }

    /// What went back to them.
    async fn returned(&self) -> Money {
        self.scope.money(self.customer.returned)
    }

    /// Paid less returned.
    async fn spend(&self) -> Money {
        self.scope.money(self.customer.spend)
    }

    /// When they last bought.
    async fn last_purchase_at(&self) -> Option<DateTime> {
        self.customer.last_purchase.map(DateTime)
    }

    /// Tickets that others bought and that were handed to them.
    async fn received_tickets(&self, context: &Context<'_>) -> Result<Vec<Ticket>> {
        self.customer
            .received
            .iter()
            .map(|ticket| named(context, self.scope, *ticket, Ticket::load))
            .collect()
    }

    /// Their subscriber cards.
    async fn cards(&self, context: &Context<'_>) -> Result<Vec<Card>> {
        let Some(subject) = self.customer.subject else { return Ok(Vec::new()) };
        let card = |card: &CardInfo| Card::new(self.scope, card.clone());
        Core::of(context)?
            .expect(self.scope, |views| Some(views.rights.cards_of(subject).into_iter().map(card).collect()))
    }

    /// Shows that they hold tickets for.
    async fn shows(&self, context: &Context<'_>) -> Result<Vec<Show>> {
        self.customer.shows.iter().map(|show| named(context, self.scope, *show, Show::load)).collect()
    }
}

/// What the vault knows of a person.
#[derive(SimpleObject)]
pub(crate) struct Person {
    /// E-mail.
    email: String,
    /// Name, or empty.
    name: String,
    /// Telephone, or empty.
    telephone: String,
    /// Language tag, or empty.
    language: String,
    /// Postal code, or empty.
    postal_code: String,
    /// Country by its two letters, or empty.
    country: String,
}

impl From<Profile> for Person {
    fn from(profile: Profile) -> Self {
        let Profile { email, name, telephone, language, postal_code, country } = profile;
        Self { email, name, telephone, language, postal_code, country }
    }
}
