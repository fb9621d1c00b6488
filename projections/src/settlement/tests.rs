//! The worked settlement, and what it does not meet.

use soticket_schema::event::v1::*;
use soticket_schema::money::Taxed;
use soticket_schema::*;

use super::*;
use crate::testing::venue::{self, scheduled, tariff_defined};
use crate::testing::{LogBuilder, at, cancellation, cents, line, order, parameters, percent};

mod commissions;

const NOON: &str = "2026-03-01T12:00:00+01:00";
const SHOW: ShowId = ShowId(1);
const GUICHET: u32 = 1;
const WEB: u32 = 2;
const FNAC: u32 = 3;
const TICKETMASTER: u32 = 4;

/// Sells that many tickets one order each, with serials from `serial`.
struct Sale {
    tariff: u32,
    channel: u32,
    price: &'static str,
    count: u64,
    fee: &'static str,
    comp: Option<CompReason>,
}

fn sale(tariff: u32, channel: u32, price: &'static str, count: u64) -> Sale {
    Sale { tariff, channel, price, count, fee: "0.00", comp: None }
}

/// The show of the worked example as events: sale by sale, three web tickets refunded with their fee kept.
fn worked_example(rounding: Rounding) -> LogBuilder {
    let (mut log, noon) = (LogBuilder::default(), at(NOON));
    let opened =
        OrganisationOpened { mode: Mode::Demo, currency: Currency::EUR, parameters: parameters(rounding) };
    log.push(noon, opened);
    let mut show = scheduled(1, rounding);
    show.zones = vec![ZoneOnSale { zone: ZoneId(1), on_sale: 450 }];
    log.push(noon, show);
    let names = ["Sur place", "Prévente", "Réduit", "Abonné", "Pass 2 jours", "Exonéré"];
    for (tariff, name) in (1..).zip(names) {
        let mut defined = tariff_defined(1, tariff);
        defined.terms.name = name.into();
        log.push(noon, defined);
    }
    let comp = |reason, count| Sale { comp: Some(reason), ..sale(6, GUICHET, "0.00", count) };
    let sales = [
        sale(1, GUICHET, "27.00", 61),
        Sale { fee: "1.00", ..sale(2, WEB, "24.00", 118) },
        Sale { fee: "1.00", ..sale(3, WEB, "20.00", 42) },
        sale(4, GUICHET, "18.00", 36),
        Sale { fee: "1.80", ..sale(2, FNAC, "24.00", 68) },
        Sale { fee: "2.20", ..sale(2, TICKETMASTER, "24.00", 41) },
        sale(5, WEB, "20.87", 25),
        comp(CompReason::Artist, 15),
        comp(CompReason::Production, 8),
        comp(CompReason::Press, 6),
        comp(CompReason::Staff, 5),
    ];
    let (mut ticket, mut serials) = (0, [0_u64; 7]);
    for sale in sales {
        for _ in 0..sale.count {
            ticket += 1;
            serials[sale.tariff as usize] += 1;
            sell(&mut log, ticket, &sale, serials[sale.tariff as usize]);
        }
    }
    for web in [70, 80, 90] {
        log.push(noon, TicketsCancelled { cancellation: cancellation(web, &[(web, 1, true)]) });
        log.push(noon, money_back(web, cents("24.00")));
    }
    log
}

fn sell(log: &mut LogBuilder, ticket: u64, sale: &Sale, serial: u64) {
    let mut line = line(ticket, 1, 1, sale.tariff, serial, sale.price);
    (line.fee, line.comp) = (cents(sale.fee), sale.comp);
    let total = line.price + line.fee;
    log.push(at(NOON), order(ticket, sale.channel, vec![line]));
    if total > Amount::ZERO {
        log.push(at(NOON), payment(ticket, total));
    }
}

fn payment(order: u64, amount: Amount) -> PaymentRecorded {
    let legs = vec![Leg { method: MethodId(1), amount }];
    PaymentRecorded {
        payment: PaymentId(order),
        order: OrderId(order),
        subject: None,
        shows: vec![SHOW],
        legs,
    }
}

fn money_back(order: u64, amount: Amount) -> MoneyReturned {
    let legs = vec![Leg { method: MethodId(1), amount }];
    let payment = PaymentId(10_000 + order);
    MoneyReturned { payment, order: OrderId(order), subject: None, shows: vec![SHOW], legs }
}

fn euros(taxed: Taxed) -> [String; 3] {
    [taxed.gross, taxed.net, taxed.vat].map(|amount| amount.display(Currency::EUR))
}

fn row(line: &SettlementLine) -> String {
    let [gross, net, vat] = euros(line.taxed);
    format!(
        "{} ({}) {} n° {}-{}: {} - {} = {}: {gross} = {net} + {vat}",
        line.tariff_name,
        line.channel,
        line.price.display(Currency::EUR),
        line.first_serial,
        line.last_serial,
        line.issued,
        line.cancelled,
        line.net
    )
}

