//! Subscriber cards: sold, used, given back, past their time.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{NOW, Refused, World, after, refused};
use crate::venue::*;

const MEMBER: TariffId = TariffId(4);
const CARD_PRODUCT: ProductId = ProductId(2);
const SEASON_CARD: CardTypeId = CardTypeId(1);

fn terms() -> CardTerms {
    CardTerms {
        name: "Season".into(),
        product: CARD_PRODUCT,
        price: Amount(2_500),
        validity: CardValidity::Season { from: after(-100), until: after(10_000) },
        per_show: 2,
        in_total: Some(3),
    }
}

/// A show with a tariff for subscribers at 12.00, and a kind of card: two tickets per show, three in total.
pub(crate) fn world() -> World {
    let member = TariffTerms {
        name: "Member".into(),
        kind: TariffKind::Subscriber,
        prices: vec![ZonePrice { zone: PIT, price: Amount(1_200) }],
        ..full()
    };
    open()
        .and([ProductDefined { product: CARD_PRODUCT, name: "Card".into(), kind: ProductKind::Card }.into()])
        .after(DefineTariff { show: SHOW, terms: member })
        .after(DefineCardType { terms: terms() })
}

fn card_item() -> ItemRequest {
    ItemRequest { kind: ItemKind::Product(CARD_PRODUCT), ..item(2_500) }
}

fn issues_card() -> Entitlements {
    let issues = vec![RightToIssue { item: 0, right: NewRight::Card(SEASON_CARD) }];
    Entitlements { issues, ..Entitlements::default() }
}

pub(crate) fn buy_card() -> PlaceOrder {
    PlaceOrder {
        items: vec![card_item()],
        payment: vec![leg(2_500)],
        entitlements: issues_card(),
        ..order(DESK, Vec::new())
    }
}

fn member() -> TicketRequest {
    TicketRequest { tariff: MEMBER, ..ticket() }
}

fn on(card: CardChoice, tickets: u16) -> PlaceOrder {
    let cards = (0..tickets).map(|ticket| TicketOnCard { ticket, card }).collect();
    PlaceOrder {
        entitlements: Entitlements { cards, ..Entitlements::default() },
        ..order(DESK, vec![member(); usize::from(tickets)])
    }
}

fn on_first(tickets: u16) -> PlaceOrder {
    on(CardChoice::Card(CardId(1)), tickets)
}

fn used(order: u64, tickets: &[u64]) -> Event {
    let uses =
        tickets.iter().map(|ticket| CardUse { card: CardId(1), ticket: TicketId(*ticket), show: SHOW });
    CardRightsUsed { order: OrderId(order), subject: None, uses: uses.collect() }.into()
}

#[test]
fn a_tariff_for_card_holders_is_sold_on_a_card_only_and_a_cancelled_show_gives_the_rights_back() {
    let rules = TariffRules { eligibility: Eligibility::Card, ..TariffRules::default() };
    let world = world().after(SetTariffRules { tariff: MEMBER, rules }).after(buy_card());
    world.when(order(DESK, vec![member()])).then_rejected(CardRequired, "tickets.0.tariff");
    let one = PlaceOrder { tickets: vec![member(); 2], ..on_first(1) };
    world.when(one).then_rejected(CardRequired, "tickets.1.tariff");
    let world = world.after(on_first(2)).after(CancelShow { show: SHOW });
    let world = world.after(BeginShowRefund { show: SHOW, fees_kept: false });
    let events = world.when(AdvanceShowRefund { show: SHOW, orders: 9 }).events();
    let given = [1, 2].map(|ticket| CardUse { card: CardId(1), ticket: TicketId(ticket), show: SHOW });
    let restored = CardRightsRestored { order: OrderId(2), subject: None, uses: given.to_vec() };
    assert!(events.contains(&restored.into()), "{events:?}");
}

