//! Random sequences of commands against the rules by brute force.

use proptest::prelude::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::harness::{Body, World};
use crate::naive::Naive;
use crate::snapshot::{bytes, restored};
use crate::venue::*;

/// One random step; numbers pick among what there is.
#[derive(Clone, Debug)]
enum Step {
    Wait(u8),
    Sell(u8, Vec<u8>),
    Hold(u8, Vec<u8>),
    Release(u8),
    SellHeld(u8, bool),
    Allocate(u8, Vec<u8>, Option<u8>),
    Transfer(u8, u8, Vec<u8>),
    CloseQuota(u8, bool),
    /// The channel, and for how many seconds from now; none for ever.
    Deadline(u8, bool, Option<u8>),
    GiveBack(u8, Vec<u8>),
    CloseChannel(u8),
    Cancel(u8, u16),
    Pay(u8, u16),
    Return(u8, u16),
    Reduce(u8, u16),
    Report(u8, Vec<u8>),
    CallOff,
    BeginRefund(bool),
    Refund(u8),
    Fact(Box<Step>),
}

fn live() -> impl Strategy<Value = Step> {
    let channel = 0_u8..3;
    let places = || prop::collection::vec(0_u8..12, 1..6);
    prop_oneof![
        4 => (0_u8..40).prop_map(Step::Wait),
        12 => (channel.clone(), places()).prop_map(|(channel, places)| Step::Sell(channel, places)),
        8 => (channel.clone(), places()).prop_map(|(channel, places)| Step::Hold(channel, places)),
        2 => any::<u8>().prop_map(Step::Release),
        5 => (any::<u8>(), any::<bool>()).prop_map(|(hold, exact)| Step::SellHeld(hold, exact)),
        6 => (channel.clone(), places(), prop::option::of(1_u8..90))
            .prop_map(|(channel, places, seconds)| Step::Allocate(channel, places, seconds)),
        4 => (channel.clone(), places()).prop_map(|(channel, places)| Step::GiveBack(channel, places)),
        3 => (channel.clone(), any::<bool>(), prop::option::of(1_u8..90))
            .prop_map(|(channel, pit, seconds)| Step::Deadline(channel, pit, seconds)),
        6 => (channel.clone(), channel.clone(), places()).prop_map(|(from, to, places)| Step::Transfer(from, to, places)),
        2 => (channel.clone(), any::<bool>()).prop_map(|(channel, pit)| Step::CloseQuota(channel, pit)),
        1 => (200_u8..203).prop_map(Step::CloseChannel),
        8 => (any::<u8>(), 0_u16..3_000).prop_map(|(ticket, refund)| Step::Cancel(ticket, refund)),
        4 => (any::<u8>(), 1_u16..6_000).prop_map(|(order, amount)| Step::Pay(order, amount)),
        4 => (any::<u8>(), 1_u16..4_000).prop_map(|(order, amount)| Step::Return(order, amount)),
        2 => (any::<u8>(), 0_u16..3_000).prop_map(|(ticket, price)| Step::Reduce(ticket, price)),
        1 => prop_oneof![4 => Just(Step::Wait(1)), 1 => Just(Step::CallOff)],
        1 => any::<bool>().prop_map(Step::BeginRefund),
        3 => (1_u8..4).prop_map(Step::Refund),
    ]
}

fn with_facts() -> impl Strategy<Value = Step> {
    let report = (0_u8..3, prop::collection::vec(0_u8..12, 1..6));
    prop_oneof![
        4 => live(),
        1 => report.prop_map(|(channel, places)| Step::Report(channel, places)),
        1 => live().prop_map(|step| Step::Fact(Box::new(step))),
    ]
}

/// What goes on while a refund is under way.
fn while_refunding() -> impl Strategy<Value = Step> {
    let report = (0_u8..3, prop::collection::vec(0_u8..12, 1..6));
    prop_oneof![
        4 => (1_u8..4).prop_map(Step::Refund),
        1 => report.prop_map(|(channel, places)| Step::Report(channel, places)),
        2 => live(),
    ]
}

fn channel(number: u8) -> ChannelId {
    ChannelId(u32::from(number % 100) % 3 + 1)
}

