//! Free tickets: quotas by reason, and warnings.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Refused, World, after, refused};
use crate::venue::*;

fn quota(reason: CompReason, tickets: u32) -> CompQuota {
    CompQuota { reason, tickets }
}

fn warning(basis: CompBasis, rate: i64) -> CompWarning {
    CompWarning { name: "Sacem".into(), basis, rate: Rate(rate) }
}

fn set(quotas: Vec<CompQuota>, warnings: Vec<CompWarning>) -> SetCompLimits {
    SetCompLimits { show: SHOW, limits: CompLimits { quotas, warnings } }
}

fn limited(tickets: u32) -> World {
    open().after(set(vec![quota(CompReason::Press, tickets)], Vec::new()))
}

fn free(reason: CompReason, count: usize) -> PlaceOrder {
    order(DESK, vec![TicketRequest { tariff: GUEST, comp: Some(reason), ..ticket() }; count])
}

fn passed(events: &[Event]) -> Option<&CompLimitsPassed> {
    events.iter().find_map(|event| match event {
        Event::CompLimitsPassed(passed) => Some(passed),
        _ => None,
    })
}

#[test]
fn a_quota_is_by_reason_and_counts_what_is_valid() {
    let world = limited(2).after(free(CompReason::Press, 1));
    world.when(free(CompReason::Press, 2)).then_rejected(CompQuotaExceeded, "tickets.1.comp");
    world.when(free(CompReason::Artist, 3)).events();
    let world = world.after(free(CompReason::Press, 1));
    world.when(free(CompReason::Press, 1)).then_rejected(CompQuotaExceeded, "tickets.0.comp");
    world.after(cancel(1, &[1])).when(free(CompReason::Press, 1)).events();
    // A quota that is lowered takes nothing back.
    let lowered = limited(2)
        .after(free(CompReason::Press, 2))
        .after(set(vec![quota(CompReason::Press, 0)], Vec::new()));
    lowered.when(free(CompReason::Press, 1)).then_rejected(CompQuotaExceeded, "tickets.0.comp");
    assert_eq!(lowered.state.show_counts(SHOW).unwrap().sold, 2);
}

#[test]
fn who_has_paid_by_card_or_pack_is_not_counted() {
    let prepaid = TariffTerms { reasons: vec![CompReason::Prepaid], ..guest() };
    let world = open().after(ChangeTariff { tariff: GUEST, terms: prepaid });
    let world = world.after(set(Vec::new(), vec![warning(CompBasis::Capacity, 0)]));
    assert_eq!(passed(&world.when(free(CompReason::Prepaid, 3)).events()), None);
}

#[test]
fn a_share_of_the_capacity_is_warned_of_from_the_first_ticket_beyond_it() {
    // 20 % of 13 places are 2.6: the third is beyond.
    let world = open().after(set(Vec::new(), vec![warning(CompBasis::Capacity, 200_000)]));
    assert_eq!(passed(&world.when(free(CompReason::Press, 2)).events()), None);
    let world = world.after(free(CompReason::Press, 2));
    let events = world.when(free(CompReason::Artist, 1)).events();
    let limit = PassedLimit { warning: warning(CompBasis::Capacity, 200_000), allowed: 2 };
    let expected = CompLimitsPassed { order: OrderId(2), show: SHOW, comps: 3, passed: vec![limit] };
    assert_eq!(passed(&events), Some(&expected));
    assert!(matches!(events.as_slice(), [Event::OrderPlaced(_), Event::CompLimitsPassed(_)]));
    // A sale without free tickets warns of nothing.
    let world = world.after(free(CompReason::Artist, 1));
    assert_eq!(passed(&world.when(order(DESK, vec![ticket()])).events()), None);
}

