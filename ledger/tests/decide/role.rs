//! What actors that are bound to channels may do.

use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Body, Refused, World, after, refused, refused_fact};
use crate::venue::*;

/// Actors after [`DEVICE`], by role.
const SHOP: u32 = 2;
const CLERK: u32 = 3;
const PARTNER: u32 = 4;
const NETWORK: u32 = 5;
/// Channels of the fitting kinds, after those of every venue.
const SITE: ChannelId = ChannelId(4);
const COUNTER: ChannelId = ChannelId(5);
const REMOTE: ChannelId = ChannelId(6);
const TICKETS: ChannelId = ChannelId(7);

fn assign(actor: u32, role: SellerRole, channel: ChannelId) -> AssignActor {
    AssignActor { assigned: ActorId(actor), role, channels: vec![channel] }
}

fn opened_as(channel: ChannelId, kind: ChannelKind) -> Event {
    let Event::ChannelOpened(opened) = crate::venue::channel(channel, 0) else { unreachable!() };
    ChannelOpened { kind, ..opened }.into()
}

/// An open show, and one seller for each role.
fn sellers() -> World {
    let token = |actor| {
        Event::from(ActorRegistered { actor: ActorId(actor), kind: ActorKind::Token, label: "seller".into() })
    };
    open()
        .and([SHOP, CLERK, PARTNER, NETWORK].map(token))
        .and([
            opened_as(SITE, ChannelKind::OwnSite),
            opened_as(COUNTER, ChannelKind::BoxOffice),
            opened_as(REMOTE, ChannelKind::RemoteBoxOffice),
            opened_as(TICKETS, ChannelKind::Network),
        ])
        .after(assign(SHOP, SellerRole::WebShop, SITE))
        .after(assign(CLERK, SellerRole::BoxOffice, COUNTER))
        .after(assign(PARTNER, SellerRole::RemoteBoxOffice, REMOTE))
        .after(assign(NETWORK, SellerRole::Network, TICKETS))
        .after(allocate(REMOTE, 2))
        .after(allocate(TICKETS, 2))
}

const ROLES: [(u32, ChannelId); 4] = [(SHOP, SITE), (CLERK, COUNTER), (PARTNER, REMOTE), (NETWORK, TICKETS)];

#[test]
fn an_assignment_names_actor_role_and_channels() {
    let event = ActorAssigned { actor: DEVICE, role: SellerRole::WebShop, channels: vec![WEB, DESK] };
    let asked = AssignActor { assigned: DEVICE, role: SellerRole::WebShop, channels: vec![DESK, WEB] };
    open().when(asked).then([event.into()]);
}

#[test]
fn every_role_sells_is_paid_and_cancels_on_its_own_channel() {
    for (actor, channel) in ROLES {
        let world = sellers().by(actor).after(hold(channel, 1)).after(ReleaseHold { hold: HoldId(1) });
        let world = world.after(order(channel, vec![ticket()]));
        let world = world.after(RecordPayment { order: OrderId(1), legs: vec![leg(2_000)] });
        let world = world.after(ReducePrice { ticket: TicketId(1), price: Amount(1_000), stated_vat: None });
        let world = world.after(ReturnMoney { order: OrderId(1), legs: vec![leg(1_000)] });
        let world = world.after(exchange(channel));
        let world = world.after(DuplicateTicket { ticket: TicketId(2), reason: DuplicateReason::Lost });
        let world = world.after(announce(1)).after(ConfirmPayment { payment: PaymentId(3) });
        world.after(cancel(1, &[2]));
    }
}

/// Gives ticket 1 of order 1 back for another one.
fn exchange(channel: ChannelId) -> ExchangeTickets {
    ExchangeTickets {
        order: OrderId(1),
        channel,
        seller: String::new(),
        returned: vec![TicketToCancel { ticket: TicketId(1), fee_kept: false }],
        tickets: vec![ticket()],
        items: Vec::new(),
        cards: Vec::new(),
        payment: Vec::new(),
        refund: Vec::new(),
    }
}

