//! Live sales.

use async_graphql::{ID, InputObject, OneofObject};
use soticket_schema::command::{ItemRequest, PlaceOrder, TicketRequest};
use soticket_schema::event::v1::ItemKind;
use soticket_schema::{CommandBody, Rejection};

use super::pack::PackInput;
use super::places::seat_id;
use super::rights::EntitlementsInput;
use super::scope::{LegInput, PersonInput};
use super::{Caller, CommandInput, Scope};
use crate::scalar::Decimal;
use crate::types::enums::{CompReason, FeeKind};

/// Input of `orderPlace`.
#[derive(InputObject)]
pub(crate) struct OrderPlaceInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Where it is sold.
    channel: ID,
    /// Till or point of sale.
    #[graphql(default)]
    seller: String,
    /// Who buys, if known.
    buyer: Option<PersonInput>,
    /// Holds to use up, whole: the tickets must take exactly their places.
    #[graphql(default)]
    holds: Vec<ID>,
    /// Tickets, one each.
    #[graphql(default)]
    tickets: Vec<TicketInput>,
    /// Products and fees.
    #[graphql(default)]
    items: Vec<ItemInput>,
    /// Packs, one each.
    #[graphql(default)]
    packs: Vec<PackInput>,
    /// What it uses of what was paid before, and what it issues besides tickets.
    #[graphql(default)]
    entitlements: EntitlementsInput,
    /// How it is paid now: empty for an order that stays unpaid, else exactly the total.
    #[graphql(default)]
    payment: Vec<LegInput>,
}

/// A ticket to be sold.
#[derive(InputObject)]
pub(crate) struct TicketInput {
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The seat where they are numbered, by its index in the zone's list of seats.
    seat: Option<i32>,
    /// The tariff.
    tariff: ID,
    /// The price that the buyer was shown, if it is to be checked against the tariff's.
    price: Option<Decimal>,
    /// Why it is free, for a free tariff.
    comp: Option<CompReason>,
}

/// A product or fee to be sold.
#[derive(InputObject)]
pub(crate) struct ItemInput {
    /// What it is.
    kind: ItemKindInput,
    /// The show that it belongs to, if any.
    show: Option<ID>,
    /// Price with VAT.
    price: Decimal,
    /// VAT rate, in percent.
    vat: Decimal,
    /// VAT of the price as the system that sold it worked it out; absent where the ledger works it out.
    stated_vat: Option<Decimal>,
    /// The ticket that it came with: its place among the input's tickets, from 0.
    ticket: Option<i32>,
}

/// What an item is.
#[derive(OneofObject)]
pub(crate) enum ItemKindInput {
    /// A product.
    Product(ID),
    /// A fee of the order.
    Fee(FeeKind),
}

impl CommandInput for OrderPlaceInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let pack = |(place, pack): (usize, &PackInput)| pack.request(place, scope);
        Ok(CommandBody::PlaceOrder(PlaceOrder {
            channel: scope.id(&self.channel),
            seller: self.seller,
            buyer: self.buyer.map(Into::into),
            holds: scope.list(&self.holds),
            tickets: tickets(&self.tickets, scope)?,
            items: items(&self.items, scope)?,
            payment: scope.legs(&self.payment, "payment")?,
            packs: self.packs.iter().enumerate().map(pack).collect::<Result<_, _>>()?,
            entitlements: self.entitlements.entitlements(scope)?,
        }))
    }
}

impl TicketInput {
    fn request(&self, place: usize, scope: &Scope) -> Result<TicketRequest, Rejection> {
        let price = match &self.price {
            Some(price) => Some(scope.amount(price, || format!("tickets.{place}.price"))?),
            None => None,
        };
        Ok(TicketRequest {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            seat: self.seat.map(seat_id),
            tariff: scope.id(&self.tariff),
            price,
            comp: self.comp.map(Into::into),
        })
    }
}

/// Tickets of a sale or exchange.
pub(super) fn tickets(tickets: &[TicketInput], scope: &Scope) -> Result<Vec<TicketRequest>, Rejection> {
    tickets.iter().enumerate().map(|(place, ticket)| ticket.request(place, scope)).collect()
}

/// Items of a live or reported sale.
pub(super) fn items(items: &[ItemInput], scope: &Scope) -> Result<Vec<ItemRequest>, Rejection> {
    items.iter().enumerate().map(|(place, item)| item.request(place, scope)).collect()
}

impl ItemInput {
    fn request(&self, place: usize, scope: &Scope) -> Result<ItemRequest, Rejection> {
        let stated_vat = match &self.stated_vat {
            Some(vat) => Some(scope.amount(vat, || format!("items.{place}.stated_vat"))?),
            None => None,
        };
        Ok(ItemRequest {
            kind: match &self.kind {
                ItemKindInput::Product(product) => ItemKind::Product(scope.id(product)),
                ItemKindInput::Fee(fee) => ItemKind::Fee((*fee).into()),
            },
            show: scope.optional(self.show.as_ref()),
            price: scope.amount(&self.price, || format!("items.{place}.price"))?,
            vat: scope.rate(&self.vat, || format!("items.{place}.vat"))?,
            stated_vat,
            // Beyond the range there is no ticket: the decision refuses it.
            ticket: self.ticket.map(|ticket| u16::try_from(ticket).unwrap_or(u16::MAX)),
        })
    }
}
