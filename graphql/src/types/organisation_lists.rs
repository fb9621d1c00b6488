//! What belongs to an organisation: definitions, orders, customers, events.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::{OrganisationViews, catalogue, customers};
use soticket_schema::event::v1::StoredValueKind;

use super::customer::CustomerKey;
use super::deal_catalogue::{LawRate, Work};
use super::lookup::asked;
use super::order_filter::{self, OrderFilter};
use super::season::{self, ShowFilter, Wanted};
use super::{
    Actor, Card, CardType, Channel, CodeKey, CommissionRule, Customer, DeviceCredential, EntryRules, Gate,
    Hall, Hold, LogEvent, Method, Order, Pack, Party, Product, ProviderPlan, Season, Show, StoredValue,
    StoredValueSummary, Tariff, Ticket, Token, event_pages, viewer,
};
use crate::core::Core;
use crate::error::internal;
use crate::ids;
use crate::input::Scope;
use crate::paging::{EventKey, Nodes, OrderKey, Page, ShowKey, TicketKey};
use crate::personal::Shown;
use crate::scalar::Decimal;
use crate::schema::page_cost;

/// What belongs to an organisation.
pub(super) struct OrganisationLists {
    pub(super) scope: Scope,
}

impl OrganisationLists {
    fn look<R>(&self, context: &Context<'_>, look: impl FnOnce(&OrganisationViews) -> R) -> Result<R> {
        Core::of(context)?.expect(self.scope, |views| Some(look(views)))
    }
}

#[Object]
impl OrganisationLists {
    /// Its halls.
    async fn halls(&self, context: &Context<'_>) -> Result<Vec<Hall>> {
        let hall = |info: &catalogue::HallInfo| Hall::new(self.scope, info.clone());
        self.look(context, |views| views.catalogue.halls().map(hall).collect())
    }

    /// Its gates.
    async fn gates(&self, context: &Context<'_>) -> Result<Vec<Gate>> {
        self.look(context, |views| {
            let gates = views.catalogue.gates();
            gates.map(|(gate, name)| Gate::new(self.scope, gate, name.to_owned())).collect()
        })
    }

