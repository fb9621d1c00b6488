//! Many sales at once: each line an order of tickets of one tariff. What most lines have in common is said once, so that
//! thousands of lines fit one request.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{PlaceOrder, TicketRequest};
use soticket_schema::event::v1::Leg;
use soticket_schema::ids::{ActorId, MethodId, ShowId, TariffId, ZoneId};
use soticket_schema::limits::ORDER_TICKETS_MAX;
use soticket_schema::{Command, CommandBody, Rejection, RejectionCode};

use super::places::seat_id;
use super::scope::PersonInput;
use super::{Caller, Scope};
use crate::scalar::Decimal;
use crate::types::enums::CompReason;

/// Most lines of one request.
pub(crate) const LINES_MAX: usize = 5_000;

/// Input of `ordersPlace`.
#[derive(InputObject)]
pub(crate) struct OrdersPlaceInput {
    #[graphql(flatten)]
    pub(crate) caller: Caller,
    /// Where everything is sold.
    channel: ID,
    /// Till or point of sale.
    #[graphql(default)]
    seller: String,
    /// The show of lines that name none.
    show: Option<ID>,
    /// The zone of lines that name none.
    zone: Option<ID>,
    /// The tariff of lines that name none.
    tariff: Option<ID>,
    /// How paid lines are paid, if they name no other way.
    method: Option<ID>,
    /// Whether all lines are sold or none is. Together they fit one append to the log: 1,000 events, of which an order has one
    /// or two, and 512 KiB.
    #[graphql(default)]
    pub(crate) all_or_nothing: bool,
    /// The orders, 1 to 5,000.
    pub(crate) lines: Vec<OrderLineInput>,
}

/// An order of tickets of one tariff.
#[derive(InputObject)]
pub(crate) struct OrderLineInput {
    /// A name of your choice for the line, of which each is one order for ever: repeated under the same idempotency key it is
    /// answered and not sold again. Its place among the lines if absent.
    reference: Option<String>,
    /// Who buys, if known.
    buyer: Option<PersonInput>,
    /// The show.
    show: Option<ID>,
    /// The zone.
    zone: Option<ID>,
    /// The tariff.
    tariff: Option<ID>,
    /// How many tickets: one, or as many as there are seats, if absent.
    quantity: Option<i32>,
    /// The seats where they are numbered, by their index in the zone's list of seats; one ticket each.
    #[graphql(default)]
    seats: Vec<i32>,
    /// The price that the buyer was shown, if it is to be checked against the tariff's.
    price: Option<Decimal>,
    /// Why the tickets are free, for a free tariff.
    comp: Option<CompReason>,
    /// What was paid, which must be exactly the total; the order stays unpaid if absent.
    paid: Option<Decimal>,
    /// How it was paid.
    method: Option<ID>,
}

/// What lines have in common, with its ids read once.
struct Common {
    scope: Scope,
    key: String,
    actor: ActorId,
    order: PlaceOrder,
    show: Option<ShowId>,
    zone: Option<ZoneId>,
    tariff: Option<TariffId>,
    method: Option<MethodId>,
}

impl OrdersPlaceInput {
    /// The command of every line, in order, with the name that the line is found by; or why there is none.
    pub(crate) fn commands(self, scope: Scope, actor: ActorId) -> Vec<(String, Result<Command, Rejection>)> {
        let order = PlaceOrder {
            channel: scope.id(&self.channel),
            seller: self.seller,
            buyer: None,
            holds: Vec::new(),
            tickets: Vec::new(),
            items: Vec::new(),
            payment: Vec::new(),
            packs: Vec::new(),
            entitlements: Default::default(),
        };
        let common = Common {
            scope,
            key: self.caller.idempotency_key.to_string(),
            actor,
            order,
            show: scope.optional(self.show.as_ref()),
            zone: scope.optional(self.zone.as_ref()),
            tariff: scope.optional(self.tariff.as_ref()),
            method: scope.optional(self.method.as_ref()),
        };
        self.lines.into_iter().enumerate().map(|(place, line)| common.line(place, line)).collect()
    }
}

