//! Sales and cancellations elsewhere, as they are reported.

use bincode::Encode;
use serde::Serialize;

use super::order::ItemRequest;
use super::refund::TicketToCancel;
use super::{CodeText, Person};
use crate::event::v1::{CancelReason, CompReason, Leg, PackShare, ReportSource};
use crate::ids::{ChannelId, ItemId, OrderId, SeatId, ShowId, TariffId, TicketId, ZoneId};
use crate::money::{Amount, Rate};

/// See [`super::CommandBody::ReportSale`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReportSale {
    /// Where it comes from.
    pub source: ReportSource,
    /// An order to add the lines to; none for a new one.
    pub order: Option<OrderId>,
    /// Where it was sold.
    pub channel: ChannelId,
    /// Till or point of sale; may be empty.
    pub seller: String,
    /// Who bought, if known.
    pub buyer: Option<Person>,
    /// Tickets, one each.
    pub tickets: Vec<ReportedTicket>,
    /// Products and fees.
    pub items: Vec<ItemRequest>,
    /// How it was paid at once; empty if it was not.
    pub payment: Vec<Leg>,
}

/// A ticket that was sold elsewhere, as reported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReportedTicket {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// The tariff.
    pub tariff: TariffId,
    /// Face price.
    pub price: Amount,
    /// Fee on top, with VAT.
    pub fee: Amount,
    /// VAT rate of the face price.
    pub vat: Rate,
    /// VAT of the face price as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
    /// VAT rate of the fee.
    pub fee_vat: Rate,
    /// The pack that it is a share of.
    pub pack: Option<PackShare>,
    /// Why it is free.
    pub comp: Option<CompReason>,
    /// The ticket that it stands for after an exchange.
    pub replaces: Option<TicketId>,
    /// Its codes; a house code is made when there are none.
    pub codes: Vec<CodeText>,
}

/// See [`super::CommandBody::ReportCancellation`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ReportCancellation {
    /// Where it comes from.
    pub source: ReportSource,
    /// The order.
    pub order: OrderId,
    /// Tickets.
    pub tickets: Vec<TicketToCancel>,
    /// Products and fees.
    pub items: Vec<ItemId>,
    /// Why.
    pub reason: CancelReason,
    /// Money returned with it; empty for none.
    pub refund: Vec<Leg>,
}