#[test]
fn an_exchange_for_a_free_ticket_warns_as_its_sale_does() {
    // 20 % of 13 places are 2.6: the third is beyond.
    let world = open().after(set(Vec::new(), vec![warning(CompBasis::Capacity, 200_000)]));
    let world = world.after(free(CompReason::Press, 2)).after(order(DESK, vec![ticket()]));
    let guest = TicketRequest { tariff: GUEST, comp: Some(CompReason::Press), ..ticket() };
    let exchange = |order: u64, returned: u64| ExchangeTickets {
        order: OrderId(order),
        channel: DESK,
        seller: String::new(),
        returned: vec![TicketToCancel { ticket: TicketId(returned), fee_kept: false }],
        tickets: vec![guest.clone()],
        items: Vec::new(),
        cards: Vec::new(),
        payment: Vec::new(),
        refund: Vec::new(),
    };
    let events = world.when(exchange(2, 3)).events();
    assert_eq!(passed(&events).map(|passed| (passed.order.0, passed.comps)), Some((2, 3)));
    // One free ticket for another is no more than before.
    assert_eq!(passed(&world.when(exchange(1, 1)).events()), None);
}

#[test]
fn a_share_of_what_is_sold_grows_with_the_sales() {
    let world = open().after(set(Vec::new(), vec![warning(CompBasis::Sold, 250_000)]));
    let allowed = |world: &World| {
        let events = world.when(free(CompReason::Press, 1)).events();
        passed(&events).map(|passed| passed.passed[0].allowed)
    };
    assert_eq!(allowed(&world), Some(0));
    let world = world.after(order(DESK, vec![ticket(); 2]));
    assert_eq!(allowed(&world), Some(0), "a quarter of three");
    assert_eq!(allowed(&world.after(order(DESK, vec![ticket()]))), None, "a quarter of four is one");
}

#[test]
fn reported_free_tickets_are_flagged_and_warned_of() {
    let world =
        limited(1).after(set(vec![quota(CompReason::Press, 1)], vec![warning(CompBasis::Capacity, 0)]));
    let guest =
        ReportedTicket { tariff: GUEST, price: Amount::ZERO, comp: Some(CompReason::Press), ..reported() };
    let events = world.when_fact(before(), report(DESK, vec![guest; 2])).events();
    assert_eq!(flags(&events), [Flag::OverCompQuota]);
    assert_eq!(passed(&events).map(|passed| passed.comps), Some(2));
}

pub(crate) fn rejections() -> Vec<Refused> {
    let open = open();
    let named = |name: &str| CompWarning { name: name.into(), ..warning(CompBasis::Sold, 1) };
    let unknown = SetCompLimits { show: ShowId(9), ..set(Vec::new(), Vec::new()) };
    let full = limited(0).after(order(DESK, vec![ticket(); 10]));
    vec![
        refused(
            &open,
            set(Vec::new(), vec![warning(CompBasis::Sold, 1); 21]),
            ListTooLong,
            "limits.warnings",
        ),
        refused(
            &open,
            set(vec![quota(CompReason::Press, 1); 2], Vec::new()),
            Duplicate,
            "limits.quotas.1.reason",
        ),
        refused(
            &open,
            set(vec![quota(CompReason::Press, u32::MAX)], Vec::new()),
            QuantityTooLarge,
            "limits.quotas.0.tickets",
        ),
        refused(
            &open,
            set(vec![quota(CompReason::Prepaid, 1)], Vec::new()),
            CompReasonInvalid,
            "limits.quotas.0.reason",
        ),
        refused(&open, set(Vec::new(), vec![named("")]), TextEmpty, "limits.warnings.0.name"),
        refused(
            &open,
            set(Vec::new(), vec![warning(CompBasis::Sold, 1_000_001)]),
            RateOutOfRange,
            "limits.warnings.0.rate",
        ),
        refused(&open, unknown, ShowUnknown, "show"),
        refused(&full, free(CompReason::Press, 1), CompQuotaExceeded, "tickets.0.comp"),
        refused(&limited(0), free(CompReason::Goodwill, 1), CompReasonInvalid, "tickets.0.comp"),
        refused(&limited(0).at(after(90_000)), free(CompReason::Press, 1), SaleEnded, "tickets.0.show"),
    ]
}