fn announce(order: u64) -> AnnouncePayment {
    AnnouncePayment { order: OrderId(order), legs: vec![leg(100)], expected_by: after(86_400) }
}

/// An order of one of `channel`'s tickets, and one of an item alone, by nobody in particular.
fn orders_of(channel: ChannelId) -> World {
    let items = PlaceOrder { items: vec![item(500)], ..order(channel, vec![]) };
    sellers().after(order(channel, vec![ticket()])).after(items).after(hold(channel, 1))
}

#[test]
fn nobody_acts_on_the_channel_of_another() {
    for (actor, own) in ROLES {
        for (_, other) in ROLES.into_iter().filter(|(_, other)| *other != own) {
            let world = orders_of(other).by(actor);
            let on_channel: [Body; 2] = [hold(other, 1).into(), order(other, vec![ticket()]).into()];
            for body in on_channel {
                world.when(body.0).then_rejected(ChannelNotAllowed, "channel");
            }
            for order in [OrderId(1), OrderId(2)] {
                let pay = RecordPayment { order, legs: vec![leg(1)] };
                world.when(pay).then_rejected(ChannelNotAllowed, "order");
                let back = ReturnMoney { order, legs: vec![leg(1)] };
                world.when(back).then_rejected(ChannelNotAllowed, "order");
                world.when(cancel(order.0, &[1])).then_rejected(ChannelNotAllowed, "order");
            }
            world.when(ReleaseHold { hold: HoldId(1) }).then_rejected(ChannelNotAllowed, "hold");
            let cheaper = ReducePrice { ticket: TicketId(1), price: Amount(1), stated_vat: None };
            world.when(cheaper).then_rejected(ChannelNotAllowed, "ticket");
            let copy = DuplicateTicket { ticket: TicketId(1), reason: DuplicateReason::Lost };
            world.when(copy).then_rejected(ChannelNotAllowed, "ticket");
            world.when(exchange(own)).then_rejected(ChannelNotAllowed, "order");
            world.when(exchange(other)).then_rejected(ChannelNotAllowed, "channel");
            world.when(announce(1)).then_rejected(ChannelNotAllowed, "order");
            let announced = world.clone().by(0).after(announce(1)).by(actor);
            let confirm = ConfirmPayment { payment: PaymentId(1) };
            announced.when(confirm).then_rejected(ChannelNotAllowed, "payment");
        }
    }
}

#[test]
fn an_actor_that_was_never_assigned_is_bound_to_nothing() {
    for actor in [0, DEVICE.0] {
        let world = sellers().by(actor).after(order(COUNTER, vec![ticket()])).after(cancel(1, &[1]));
        assert!(world.when(allocate(SITE, 1)).0.is_ok());
        // Also on a remote box office's channel, and from the pool.
        let without = sellers().after(CloseQuota { show: SHOW, zone: PIT, channel: REMOTE });
        assert!(without.by(actor).when(order(REMOTE, vec![ticket()])).0.is_ok());
    }
}

#[test]
fn a_later_assignment_replaces_the_earlier_one() {
    let world =
        sellers().after(AssignActor { channels: vec![], ..assign(SHOP, SellerRole::WebShop, SITE) }).by(SHOP);
    world.when(order(SITE, vec![ticket()])).then_rejected(ChannelNotAllowed, "channel");
    let world = sellers().after(assign(SHOP, SellerRole::BoxOffice, COUNTER)).by(SHOP);
    assert!(world.when(order(COUNTER, vec![ticket()])).0.is_ok());
    world.when(order(SITE, vec![ticket()])).then_rejected(ChannelNotAllowed, "channel");
}

