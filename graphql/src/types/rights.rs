//! Subscriber cards, gift cards and vouchers.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_ledger::vault::{CodeOwner, VaultError};
use soticket_projections::rights::{self, CardInfo, StoredValueInfo, StoredValueTotals};
use soticket_schema::event::v1::{self, CardTerms, CardValidity};
use soticket_schema::ids::{CardId, CardTypeId, StoredValueId, SubjectRef};

use super::enums::{RightState, StoredValueKind};
use super::lookup::{count, named};
use super::{Customer, Order, Product, Ticket};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime};

/// A kind of subscriber card as it is offered.
pub(crate) struct CardType {
    scope: Scope,
    card_type: CardTypeId,
    terms: CardTerms,
}

impl CardType {
    /// A kind of card as the catalogue has it.
    pub(super) fn new(scope: Scope, card_type: CardTypeId, terms: CardTerms) -> Self {
        Self { scope, card_type, terms }
    }

    /// The kind of card with this number.
    pub(crate) fn load(core: &Core, scope: Scope, card_type: CardTypeId) -> Option<Self> {
        let terms = core.view(scope, |views| views.catalogue.card_type(card_type).cloned())?;
        Some(Self::new(scope, card_type, terms))
    }
}

/// A kind of subscriber card (carte d'abonné), as it sells now.
#[Object]
impl CardType {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.card_type)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.card_type.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.terms.name
    }

    /// The product that it is sold as.
    async fn product(&self, context: &Context<'_>) -> Result<Product> {
        named(context, self.scope, self.terms.product, Product::load)
    }

    /// Its price.
    async fn price(&self) -> Money {
        self.scope.money(self.terms.price)
    }

    /// From when on all its cards may be used; null when each counts from its sale.
    async fn from(&self) -> Option<DateTime> {
        match self.terms.validity {
            CardValidity::Season { from, .. } => Some(DateTime(from)),
            CardValidity::Days(_) => None,
        }
    }

    /// Until when all its cards may be used; null when each counts from its sale.
    async fn until(&self) -> Option<DateTime> {
        match self.terms.validity {
            CardValidity::Season { until, .. } => Some(DateTime(until)),
            CardValidity::Days(_) => None,
        }
    }

    /// Days from its sale that a card may be used; null for a season.
    async fn days(&self) -> Option<i32> {
        match self.terms.validity {
            CardValidity::Season { .. } => None,
            CardValidity::Days(days) => Some(i32::from(days)),
        }
    }

    /// Reduced tickets per show.
    async fn per_show(&self) -> i32 {
        i32::from(self.terms.per_show)
    }

    /// Reduced tickets in total; null for no limit.
    async fn in_total(&self) -> Option<i32> {
        self.terms.in_total.map(i32::from)
    }
}

/// A subscriber card.
pub(crate) struct Card {
    scope: Scope,
    card: CardInfo,
}

impl Card {
    /// A card as the read model has it.
    pub(super) fn new(scope: Scope, card: CardInfo) -> Self {
        Self { scope, card }
    }

    /// The card with this number.
    pub(crate) fn load(core: &Core, scope: Scope, card: CardId) -> Option<Self> {
        core.view(scope, |views| views.rights.card(card).cloned()).map(|card| Self::new(scope, card))
    }
}

/// A subscriber card (carte d'abonné): the right to a number of reduced tickets.
#[Object]
impl Card {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.card.issued.card)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.card.issued.card.0)
    }

    /// Its kind.
    async fn card_type(&self, context: &Context<'_>) -> Result<CardType> {
        named(context, self.scope, self.card.issued.card_type, CardType::load)
    }

    /// The order that it was sold in.
    async fn order(&self, context: &Context<'_>) -> Result<Order> {
        named(context, self.scope, self.card.issued.order, Order::load)
    }

    /// Whose it is; null if nobody said.
    async fn customer(&self, context: &Context<'_>) -> Option<Result<Customer>> {
        customer(context, self.scope, self.card.issued.subject)
    }

    /// Usable from this instant on.
    async fn from(&self) -> DateTime {
        DateTime(self.card.issued.from)
    }

    /// Usable up to and without this instant.
    async fn until(&self) -> DateTime {
        DateTime(self.card.issued.until)
    }

    /// Where it stands but for its time.
    async fn state(&self) -> RightState {
        self.card.state.into()
    }

    /// Reduced tickets per show.
    async fn per_show(&self) -> i32 {
        i32::from(self.card.issued.per_show)
    }

    /// Reduced tickets in total; null for no limit.
    async fn in_total(&self) -> Option<i32> {
        self.card.issued.in_total.map(i32::from)
    }

    /// Reduced tickets sold on it that are valid.
    async fn used(&self) -> i32 {
        count(self.card.uses.len() as u64)
    }

    /// Reduced tickets that it still gives in total; null for no limit.
    async fn left(&self) -> Option<i32> {
        self.card.left().map(count)
    }

    /// Rights that nobody had used when it expired; null before, and without a total.
    async fn unused(&self) -> Option<i32> {
        self.card.unused.map(i32::from)
    }

    /// Valid tickets sold on it.
    async fn tickets(&self, context: &Context<'_>) -> Result<Vec<Ticket>> {
        self.card.uses.iter().map(|used| named(context, self.scope, used.ticket, Ticket::load)).collect()
    }

    /// Its code in clear. Only the vault knows it; null once it was erased.
    async fn code(&self, context: &Context<'_>) -> Option<Result<String>> {
        code(context, self.scope, CodeOwner::Card(self.card.issued.card))
    }
}