/// 0 to 3 are seats, the rest places of the pit. Seats come once in a command.
fn split(places: &[u8]) -> (Vec<u32>, u32) {
    let mut seats: Vec<u32> =
        places.iter().filter(|place| **place < 4).map(|place| u32::from(*place)).collect();
    seats.sort_unstable();
    seats.dedup();
    let pit = places.iter().filter(|place| **place >= 4).count();
    (seats, u32::try_from(pit).unwrap())
}

/// The pit, or the balcony if only seats are named.
fn places_of(numbers: &[u8]) -> (ZoneId, Places) {
    match split(numbers) {
        (seats, 0) => (BALCONY, places(&seats)),
        (_, count) => (PIT, Places::Count(count)),
    }
}

fn later(world: &World, seconds: u8) -> Timestamp {
    Timestamp(world.now.0 + i64::from(seconds) * 1_000_000)
}

/// The command of a step, if there is anything to do it with.
fn command(step: &Step, world: &World, naive: &Naive) -> Option<CommandBody> {
    let tickets = world.state.order(OrderId(1)).map(|_| all_tickets(world));
    let pick_ticket = |number: u8| {
        let tickets = tickets.clone().filter(|tickets| !tickets.is_empty())?;
        Some(tickets[usize::from(number) % tickets.len()])
    };
    let pick_order = |number: u8| {
        let ticket = pick_ticket(number)?;
        Some(world.state.ticket(ticket).unwrap().order)
    };
    let pick_hold = |number: u8| {
        let holds: Vec<_> = naive.held.keys().collect();
        (!holds.is_empty()).then(|| *holds[usize::from(number) % holds.len()])
    };
    let body: Body = match step {
        Step::Wait(_) => return None,
        Step::Sell(by, places) => {
            let (seats, pit) = split(places);
            let tickets = seats.into_iter().map(seat).chain((0..pit).map(|_| ticket()));
            order(channel(*by), tickets.collect()).into()
        }
        Step::Hold(by, numbers) => {
            let (zone, places) = places_of(numbers);
            let expires_at = Timestamp(world.now.0 + (i64::from(numbers[0]) + 1) * 5_000_000);
            PlaceHold { zone, places, expires_at, ..hold(channel(*by), 1) }.into()
        }
        Step::Release(number) => ReleaseHold { hold: pick_hold(*number)? }.into(),
        Step::SellHeld(number, exact) => sell_held(pick_hold(*number)?, *exact, world)?.into(),
        Step::Allocate(to, numbers, seconds) => {
            let (zone, places) = places_of(numbers);
            let returns_at = seconds.map(|seconds| later(world, seconds));
            AllocateQuota { zone, places, returns_at, ..allocate(channel(*to), 1) }.into()
        }
        Step::GiveBack(from, numbers) => {
            let (zone, places) = places_of(numbers);
            ReturnQuota { show: SHOW, zone, channel: channel(*from), places }.into()
        }
        Step::Deadline(of, pit, seconds) => {
            let zone = if *pit { PIT } else { BALCONY };
            let returns_at = seconds.map(|seconds| later(world, seconds));
            SetQuotaDeadline { show: SHOW, zone, channel: channel(*of), returns_at }.into()
        }
        Step::Transfer(from, to, numbers) => {
            let (zone, places) = places_of(numbers);
            let to = if from == to { from + 1 } else { *to };
            TransferQuota { zone, places, ..transfer(channel(*from), channel(to), 1) }.into()
        }
        Step::CloseQuota(of, pit) => {
            let zone = if *pit { PIT } else { BALCONY };
            CloseQuota { show: SHOW, zone, channel: channel(*of) }.into()
        }
        Step::CloseChannel(which) => CloseChannel { channel: channel(*which) }.into(),
        Step::Cancel(number, refund) => {
            let ticket = pick_ticket(*number)?;
            let order = world.state.ticket(ticket).unwrap().order;
            let refund = if *refund < 1_000 { vec![] } else { vec![leg(i64::from(*refund))] };
            let tickets = vec![TicketToCancel { ticket, fee_kept: number % 2 == 0 }];
            CancelTickets { tickets, refund, ..cancel(order.0, &[]) }.into()
        }
        Step::Pay(number, amount) => {
            RecordPayment { order: pick_order(*number)?, legs: vec![leg(i64::from(*amount))] }.into()
        }
        Step::Return(number, amount) => {
            ReturnMoney { order: pick_order(*number)?, legs: vec![leg(i64::from(*amount))] }.into()
        }
        Step::Reduce(number, price) => {
            let (ticket, price) = (pick_ticket(*number)?, Amount(i64::from(*price)));
            ReducePrice { ticket, price, stated_vat: None }.into()
        }
        Step::Report(by, numbers) => {
            let (seats, pit) = split(numbers);
            let seats = seats.into_iter().map(|number| ReportedTicket {
                zone: BALCONY,
                seat: Some(SeatId(number)),
                ..reported()
            });
            report(channel(*by), seats.chain((0..pit).map(|_| reported())).collect()).into()
        }
        Step::CallOff => CancelShow { show: SHOW }.into(),
        Step::BeginRefund(fees_kept) => BeginShowRefund { show: SHOW, fees_kept: *fees_kept }.into(),
        Step::Refund(orders) => AdvanceShowRefund { show: SHOW, orders: u32::from(*orders) }.into(),
        Step::Fact(step) => Body(command(step, world, naive)?),
    };
    Some(body.0)
}

