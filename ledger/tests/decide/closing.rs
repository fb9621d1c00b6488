//! Closings of days, months and years.

use proptest::prelude::*;
use soticket_schema::RejectionCode::*;
use soticket_schema::command::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use crate::adder;
use crate::harness::{ORGANISATION, Refused, World, after, refused, refused_fact};
use crate::venue::*;

const DAY: i64 = 86_400;
/// The commercial day of [`crate::harness::NOW`].
const FIRST: &str = "2026-03-01";

fn day(text: &str) -> CommercialDay {
    CommercialDay::parse(text).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn close(period: Period, text: &str) -> ClosePeriod {
    ClosePeriod { period, day: day(text) }
}

fn close_day(text: &str) -> ClosePeriod {
    close(Period::Day, text)
}

fn closings(events: &[Event]) -> Vec<&PeriodClosed> {
    let closings = events.iter().filter_map(|event| match event {
        Event::PeriodClosed(closed) => Some(closed),
        _ => None,
    });
    closings.collect()
}

fn last(world: &World, period: Period) -> PeriodClosed {
    let closings = closings(&world.events);
    closings.into_iter().rfind(|closed| closed.period == period).cloned().unwrap()
}

#[track_caller]
fn reconcile(world: &World) -> (usize, Perpetual) {
    let times = world.times.iter().zip(&world.events);
    adder::reconcile(times.map(|((recorded, occurred), event)| (*recorded, *occurred, event)))
}

fn sales(class: SaleClass, rate: i64, counts: (u64, u64), sold: i64, back: i64, vat: i64) -> SalesTotal {
    let gross = Amount(sold - back);
    SalesTotal {
        class,
        rate: Rate(rate),
        sold: counts.0,
        cancelled: counts.1,
        sales: Amount(sold),
        returns: Amount(back),
        taxed: money::Taxed { gross, net: gross - Amount(vat), vat: Amount(vat) },
    }
}

#[test]
fn a_day_closes_with_all_that_happened_in_it() {
    let paid = PlaceOrder {
        payment: vec![leg(6_300 + 500)],
        items: vec![item(500)],
        ..order(WEB, vec![ticket(); 3])
    };
    let world = open()
        .after(paid)
        .after(cancel(1, &[1]))
        .after(ReturnMoney { order: OrderId(1), legs: vec![Leg { method: CASH, amount: Amount(2_100) }] });
    let records = world.events.len() as u64;
    let expected = PeriodClosed {
        period: Period::Day,
        number: 1,
        from: day(FIRST),
        until: day(FIRST),
        opened_at: at("2026-03-01T06:00:00+01:00"),
        ended_at: at("2026-03-02T06:00:00+01:00"),
        time_zone: "Europe/Paris".into(),
        cutoff_minutes: 360,
        first: Some(0),
        last: Some(records - 1),
        records,
        orders: 1,
        sales: vec![
            // 40.00 gross at 5.5 %: 37.91 and 2.09.
            sales(SaleClass::Face, 55_000, (3, 1), 6_000, 2_000, 209),
            sales(SaleClass::FeeOnTop, 200_000, (3, 1), 300, 100, 33),
            sales(SaleClass::Item, 200_000, (1, 0), 500, 0, 83),
        ],
        money: vec![
            MoneyTotal {
                method: CARD,
                payments: 1,
                received: Amount(6_800),
                refunds: 0,
                returned: Amount(0),
            },
            MoneyTotal {
                method: CASH,
                payments: 0,
                received: Amount(0),
                refunds: 1,
                returned: Amount(2_100),
            },
        ],
        prepaid: PrepaidTotals::default(),
        floats: FloatTotals::default(),
        perpetual: Perpetual { algebraic: Amount(4_700), absolute: Amount(8_900) },
        previous: PeriodClosed::genesis(ORGANISATION, Period::Day),
    };
    let over = world.at(after(DAY));
    over.when(close_day(FIRST)).then([expected.clone().into()]);
    over.when(CloseDueDays {}).then([expected.clone().into()]);

    let next = over.after(close_day(FIRST)).at(after(2 * DAY)).after(close_day("2026-03-02"));
    let empty = last(&next, Period::Day);
    assert_eq!((empty.number, empty.previous), (2, expected.hash().unwrap()));
    assert_eq!(
        (empty.sales.len(), empty.records, empty.perpetual),
        (0, 1, expected.perpetual),
        "its closing"
    );
    assert_eq!(reconcile(&next).0, 2);
}

#[test]
fn what_comes_late_is_in_the_first_open_day() {
    let announced =
        AnnouncePayment { order: OrderId(1), legs: vec![leg(2_000)], expected_by: after(10 * DAY) };
    let world = open().after(order(DESK, vec![ticket()])).after(announced);
    let world = world.at(after(2 * DAY)).after(CloseDueDays {});
    let closed = last(&world, Period::Day).perpetual;
    // A payment of the first day, told of on the third, and a sale of the day before the log began.
    let confirm = ConfirmPayment { payment: PaymentId(1) };
    let world = world.after_fact(after(60), confirm);
    let world = world.after_fact(after(-5 * DAY), report(FNAC, vec![reported()]));
    let world = world.at(after(3 * DAY)).after(CloseDueDays {});
    let third = last(&world, Period::Day);
    assert_eq!((third.number, third.from), (3, day("2026-03-03")));
    assert_eq!(third.money.first().map(|total| total.received), Some(Amount(2_000)));
    assert_eq!(third.sales, [sales(SaleClass::Face, 55_000, (1, 0), 2_000, 0, 105)]);
    assert_eq!(third.perpetual.algebraic, closed.algebraic + Amount(2_000));
    assert_eq!(reconcile(&world), (3, third.perpetual));
}

#[test]
fn a_fact_of_a_day_that_is_still_open_belongs_to_it() {
    let world = open().at(after(DAY));
    let world =
        world.after(order(DESK, vec![ticket()])).after_fact(after(60), report(FNAC, vec![reported()]));
    // A clock that runs ahead gets no further than the day that the record is made on.
    let world = world.after_fact(after(9 * DAY), report(FNAC, vec![reported()]));
    let world = world.at(after(4 * DAY)).after(CloseDueDays {});
    let sold: Vec<u64> = closings(&world.events)
        .iter()
        .map(|closed| closed.sales.iter().map(|total| total.sold).sum())
        .collect();
    assert_eq!(sold, [1, 2, 0, 0]);
    // Both days' VAT adds up to that of 60.00: 3.13, not three times 1.04.
    let vat: Amount = closings(&world.events).iter().map(|closed| closed.taxed().vat).sum();
    assert_eq!(vat, money::vat_of_gross(Amount(6_000), Rate(55_000)).vat);
    reconcile(&world);
}

#[test]
fn months_and_years_close_with_their_last_day() {
    let world = open().after(order(DESK, vec![ticket()])).at(at("2026-04-01T12:00:00+02:00"));
    let world = world.after(CloseDueDays {});
    let month = last(&world, Period::Month);
    assert_eq!((month.number, month.from, month.until), (1, day(FIRST), day("2026-03-31")));
    assert_eq!(month.sales, [sales(SaleClass::Face, 55_000, (1, 0), 2_000, 0, 104)]);
    assert_eq!(closings(&world.events).iter().filter(|closed| closed.period == Period::Year).count(), 0);

    let world = world.after(SetFiscalYear { first_month: 9 }).at(at("2026-09-01T12:00:00+02:00"));
    let world = world.after(close(Period::Year, "2026-07-14"));
    let year = last(&world, Period::Year);
    assert_eq!((year.number, year.from, year.until), (1, day(FIRST), day("2026-08-31")));
    assert_eq!((year.taxed().gross, year.orders), (Amount(2_000), 1));
    // Later years run from September, and twelve months at most.
    let world = world.at(at("2027-09-01T12:00:00+02:00")).after(close(Period::Year, "2026-09-01"));
    assert_eq!(last(&world, Period::Year).until, day("2027-08-31"));
    let (count, _) = reconcile(&world);
    assert_eq!(count, 549 + 18 + 2);
}

#[test]
fn a_fiscal_year_has_twelve_months_at_most() {
    let world = open().after(SetFiscalYear { first_month: 3 }).at(at("2026-12-01T12:00:00+01:00"));
    let world = world.after(close(Period::Month, FIRST));
    let world = world.after(SetFiscalYear { first_month: 2 }).at(at("2028-03-01T12:00:00+01:00"));
    let world = world.after(close(Period::Year, FIRST)).after(close(Period::Year, "2027-02-01"));
    let years: Vec<_> =
        closings(&world.events).into_iter().filter(|closed| closed.period == Period::Year).collect();
    let ends: Vec<_> = years.iter().map(|year| year.until.to_string()).collect();
    assert_eq!(ends, ["2027-01-31", "2028-01-31"]);
}

#[test]
fn gift_cards_and_floats_are_no_sales() {
    let card = ProductDefined { product: ProductId(2), name: "Gift".into(), kind: ProductKind::GiftCard };
    let world = open().and([card.into()]);
    let gift = ItemRequest { kind: ItemKind::Product(ProductId(2)), vat: Rate::ZERO, ..item(5_000) };
    let world =
        world.after(PlaceOrder { items: vec![gift], payment: vec![leg(5_000)], ..order(DESK, vec![]) });
    let float = TillOpened {
        session: TillSessionId(1),
        channel: DESK,
        till: "T1".into(),
        operator: ActorId(0),
        cash: CASH,
        float: Amount(10_000),
    };
    let world = world.and([float.into()]).at(after(DAY)).after(CloseDueDays {});
    let closed = last(&world, Period::Day);
    assert_eq!((closed.sales.len(), closed.perpetual), (0, Perpetual::default()));
    assert_eq!((closed.prepaid.issued, closed.floats.opened), (Amount(5_000), Amount(10_000)));
    assert_eq!(closed.money.first().map(|total| total.received), Some(Amount(5_000)));
    reconcile(&world);
}

#[test]
fn another_cut_off_opens_nothing_again() {
    let world = open().after(order(DESK, vec![ticket()])).at(at("2026-03-02T07:00:00+01:00"));
    let world = world.after(CloseDueDays {});
    // By the new cut-off the first day would last until noon.
    let parameters = OrganisationParameters { day_cutoff_minutes: 720, ..parameters() };
    let world = world.after(ChangeOrganisation { parameters }).after(order(DESK, vec![ticket()]));
    world.when(CloseDueDays {}).then_rejected(NothingToClose, "");
    let world = world.at(at("2026-03-03T12:00:00+01:00")).after(CloseDueDays {});
    let second = last(&world, Period::Day);
    assert_eq!((second.number, second.ended_at), (2, at("2026-03-03T12:00:00+01:00")));
    assert_eq!(second.taxed().gross, Amount(2_000));
    reconcile(&world);
}

#[test]
fn technical_events_are_noted_and_closed_years_archived() {
    let world = open();
    let noted = |reference: &str| NoteTechnicalEvent {
        what: TechnicalKind::Started,
        about: Some(DEVICE),
        reference: reference.into(),
    };
    let event = TechnicalEventNoted {
        what: TechnicalKind::Started,
        about: Some(DEVICE),
        reference: "soticket 0.1.0".into(),
    };
    world.when(noted("soticket 0.1.0")).then([event.clone().into()]);
    world.when_fact(before(), noted("soticket 0.1.0")).then([event.into()]);

    let world = world.at(at("2027-01-01T12:00:00+01:00")).after(close(Period::Year, FIRST));
    let last = world.events.len() as u64 - 1;
    world.when(archive(1)).then([ArchiveMade {
        year: 1,
        from: day(FIRST),
        until: day("2026-12-31"),
        first: 0,
        last,
        format: 1,
        files: 8,
        bytes: 100,
        manifest: Hash([1; 32]),
        manifest_sha256: Hash([2; 32]),
    }
    .into()]);
}

fn archive(year: u64) -> RecordArchive {
    RecordArchive {
        year,
        format: 1,
        files: 8,
        bytes: 100,
        manifest: Hash([1; 32]),
        manifest_sha256: Hash([2; 32]),
    }
}

pub(crate) fn rejections() -> Vec<Refused> {
    let world = open().at(after(3 * DAY)).after(close_day(FIRST));
    let note = NoteTechnicalEvent { what: TechnicalKind::Exported, about: None, reference: "x".repeat(65) };
    let long = note.clone();
    let unknown = NoteTechnicalEvent { about: Some(ActorId(99)), ..note.clone() };
    let control = NoteTechnicalEvent { reference: "a\nb".into(), ..note };
    let of_nobody = NoteTechnicalEvent { reference: String::new(), ..unknown.clone() };
    vec![
        refused(&world, close_day(FIRST), PeriodAlreadyClosed, "day"),
        refused(&world, close_day("2026-02-27"), PeriodAlreadyClosed, "day"),
        refused(&world, close_day("2026-03-03"), ClosingOutOfOrder, "day"),
        // Not over goes before out of order.
        refused(&world, close_day("2026-03-04"), PeriodNotOver, "day"),
        refused(&world, close_day("2026-03-09"), PeriodNotOver, "day"),
        refused(&world, close(Period::Month, "2026-03-02"), PeriodNotOver, "day"),
        refused(&world, close(Period::Month, "2026-02-02"), PeriodAlreadyClosed, "day"),
        refused(&world, close(Period::Year, FIRST), PeriodNotOver, "day"),
        refused(&world, close(Period::Year, "2025-12-31"), PeriodAlreadyClosed, "day"),
        refused(&world, ClosePeriod { period: Period::Day, day: CommercialDay(0) }, TimeOutOfRange, "day"),
        refused_fact(&world, close_day("2026-03-02"), TimeNotAllowed, "occurred_at"),
        refused(&world.clone().at(after(DAY)), CloseDueDays {}, NothingToClose, ""),
        refused(&world, SetFiscalYear { first_month: 0 }, QuantityZero, "first_month"),
        refused(&world, SetFiscalYear { first_month: 13 }, QuantityTooLarge, "first_month"),
        refused(&world, long, TextTooLong, "reference"),
        refused(&world, unknown, TextTooLong, "reference"),
        refused(&world, control, TextNotAllowed, "reference"),
        refused(&world, of_nobody, ActorUnknown, "about"),
        refused(&world, archive(1), ClosingUnknown, "year"),
        refused(&world, RecordArchive { files: 0, ..archive(1) }, QuantityZero, "files"),
    ]
}

/// Random days: sales and reports now and late, cancellations, reductions, money, and closings now and then.
fn step(world: &mut World, (kind, number, amount): (u8, u64, i64)) {
    let ticket_id = number % 12 + 1;
    let order_id = OrderId(number % 8 + 1);
    let late = Timestamp(world.now.0 - (amount % 5) * DAY * 1_000_000 - 1);
    // What is refused changes nothing.
    let (body, occurred) = match kind % 9 {
        0 | 1 => {
            let reported = ReportedTicket {
                price: Amount(amount),
                fee: Amount(amount % 150),
                fee_vat: Rate(200_000),
                vat: Rate([21_000, 55_000][usize::from(number.is_multiple_of(2))]),
                stated_vat: number.is_multiple_of(3).then_some(Amount(amount / 20)),
                show: ShowId(number % 2 + 1),
                tariff: if number.is_multiple_of(2) { FULL } else { TariffId(4) },
                ..reported()
            };
            (CommandBody::ReportSale(report(FNAC, vec![reported; 2])), Some(late))
        }
        2 => (
            CommandBody::PlaceOrder(PlaceOrder { items: vec![item(amount)], ..order(WEB, vec![ticket()]) }),
            None,
        ),
        3 | 4 => {
            let ticket = world.state.ticket(TicketId(ticket_id)).map(|ticket| ticket.order);
            let mut cancelled = cancel(ticket.unwrap_or_default().0, &[ticket_id]);
            cancelled.tickets[0].fee_kept = number.is_multiple_of(3);
            (CommandBody::CancelTickets(cancelled), None)
        }
        5 => {
            let price = Amount(amount % 700);
            (
                CommandBody::ReducePrice(ReducePrice {
                    ticket: TicketId(ticket_id),
                    price,
                    stated_vat: None,
                }),
                None,
            )
        }
        6 => {
            let payment = RecordPayment { order: order_id, legs: vec![leg(amount)] };
            (CommandBody::RecordPayment(payment), Some(late))
        }
        7 => (CommandBody::CloseDueDays(CloseDueDays {}), None),
        _ => {
            world.now = Timestamp(world.now.0 + (amount % 60) * 3_600_000_000);
            return;
        }
    };
    drop(world.submit(body, occurred));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn days_months_and_years_add_up_whatever_happens(
        steps in prop::collection::vec((any::<u8>(), 0_u64..40, 1_i64..3_000), 0..60),
        per_ticket in any::<bool>(),
    ) {
        let mut world = two_shows();
        if per_ticket {
            let Event::ShowScheduled(show) = scheduled(ShowId(3), SerialScope::Show) else { unreachable!() };
            world = world.and([ShowScheduled { rounding: Rounding::PerTicket, ..show }.into()]);
        }
        steps.into_iter().for_each(|taken| step(&mut world, taken));
        world.now = at("2028-01-05T12:00:00+01:00");
        while world.submit(CommandBody::CloseDueDays(CloseDueDays {}), None).is_ok() {}
        let (_, perpetual) = reconcile(&world);
        let years: Vec<_> = closings(&world.events).into_iter().filter(|closed| closed.period == Period::Year).cloned().collect();
        prop_assert!(years.len() >= 2);
        // Days, months and years agree to the cent, VAT by rate included.
        for period in [Period::Day, Period::Month] {
            let mut sum = soticket_ledger::books::Totals::default();
            for closed in closings(&world.events).into_iter().filter(|closed| closed.period == period) {
                let part = soticket_ledger::books::Totals { sales: closed.sales.clone(), ..Default::default() };
                if closed.until <= years[years.len() - 1].until {
                    sum.add(&part);
                }
            }
            let mut whole = soticket_ledger::books::Totals::default();
            for year in &years {
                whole.add(&soticket_ledger::books::Totals { sales: year.sales.clone(), ..Default::default() });
            }
            prop_assert_eq!(sum.sales, whole.sales);
        }
        let last = closings(&world.events).into_iter().next_back().map(|closed| closed.perpetual);
        prop_assert_eq!(last, Some(perpetual));
    }
}