#[test]
fn the_worked_settlement_comes_out_to_the_cent() {
    let settlement: Settlement = worked_example(Rounding::Document).fold();
    let show = settlement.show(SHOW).unwrap();
    assert_eq!(
        show.lines.iter().map(row).collect::<Vec<_>>(),
        [
            "Sur place (1) 27.00 n° 1-61: 61 - 0 = 61: 1647.00 = 1561.14 + 85.86",
            "Prévente (2) 24.00 n° 1-118: 118 - 3 = 115: 2760.00 = 2616.11 + 143.89",
            "Prévente (3) 24.00 n° 119-186: 68 - 0 = 68: 1632.00 = 1546.92 + 85.08",
            "Prévente (4) 24.00 n° 187-227: 41 - 0 = 41: 984.00 = 932.70 + 51.30",
            "Réduit (2) 20.00 n° 1-42: 42 - 0 = 42: 840.00 = 796.21 + 43.79",
            "Abonné (1) 18.00 n° 1-36: 36 - 0 = 36: 648.00 = 614.22 + 33.78",
            "Pass 2 jours (2) 20.87 n° 1-25: 25 - 0 = 25: 521.75 = 494.55 + 27.20",
        ]
    );
    assert_eq!((show.paid.issued, show.paid.cancelled, show.paid.net), (391, 3, 388));
    assert_eq!(euros(show.paid.taxed), ["9032.75", "8561.85", "470.90"]);
    assert_eq!((show.entries, show.authorised_capacity), (422, 450));
    let free: Vec<_> = show.free_by_reason.iter().map(|free| (free.reason.unwrap(), free.net)).collect();
    let reasons = [CompReason::Artist, CompReason::Production, CompReason::Press, CompReason::Staff];
    assert_eq!(free, reasons.into_iter().zip([15, 8, 6, 5]).collect::<Vec<_>>());
    assert_eq!(show.vat.len(), 1);
    assert_eq!(show.vat[0], VatTotal { rate: percent("5.5"), taxed: show.paid.taxed });
}

#[test]
fn fees_stay_outside_the_receipts_and_are_kept_on_refund() {
    let settlement: Settlement = worked_example(Rounding::Document).fold();
    let show = settlement.show(SHOW).unwrap();
    let fees: Vec<_> = show.fees.iter().map(|fee| (fee.channel.0, fee.tickets, euros(fee.taxed))).collect();
    let web = ["160.00", "133.33", "26.67"].map(String::from);
    let fnac = ["122.40", "102.00", "20.40"].map(String::from);
    assert_eq!(fees[..2], [(WEB, 160, web), (FNAC, 68, fnac)]);
    let money = show.money[0];
    assert_eq!((money.payments, money.refunds, money.returned), (391, 3, cents("72.00")));
    let organisation = settlement.organisation();
    assert_eq!((organisation.open, organisation.orders), (Amount::ZERO, money.net));
}

#[test]
fn the_two_rounding_policies_differ_by_what_the_reference_says() {
    let settlement: Settlement = worked_example(Rounding::PerTicket).fold();
    let show = settlement.show(SHOW).unwrap();
    assert_eq!(euros(show.paid.taxed), ["9032.75", "8561.97", "470.78"]);
    assert_eq!(show.lines.iter().map(|line| line.taxed).sum::<Taxed>(), show.paid.taxed);
}

/// A show of the test venue with events on top.
fn given(rounding: Rounding, events: Vec<Event>) -> Settlement {
    let mut log = LogBuilder::default();
    venue::open(&mut log, rounding, at(NOON));
    events.into_iter().for_each(|event| {
        log.push(at(NOON), event);
    });
    log.fold()
}

#[test]
fn a_payment_for_several_shows_counts_for_each_in_part() {
    let of = |ticket, show: u64, price| line(ticket, show, 1, show as u32 * 10, ticket, price);
    let paid = |order: u64, shows: &[u64], amount: &str| {
        let shows = shows.iter().copied().map(ShowId).collect();
        PaymentRecorded { shows, ..payment(order, cents(amount)) }
    };
    let events = vec![
        order(1, 2, vec![of(1, 1, "20.00"), of(2, 2, "10.00")]).into(),
        paid(1, &[1, 2], "30.00").into(),
        order(2, 2, vec![of(3, 1, "20.00")]).into(),
        paid(2, &[1], "20.00").into(),
        // Sold for nothing but paid all the same, such as an order's fee: all alike.
        order(3, 2, vec![of(4, 1, "0.00"), of(5, 2, "0.00")]).into(),
        paid(3, &[1, 2], "1.00").into(),
        // A refund is no payment.
        MoneyReturned { shows: vec![ShowId(1), ShowId(2)], ..money_back(1, cents("10.00")) }.into(),
    ];
    let settlement = given(Rounding::Document, events);
    let payments = [1, 2].map(|show| {
        let figures = settlement.figures(ShowId(show)).unwrap().payments;
        assert_eq!(figures.len(), 1);
        (figures[0].payments, figures[0].shared, figures[0].share)
    });
    assert_eq!(payments, [(1, 2, 666_667 + 500_000), (0, 2, 333_333 + 500_000)]);
    let parts: u64 = payments.iter().map(|(_, _, share)| share).sum();
    assert_eq!(parts, 2 * WHOLE_PAYMENT.unsigned_abs(), "the parts come to the payments");
}