    /// Its channels, closed ones included.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let channel = |info: &catalogue::ChannelInfo| Channel::new(self.scope, info.clone());
        self.look(context, |views| views.catalogue.channels().map(channel).collect())
    }

    /// Its ways of paying.
    async fn methods(&self, context: &Context<'_>) -> Result<Vec<Method>> {
        self.look(context, |views| {
            let methods = views.catalogue.methods();
            methods.map(|(method, info)| Method::new(self.scope, method, info.clone())).collect()
        })
    }

    /// Parties that may earn commissions.
    async fn parties(&self, context: &Context<'_>) -> Result<Vec<Party>> {
        self.look(context, |views| {
            views.catalogue.parties().map(|party| Party::new(self.scope, party.clone())).collect()
        })
    }

    /// The dated rates of taxes and societies that it has set, oldest first: of two for one date the later counts.
    async fn dated_rates(&self, context: &Context<'_>) -> Result<Vec<LawRate>> {
        self.look(context, |views| views.deals.rates().all().iter().map(LawRate::own).collect())
    }

    /// Works whose paid performances are counted.
    async fn works(&self, context: &Context<'_>) -> Result<Vec<Work>> {
        self.look(context, |views| {
            views.deals.works().iter().map(|work| Work::new(self.scope, work)).collect()
        })
    }

    /// Its commissions, ended ones included.
    async fn commissions(&self, context: &Context<'_>) -> Result<Vec<CommissionRule>> {
        self.look(context, |views| {
            let rules = views.catalogue.commissions().iter();
            rules.map(|rule| CommissionRule::new(self.scope, rule.clone())).collect()
        })
    }

    /// The share of the face price above which commissions are flagged, in percent.
    async fn commission_cap(&self, context: &Context<'_>) -> Result<Decimal> {
        self.look(context, |views| Decimal::percent(views.catalogue.commissions().cap()))
    }

    /// Plans that payment providers charge by, ended ones included.
    async fn provider_plans(&self, context: &Context<'_>) -> Result<Vec<ProviderPlan>> {
        self.look(context, |views| {
            views.catalogue.plans().map(|plan| ProviderPlan::new(self.scope, plan.clone())).collect()
        })
    }

    /// Its packs.
    async fn packs(&self, context: &Context<'_>) -> Result<Vec<Pack>> {
        self.look(context, |views| {
            let packs = views.catalogue.packs();
            packs.map(|(pack, terms)| Pack::new(self.scope, pack, terms.clone())).collect()
        })
    }

    /// Its kinds of subscriber cards.
    async fn card_types(&self, context: &Context<'_>) -> Result<Vec<CardType>> {
        self.look(context, |views| {
            let types = views.catalogue.card_types();
            types.map(|(card_type, terms)| CardType::new(self.scope, card_type, terms.clone())).collect()
        })
    }

    /// The subscriber card with this code.
    async fn card_by_code(&self, context: &Context<'_>, code: String) -> Option<Result<Card>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let hash = core.ledger.code_hash(self.scope.organisation, &code);
        let card = core.view(self.scope, |views| views.rights.card_by_code(hash).cloned())?;
        Some(Ok(Card::new(self.scope, card)))
    }

    /// The gift card or voucher with this code.
    async fn stored_value_by_code(&self, context: &Context<'_>, code: String) -> Option<Result<StoredValue>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let hash = core.ledger.code_hash(self.scope.organisation, &code);
        let value = core.view(self.scope, |views| views.rights.stored_value_by_code(hash).cloned())?;
        Some(Ok(StoredValue::new(self.scope, value)))
    }

    /// Its gift cards and vouchers together: what was issued is spent, left or lapsed.
    async fn stored_values(&self, context: &Context<'_>) -> Result<Vec<StoredValueSummary>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let kinds = [StoredValueKind::GiftCard, StoredValueKind::Voucher];
        let summary = |views: &OrganisationViews, kind| {
            StoredValueSummary::new(self.scope, kind, views.rights.totals(kind))
        };
        self.look(context, |views| kinds.map(|kind| summary(views, kind)).into())
    }

    /// Its seasons.
    async fn seasons(&self, context: &Context<'_>) -> Result<Vec<Season>> {
        self.look(context, |views| {
            let seasons = views.catalogue.seasons();
            seasons.map(|(season, terms)| Season::new(self.scope, season, terms.clone())).collect()
        })
    }

    /// Its products.
    async fn products(&self, context: &Context<'_>) -> Result<Vec<Product>> {
        self.look(context, |views| {
            let products = views.catalogue.products();
            products.map(|(product, info)| Product::new(self.scope, product, info.clone())).collect()
        })
    }

    /// Its keys that ticket codes are signed with, retired ones included.
    async fn code_keys(&self, context: &Context<'_>) -> Result<Vec<CodeKey>> {
        let key = |info: &catalogue::CodeKeyInfo| CodeKey::new(self.scope, *info);
        self.look(context, |views| views.catalogue.access().keys().map(key).collect())
    }

    /// Its devices' credentials, ended ones included.
    async fn device_credentials(&self, context: &Context<'_>) -> Result<Vec<DeviceCredential>> {
        let credential = |info: &catalogue::CredentialInfo| DeviceCredential::new(self.scope, *info);
        self.look(context, |views| views.catalogue.access().credentials().map(credential).collect())
    }

    /// The tokens that it has given out, ended ones included.
    async fn tokens(&self, context: &Context<'_>) -> Result<Vec<Token>> {
        let token = |info: &catalogue::TokenInfo| Token::new(self.scope, info.clone());
        self.look(context, |views| views.catalogue.access().tokens().map(token).collect())
    }

    /// When and how often tickets enter, for shows of which nothing else is said.
    async fn entry_rules(&self, context: &Context<'_>) -> Option<Result<EntryRules>> {
        match Core::of(context) {
            Ok(core) => EntryRules::load(core, self.scope, None).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Its actors.
    async fn actors(&self, context: &Context<'_>) -> Result<Vec<Actor>> {
        let actor = |info: &catalogue::ActorInfo| Actor::new(self.scope, info.clone());
        self.look(context, |views| views.catalogue.actors().map(actor).collect())
    }

    /// One of its shows.
    async fn show(&self, context: &Context<'_>, id: ID) -> Option<Result<Show>> {
        asked(context, self.scope, &id, Show::load)
    }

    /// The show with this reference of the venue.
    async fn show_by_reference(&self, context: &Context<'_>, reference: String) -> Option<Result<Show>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let info = core.view(self.scope, |views| views.catalogue.show_by_reference(&reference).cloned())?;
        Some(Ok(Show::new(self.scope, info)))
    }

    /// One of its tariffs.
    async fn tariff(&self, context: &Context<'_>, id: ID) -> Option<Result<Tariff>> {
        asked(context, self.scope, &id, Tariff::load)
    }

    /// One of its orders.
    async fn order(&self, context: &Context<'_>, id: ID) -> Option<Result<Order>> {
        asked(context, self.scope, &id, Order::load)
    }

    /// One of its tickets.
    async fn ticket(&self, context: &Context<'_>, id: ID) -> Option<Result<Ticket>> {
        asked(context, self.scope, &id, Ticket::load)
    }

    /// One of its active holds.
    async fn hold(&self, context: &Context<'_>, id: ID) -> Option<Result<Hold>> {
        asked(context, self.scope, &id, Hold::load)
    }

    /// One of its customers.
    async fn customer(&self, context: &Context<'_>, id: ID) -> Option<Result<Customer>> {
        let subject = ids::local_customer(self.scope.organisation, &id)?;
        let core = match Core::of(context).and_then(|core| viewer::sees_all(core, self.scope).map(|()| core))
        {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        Customer::load(core, self.scope, subject).map(Ok)
    }

    /// The customer with this e-mail.
    async fn customer_by_email(&self, context: &Context<'_>, email: String) -> Option<Result<Customer>> {
        let core = match Core::of(context).and_then(|core| viewer::sees_all(core, self.scope).map(|()| core))
        {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let subject = match core.ledger.subject(self.scope.organisation, &email) {
            Ok(subject) => subject?,
            Err(error) => return Some(Err(internal(error))),
        };
        // Whoever finds somebody has learnt that they are known here.
        if let Err(error) = Shown::add(context, self.scope, subject) {
            return Some(Err(error));
        }
        Customer::load(core, self.scope, subject).map(Ok)
    }

    /// Its shows, by number: all of them, or those that a filter lets through.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn shows(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filter: Option<ShowFilter>,
    ) -> Result<Nodes<Show>> {
        let page = Page::<ShowKey>::new(first, after, last, before)?;
        let wanted = filter.map_or_else(Wanted::default, |filter| filter.wanted(self.scope));
        self.look(context, |views| season::shows(self.scope, &views.catalogue, &wanted, &page))
    }

    /// Its orders, by number: all of them, or those that a filter lets through.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn orders(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
        filter: Option<OrderFilter>,
    ) -> Result<Nodes<Order>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<OrderKey>::new(first, after, last, before)?;
        self.look(context, |views| {
            let orders = &views.orders;
            let back = |before, limit| orders.list_back(before, limit);
            order_filter::page(self.scope, &page, filter, |after, limit| orders.list(after, limit), back)
        })
    }

    /// Its tickets, by number.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn tickets(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<Ticket>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<TicketKey>::new(first, after, last, before)?;
        self.look(context, |views| Ticket::of_organisation(self.scope, &views.orders, &page))
    }

    /// Its known customers, by reference.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn customers(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<Customer>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<CustomerKey>::new(first, after, last, before)?;
        let row = |customer: customers::Customer| {
            Some((CustomerKey(customer.subject?), Customer::new(self.scope, customer)))
        };
        self.look(context, |views| {
            let customers = &views.customers;
            page.fill(
                |after, limit| {
                    customers.list(after.map(|key| key.0), limit).into_iter().filter_map(row).collect()
                },
                |before, limit| {
                    // The read model lists forward only: going backward costs as much as there are customers.
                    let all = customers.list(None, usize::MAX).into_iter().rev().filter_map(row);
                    all.filter(|(key, _)| before.is_none_or(|before| *key < before)).take(limit).collect()
                },
            )
        })
    }

    /// All orders without a known buyer, as if one customer had placed them.
    async fn anonymous_customers(&self, context: &Context<'_>) -> Result<Customer> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        self.look(context, |views| Customer::new(self.scope, views.customers.anonymous()))
    }

    /// Its log.
    #[graphql(complexity = "page_cost(first, last) * child_complexity")]
    async fn events(
        &self,
        context: &Context<'_>,
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Nodes<LogEvent>> {
        viewer::sees_all(Core::of(context)?, self.scope)?;
        let page = Page::<EventKey>::new(first, after, last, before)?;
        let scope = self.scope;
        Core::of(context)?.blocking(move |core| event_pages::whole(core, scope, &page)).await
    }
}
