//! Commissions: what sales are charged, what cancellations give back.

use proptest::prelude::*;
use soticket_schema::RejectionCode::PaymentExceedsDue;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{World, after};
use crate::venue::*;

const OFFICE: PartyId = PartyId(1);

/// 10 % of the face price inside, for whoever sells.
pub(crate) fn distribution() -> CommissionTerms {
    CommissionTerms {
        name: "Distribution".into(),
        beneficiary: Beneficiary::Channel,
        payer: Payer::Organiser,
        mode: CommissionMode::Inside,
        basis: CommissionBasis::Face,
        rate: Rate(100_000),
        fixed: Amount::ZERO,
        minimum: None,
        maximum: None,
        tiers: Vec::new(),
        level: 1,
        vat: Rate(200_000),
        channels: Vec::new(),
        sellers: Vec::new(),
        tariffs: Vec::new(),
        kinds: Vec::new(),
        on_refund: OnRefund::Reversed,
        on_free: OnFree::Exempt,
    }
}

/// 0.50 on top of each ticket for a tourist office.
pub(crate) fn office() -> CommissionTerms {
    CommissionTerms {
        name: "Office".into(),
        beneficiary: Beneficiary::Party(OFFICE),
        payer: Payer::Buyer,
        mode: CommissionMode::OnTop,
        basis: CommissionBasis::PerTicket,
        rate: Rate::ZERO,
        fixed: Amount(50),
        level: 2,
        vat: Rate::ZERO,
        on_refund: OnRefund::Kept,
        ..distribution()
    }
}

/// 2.00 for each order, on top.
fn handling() -> CommissionTerms {
    CommissionTerms {
        name: "Handling".into(),
        beneficiary: Beneficiary::Organisation,
        basis: CommissionBasis::PerOrder,
        fixed: Amount(200),
        vat: Rate(200_000),
        level: 3,
        ..office()
    }
}

pub(crate) fn define(terms: CommissionTerms) -> DefineCommission {
    DefineCommission { terms, valid_from: None, valid_until: None }
}

pub(crate) fn register() -> RegisterParty {
    RegisterParty { name: "Office de tourisme".into(), siret: String::new(), vat_number: String::new() }
}

fn with(terms: impl IntoIterator<Item = CommissionTerms>) -> World {
    let world = open().after(register());
    let since = Some(after(-3_600));
    terms
        .into_iter()
        .fold(world, |world, terms| world.after(DefineCommission { valid_from: since, ..define(terms) }))
}

fn sold(events: &[Event]) -> &OrderLines {
    let lines = events.iter().find_map(|event| match event {
        Event::OrderPlaced(order) => Some(&order.lines),
        Event::ExternalSaleReported(sale) => Some(&sale.lines),
        _ => None,
    });
    lines.unwrap()
}

fn charged(events: &[Event]) -> Vec<&CommissionsCharged> {
    let charged = events.iter().filter_map(|event| match event {
        Event::CommissionsCharged(charged) => Some(charged),
        _ => None,
    });
    charged.collect()
}

fn given_back(events: &[Event]) -> &CommissionsReversed {
    let reversed = events.iter().find_map(|event| match event {
        Event::CommissionsReversed(reversed) => Some(reversed),
        _ => None,
    });
    reversed.unwrap()
}

/// Commission, basis, amount and tickets of each line.
fn figures(lines: &[CommissionLine]) -> Vec<(u32, i64, i64, Vec<u64>)> {
    let figure = |line: &CommissionLine| {
        let tickets = line.tickets.iter().map(|ticket| ticket.0).collect();
        (line.commission.0, line.basis.0, line.amount.0, tickets)
    };
    lines.iter().map(figure).collect()
}

#[test]
fn without_rules_a_sale_is_what_it_was() {
    let events = open().when(order(WEB, vec![ticket(); 2])).events();
    assert!(matches!(events.as_slice(), [Event::OrderPlaced(_)]));
    let elsewhere = CommissionTerms { channels: vec![DESK], ..distribution() };
    assert!(matches!(
        with([elsewhere]).when(order(WEB, vec![ticket()])).events().as_slice(),
        [Event::OrderPlaced(_)]
    ));
}

