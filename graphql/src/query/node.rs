//! Anything by its global id.

use async_graphql::{ID, Interface};
use soticket_schema::event::v1::DenialReason;

use crate::access::{Principal, Role};
use crate::core::Core;
use crate::ids::{self, Numbered};
use crate::input::Scope;
use crate::types::{
    Actor, Card, CardType, Channel, CommissionRule, Gate, Hall, Hold, Method, Order, Organisation, Pack,
    Party, Product, ProviderPlan, Purpose, Season, Show, StoredValue, Tariff, Ticket, TillSession, Webhook,
    Zone, viewer,
};

/// Anything that has a global id.
#[expect(
    clippy::large_enum_variant,
    reason = "the library's interfaces hold their types as they are, a few at a time"
)]
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
pub(crate) enum Node {
    /// An organisation.
    Organisation(Organisation),
    /// An actor.
    Actor(Actor),
    /// A gate.
    Gate(Gate),
    /// A season.
    Season(Season),
    /// A hall.
    Hall(Hall),
    /// A zone.
    Zone(Zone),
    /// A show.
    Show(Show),
    /// A tariff.
    Tariff(Tariff),
    /// A channel.
    Channel(Channel),
    /// A way of paying.
    Method(Method),
    /// A pack.
    Pack(Pack),
    /// A product.
    Product(Product),
    /// A kind of subscriber card.
    CardType(CardType),
    /// A subscriber card.
    Card(Card),
    /// A gift card or voucher.
    StoredValue(StoredValue),
    /// A party that may earn commissions.
    Party(Party),
    /// A commission.
    CommissionRule(CommissionRule),
    /// A payment provider's plan.
    ProviderPlan(ProviderPlan),
    /// A purpose that persons can agree to.
    Purpose(Purpose),
    /// A hold.
    Hold(Hold),
    /// An order.
    Order(Order),
    /// A ticket.
    Ticket(Ticket),
    /// A till session.
    TillSession(TillSession),
    /// A webhook.
    Webhook(Webhook),
}

impl Node {
    /// What an id names; none if nothing.
    pub(super) fn load(core: &Core, principal: &Principal, id: &ID) -> Option<Self> {
        let viewer = viewer::of(principal);
        let named = |organisation| {
            let named = principal.names(organisation);
            if !named {
                principal.denied(core, DenialReason::OrganisationNotAllowed);
            }
            named.then_some(organisation)
        };
        if let Some(organisation) = ids::organisation(id) {
            return Organisation::load(core, named(organisation)?, viewer).map(Self::Organisation);
        }
        let parts = ids::parts(id)?;
        let organisation = named(parts.organisation)?;
        if principal.role == Role::CooperativeAdministrator {
            // Of members it sees the heads of their logs: not even what there is besides.
            return None;
        }
        let currency = core.currency(organisation)?;
        Self::of_kind(core, &parts.kind, id, Scope { organisation, currency, viewer, moment: None })
    }

    fn of_kind(core: &Core, kind: &str, id: &ID, scope: Scope) -> Option<Self> {
        let found = Found { core, id, scope };
        match kind {
            "Actor" => found.load(Actor::load).map(Self::Actor),
            "Gate" => found.load(Gate::load).map(Self::Gate),
            "Season" => found.load(Season::load).map(Self::Season),
            "Hall" => found.load(Hall::load).map(Self::Hall),
            "Zone" => found.load(Zone::load).map(Self::Zone),
            "Show" => found.load(Show::load).map(Self::Show),
            "Tariff" => found.load(Tariff::load).map(Self::Tariff),
            "Channel" => found.load(Channel::load).map(Self::Channel),
            "Method" => found.load(Method::load).map(Self::Method),
            "Pack" => found.load(Pack::load).map(Self::Pack),
            "Product" => found.load(Product::load).map(Self::Product),
            "CardType" => found.load(CardType::load).map(Self::CardType),
            "Card" => found.load(Card::load).map(Self::Card),
            "StoredValue" => found.load(StoredValue::load).map(Self::StoredValue),
            "Party" => found.load(Party::load).map(Self::Party),
            "CommissionRule" => found.load(CommissionRule::load).map(Self::CommissionRule),
            "ProviderPlan" => found.load(ProviderPlan::load).map(Self::ProviderPlan),
            "Purpose" => found.load(Purpose::load).map(Self::Purpose),
            "Hold" => found.load(Hold::load).map(Self::Hold),
            "Order" => found.load(Order::load).map(Self::Order),
            "Ticket" => found.load(Ticket::load).map(Self::Ticket),
            "TillSession" => found.load(TillSession::load).map(Self::TillSession),
            "Webhook" => found.load(Webhook::load).map(Self::Webhook),
            _ => None,
        }
    }
}

/// An id whose organisation exists.
struct Found<'a> {
    core: &'a Core,
    id: &'a ID,
    scope: Scope,
}

impl Found<'_> {
    fn load<I: Numbered, O>(&self, load: impl FnOnce(&Core, Scope, I) -> Option<O>) -> Option<O> {
        load(self.core, self.scope, ids::local(self.scope.organisation, self.id)?)
    }
}
