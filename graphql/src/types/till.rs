//! Till sessions.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::tills;
use soticket_schema::Amount;
use soticket_schema::ids::{ActorId, TillSessionId};

use super::enums::{CashDirection, CashReason};
use super::lookup::{count, named};
use super::{Actor, Channel, Method, viewer};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime};

/// A till session of a box office.
pub(crate) struct TillSession {
    scope: Scope,
    session: tills::TillSession,
}

impl TillSession {
    /// A session as the read model has it.
    pub(super) fn new(scope: Scope, session: tills::TillSession) -> Self {
        Self { scope, session }
    }

    /// The session with this number; none for an actor that is assigned elsewhere.
    pub(crate) fn load(core: &Core, scope: Scope, session: TillSessionId) -> Option<Self> {
        let session = core.view(scope, |views| views.tills.session(session))?;
        viewer::sees(core, scope, session.channel).then(|| Self::new(scope, session))
    }
}

/// A till session of a box office: from the opening of a till to its closing.
#[Object]
impl TillSession {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.session.session)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.session.session.0)
    }

    /// The box office.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.session.channel, Channel::load)
    }

    /// Label of the till, as orders name it as their seller.
    async fn till(&self) -> &str {
        &self.session.till
    }

    /// Who is responsible for the drawer; null for the system itself.
    async fn operator(&self, context: &Context<'_>) -> Option<Result<Actor>> {
        actor(context, self.scope, self.session.operator)
    }

    /// The way of paying that the drawer holds.
    async fn cash(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.session.cash, Method::load)
    }

    /// Cash in the drawer when it opened.
    async fn float(&self) -> Money {
        self.scope.money(self.session.float)
    }

    /// When it opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.session.opened_at)
    }

    /// When it closed; null while it is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.session.closed_at.map(DateTime)
    }

    /// Money by way of paying.
    async fn methods(&self) -> Vec<TillMethod> {
        let method = |method: &tills::TillMethod| TillMethod { scope: self.scope, view: *method };
        self.session.methods.iter().map(method).collect()
    }

    /// Cash moved in and out, in the order of the log.
    async fn movements(&self) -> Vec<CashMovement> {
        let movement = |movement: &tills::CashMovement| CashMovement { scope: self.scope, view: *movement };
        self.session.movements.iter().map(movement).collect()
    }

    /// Orders that were sold at it.
    async fn orders(&self) -> i32 {
        count(self.session.orders)
    }

    /// Tickets that were sold at it, cancelled or not.
    async fn tickets_sold(&self) -> i32 {
        count(self.session.tickets_sold)
    }

    /// Tickets that were cancelled at it.
    async fn tickets_cancelled(&self) -> i32 {
        count(self.session.tickets_cancelled)
    }

    /// Whether something of it was recorded after its closing.
    async fn corrected(&self) -> bool {
        self.session.is_corrected()
    }
}

/// One way of paying of a till session.
pub(crate) struct TillMethod {
    scope: Scope,
    view: tills::TillMethod,
}

impl TillMethod {
    fn optional(&self, amount: Option<Amount>) -> Option<Money> {
        amount.map(|amount| self.scope.money(amount))
    }
}

/// One way of paying of a till session.
#[Object]
impl TillMethod {
    /// The way of paying.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.view.method, Method::load)
    }

    /// What came in for orders, up to the closing.
    async fn payments(&self) -> Money {
        self.scope.money(self.view.payments)
    }

    /// How many payments.
    async fn payment_count(&self) -> i32 {
        count(self.view.payment_count)
    }

    /// What went back for orders, up to the closing.
    async fn returns(&self) -> Money {
        self.scope.money(self.view.returns)
    }

    /// How many returns.
    async fn return_count(&self) -> i32 {
        count(self.view.return_count)
    }

    /// What should be there: payments less returns and, of the drawer's cash, the float and what was moved.
    async fn expected(&self) -> Money {
        self.scope.money(self.view.expected)
    }

    /// What was counted; null before the closing, or if it was not.
    async fn counted(&self) -> Option<Money> {
        self.optional(self.view.counted)
    }

    /// What was counted beyond what the closing expected, below zero for what was missing.
    async fn difference(&self) -> Option<Money> {
        self.optional(self.view.difference())
    }

    /// What was recorded after the closing of the time before it: to be added to what was expected.
    async fn late(&self) -> Money {
        self.scope.money(self.view.late)
    }

    /// How many such entries.
    async fn late_entries(&self) -> i32 {
        count(self.view.late_entries)
    }

    /// The difference with what was recorded later.
    async fn corrected_difference(&self) -> Option<Money> {
        self.optional(self.view.corrected_difference())
    }
}

/// Cash that went into a drawer or out of it other than by a sale.
pub(crate) struct CashMovement {
    scope: Scope,
    view: tills::CashMovement,
}

/// Cash that went into a drawer or out of it other than by a sale.
#[Object]
impl CashMovement {
    /// Which way.
    async fn direction(&self) -> CashDirection {
        self.view.direction.into()
    }

    /// Why.
    async fn reason(&self) -> CashReason {
        self.view.reason.into()
    }

    /// How much.
    async fn amount(&self) -> Money {
        self.scope.money(self.view.amount)
    }

    /// When it happened.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.view.occurred_at)
    }

    /// Who says so; null for the system itself.
    async fn actor(&self, context: &Context<'_>) -> Option<Result<Actor>> {
        actor(context, self.scope, self.view.actor)
    }

    /// Whether it was recorded after the closing.
    async fn late(&self) -> bool {
        self.view.late
    }
}

fn actor(context: &Context<'_>, scope: Scope, actor: ActorId) -> Option<Result<Actor>> {
    (actor != ActorId(0)).then(|| named(context, scope, actor, Actor::load))
}