#[test]
fn face_fee_and_each_commission_are_figures_of_their_own() {
    let world = with([distribution(), office(), handling()]);
    // Two of 20.00 with 1.00 of the channel and 0.50 of the office on top each, and 2.00 for the order.
    let paid = PlaceOrder { payment: vec![leg(4_000 + 200 + 100 + 200)], ..order(WEB, vec![ticket(); 2]) };
    let events = world.when(paid).events();
    let lines = sold(&events);
    for line in &lines.tickets {
        assert_eq!((line.price, line.fee, line.fee_vat), (Amount(2_000), Amount(150), Rate(200_000)));
    }
    let item = ItemLine {
        item: ItemId(1),
        kind: ItemKind::Fee(FeeKind::Service),
        show: Some(SHOW),
        price: Amount(200),
        vat: Rate(200_000),
        stated_vat: None,
        ticket: None,
    };
    assert_eq!(lines.items, [item]);
    let [charge] = charged(&events)[..] else { panic!("{events:?}") };
    assert_eq!(
        figures(&charge.lines),
        [(1, 2_000, 200, vec![1, 2]), (2, 2_000, 50, vec![1, 2]), (3, 4_000, 200, vec![])]
    );
    assert_eq!(charge.lines[2].item, Some(ItemId(1)));
    assert_eq!((charge.shows.as_slice(), charge.cap), ([SHOW].as_slice(), Rate(150_000)));
    // 2.00 and 0.50 and the channel's 1.00 are 17.5 % of 20.00.
    assert_eq!(charge.over_cap, [TicketId(1), TicketId(2)]);
    assert!(matches!(
        events.as_slice(),
        [Event::OrderPlaced(_), Event::CommissionsCharged(_), Event::PaymentRecorded(_)]
    ));
}

#[test]
fn the_cap_flags_and_never_refuses() {
    let world = with([distribution()]).after(SetCommissionCap { cap: Rate(99_999) });
    let events = world.when(order(DESK, vec![ticket()])).events();
    assert_eq!(charged(&events)[0].over_cap, [TicketId(1)]);
    let events = with([distribution()]).when(order(DESK, vec![ticket()])).events();
    assert!(charged(&events)[0].over_cap.is_empty());
}

#[test]
fn a_point_of_sale_has_commissions_of_its_own_and_the_fee_their_rate() {
    let world = with([CommissionTerms { sellers: vec!["Office".into()], ..office() }]);
    let at = |seller: &str| PlaceOrder { seller: seller.into(), ..order(DESK, vec![ticket(), seat(0)]) };
    let events = world.when(at("Office")).events();
    let fees: Vec<_> = sold(&events).tickets.iter().map(|line| (line.fee.0, line.fee_vat.0)).collect();
    assert_eq!(fees, [(50, 0), (50, 0)]);
    assert_eq!(figures(&charged(&events)[0].lines), [(1, 2_000, 50, vec![1]), (1, 3_000, 50, vec![2])]);
    assert!(charged(&world.when(at("Till")).events()).is_empty());
}

#[test]
fn free_tickets_are_charged_where_the_rule_says_so() {
    let comps = CommissionTerms {
        payer: Payer::Organiser,
        mode: CommissionMode::OnTop,
        on_free: OnFree::Charged,
        kinds: vec![TariffKind::Free],
        ..office()
    };
    let guest = TicketRequest { tariff: GUEST, comp: Some(CompReason::Press), ..ticket() };
    let events = with([distribution(), comps]).when(order(DESK, vec![ticket(), guest])).events();
    assert_eq!(figures(&charged(&events)[0].lines), [(1, 2_000, 200, vec![1]), (2, 0, 50, vec![2])]);
    let fees: Vec<i64> = sold(&events).tickets.iter().map(|line| line.fee.0).collect();
    assert_eq!(fees, [0, 0], "the organiser pays");
    assert!(charged(&events)[0].over_cap.is_empty());
}

#[test]
fn an_order_over_two_shows_shares_its_commission_by_face_prices_to_the_cent() {
    let handled = CommissionTerms { fixed: Amount(100), ..handling() };
    let world = two_shows().and([ShowOpened { show: ShowId(2) }.into()]).after(define(handled));
    let other = TicketRequest { show: ShowId(2), tariff: TariffId(4), ..ticket() };
    let seated = TicketRequest { zone: BALCONY, seat: Some(SeatId(0)), ..other };
    let events = world.when(order(DESK, vec![ticket(), seated])).events();
    let item = sold(&events).items[0];
    assert_eq!((item.show, item.price), (None, Amount(100)));
    let lines = &charged(&events)[0].lines;
    assert_eq!(figures(lines), [(1, 2_000, 40, vec![]), (1, 3_000, 60, vec![])]);
    assert!(lines.iter().all(|line| line.item == Some(item.item)));
}

