//! What an order would come to.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_projections::orders;
use soticket_schema::event::v1::{CommissionsCharged, ItemKind, ItemLine, TicketLine};
use soticket_schema::{Amount, Event};

use super::commission_totals::{SaleCommission, sale_commissions};
use super::enums::{CompReason, FeeKind};
use super::lookup::named;
use super::{Product, Show, Tariff, Zone};
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
        let (scope, command) = requested(core, input);
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
        let tickets = lines.tickets.iter().map(|line| QuotedTicket::new(scope, line.clone()));
        let items = lines.items.iter().map(|line| QuotedItem { scope, line: *line });
        let mut quote =
            Self { scope, tickets: tickets.collect(), items: items.collect(), commissions: Vec::new() };
        for event in events {
            if let Event::CommissionsCharged(charged) = event {
                quote.charge(charged);
            }
        }
        Some(quote)
    }

    fn charge(&mut self, charged: &CommissionsCharged) {
        let mut by_ticket = orders::commissions_by_ticket(&charged.lines);
        for ticket in &mut self.tickets {
            ticket.commissions.extend(by_ticket.remove(&ticket.line.ticket).unwrap_or_default());
            ticket.over_cap |= charged.over_cap.contains(&ticket.line.ticket);
        }
        let whole = charged.lines.iter().filter(|line| line.tickets.is_empty());
        self.commissions.extend(whole.map(orders::Commission::of));
    }
}

/// What an order would come to.
#[Object]
impl OrderQuote {
    /// What the buyer would pay: face prices, fees on top and items.
    async fn total(&self) -> Money {
        let tickets: Amount = self.tickets.iter().map(|ticket| ticket.line.price + ticket.line.fee).sum();
        self.scope.money(tickets + self.items.iter().map(|item| item.line.price).sum())
    }

    /// Face prices alone.
    async fn face(&self) -> Money {
        self.scope.money(self.tickets.iter().map(|ticket| ticket.line.price).sum())
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
    line: TicketLine,
    commissions: Vec<orders::Commission>,
    over_cap: bool,
}

impl QuotedTicket {
    fn new(scope: Scope, line: TicketLine) -> Self {
        Self { scope, line, commissions: Vec::new(), over_cap: false }
    }
}

/// One ticket of a quote: the face price, what comes on top of it and each commission are figures of their own.
#[Object]
impl QuotedTicket {
    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.line.show, Show::load)
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.line.zone, Zone::load)
    }

    /// The tariff.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.line.tariff, Tariff::load)
    }

    /// Face price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.line.price)
    }

    /// VAT rate of the face price, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.line.vat)
    }

    /// Fee on top, with VAT.
    async fn fee(&self) -> Money {
        self.scope.money(self.line.fee)
    }

    /// Face price and fee: what the buyer pays for it.
    async fn total(&self) -> Money {
        self.scope.money(self.line.price + self.line.fee)
    }

    /// Why it is free.
    async fn comp(&self) -> Option<CompReason> {
        self.line.comp.map(Into::into)
    }

    /// Its commissions: those that the buyer pays are within the fee.
    async fn commissions(&self) -> Vec<SaleCommission> {
        sale_commissions(self.scope, &self.commissions)
    }

    /// Whether its commissions come to more than the cap.
    async fn over_cap(&self) -> bool {
        self.over_cap
    }
}

/// One item of a quote.
struct QuotedItem {
    scope: Scope,
    line: ItemLine,
}

/// One item of a quote: a product or a fee.
#[Object]
impl QuotedItem {
    /// The product; null for a fee.
    async fn product(&self, context: &Context<'_>) -> Option<Result<Product>> {
        match self.line.kind {
            ItemKind::Product(product) => Some(named(context, self.scope, product, Product::load)),
            ItemKind::Fee(_) => None,
        }
    }

    /// What kind of fee it is; null for a product.
    async fn fee(&self) -> Option<FeeKind> {
        match self.line.kind {
            ItemKind::Product(_) => None,
            ItemKind::Fee(fee) => Some(fee.into()),
        }
    }

    /// Price with VAT.
    async fn price(&self) -> Money {
        self.scope.money(self.line.price)
    }

    /// VAT rate, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.line.vat)
    }
}