#[test]
fn a_card_is_issued_with_its_rights_frozen() {
    let events = world().when(buy_card()).events();
    let Some(Event::CardIssued(card)) = events.iter().find(|event| matches!(event, Event::CardIssued(_)))
    else {
        panic!("{events:?}");
    };
    assert_eq!((card.card, card.order, card.item), (CardId(1), OrderId(1), ItemId(1)));
    assert_eq!(
        (card.from, card.until, card.per_show, card.in_total),
        (after(-100), after(10_000), 2, Some(3))
    );
    let by_date = CardTerms { validity: CardValidity::Days(30), ..terms() };
    let world = world().after(ChangeCardType { card_type: SEASON_CARD, terms: by_date });
    let events = world.when(buy_card()).events();
    let until = Timestamp(NOW.0 + 30 * 86_400_000_000);
    assert!(events.iter().any(|event| matches!(event, Event::CardIssued(card) if card.until == until)));
}

#[test]
fn rights_are_used_with_the_sale_and_come_back_with_the_cancellation() {
    let world = world().after(buy_card());
    assert_eq!(world.when(on_first(2)).events()[1], used(2, &[1, 2]));
    let world = world.after(on_first(2));
    world.when(on_first(1)).then_rejected(CardRightsExceeded, "entitlements.cards.0.card");
    let events = world.when(cancel(2, &[1])).events();
    let uses = vec![CardUse { card: CardId(1), ticket: TicketId(1), show: SHOW }];
    assert_eq!(events[1], CardRightsRestored { order: OrderId(2), subject: None, uses }.into());
    let world = world.after(cancel(2, &[1]));
    assert_eq!(world.when(on_first(1)).events()[1], used(3, &[3]));
}

#[test]
fn an_exchange_gives_the_right_back_before_it_is_used_again() {
    let world = world().after(buy_card()).after(on_first(2));
    let swap = ExchangeTickets {
        order: OrderId(2),
        channel: DESK,
        seller: String::new(),
        returned: vec![TicketToCancel { ticket: TicketId(1), fee_kept: false }],
        tickets: vec![member()],
        items: Vec::new(),
        cards: vec![TicketOnCard { ticket: 0, card: CardChoice::Card(CardId(1)) }],
        payment: Vec::new(),
        refund: Vec::new(),
    };
    let events = world.when(swap).events();
    let kinds: Vec<_> = events.iter().map(Event::name).collect();
    assert_eq!(kinds, ["TicketsCancelled", "CardRightsRestored", "OrderPlaced", "CardRightsUsed"]);
}

#[test]
fn a_card_is_used_in_the_order_that_sells_it() {
    let mut command = on(CardChoice::Issued(0), 2);
    command.items = vec![card_item()];
    command.entitlements.issues = issues_card().issues;
    let events = world().when(command.clone()).events();
    assert_eq!(events.last(), Some(&used(1, &[1, 2])));
    command.entitlements.cards[1].card = CardChoice::Issued(1);
    world().when(command).then_rejected(CardUnknown, "entitlements.cards.1.card");
}

#[test]
fn what_is_left_at_the_end_is_accounted_for_once() {
    let world = world().after(buy_card()).after(on_first(2));
    let expire = ExpireRights { at_most: 500 };
    world.when(expire).then_rejected(NothingExpired, "at_most");
    let late = world.at(after(20_000));
    let expired = CardsExpired { cards: vec![ExpiredCard { card: CardId(1), unused: Some(1) }] };
    late.when(expire).then([expired.into()]);
    late.after(expire).when(expire).then_rejected(NothingExpired, "at_most");
}