fn all_tickets(world: &World) -> Vec<TicketId> {
    (1..).map(TicketId).take_while(|ticket| world.state.ticket(*ticket).is_some()).collect()
}

/// An order over a hold, or over all but one of its places.
fn sell_held(hold: HoldId, exact: bool, world: &World) -> Option<PlaceOrder> {
    let placed = world.events.iter().find_map(|event| match event {
        Event::HoldPlaced(placed) if placed.hold == hold => Some(placed),
        _ => None,
    })?;
    let mut tickets: Vec<TicketRequest> = match &placed.places {
        Places::Count(count) => vec![ticket(); *count as usize],
        Places::Seats(seats) => seats.iter().map(|number| seat(number.0)).collect(),
    };
    if !exact && tickets.len() > 1 {
        tickets.pop();
    }
    Some(PlaceOrder { holds: vec![hold], ..order(placed.channel, tickets) })
}

/// Sends a step and compares what comes of it with the model; tells whether it was a fact.
fn take(step: &Step, world: &mut World) {
    let naive = Naive::of(&world.events);
    if let Step::Wait(seconds) = step {
        world.now = Timestamp(world.now.0 + i64::from(*seconds) * 1_000_000);
    }
    let Some(body) = command(step, world, &naive) else { return };
    let may_be_fact = matches!(
        body,
        CommandBody::AllocateQuota(_)
            | CommandBody::TransferQuota(_)
            | CommandBody::ReturnQuota(_)
            | CommandBody::RecordPayment(_)
            | CommandBody::ReturnMoney(_)
    );
    let fact = matches!(step, Step::Report(..)) || matches!(step, Step::Fact(_)) && may_be_fact;
    let expected = if fact { Ok(()) } else { naive.clone().at(world.now).verdict(&body, world.now) };
    let outcome = world.submit(body.clone(), fact.then(before));
    let code = outcome.as_ref().map(|_| ()).map_err(|rejection| rejection.code);
    assert_eq!(code, expected, "{body:?}");
    if let Ok(events) = &outcome {
        check_refunds(events, &naive);
    }
    compare(world);
    if outcome.is_ok() && !matches!(body, CommandBody::CloseChannel(_)) {
        let Naive { held, deadlines, .. } = Naive::of(&world.events);
        assert!(held.values().all(|(ends, _)| *ends > world.now), "holds past their time are expired first");
        let due = |ends: &Timestamp| *ends <= world.now;
        // One that was reported for the past stands until the next decision.
        assert!(fact || !deadlines.values().any(due), "quotas past their deadlines are expired first");
    }
    if outcome.is_ok() && !fact && matches!(body, CommandBody::TransferQuota(_)) {
        let sum = |naive: &Naive| naive.quotas.values().sum::<i64>();
        let before = sum(&naive.at(world.now));
        assert_eq!(before, sum(&Naive::of(&world.events)), "a transfer conserves the total");
    }
}