#[test]
fn a_fee_of_the_order_that_no_ticket_bears_leaves_the_next_one_whole() {
    let inside = |fixed: i64, kinds: Vec<TariffKind>| CommissionTerms {
        basis: CommissionBasis::PerOrder,
        rate: Rate::ZERO,
        fixed: Amount(fixed),
        kinds,
        ..distribution()
    };
    // 15.00 for free tickets alone, of which there are none; 8.00 of the 20.00 for every order.
    let world = with([inside(1_500, vec![TariffKind::Free]), inside(800, Vec::new())]);
    let events = world.when(order(DESK, vec![ticket()])).events();
    assert_eq!(figures(&charged(&events)[0].lines), [(2, 2_000, 800, vec![])]);
}

#[test]
fn a_pack_is_charged_on_each_share() {
    let share = TariffTerms { kind: TariffKind::Pack, ..full() };
    let world = two_shows().and([
        ShowOpened { show: ShowId(2) }.into(),
        TariffDefined { show: SHOW, tariff: TariffId(5), terms: share.clone() }.into(),
        TariffDefined { show: ShowId(2), tariff: TariffId(6), terms: share }.into(),
    ]);
    let part =
        |show, tariff, weight| PackShow { show: ShowId(show), zone: PIT, tariff: TariffId(tariff), weight };
    let terms = PackTerms {
        name: "Pass".into(),
        price: Amount(4_000),
        shows: vec![part(1, 5, 24), part(2, 6, 22)],
        pick: None,
        channels: Vec::new(),
        sale_until: None,
    };
    let world = world.after(DefinePack { terms }).after(define(distribution()));
    let choices = [1, 2].map(|show| PackChoice { show: ShowId(show), seat: None }).to_vec();
    let packs = vec![PackRequest { pack: PackId(1), price: None, choices }];
    let events = world.when(PlaceOrder { packs, ..order(DESK, Vec::new()) }).events();
    // 10 % of 20.87 and of 19.13.
    let lines = &charged(&events)[0].lines;
    assert_eq!(figures(lines), [(1, 2_087, 209, vec![1]), (1, 1_913, 191, vec![2])]);
    assert_eq!(charged(&events)[0].shows, [SHOW, ShowId(2)]);
}

#[test]
fn a_reported_sale_is_charged_by_the_rules_of_its_time() {
    let early = DefineCommission { valid_from: Some(after(-3_600)), ..define(distribution()) };
    let world = open().after(early);
    let later = ChangeCommission {
        commission: CommissionId(1),
        terms: CommissionTerms { rate: Rate(50_000), ..distribution() },
        valid_from: Some(after(-30)),
        valid_until: None,
    };
    let world = world.after(later);
    let amounts = |at| {
        let events = world.when_fact(at, report(FNAC, vec![reported()])).events();
        charged(&events).iter().map(|charged| charged.lines[0].amount.0).collect::<Vec<_>>()
    };
    assert_eq!(amounts(after(-7_200)), [0_i64; 0]);
    assert_eq!(amounts(after(-60)), [200]);
    assert_eq!(amounts(after(-10)), [100]);
}

#[test]
fn the_fee_that_a_network_took_is_a_fact_that_its_commissions_share() {
    let second = CommissionTerms { fixed: Amount(100), ..office() };
    let world = with([office(), second]);
    let sale = |fee: i64| {
        let ticket = ReportedTicket { fee: Amount(fee), ..reported() };
        world.when_fact(before(), report(FNAC, vec![ticket])).events()
    };
    let events = sale(150);
    assert_eq!(figures(&charged(&events)[0].lines), [(1, 2_000, 50, vec![1]), (2, 2_000, 100, vec![1])]);
    assert!(charged(&events)[0].other_fee.is_empty());
    let events = sale(181);
    // 1.81 over 0.50 and 1.00: 0.6033 and 1.2066.
    assert_eq!(figures(&charged(&events)[0].lines), [(1, 2_000, 60, vec![1]), (2, 2_000, 121, vec![1])]);
    assert_eq!(charged(&events)[0].other_fee, [TicketId(1)]);
    assert_eq!(sold(&events).tickets[0].fee, Amount(181));
    assert!(charged(&sale(0)).is_empty(), "nothing was taken on top, so that nothing is charged");
}