#[test]
fn a_remote_box_office_has_its_quota_and_nothing_else() {
    let world = sellers().by(PARTNER);
    assert!(world.when(order(REMOTE, vec![ticket(); 2])).0.is_ok());
    world.when(order(REMOTE, vec![ticket(); 3])).then_rejected(QuotaExceeded, "tickets.2");
    world.when(order(REMOTE, vec![ticket(), seat(0)])).then_rejected(QuotaClosed, "tickets.1.zone");
    world.when(hold_seats(REMOTE, &[0])).then_rejected(QuotaClosed, "zone");
    let held = world.clone().after(hold(REMOTE, 2));
    let close =
        |world: World| world.by(0).after(CloseQuota { show: SHOW, zone: PIT, channel: REMOTE }).by(PARTNER);
    let closed = close(world);
    closed.when(order(REMOTE, vec![ticket()])).then_rejected(QuotaClosed, "tickets.0.zone");
    closed.when(hold(REMOTE, 1)).then_rejected(QuotaClosed, "zone");
    let sold = sellers().after(order(REMOTE, vec![ticket()])).by(PARTNER);
    let better = ExchangeTickets { tickets: vec![seat(0)], ..exchange(REMOTE) };
    sold.when(better).then_rejected(QuotaClosed, "tickets.0.zone");
    // What it held before the quota ended was its own.
    let order = PlaceOrder { holds: vec![HoldId(1)], ..order(REMOTE, vec![ticket(); 2]) };
    assert!(close(held).when(order).0.is_ok());
    let deadline = SetQuotaDeadline { show: SHOW, zone: PIT, channel: REMOTE, returns_at: Some(after(60)) };
    let late = sellers().after(deadline).at(after(60)).by(PARTNER);
    late.when(PlaceHold { expires_at: after(600), ..hold(REMOTE, 1) }).then_rejected(QuotaClosed, "zone");
}

#[test]
fn a_remote_box_office_sells_no_pack_beyond_its_quota() {
    let share = |show: u64, tariff: u32| PackShow {
        show: ShowId(show),
        zone: PIT,
        tariff: TariffId(tariff),
        weight: 1,
    };
    let terms = TariffTerms { kind: TariffKind::Pack, ..full() };
    let pack = PackTerms {
        name: "Pass".into(),
        price: Amount(3_000),
        shows: vec![share(1, 4), share(2, 5)],
        pick: None,
        channels: Vec::new(),
        sale_until: None,
    };
    let world = sellers()
        .and([scheduled(ShowId(2), SerialScope::Show), ShowOpened { show: ShowId(2) }.into()])
        .after(DefineTariff { show: SHOW, terms: terms.clone() })
        .after(DefineTariff { show: ShowId(2), terms })
        .after(DefinePack { terms: pack })
        .by(PARTNER);
    let choice = |show| PackChoice { show: ShowId(show), seat: None };
    let request = PackRequest { pack: PackId(1), price: None, choices: vec![choice(1), choice(2)] };
    let sale = PlaceOrder { packs: vec![request], ..order(REMOTE, vec![]) };
    world.when(sale.clone()).then_rejected(QuotaClosed, "packs.0.choices.1");
    let both = world.by(0).after(AllocateQuota { show: ShowId(2), ..allocate(REMOTE, 1) }).by(PARTNER);
    assert!(both.when(sale).0.is_ok());
}

