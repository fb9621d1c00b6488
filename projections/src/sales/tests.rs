//! Given sales and cancellations, then rows by day.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::venue;
use crate::testing::{LogBuilder, at, cancellation, cents, line, order};

#[test]
fn what_happened_counts_on_its_own_commercial_day() {
    let mut log = LogBuilder::default();
    venue::open(&mut log, Rounding::Document, at("2026-01-01T12:00:00+01:00"));
    let evening = at("2026-03-14T23:00:00+01:00");
    // After midnight, before the cut-off at four.
    let night = at("2026-03-15T02:00:00+01:00");
    let morning = at("2026-03-15T09:00:00+01:00");
    let ticket = |number: u64, show: u64| line(number, show, 1, show as u32 * 10, number, "24.00");
    log.push(morning, order(1, 1, vec![ticket(1, 1), ticket(2, 1)]));
    log.push(evening, order(2, 1, vec![ticket(3, 1)]));
    log.push(night, order(3, 1, vec![ticket(4, 1), ticket(5, 2)]));
    log.push(morning, TicketsCancelled { cancellation: cancellation(2, &[(3, 1, false)]) });
    log.push(morning, TicketsCancelled { cancellation: cancellation(2, &[(3, 1, false)]) });
    log.push(
        morning,
        PriceReduced {
            order: OrderId(3),
            subject: None,
            ticket: TicketId(4),
            show: ShowId(1),
            before: cents("24.00"),
            after: cents("20.00"),
            stated_vat: None,
        },
    );
    let sales: Sales = log.fold();

    let row = |row: &DaySales| {
        let (day, net) = (row.day.to_string(), row.net_amount.display(Currency::EUR));
        (day, row.tariff.0, row.issued, row.cancelled, net)
    };
    let expected = [
        ("2026-03-14".to_owned(), 10, 2, 0, "48.00".to_owned()),
        ("2026-03-15".to_owned(), 10, 2, 1, "20.00".to_owned()),
    ];
    assert_eq!(sales.show(ShowId(1)).iter().map(row).collect::<Vec<_>>(), expected);
    let all = sales.days(jiff::civil::date(2026, 3, 14), jiff::civil::date(2026, 3, 14));
    assert_eq!(all.iter().map(|row| (row.tariff.0, row.issued)).collect::<Vec<_>>(), [(10, 2), (20, 1)]);

    let (first, second) = (jiff::civil::date(2026, 3, 14), jiff::civil::date(2026, 3, 15));
    assert_eq!([evening, night, morning].map(|at| sales.day(at)), [first, first, second]);
    let totals = |show: Option<u64>, day| {
        let totals = sales.totals(show.map(ShowId), day);
        (totals.issued, totals.cancelled, totals.net_amount.display(Currency::EUR))
    };
    assert_eq!(totals(Some(1), None), (4, 1, "68.00".to_owned()));
    assert_eq!(totals(Some(1), Some(second)), (2, 1, "20.00".to_owned()));
    assert_eq!(totals(None, Some(first)), (3, 0, "72.00".to_owned()));
    assert_eq!(totals(Some(9), None), (0, 0, "0.00".to_owned()));
}
