//! Rules of tariffs beyond their price, and dated VAT.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::limits::{AMOUNT_MAX, DEADLINE_MINUTES_MAX};
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, refused};
use crate::venue::*;

fn set(rules: TariffRules) -> SetTariffRules {
    SetTariffRules { tariff: FULL, rules }
}

fn ruled(rules: TariffRules) -> World {
    open().after(set(rules))
}

fn none() -> TariffRules {
    TariffRules::default()
}

fn free_price(floor: i64, ceiling: Option<i64>) -> TariffRules {
    let free_price = Some(FreePrice { floor: Amount(floor), ceiling: ceiling.map(Amount) });
    TariffRules { free_price, ..none() }
}

fn at_price(price: i64) -> PlaceOrder {
    order(DESK, vec![TicketRequest { price: Some(Amount(price)), ..ticket() }])
}

fn full_tickets(count: usize) -> PlaceOrder {
    order(DESK, vec![ticket(); count])
}

fn line(events: &[Event]) -> TicketLine {
    let placed = events.iter().find_map(|event| match event {
        Event::OrderPlaced(placed) => placed.lines.tickets.first().cloned(),
        _ => None,
    });
    placed.unwrap()
}

fn dated(rates: &[(Timestamp, i64)]) -> SetTariffVat {
    let rates = rates.iter().map(|(from, rate)| DatedRate { from: *from, rate: Rate(*rate) });
    SetTariffVat { tariff: FULL, rates: rates.collect() }
}

#[test]
fn rules_and_rates_are_events_beside_the_terms() {
    let rules = TariffRules { order_max: Some(4), ..none() };
    let event = TariffRulesSet { show: SHOW, tariff: FULL, rules: rules.clone() };
    open().when(set(rules)).then([event.into()]);
    let rates = dated(&[(after(10), 21_000)]);
    let event = TariffVatSet { show: SHOW, tariff: FULL, rates: rates.rates.clone() };
    open().when(rates).then([event.into()]);
}

#[test]
fn a_tariff_sells_within_its_window_and_the_show_within_its_own() {
    let world = ruled(TariffRules { from: Some(after(10)), until: Some(after(20)), ..none() });
    world.when(full_tickets(1)).then_rejected(TariffNotStarted, "tickets.0.tariff");
    world.clone().at(after(10)).when(full_tickets(1)).events();
    world.clone().at(after(19)).when(full_tickets(1)).events();
    world.clone().at(after(20)).when(full_tickets(1)).then_rejected(TariffEnded, "tickets.0.tariff");
    // The other tariffs of the show do not mind, and the show's own window is told first.
    let desk = order(DESK, vec![TicketRequest { tariff: DESK_ONLY, ..ticket() }]);
    world.when(desk).events();
    world.at(after(90_000)).when(full_tickets(1)).then_rejected(SaleEnded, "tickets.0.show");
}

#[test]
fn a_booking_deadline_is_counted_back_from_the_show_wherever_it_is_moved() {
    // The show begins 100,000 s from now.
    let world = ruled(TariffRules { deadline_minutes: Some(600), ..none() });
    world.clone().at(after(63_999)).when(full_tickets(1)).events();
    let late = world.at(after(64_000));
    late.when(full_tickets(1)).then_rejected(DeadlinePassed, "tickets.0.tariff");
    let later = PostponeShow {
        show: SHOW,
        starts_at: after(200_000),
        doors_at: after(196_000),
        sale_from: after(-10_000),
        sale_until: after(190_000),
        refunds_until: None,
    };
    late.after(later).when(full_tickets(1)).events();
}

#[test]
fn one_order_has_at_most_so_many_and_a_group_at_least() {
    let few = ruled(TariffRules { order_max: Some(2), ..none() });
    few.when(full_tickets(2)).events();
    few.when(full_tickets(3)).then_rejected(OrderLimitExceeded, "tickets.0.tariff");
    let mixed = vec![TicketRequest { tariff: DESK_ONLY, ..ticket() }, ticket(), ticket()];
    few.when(order(DESK, mixed)).events();
    let group = ruled(TariffRules { eligibility: Eligibility::Group(3), ..none() });
    group.when(full_tickets(3)).events();
    group.when(full_tickets(2)).then_rejected(GroupTooSmall, "tickets.0.tariff");
}