#[test]
fn a_cancellation_gives_back_what_the_rules_give_back() {
    let refundable = CommissionTerms { on_refund: OnRefund::Reversed, fixed: Amount(30), ..office() };
    let world = with([distribution(), office(), refundable]);
    let paid = PlaceOrder { payment: vec![leg(2 * 2_180)], ..order(WEB, vec![ticket(); 2]) };
    let world = world.after(paid);
    let events = world.when(cancel(1, &[1])).events();
    let back = given_back(&events);
    assert_eq!(figures(&back.lines), [(1, 2_000, 200, vec![1]), (3, 2_000, 30, vec![1])]);
    assert_eq!(back.kept, [KeptFee { ticket: TicketId(1), show: SHOW, amount: Amount(50) }]);
    assert!(matches!(events.as_slice(), [Event::TicketsCancelled(_), Event::CommissionsReversed(_)]));
    let cancelled = world.clone().after(cancel(1, &[1]));
    assert_eq!(cancelled.state.order(OrderId(1)).unwrap().due, Amount(2_180 + 50));
    // A fee that is kept keeps its commissions, and the organiser's own are given back all the same.
    let keep = CancelTickets {
        tickets: vec![TicketToCancel { ticket: TicketId(1), fee_kept: true }],
        ..cancel(1, &[])
    };
    let events = world.when(keep.clone()).events();
    assert_eq!(figures(&given_back(&events).lines), [(1, 2_000, 200, vec![1])]);
    assert!(given_back(&events).kept.is_empty());
    assert_eq!(world.after(keep).state.order(OrderId(1)).unwrap().due, Amount(2 * 2_180 - 2_000));
}

#[test]
fn what_is_kept_needs_no_event() {
    let kept = CommissionTerms { on_refund: OnRefund::Kept, ..distribution() };
    let world = with([kept]).after(order(DESK, vec![ticket()]));
    assert!(matches!(world.when(cancel(1, &[1])).events().as_slice(), [Event::TicketsCancelled(_)]));
}

#[test]
fn commissions_of_an_order_go_with_its_item_or_with_its_last_ticket() {
    let invoiced = CommissionTerms {
        payer: Payer::Organiser,
        on_refund: OnRefund::Reversed,
        fixed: Amount(80),
        ..handling()
    };
    let world = with([handling(), invoiced]).after(order(DESK, vec![ticket(); 2]));
    assert_eq!(world.state.order(OrderId(1)).unwrap().due, Amount(4_200));
    let item = CancelTickets { items: vec![ItemId(1)], ..cancel(1, &[]) };
    let events = world.when(item).events();
    assert_eq!(figures(&given_back(&events).lines), [(1, 4_000, 200, vec![])]);
    let world = world.after(cancel(1, &[1]));
    let events = world.when(cancel(1, &[2])).events();
    assert_eq!(figures(&given_back(&events).lines), [(2, 4_000, 80, vec![])]);
    let first = world.events.iter().any(|event| matches!(event, Event::CommissionsReversed(_)));
    assert!(!first, "the order still had a ticket");
}

#[test]
fn a_long_list_of_lines_goes_over_several_events() {
    let rules = (0..12).map(|level| CommissionTerms { level, ..distribution() });
    let world = with(rules);
    let tickets = (0..500).map(|number| ReportedTicket { price: Amount(20_000 + number), ..reported() });
    let events = world.when_fact(before(), report(FNAC, tickets.collect())).events();
    let charged = charged(&events);
    assert!(charged.len() > 1);
    let mut tickets: Vec<u64> = Vec::new();
    for event in &charged {
        assert!(Event::from((*event).clone()).encode(None).is_ok());
        let mut own: Vec<u64> =
            event.lines.iter().flat_map(|line| line.tickets.iter().map(|id| id.0)).collect();
        own.sort_unstable();
        own.dedup();
        tickets.extend(own);
    }
    // Ten of 10 % take all there is of a face price; each ticket's lines are in one event.
    assert_eq!(tickets, (1..=500).collect::<Vec<_>>());
    let world = world.after_fact(before(), report(FNAC, vec![reported()]));
    let events = world.when(cancel(1, &[1])).events();
    assert_eq!(given_back(&events).lines.len(), 10);
}