fn reduced(ticket: u64, before: &str, after: &str) -> Event {
    let (order, ticket, show) = (OrderId(1), TicketId(ticket), SHOW);
    let (before, after) = (cents(before), cents(after));
    PriceReduced { order, subject: None, ticket, show, before, after, stated_vat: None }.into()
}

#[test]
fn a_reduced_price_is_a_line_of_its_own() {
    let tickets = (1..=4).map(|ticket| line(ticket, 1, 1, 10, ticket, "24.00")).collect();
    let cancelled = TicketsCancelled { cancellation: cancellation(1, &[(2, 1, false)]) };
    let events = vec![
        order(1, 2, tickets).into(),
        reduced(1, "24.00", "20.00"),
        cancelled.into(),
        reduced(2, "24.00", "20.00"),
    ];
    let settlement = given(Rounding::Document, events);
    let lines: Vec<_> = settlement.show(SHOW).unwrap().lines.iter().map(row).collect();
    assert_eq!(
        lines,
        [
            "tariff 0 (2) 24.00 n° 3-4: 2 - 0 = 2: 48.00 = 45.50 + 2.50",
            "tariff 0 (2) 20.00 n° 1-2: 2 - 1 = 1: 20.00 = 18.95 + 1.05",
        ]
    );
    assert_eq!(settlement.organisation().open, cents("68.00"));
}

#[test]
fn vat_that_the_selling_system_stated_counts_under_per_ticket_only() {
    let sale = || {
        let mut tickets: Vec<_> = (1..=3).map(|ticket| line(ticket, 1, 1, 10, ticket, "16.00")).collect();
        tickets[0].stated_vat = Some(cents("0.84"));
        vec![order(1, 2, tickets).into()]
    };
    let vat = |rounding| {
        let lines = given(rounding, sale()).show(SHOW).unwrap().lines;
        assert_eq!(lines.len(), 1, "one line, whatever was stated");
        euros(lines[0].taxed)
    };
    assert_eq!(vat(Rounding::PerTicket), ["48.00", "45.50", "2.50"]);
    assert_eq!(vat(Rounding::Document), ["48.00", "45.50", "2.50"]);
    let mut odd = sale();
    odd.extend((2..=3).map(|number| {
        let mut ticket = line(number * 10, 1, 1, 10, 9, "16.00");
        ticket.stated_vat = Some(cents("0.90"));
        Event::from(order(number, 2, vec![ticket]))
    }));
    assert_eq!(euros(given(Rounding::PerTicket, odd).show(SHOW).unwrap().paid.taxed)[2], "4.30");
}

fn item(item: u64, kind: ItemKind, show: Option<u64>, price: &str) -> ItemLine {
    let (item, show, price) = (ItemId(item), show.map(ShowId), cents(price));
    ItemLine { item, kind, show, price, vat: percent("20"), stated_vat: None, ticket: None }
}

#[test]
fn items_and_payments_are_counted_where_they_belong() {
    let mut placed = order(1, 1, vec![line(1, 1, 1, 10, 1, "24.00"), line(2, 2, 1, 20, 1, "24.00")]);
    let shirt = ItemKind::Product(ProductId(1));
    placed.lines.items = vec![
        item(1, shirt, Some(1), "15.00"),
        item(2, shirt, Some(1), "15.00"),
        item(3, FeeKind::Service.into(), None, "2.00"),
    ];
    let mut both = payment(1, cents("80.00"));
    both.shows = vec![ShowId(1), ShowId(2)];
    let mut cancelled = cancellation(1, &[]);
    cancelled.items.push(CancelledItem { item: ItemId(2), show: Some(SHOW) });
    let cancelled = TicketsCancelled { cancellation: cancelled };
    let twice = cancelled.clone();
    let settlement =
        given(Rounding::PerTicket, vec![placed.into(), both.into(), cancelled.into(), twice.into()]);

    let show = settlement.show(SHOW).unwrap();
    let items: Vec<_> = show.items.iter().map(|item| (item.name.as_str(), item.sold, item.net)).collect();
    assert_eq!(items, [("T-shirt", 2, 1)]);
    assert_eq!(show.money, [], "money of an order for two shows belongs to neither alone");
    let organisation = settlement.organisation();
    assert_eq!((organisation.orders, organisation.open), (cents("65.00"), cents("-15.00")));
    let products: Vec<_> =
        organisation.products.iter().map(|row| (row.kind, row.number, euros(row.taxed)[0].clone())).collect();
    assert_eq!(
        products,
        [
            (ProductRowKind::Tariff, 2, "48.00".into()),
            (ProductRowKind::Product, 1, "15.00".into()),
            (ProductRowKind::Fee(FeeKind::Service), 1, "2.00".into()),
        ]
    );
}