#[test]
fn a_card_that_is_taken_back_gives_no_more_rights() {
    let mut command = cancel(1, &[]);
    command.items = vec![ItemId(1)];
    let world = world().after(buy_card());
    let events = world.when(command.clone()).events();
    assert_eq!(events[1], CardRevoked { card: CardId(1), order: OrderId(1), subject: None }.into());
    world.after(command).when(on_first(1)).then_rejected(CardNotValid, "entitlements.cards.0.card");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = world();
    let bought = world.clone().after(buy_card());
    let unpaid = world.clone().after(PlaceOrder { payment: Vec::new(), ..buy_card() });
    let define = |terms| DefineCardType { terms };
    let season = |from, until| CardTerms { validity: CardValidity::Season { from, until }, ..terms() };
    let mut not_reduced = on_first(1);
    not_reduced.tickets = vec![ticket()];
    let mut beyond = on_first(1);
    beyond.entitlements.cards[0].ticket = 1;
    let mut twice = on_first(1);
    twice.entitlements.cards.push(TicketOnCard { ticket: 0, card: CardChoice::Card(CardId(1)) });
    let mut cheaper = buy_card();
    cheaper.items[0].price = Amount(2_499);
    let mut unknown_type = buy_card();
    unknown_type.entitlements.issues[0].right = NewRight::Card(CardTypeId(9));
    let mut no_item = buy_card();
    no_item.entitlements.issues[0].item = 1;
    let mut same_item = buy_card();
    same_item.entitlements.issues.push(RightToIssue { item: 0, right: NewRight::Card(SEASON_CARD) });
    let mut many = buy_card();
    many.entitlements.issues = vec![RightToIssue { item: 0, right: NewRight::Card(SEASON_CARD) }; 101];
    vec![
        refused(&world, define(CardTerms { name: String::new(), ..terms() }), TextEmpty, "terms.name"),
        refused(&world, define(CardTerms { price: Amount(-1), ..terms() }), AmountNegative, "terms.price"),
        refused(&world, define(season(after(5), after(5))), TimeOrder, "terms.validity.until"),
        refused(&world, define(season(Timestamp(1), after(5))), TimeOutOfRange, "terms.validity.from"),
        refused(
            &world,
            define(CardTerms { validity: CardValidity::Days(0), ..terms() }),
            QuantityZero,
            "terms.validity.days",
        ),
        refused(
            &world,
            define(CardTerms { validity: CardValidity::Days(4_000), ..terms() }),
            QuantityTooLarge,
            "terms.validity.days",
        ),
        refused(&world, define(CardTerms { per_show: 0, ..terms() }), QuantityZero, "terms.per_show"),
        refused(&world, define(CardTerms { in_total: Some(0), ..terms() }), QuantityZero, "terms.in_total"),
        refused(
            &world,
            define(CardTerms { product: ProductId(9), ..terms() }),
            ProductUnknown,
            "terms.product",
        ),
        refused(
            &world,
            ChangeCardType { card_type: CardTypeId(9), terms: terms() },
            CardTypeUnknown,
            "card_type",
        ),
        refused(&world, many, ListTooLong, "entitlements.issues"),
        refused(&world, same_item, Duplicate, "entitlements.issues.1.item"),
        refused(&world, no_item, ItemUnknown, "entitlements.issues.0.item"),
        refused(&world, unknown_type, CardTypeUnknown, "entitlements.issues.0.card_type"),
        refused(&world, cheaper, RightMismatch, "entitlements.issues.0.item"),
        refused(&bought, beyond, TicketUnknown, "entitlements.cards.0.ticket"),
        refused(&bought, twice, Duplicate, "entitlements.cards.1.ticket"),
        refused(&world, on_first(1), CardUnknown, "entitlements.cards.0.card"),
        refused(&unpaid, on_first(1), RightNotPaid, "entitlements.cards.0.card"),
        refused(&bought.clone().at(after(10_000)), on_first(1), CardNotValid, "entitlements.cards.0.card"),
        refused(&bought, not_reduced, CardTariffInvalid, "entitlements.cards.0.card"),
        refused(&bought, on_first(3), CardRightsExceeded, "entitlements.cards.2.card"),
        refused(&world, ExpireRights { at_most: 0 }, QuantityZero, "at_most"),
        refused(&world, ExpireRights { at_most: 501 }, QuantityTooLarge, "at_most"),
        refused(&world, ExpireRights { at_most: 1 }, NothingExpired, "at_most"),
    ]
}
