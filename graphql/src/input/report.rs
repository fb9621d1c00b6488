//! Sales and cancellations that happened elsewhere.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CodeText, ReportCancellation, ReportSale, ReportedTicket};
use soticket_schema::event::v1::PackShare;
use soticket_schema::{Amount, CommandBody, Rate, Rejection, RejectionCode, Timestamp};

use super::order::{ItemInput, items};
use super::places::seat_id;
use super::refund::{TicketToCancelInput, tickets};
use super::scope::{LegInput, PersonInput};
use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::{CancelReason, CompReason, ReportSource, Symbology};

/// Input of `saleReport`.
#[derive(InputObject)]
pub(crate) struct SaleReportInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened.
    occurred_at: DateTime,
    /// Where it comes from.
    source: ReportSource,
    /// An order to add the lines to; absent for a new one.
    order: Option<ID>,
    /// Where it was sold.
    channel: ID,
    /// Till or point of sale.
    #[graphql(default)]
    seller: String,
    /// Who bought, if known.
    buyer: Option<PersonInput>,
    /// Tickets, one each.
    #[graphql(default)]
    tickets: Vec<ReportedTicketInput>,
    /// Products and fees.
    #[graphql(default)]
    items: Vec<ItemInput>,
    /// How it was paid at once; empty if it was not.
    #[graphql(default)]
    payment: Vec<LegInput>,
}

/// A ticket that was sold elsewhere.
#[derive(InputObject)]
pub(crate) struct ReportedTicketInput {
    /// The show.
    show: ID,
    /// The zone.
    zone: ID,
    /// The seat where they are numbered, by its index in the zone's list of seats.
    seat: Option<i32>,
    /// The tariff.
    tariff: ID,
    /// Face price.
    price: Decimal,
    /// Fee on top, with VAT; none if absent.
    fee: Option<Decimal>,
    /// VAT rate of the face price, in percent.
    vat: Decimal,
    /// VAT of the face price as the system that sold it worked it out; absent where the ledger works it out.
    stated_vat: Option<Decimal>,
    /// VAT rate of the fee, in percent.
    fee_vat: Option<Decimal>,
    /// The pack that it is a share of.
    pack: Option<PackShareInput>,
    /// Why it is free.
    comp: Option<CompReason>,
    /// The ticket that it stands for after an exchange.
    replaces: Option<ID>,
    /// Its codes; a house code is made when there are none.
    #[graphql(default)]
    codes: Vec<CodeInput>,
}

/// A share of a pack's price.
#[derive(InputObject)]
pub(crate) struct PackShareInput {
    /// Price of the whole pack.
    pack_price: Decimal,
    /// Weight of this show.
    weight: i32,
    /// Sum of the weights of all shows of the pack.
    weights: i32,
}

/// A ticket code. Kept in the vault, never in the log.
#[derive(InputObject)]
pub(crate) struct CodeInput {
    /// The code as it is read from the ticket.
    text: String,
    /// How it is drawn.
    #[graphql(default_with = "Symbology::Unknown")]
    symbology: Symbology,
}

impl CommandInput for SaleReportInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        Some(self.occurred_at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let ticket = |(place, ticket): (usize, ReportedTicketInput)| ticket.reported(place, scope);
        Ok(CommandBody::ReportSale(ReportSale {
            source: self.source.into(),
            order: scope.optional(self.order.as_ref()),
            channel: scope.id(&self.channel),
            seller: self.seller,
            buyer: self.buyer.map(Into::into),
            tickets: self.tickets.into_iter().enumerate().map(ticket).collect::<Result<_, _>>()?,
            items: items(&self.items, scope)?,
            payment: scope.legs(&self.payment, "payment")?,
        }))
    }
}

impl ReportedTicketInput {
    fn reported(self, place: usize, scope: &Scope) -> Result<ReportedTicket, Rejection> {
        let field = |name: &str| format!("tickets.{place}.{name}");
        let fee = match &self.fee {
            Some(fee) => scope.amount(fee, || field("fee"))?,
            None => Amount::ZERO,
        };
        let fee_vat = match &self.fee_vat {
            Some(vat) => scope.rate(vat, || field("fee_vat"))?,
            None => Rate::ZERO,
        };
        let stated_vat = match &self.stated_vat {
            Some(vat) => Some(scope.amount(vat, || field("stated_vat"))?),
            None => None,
        };
        let code = |code: CodeInput| CodeText { text: code.text, symbology: code.symbology.into() };
        Ok(ReportedTicket {
            show: scope.id(&self.show),
            zone: scope.id(&self.zone),
            seat: self.seat.map(seat_id),
            tariff: scope.id(&self.tariff),
            price: scope.amount(&self.price, || field("price"))?,
            fee,
            vat: scope.rate(&self.vat, || field("vat"))?,
            stated_vat,
            fee_vat,
            pack: self.pack.map(|pack| pack.share(&field, scope)).transpose()?,
            comp: self.comp.map(Into::into),
            replaces: scope.optional(self.replaces.as_ref()),
            codes: self.codes.into_iter().map(code).collect(),
        })
    }
}

impl PackShareInput {
    fn share(&self, field: &impl Fn(&str) -> String, scope: &Scope) -> Result<PackShare, Rejection> {
        if self.weight < 0 {
            return Err(Rejection::new(RejectionCode::QuantityZero, field("pack.weight")));
        }
        if self.weights < self.weight.max(1) {
            return Err(Rejection::new(RejectionCode::QuantityZero, field("pack.weights")));
        }
        let pack_price = scope.amount(&self.pack_price, || field("pack.pack_price"))?;
        Ok(PackShare { pack_price, weight: self.weight.into(), weights: self.weights.into() })
    }
}

/// Input of `cancellationReport`.
#[derive(InputObject)]
pub(crate) struct CancellationReportInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened.
    occurred_at: DateTime,
    /// Where it comes from.
    source: ReportSource,
    /// The order.
    order: ID,
    /// Tickets.
    #[graphql(default)]
    tickets: Vec<TicketToCancelInput>,
    /// Products and fees.
    #[graphql(default)]
    items: Vec<ID>,
    /// Why.
    reason: CancelReason,
    /// Money returned with it; empty for none.
    #[graphql(default)]
    refund: Vec<LegInput>,
}

impl CommandInput for CancellationReportInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        Some(self.occurred_at.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReportCancellation(ReportCancellation {
            source: self.source.into(),
            order: scope.id(&self.order),
            tickets: tickets(&self.tickets, scope),
            items: scope.list(&self.items),
            reason: self.reason.into(),
            refund: scope.legs(&self.refund, "refund")?,
        }))
    }
}