/// What a refund returns against what each order should get.
fn check_refunds(events: &[Event], before: &Naive) {
    let Some(Event::ShowRefundAdvanced(advanced)) =
        events.iter().find(|event| matches!(event, Event::ShowRefundAdvanced(_)))
    else {
        return;
    };
    let mut sum = 0;
    for cancellation in events.iter().filter_map(|event| match event {
        Event::TicketsCancelled(event) => Some(&event.cancellation),
        _ => None,
    }) {
        let order = cancellation.order;
        let expected = before.refund_of(order, cancellation.tickets[0].fee_kept);
        let returned = events.iter().filter_map(|event| match event {
            Event::MoneyReturned(money) if money.order == order => Some(&money.legs),
            _ => None,
        });
        let returned: i64 = returned.flatten().map(|leg| leg.amount.0).sum();
        assert_eq!(returned, expected, "order {order}");
        sum += returned;
    }
    assert_eq!(advanced.amount, Amount(sum));
}

/// The state's running totals against a recount. It counts holds past their time until an event expires them.
fn compare(world: &World) {
    let naive = Naive::of(&world.events);
    naive.check_always();
    let occupied = naive.occupied(Timestamp(i64::MIN));
    for zone in [PIT, BALCONY] {
        for channel in [WEB, DESK, FNAC] {
            let counts = world.state.channel_counts(SHOW, zone, channel).unwrap();
            assert_eq!(counts.quota, naive.quota(zone, channel), "{zone} {channel}");
            assert_eq!(counts.left, naive.left_for(zone, channel, &occupied), "{zone} {channel}");
        }
    }
    for zone in [PIT, BALCONY] {
        let counts = world.state.zone_counts(SHOW, zone).unwrap();
        let quotas = [WEB, DESK, FNAC].map(|channel| naive.quota_left(zone, channel, &occupied));
        let all = counts.pool_left + quotas.iter().flatten().sum::<i64>() + counts.sold + counts.held;
        assert_eq!(
            all, counts.on_sale,
            "every place of {zone} is sold, held, left to a quota, or in the pool"
        );
    }
    let counts = world.state.show_counts(SHOW).unwrap();
    assert_eq!(counts.sold, naive.sold.len() as i64);
    assert_eq!(counts.sold + counts.held, occupied.len() as i64);
    for (order, (due, received, returned)) in &naive.money {
        let view = world.state.order(*order).unwrap();
        assert_eq!(
            (view.due.0, view.received.0, view.returned.0),
            (*due, *received, *returned),
            "order {order}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn live_commands_never_break_a_limit(steps in prop::collection::vec(live(), 1..60)) {
        let mut world = open();
        for step in &steps {
            take(step, &mut world);
            Naive::of(&world.events).at(world.now).check_limits(world.now);
        }
    }

    #[test]
    fn live_commands_are_decided_alike_whatever_the_facts(steps in prop::collection::vec(with_facts(), 1..60)) {
        let mut world = open();
        for step in &steps {
            take(step, &mut world);
        }
        let stored = bytes(&world.state);
        prop_assert_eq!(&bytes(&restored(&stored)), &stored);
    }

    #[test]
    fn a_refund_returns_what_is_due_whatever_happens_meanwhile(
        before in prop::collection::vec(with_facts(), 1..40),
        fees_kept in any::<bool>(),
        meanwhile in prop::collection::vec(while_refunding(), 0..20),
    ) {
        let mut world = open();
        let steps = before.into_iter().chain([Step::CallOff, Step::BeginRefund(fees_kept)]);
        for step in steps.chain(meanwhile) {
            take(&step, &mut world);
        }
        let mut left = 1_000;
        while !Naive::of(&world.events).sold.is_empty() {
            take(&Step::BeginRefund(fees_kept), &mut world);
            take(&Step::Refund(3), &mut world);
            left -= 1;
            prop_assert!(left > 0, "the refund does not end");
        }
    }
}