#[test]
fn roles_report_and_give_back_as_theirs_do() {
    let may_report = [(SHOP, false), (CLERK, true), (PARTNER, false), (NETWORK, true)];
    for ((actor, channel), (_, may)) in ROLES.into_iter().zip(may_report) {
        let told = sellers().by(actor).when_fact(before(), report(channel, vec![reported()]));
        if may {
            let world = sellers().and(told.events()).by(actor);
            let more = ReportSale { order: Some(OrderId(1)), ..report(channel, vec![reported()]) };
            assert!(world.when_fact(before(), more).0.is_ok());
            let cancelled = ReportCancellation {
                source: ReportSource::Network,
                order: OrderId(1),
                tickets: vec![TicketToCancel { ticket: TicketId(1), fee_kept: false }],
                items: vec![],
                reason: CancelReason::Reported,
                refund: vec![],
            };
            assert!(world.when_fact(before(), cancelled).0.is_ok());
        } else {
            told.then_rejected(ActorNotAllowed, "actor");
        }
    }
    let back = |channel| ReturnQuota { show: SHOW, zone: PIT, channel, places: Places::Count(1) };
    assert!(sellers().by(PARTNER).when(back(REMOTE)).0.is_ok());
    assert!(sellers().by(NETWORK).when(back(TICKETS)).0.is_ok());
    sellers().by(NETWORK).when(back(REMOTE)).then_rejected(ChannelNotAllowed, "channel");
    sellers().by(SHOP).when(back(SITE)).then_rejected(ActorNotAllowed, "actor");
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = sellers();
    let shop = world.clone().by(SHOP);
    let elsewhere = orders_of(COUNTER).by(NETWORK);
    let joined = ReportSale { order: Some(OrderId(1)), ..report(TICKETS, vec![reported()]) };
    let twice = AssignActor { channels: vec![SITE, SITE], ..assign(9, SellerRole::WebShop, SITE) };
    let many = AssignActor { channels: vec![SITE; 1_001], ..assign(9, SellerRole::WebShop, SITE) };
    let open_till = OpenTill {
        channel: SITE,
        till: "1".into(),
        operator: ActorId(CLERK),
        cash: CASH,
        float: Amount::ZERO,
    };
    vec![
        refused_fact(&world, assign(SHOP, SellerRole::WebShop, SITE), TimeNotAllowed, "occurred_at"),
        refused(&world, many, ListTooLong, "channels"),
        refused(&world, twice, Duplicate, "channels.1"),
        refused(&world, assign(9, SellerRole::WebShop, ChannelId(99)), ActorUnknown, "assigned"),
        refused(&world, assign(0, SellerRole::WebShop, SITE), ActorUnknown, "assigned"),
        refused(&world, assign(SHOP, SellerRole::WebShop, ChannelId(99)), ChannelUnknown, "channels.0"),
        refused(&world, assign(SHOP, SellerRole::Network, SITE), ChannelKindMismatch, "channels.0"),
        refused(
            &world,
            assign(SHOP, SellerRole::RemoteBoxOffice, COUNTER),
            ChannelKindMismatch,
            "channels.0",
        ),
        refused(&shop, assign(SHOP, SellerRole::WebShop, SITE), ActorNotAllowed, "actor"),
        refused(&shop, allocate(SITE, 1), ActorNotAllowed, "actor"),
        refused(&shop, transfer(SITE, COUNTER, 1), ActorNotAllowed, "actor"),
        refused(&shop, CloseShow { show: ShowId(99) }, ActorNotAllowed, "actor"),
        refused(&shop, DefineGate { name: "A".into() }, ActorNotAllowed, "actor"),
        refused_fact(&shop, report(COUNTER, vec![reported()]), ActorNotAllowed, "actor"),
        refused(&shop, open_till.clone(), ActorNotAllowed, "actor"),
        refused(&shop, CloseDueDays {}, ActorNotAllowed, "actor"),
        refused(&world.clone().by(PARTNER), CloseDueDays {}, ActorNotAllowed, "actor"),
        refused(&world.clone().by(NETWORK), CloseDueDays {}, ActorNotAllowed, "actor"),
        refused(&world.clone().by(CLERK), CloseDueDays {}, NothingToClose, ""),
        refused(&world.clone().by(CLERK), SetFiscalYear { first_month: 9 }, ActorNotAllowed, "actor"),
        refused(&world.clone().by(NETWORK), open_till, ActorNotAllowed, "actor"),
        // Whether it exists or not: what is not the actor's own is told before what it names.
        refused(&shop, order(ChannelId(99), vec![ticket()]), ChannelNotAllowed, "channel"),
        refused(&shop, PlaceHold { show: ShowId(99), ..hold(COUNTER, 1) }, ChannelNotAllowed, "channel"),
        refused(&shop, hold(COUNTER, 0), QuantityZero, "places"),
        refused(&shop, PlaceHold { show: ShowId(99), ..hold(SITE, 1) }, ShowUnknown, "show"),
        refused(&shop, ReleaseHold { hold: HoldId(9) }, HoldUnknown, "hold"),
        refused(&shop, cancel(9, &[1]), OrderUnknown, "order"),
        refused_fact(&elsewhere, joined, ChannelNotAllowed, "order"),
    ]
}