#[test]
fn who_has_no_card_is_refused_and_a_proof_is_for_people_to_look_at() {
    let card = ruled(TariffRules { eligibility: Eligibility::Card, ..none() });
    card.when(full_tickets(1)).then_rejected(CardRequired, "tickets.0.tariff");
    let proof = Eligibility::Proof("Carte étudiant".into());
    ruled(TariffRules { eligibility: proof, ..none() }).when(full_tickets(1)).events();
}

#[test]
fn the_buyer_gives_what_they_want_within_the_limits() {
    let world = ruled(free_price(500, Some(5_000)));
    for (price, paid) in [(Some(500), 500), (Some(4_999), 4_999), (None, 2_000)] {
        let sale = price.map_or(full_tickets(1), at_price);
        let sale = PlaceOrder { payment: vec![leg(paid)], ..sale };
        let sold = line(&world.when(sale).events());
        assert_eq!((sold.price, sold.vat), (Amount(paid), Rate(55_000)));
    }
    world.when(at_price(499)).then_rejected(PriceBelowFloor, "tickets.0.price");
    world.when(at_price(5_001)).then_rejected(PriceAboveCeiling, "tickets.0.price");
    // Where the tariff's own price is too low, the buyer must say one.
    ruled(free_price(2_500, None)).when(full_tickets(1)).then_rejected(PriceBelowFloor, "tickets.0.price");
    assert_eq!(line(&ruled(free_price(0, None)).when(at_price(0)).events()).price, Amount::ZERO);
    open().when(at_price(2_500)).then_rejected(PriceMismatch, "tickets.0.price");
}

#[test]
fn the_rate_at_the_time_of_the_sale_is_the_tickets() {
    let world = open().after(dated(&[(after(10), 21_000), (after(20), 100_000)]));
    for (second, rate) in [(0, 55_000), (9, 55_000), (10, 21_000), (19, 21_000), (20, 100_000)] {
        let sold = line(&world.clone().at(after(second)).when(full_tickets(1)).events());
        assert_eq!(sold.vat, Rate(rate), "after {second} s");
    }
    let back = world.after(dated(&[])).at(after(30));
    assert_eq!(line(&back.when(full_tickets(1)).events()).vat, Rate(55_000));
}

#[test]
fn reports_against_the_rules_are_flagged_and_never_refused() {
    let flags_of = |rules: TariffRules, tickets: usize, price: i64| {
        let tickets = vec![ReportedTicket { price: Amount(price), ..reported() }; tickets];
        flags(&ruled(rules).when_fact(before(), report(DESK, tickets)).events())
    };
    let rule = [Flag::TariffRule];
    assert_eq!(flags_of(TariffRules { from: Some(NOW), ..none() }, 1, 2_000), rule);
    assert_eq!(flags_of(TariffRules { until: Some(before()), ..none() }, 1, 2_000), rule);
    assert_eq!(flags_of(TariffRules { deadline_minutes: Some(1_667), ..none() }, 1, 2_000), []);
    assert_eq!(flags_of(TariffRules { deadline_minutes: Some(1_668), ..none() }, 1, 2_000), rule);
    assert_eq!(flags_of(TariffRules { order_max: Some(1), ..none() }, 2, 2_000), rule);
    assert_eq!(flags_of(TariffRules { eligibility: Eligibility::Group(2), ..none() }, 1, 2_000), rule);
    // A network says nothing of cards.
    assert_eq!(flags_of(TariffRules { eligibility: Eligibility::Card, ..none() }, 1, 2_000), []);
    assert_eq!(flags_of(free_price(500, None), 1, 700), []);
    assert_eq!(flags_of(free_price(500, None), 1, 400), [Flag::OtherPrice]);
}

pub(crate) fn rejections() -> Vec<Refused> {
    let mut table = of_terms();
    table.extend(of_sales());
    table
}