impl Common {
    fn line(&self, place: usize, mut line: OrderLineInput) -> (String, Result<Command, Rejection>) {
        let reference = line.reference.take().unwrap_or_else(|| place.to_string());
        let command = self.order(line).map(|order| Command {
            organisation: self.scope.organisation,
            actor: self.actor,
            // Every line has a key of its own, so that a request that broke off is repeated as it was.
            key: format!("{}/{reference}", self.key),
            occurred_at: None,
            body: CommandBody::PlaceOrder(order),
        });
        (reference, command)
    }

    fn order(&self, line: OrderLineInput) -> Result<PlaceOrder, Rejection> {
        let seats = line.seats.len();
        let stated = line.quantity.map(|quantity| usize::try_from(quantity).unwrap_or(0));
        let quantity = stated.unwrap_or(seats.max(1));
        // Looked at before room is made for them: the decision would come too late.
        if quantity == 0 {
            return Err(Rejection::new(RejectionCode::QuantityZero, "quantity"));
        }
        if seats > 0 && quantity != seats {
            return Err(Rejection::new(RejectionCode::QuantityTooLarge, "quantity"));
        }
        if quantity > ORDER_TICKETS_MAX {
            return Err(Rejection::new(RejectionCode::ListTooLong, "quantity"));
        }
        let scope = &self.scope;
        let price = match &line.price {
            Some(price) => Some(scope.amount(price, || "price".to_owned())?),
            None => None,
        };
        let ticket = TicketRequest {
            show: scope.optional(line.show.as_ref()).or(self.show).unwrap_or(ShowId(u64::MAX)),
            zone: scope.optional(line.zone.as_ref()).or(self.zone).unwrap_or(ZoneId(u32::MAX)),
            tariff: scope.optional(line.tariff.as_ref()).or(self.tariff).unwrap_or(TariffId(u32::MAX)),
            seat: None,
            price,
            comp: line.comp.map(Into::into),
        };
        let mut order = self.order.clone();
        order.buyer = line.buyer.map(Into::into);
        order.tickets = match seats {
            0 => vec![ticket; quantity],
            _ => line
                .seats
                .iter()
                .map(|seat| TicketRequest { seat: Some(seat_id(*seat)), ..ticket.clone() })
                .collect(),
        };
        if let Some(paid) = &line.paid {
            let method = scope.optional(line.method.as_ref()).or(self.method).unwrap_or(MethodId(u32::MAX));
            order.payment = vec![Leg { method, amount: scope.amount(paid, || "paid".to_owned())? }];
        }
        Ok(order)
    }
}

/// The input's path for the field of a line's command.
pub(crate) fn line_path(place: usize, field: &str) -> String {
    let mut segments = field.split('.');
    let first = segments.next().unwrap_or_default();
    let last = segments.next_back();
    let own = match (first, last) {
        ("channel" | "seller", _) => return first.to_owned(),
        ("key" | "idempotencyKey", _) => "reference",
        ("tickets", Some(name @ ("show" | "zone" | "tariff" | "price" | "comp"))) => name,
        ("tickets", Some("seat")) => "seats",
        ("tickets", _) => "quantity",
        ("payment", Some("method")) => "method",
        ("payment", _) => "paid",
        ("buyer", Some(name)) => return format!("lines.{place}.buyer.{name}"),
        ("", _) => return format!("lines.{place}"),
        (other, _) => other,
    };
    format!("lines.{place}.{own}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_a_line_are_those_of_the_input() {
        let cases = [
            ("channel", "channel"),
            ("tickets.3.tariff", "lines.7.tariff"),
            ("tickets.3.seat", "lines.7.seats"),
            ("tickets", "lines.7.quantity"),
            ("payment.0.amount", "lines.7.paid"),
            ("payment", "lines.7.paid"),
            ("payment.0.method", "lines.7.method"),
            ("buyer.email", "lines.7.buyer.email"),
            ("idempotencyKey", "lines.7.reference"),
            ("quantity", "lines.7.quantity"),
            ("", "lines.7"),
        ];
        for (field, path) in cases {
            assert_eq!(line_path(7, field), path, "{field}");
        }
    }
}
