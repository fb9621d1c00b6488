//! The tickets that a live sale asks for: by themselves, and as parts of packs.

use soticket_schema::command::{PackChoice, PackRequest, PlaceOrder, TicketRequest};
use soticket_schema::event::v1::{PackShare, SoldPack};
use soticket_schema::limits::{ORDER_PACKS_MAX, ORDER_TICKETS_MAX, PACK_SHOWS_MAX};
use soticket_schema::money::allocate;
use soticket_schema::{Amount, PackSaleId, RejectionCode, TicketId};

use crate::decide::Context;
use crate::decide::checks::{Checks, Path, field};
use crate::state::{Pack, State};

/// A ticket that is asked for.
pub(super) struct Wanted {
    pub(super) request: TicketRequest,
    pub(super) part: Option<Part>,
    /// Its place among the command's tickets, or among the choices of its pack.
    index: usize,
}

/// What makes a ticket part of a pack.
pub(super) struct Part {
    /// The pack's place in the command.
    pack: usize,
    /// What the ticket costs: its share of the pack's price.
    pub(super) price: Amount,
    pub(super) share: PackShare,
}

impl Wanted {
    /// Calls `say` with the ticket's path in the command.
    pub(super) fn at<T>(&self, say: impl FnOnce(Path<'_>) -> T) -> T {
        match &self.part {
            None => say(field("tickets").item(self.index)),
            Some(part) => say(field("packs").item(part.pack).field("choices").item(self.index)),
        }
    }

    /// Whether the fee on top of its channel is charged with it: on every ticket, but once for a pack.
    pub(super) fn bears_fee(&self) -> bool {
        self.part.is_none() || self.index == 0
    }
}

/// The shape of a command's `packs`.
pub(super) fn check_shape(command: &PlaceOrder, checks: &mut Checks) {
    let packs = field("packs");
    checks.list(&command.packs, ORDER_PACKS_MAX, packs);
    for (index, pack) in command.packs.iter().enumerate().take(ORDER_PACKS_MAX) {
        let at = packs.item(index);
        let choices = at.field("choices");
        if let Some(price) = pack.price {
            checks.amount(price, at.field("price"));
        }
        checks.list_with_one(&pack.choices, PACK_SHOWS_MAX, choices);
        let shows = pack.choices.iter().take(PACK_SHOWS_MAX).map(|choice| choice.show).enumerate();
        checks.distinct(shows, |index| choices.item(index).field("show").to_string());
    }
    let fits = command.ticket_count() <= ORDER_TICKETS_MAX;
    checks.ensure(fits || command.packs.is_empty(), RejectionCode::ListTooLong, packs);
}

/// Looks up the packs: every ticket that the command asks for, those of packs last.
pub(super) fn find(command: &PlaceOrder, state: &State, checks: &mut Checks) -> Vec<Wanted> {
    let alone = command.tickets.iter().enumerate();
    let mut wanted: Vec<Wanted> =
        alone.map(|(index, request)| Wanted { request: request.clone(), part: None, index }).collect();
    let packs = field("packs");
    for (index, request) in command.packs.iter().enumerate() {
        let at = packs.item(index);
        if let Some(pack) =
            checks.found(state.packs.get(request.pack), RejectionCode::PackUnknown, at.field("pack"))
        {
            wanted.extend(parts(index, request, pack));
        }
    }
    wanted
}

/// Whether the packs, which are known, are sold like this.
pub(super) fn check_packs(command: &PlaceOrder, context: &Context<'_>, checks: &mut Checks) {
    let packs = field("packs");
    for (index, request) in command.packs.iter().enumerate() {
        if let Some(pack) = context.state.packs.get(request.pack) {
            check_pack(command, request, pack, context, packs.item(index), checks);
        }
    }
}

fn check_pack(
    command: &PlaceOrder,
    request: &PackRequest,
    pack: &Pack,
    context: &Context<'_>,
    at: Path<'_>,
    checks: &mut Checks,
) {
    let ended = pack.terms.sale_until.is_some_and(|until| context.now >= until);
    checks.ensure(!ended, RejectionCode::SaleEnded, at.field("pack"));
    let sold = pack.sold_by(command.channel);
    checks.ensure(sold, RejectionCode::PackNotOnChannel, at.field("pack"));
    let agreed = request.price.is_none_or(|price| price == pack.terms.price);
    checks.ensure(agreed, RejectionCode::PriceMismatch, at.field("price"));
    let choices = at.field("choices");
    let count = request.choices.len() == pack.picks();
    checks.ensure(count, RejectionCode::PackChoiceInvalid, choices);
    for (index, choice) in request.choices.iter().enumerate() {
        let offered = pack.show(choice.show).is_some();
        checks.ensure(offered, RejectionCode::PackChoiceInvalid, choices.item(index).field("show"));
    }
}

/// The tickets of one pack. The shows chosen share its price by their weights, to the cent.
fn parts(pack_index: usize, request: &PackRequest, pack: &Pack) -> Vec<Wanted> {
    let offered: Vec<_> = request
        .choices
        .iter()
        .filter_map(|choice: &PackChoice| pack.show(choice.show).map(|show| (choice, show)))
        .collect();
    let weights: Vec<i64> = offered.iter().map(|(_, show)| show.weight).collect();
    let sum = weights.iter().fold(0_i64, |sum, weight| sum.saturating_add(*weight));
    let prices = allocate(pack.terms.price, &weights);
    let parts = offered.iter().zip(prices).enumerate().map(|(index, ((choice, show), price))| {
        let share = PackShare { pack_price: pack.terms.price, weight: show.weight, weights: sum };
        Wanted {
            request: TicketRequest {
                show: choice.show,
                zone: show.zone,
                seat: choice.seat,
                tariff: show.tariff,
                price: None,
                comp: None,
            },
            part: Some(Part { pack: pack_index, price, share }),
            index,
        }
    });
    parts.collect()
}

/// The packs of an order whose tickets are numbered from `first` on.
pub(super) fn sold_packs(
    command: &PlaceOrder,
    wanted: &[Wanted],
    first: TicketId,
    first_sale: PackSaleId,
) -> Vec<SoldPack> {
    let numbered = || wanted.iter().zip(first.0..);
    let packs = command.packs.iter().enumerate().zip(first_sale.0..);
    let sold = packs.map(|((index, request), sale)| {
        let of_pack = || {
            numbered().filter_map(move |(wanted, number)| {
                wanted.part.as_ref().filter(|part| part.pack == index).map(|part| (part, number))
            })
        };
        SoldPack {
            sale: PackSaleId(sale),
            pack: request.pack,
            price: of_pack().map(|(part, _)| part.price).sum(),
            tickets: of_pack().map(|(_, number)| TicketId(number)).collect(),
        }
    });
    sold.collect()
}
