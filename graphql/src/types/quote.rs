//! What an order would come to.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_projections::orders;
use soticket_schema::event::v1::ItemKind;
use soticket_schema::{Amount, Event};

use super::commission_totals::{SaleCommission, sale_commissions};
use super::enums::{CompReason, FeeKind};
use super::lookup::named;
use super::{Product, Show, Tariff, Zone, order};
use crate::access::Principal;
use crate::core::Core;
use crate::input::{OrderPlaceInput, Scope};
use crate::money::Money;
use crate::mutation::{accepted, requested};
use crate::scalar::Decimal;
use crate::user_error::UserError;

/// Answer of `orderQuote`.
#[derive(SimpleObject)]
pub(crate) struct OrderQuotePayload {
    /// What it would come to; null if it would be refused.
    quote: Option<OrderQuote>,
    /// Why it would be refused.
    user_errors: Vec<UserError>,
}

impl OrderQuotePayload {
    /// Has the order decided and forgets it.
    pub(crate) async fn of(context: &Context<'_>, input: OrderPlaceInput) -> Result<Self> {
        let core = Core::of(context)?;
        let (scope, command) = requested(core, Principal::of(context)?, input);
        let answer = match command {
            Ok(command) => core.ledger.decide_only(command).await,
            Err(rejection) => Err(rejection.into()),
        };
        Ok(match accepted(answer)? {
            Ok(events) => Self { quote: OrderQuote::of(scope, &events), user_errors: Vec::new() },
            Err(rejection) => Self { quote: None, user_errors: vec![rejection.into()] },
        })
    }
}

/// What an order would come to.
struct OrderQuote {
    scope: Scope,
    tickets: Vec<QuotedTicket>,
    items: Vec<QuotedItem>,
    commissions: Vec<orders::Commission>,
}

impl OrderQuote {
    fn of(scope: Scope, events: &[Event]) -> Option<Self> {
        let lines = events.iter().find_map(|event| match event {
            Event::OrderPlaced(placed) => Some(&placed.lines),
            _ => None,
        })?;
        let ticket = |line| order::ticket(line, lines.order, lines.channel);
        let mut tickets: Vec<orders::Ticket> = lines.tickets.iter().map(ticket).collect();
        let mut commissions = Vec::new();
        for event in events {
            if let Event::CommissionsCharged(charged) = event {
                order::charge(&mut tickets, &mut commissions, charged);
            }
        }
        Some(Self {
            scope,
            tickets: tickets.into_iter().map(|ticket| QuotedTicket { scope, ticket }).collect(),
            items: lines.items.iter().map(|line| QuotedItem { scope, item: order::item(line) }).collect(),
            commissions,
        })
    }
}

/// What an order would come to.
#[Object]
impl OrderQuote {
    /// What the buyer would pay: face prices, fees on top and items.
    async fn total(&self) -> Money {
        let tickets: Amount = self.tickets.iter().map(|quoted| quoted.ticket.price + quoted.ticket.fee).sum();
        self.scope.money(tickets + self.items.iter().map(|quoted| quoted.item.price).sum())
    }

    /// Face prices alone.
    async fn face(&self) -> Money {
        self.scope.money(self.tickets.iter().map(|quoted| quoted.ticket.price).sum())
    }

    /// Tickets, those of packs next, in the order of the input.
    async fn tickets(&self) -> &[QuotedTicket] {
        &self.tickets
    }

    /// Products and fees; with those that commissions of the whole order add.
    async fn items(&self) -> &[QuotedItem] {
        &self.items
    }

    /// Commissions of the whole order.
    async fn commissions(&self) -> Vec<SaleCommission> {
        sale_commissions(self.scope, &self.commissions)
    }
}

/// One ticket of a quote.
struct QuotedTicket {
    scope: Scope,
    ticket: orders::Ticket,
}

/// One ticket of a quote: the face price, what comes on top of it and each commission are figures of their own.
#[Object]
impl QuotedTicket {
    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.ticket.show, Show::load)
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.ticket.zone, Zone::load)
    }

    /// The tariff.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.ticket.tariff, Tariff::load)
    }

    /// Face price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.ticket.price)
    }

    /// VAT rate of the face price, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.ticket.vat)
    }

    /// Fee on top, with VAT.
    async fn fee(&self) -> Money {
        self.scope.money(self.ticket.fee)
    }

    /// Face price and fee: what the buyer pays for it.
    async fn total(&self) -> Money {
        self.scope.money(self.ticket.price + self.ticket.fee)
    }

    /// Why it is free.
    async fn comp(&self) -> Option<CompReason> {
        self.ticket.comp.map(Into::into)
    }

    /// Its commissions: those that the buyer pays are within the fee.
    async fn commissions(&self) -> Vec<SaleCommission> {
        sale_commissions(self.scope, &self.ticket.commissions)
    }

    /// Whether its commissions come to more than the cap.
    async fn over_cap(&self) -> bool {
        self.ticket.over_cap
    }
}

/// One item of a quote.
struct QuotedItem {
    scope: Scope,
    item: orders::Item,
}

/// One item of a quote: a product or a fee.
#[Object]
impl QuotedItem {
    /// The product; null for a fee.
    async fn product(&self, context: &Context<'_>) -> Option<Result<Product>> {
        match self.item.kind {
            ItemKind::Product(product) => Some(named(context, self.scope, product, Product::load)),
            ItemKind::Fee(_) => None,
        }
    }

    /// What kind of fee it is; null for a product.
    async fn fee(&self) -> Option<FeeKind> {
        match self.item.kind {
            ItemKind::Product(_) => None,
            ItemKind::Fee(fee) => Some(fee.into()),
        }
    }

    /// Price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.item.price)
    }

    /// VAT rate, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.item.vat)
    }
}