/// A gift card or voucher.
pub(crate) struct StoredValue {
    scope: Scope,
    value: StoredValueInfo,
}

impl StoredValue {
    /// A stored value as the read model has it.
    pub(super) fn new(scope: Scope, value: StoredValueInfo) -> Self {
        Self { scope, value }
    }

    /// The gift card or voucher with this number.
    pub(crate) fn load(core: &Core, scope: Scope, value: StoredValueId) -> Option<Self> {
        core.view(scope, |views| views.rights.stored_value(value).cloned())
            .map(|value| Self::new(scope, value))
    }
}

/// A gift card or voucher: money paid before, which pays for orders later.
#[Object]
impl StoredValue {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.value.issued.value)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.value.issued.value.0)
    }

    /// What it is.
    async fn kind(&self) -> StoredValueKind {
        self.value.issued.kind.into()
    }

    /// The order that it was sold in.
    async fn order(&self, context: &Context<'_>) -> Result<Order> {
        named(context, self.scope, self.value.issued.order, Order::load)
    }

    /// What it was worth.
    async fn amount(&self) -> Money {
        self.scope.money(self.value.issued.amount)
    }

    /// What can still be spent.
    async fn left(&self) -> Money {
        self.scope.money(self.value.left)
    }

    /// What nobody can spend any more.
    async fn lapsed(&self) -> Money {
        self.scope.money(self.value.lapsed)
    }

    /// Spent before this instant.
    async fn until(&self) -> DateTime {
        DateTime(self.value.issued.until)
    }

    /// Where it stands but for its time.
    async fn state(&self) -> RightState {
        self.value.state.into()
    }

    /// What was taken and given back, in log order.
    async fn movements(&self) -> Vec<StoredValueMovement> {
        let moved = |moved: &rights::ValueMovement| StoredValueMovement {
            order: ids::global(self.scope.organisation, moved.order),
            payment: ids::global(self.scope.organisation, moved.payment),
            amount: self.scope.money(moved.amount),
        };
        self.value.movements.iter().map(moved).collect()
    }

    /// Its code in clear. Only the vault knows it; null once it was erased.
    async fn code(&self, context: &Context<'_>) -> Option<Result<String>> {
        code(context, self.scope, CodeOwner::StoredValue(self.value.issued.value))
    }
}

/// What was taken from a gift card or voucher, or went back to it.
#[derive(SimpleObject)]
pub(crate) struct StoredValueMovement {
    /// The order that it paid for, or whose money went back.
    order: ID,
    /// The payment or return.
    payment: ID,
    /// How much: below zero when it paid, above when it went back.
    amount: Money,
}

/// Gift cards or vouchers together: what was issued is spent, left or lapsed.
#[derive(SimpleObject)]
pub(crate) struct StoredValueSummary {
    /// What they are.
    kind: StoredValueKind,
    /// How many were sold.
    count: Counter,
    /// What they were worth.
    issued: Money,
    /// What they paid, less what went back to them.
    spent: Money,
    /// What can still be spent: what the venue owes.
    left: Money,
    /// What nobody can spend any more.
    lapsed: Money,
}

impl StoredValueSummary {
    pub(super) fn new(scope: Scope, kind: v1::StoredValueKind, totals: StoredValueTotals) -> Self {
        Self {
            kind: kind.into(),
            count: Counter(totals.count),
            issued: scope.money(totals.issued),
            spent: scope.money(totals.spent),
            left: scope.money(totals.left),
            lapsed: scope.money(totals.lapsed),
        }
    }
}

/// Who a right belongs to.
pub(super) fn customer(
    context: &Context<'_>,
    scope: Scope,
    subject: Option<SubjectRef>,
) -> Option<Result<Customer>> {
    match Core::of(context) {
        Ok(core) => Customer::load(core, scope, subject?).map(Ok),
        Err(error) => Some(Err(error)),
    }
}

fn code(context: &Context<'_>, scope: Scope, owner: CodeOwner) -> Option<Result<String>> {
    let core = match Core::of(context) {
        Ok(core) => core,
        Err(error) => return Some(Err(error)),
    };
    match core.ledger.single_code(scope.organisation, owner) {
        Ok(code) => code.map(Ok),
        Err(VaultError::SubjectKeyMissing { .. }) => None,
        Err(error) => Some(Err(internal(error))),
    }
}