#[test]
fn an_exchange_charges_the_new_ticket_and_gives_back_what_the_old_ones_rules_give_back() {
    let invoiced = CommissionTerms {
        payer: Payer::Organiser,
        on_refund: OnRefund::Reversed,
        fixed: Amount(80),
        ..handling()
    };
    let sale = PlaceOrder { payment: vec![leg(2_250)], ..order(DESK, vec![ticket()]) };
    let world = with([distribution(), office(), handling(), invoiced]).after(sale);
    // The office keeps 0.50 of the old ticket and gets as much of the new one; the order pays its 2.00 once.
    let exchange = |paid| ExchangeTickets {
        order: OrderId(1),
        channel: DESK,
        seller: String::new(),
        returned: vec![TicketToCancel { ticket: TicketId(1), fee_kept: false }],
        tickets: vec![seat(0)],
        items: Vec::new(),
        cards: Vec::new(),
        payment: vec![leg(paid)],
        refund: Vec::new(),
    };
    world.when(exchange(1_051)).then_rejected(PaymentExceedsDue, "payment");
    let events = world.when(exchange(1_050)).events();
    assert!(matches!(
        events.as_slice(),
        [
            Event::TicketsCancelled(_),
            Event::CommissionsReversed(_),
            Event::OrderPlaced(_),
            Event::CommissionsCharged(_),
            Event::PaymentRecorded(_)
        ]
    ));
    assert_eq!(figures(&given_back(&events).lines), [(1, 2_000, 200, vec![1])]);
    assert_eq!(figures(&charged(&events)[0].lines), [(1, 3_000, 300, vec![2]), (2, 3_000, 50, vec![2])]);
    let order = world.after(exchange(1_050)).state.order(OrderId(1)).unwrap();
    assert_eq!((order.due, order.received), (Amount(3_300), Amount(3_300)));
}

proptest! {
    #[test]
    fn what_the_buyer_pays_is_face_fee_and_items_and_all_of_it_has_an_owner(
        rates in prop::collection::vec((0_i64..200_000, 0_i64..300, 0_u8..3, any::<bool>()), 1..5),
        tickets in 1_usize..8,
        keep in any::<bool>(),
    ) {
        let rules = rates.iter().map(|(rate, fixed, who, reversed)| CommissionTerms {
            rate: Rate(*rate),
            fixed: Amount(fixed + 1),
            payer: if *who == 0 { Payer::Organiser } else { Payer::Buyer },
            mode: if *who == 0 { CommissionMode::Inside } else { CommissionMode::OnTop },
            basis: if *who == 2 { CommissionBasis::PerOrder } else { CommissionBasis::Face },
            on_refund: if *reversed { OnRefund::Reversed } else { OnRefund::Kept },
            ..distribution()
        });
        let world = with(rules);
        let wanted = order(WEB, vec![ticket(); tickets]);
        let events = world.when(wanted.clone()).events();
        let lines = sold(&events);
        let paid: i64 = lines.tickets.iter().map(|line| line.price.0 + line.fee.0).sum::<i64>()
            + lines.items.iter().map(|item| item.price.0).sum::<i64>();
        let on_buyer: i64 = charged(&events).iter().flat_map(|charged| &charged.lines)
            .filter(|line| line.payer == Payer::Buyer)
            .map(|line| line.amount.0 * line.tickets.len().max(1) as i64)
            .sum();
        let own = 100 * tickets as i64;
        prop_assert_eq!(paid, 2_000 * tickets as i64 + own + on_buyer);
        let sold_world = world.clone().after(PlaceOrder { payment: vec![leg(paid)], ..wanted });
        prop_assert_eq!(sold_world.state.order(OrderId(1)).unwrap().due, Amount(paid));
        // All is cancelled, tickets and items: what stays due is what is kept.
        let all = CancelTickets {
            tickets: (1..=tickets as u64)
                .map(|id| TicketToCancel { ticket: TicketId(id), fee_kept: keep }).collect(),
            items: lines.items.iter().map(|item| item.item).collect(),
            ..cancel(1, &[])
        };
        let fees: i64 = lines.tickets.iter().map(|line| line.fee.0).sum();
        let kept: i64 = rates.iter().zip(1..).filter(|((_, _, who, reversed), _)| *who == 1 && !reversed)
            .flat_map(|(_, number)| {
                let charged = charged(&events);
                charged.into_iter().flat_map(|charged| &charged.lines)
                    .filter(move |line| line.commission.0 == number).collect::<Vec<_>>()
            })
            .map(|line| line.amount.0 * line.tickets.len() as i64).sum();
        let due = sold_world.after(all).state.order(OrderId(1)).unwrap().due.0;
        prop_assert_eq!(due, if keep { fees } else { kept });
    }
}