fn of_terms() -> Vec<Refused> {
    let open = open();
    let closed = open.clone().after(CloseShow { show: SHOW });
    let group = |group| TariffRules { eligibility: Eligibility::Group(group), ..none() };
    let proof = |proof: &str| TariffRules { eligibility: Eligibility::Proof(proof.into()), ..none() };
    let limit = |order_max| TariffRules { order_max: Some(order_max), ..none() };
    let window = |from, until| set(TariffRules { from: Some(from), until: Some(until), ..none() });
    let deadline = TariffRules { deadline_minutes: Some(DEADLINE_MINUTES_MAX + 1), ..none() };
    let contradiction = TariffRules { order_max: Some(9), ..group(10) };
    vec![
        refused(&open, window(Timestamp(0), after(1)), TimeOutOfRange, "rules.from"),
        refused(&open, window(after(1), after(1)), TimeOrder, "rules.until"),
        refused(&open, set(deadline), QuantityTooLarge, "rules.deadline_minutes"),
        refused(&open, set(limit(0)), QuantityZero, "rules.order_max"),
        refused(&open, set(limit(501)), QuantityTooLarge, "rules.order_max"),
        refused(&open, set(group(0)), QuantityZero, "rules.eligibility.group"),
        refused(&open, set(contradiction), QuantityTooLarge, "rules.eligibility.group"),
        refused(&open, set(proof(" ")), TextEmpty, "rules.eligibility.proof"),
        refused(&open, set(free_price(-1, None)), AmountNegative, "rules.free_price.floor"),
        refused(&open, set(free_price(0, Some(AMOUNT_MAX + 1))), AmountTooLarge, "rules.free_price.ceiling"),
        refused(&open, set(free_price(2, Some(1))), PriceAboveCeiling, "rules.free_price.floor"),
        refused(
            &closed,
            SetTariffRules { tariff: TariffId(9), rules: free_price(0, None) },
            TariffUnknown,
            "tariff",
        ),
        refused(&closed, set(none()), ShowClosed, "tariff"),
        refused(
            &open,
            SetTariffRules { tariff: GUEST, rules: free_price(0, None) },
            PriceMismatch,
            "rules.free_price",
        ),
        refused(&open, dated(&[(after(1), 1); 101]), TimeOrder, "rates.1.from"),
        refused(&open, dated(&[(after(2), 1), (after(1), 1)]), TimeOrder, "rates.1.from"),
        refused(&open, dated(&[(after(1), -1)]), RateOutOfRange, "rates.0.rate"),
        refused(&open, dated(&[(Timestamp(0), 1)]), TimeOutOfRange, "rates.0.from"),
        refused(&open, SetTariffVat { tariff: TariffId(9), rates: Vec::new() }, TariffUnknown, "tariff"),
        refused(&closed, dated(&[]), ShowClosed, "tariff"),
    ]
}

/// With everything against a sale at once, the codes come in their order.
fn of_sales() -> Vec<Refused> {
    let strict = TariffRules {
        from: Some(after(10)),
        order_max: Some(1),
        eligibility: Eligibility::Card,
        ..free_price(5_000, Some(6_000))
    };
    let world = ruled(strict.clone());
    let two = |price| {
        let ticket = TicketRequest { price: Some(Amount(price)), ..ticket() };
        order(DESK, vec![ticket; 2])
    };
    let open = |rules: TariffRules| ruled(TariffRules { from: None, ..rules });
    let no_card = TariffRules { eligibility: Eligibility::Anyone, ..strict.clone() };
    let late = TariffRules { until: Some(NOW), deadline_minutes: Some(2_000), ..none() };
    let passed = TariffRules { deadline_minutes: Some(2_000), ..group_of(3) };
    let full = ruled(none()).after(full_tickets(10));
    vec![
        refused(&world.clone().at(after(100_000)), two(1), SaleEnded, "tickets.0.show"),
        refused(&world, two(1), TariffNotStarted, "tickets.0.tariff"),
        refused(&ruled(late), full_tickets(1), TariffEnded, "tickets.0.tariff"),
        refused(&ruled(passed), full_tickets(1), DeadlinePassed, "tickets.0.tariff"),
        refused(&open(strict.clone()), two(1), PriceBelowFloor, "tickets.0.price"),
        refused(&open(strict.clone()), two(9_000), PriceAboveCeiling, "tickets.0.price"),
        refused(&open(strict), two(5_500), CardRequired, "tickets.0.tariff"),
        refused(&open(no_card), two(5_500), OrderLimitExceeded, "tickets.0.tariff"),
        refused(&full.after(set(group_of(3))), full_tickets(1), GroupTooSmall, "tickets.0.tariff"),
    ]
}

fn group_of(group: u32) -> TariffRules {
    TariffRules { eligibility: Eligibility::Group(group), ..none() }
}
