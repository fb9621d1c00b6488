//! Given events, then closings and readings.

use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::testing::{LogBuilder, at, cancellation, cents, line, order, venue};

fn day(text: &str) -> CommercialDay {
    CommercialDay::parse(text).unwrap()
}

/// A log of two shows, with two tickets sold for 24.00 and a fee of 1.00 each.
fn sold() -> LogBuilder {
    let mut log = LogBuilder::default();
    // Records are made from 2026-02-02T02:40:00Z on, a second apart: before the cut-off at four, of 1 February.
    let noon = at("2026-02-02T03:00:00+01:00");
    venue::open(&mut log, Rounding::Document, noon);
    let mut tickets = vec![line(1, 1, 1, 10, 1, "24.00"), line(2, 1, 1, 10, 2, "24.00")];
    tickets.iter_mut().for_each(|ticket| ticket.fee = cents("1.00"));
    log.push(noon, order(1, 1, tickets));
    log
}

#[test]
fn the_open_day_is_read_without_closing_it() {
    let mut log = sold();
    log.push(
        at("2026-02-02T03:10:00+01:00"),
        TicketsCancelled { cancellation: cancellation(1, &[(1, 1, true)]) },
    );
    let closings: Closings = log.fold();
    let first = closings.first_open().unwrap();
    assert_eq!(first, day("2026-02-01"));
    let reading = closings.reading(first).unwrap();
    let face = reading.totals.sales[0];
    assert_eq!((face.sold, face.cancelled, face.taxed.gross), (2, 1, cents("24.00")));
    let fee = reading.totals.sales[1];
    assert_eq!(
        (fee.sold, fee.cancelled, fee.taxed.gross, fee.taxed.vat),
        (2, 0, cents("2.00"), cents("0.33"))
    );
    assert_eq!(reading.perpetual.absolute, cents("74.00"));
    assert_eq!(reading.totals.records, log.entries.len() as u64);
    assert_eq!(closings.reading(day("2026-01-31")), None, "before the first day");
    assert_eq!(closings.closings(None).count(), 0);
}

#[test]
fn a_closing_is_kept_with_its_hash_and_compared_with_the_reading() {
    let mut log = sold();
    let before: Closings = log.fold();
    let honest = before.own.books.next_closings().remove(0);
    let altered = PeriodClosed { orders: 7, ..honest.clone() };
    let mut false_log = log.clone();
    let later = at("2026-02-02T05:00:00+01:00");
    log.push(later, honest.clone());
    false_log.push(later, altered);

    let closings: Closings = log.fold();
    let kept = closings.closing(Period::Day, 1).unwrap();
    assert_eq!((kept.hash, &kept.event), (honest.hash().unwrap(), &honest));
    assert_eq!(closings.at(kept.position), Some(kept));
    assert_eq!(closings.last_hash(Period::Day), Some(kept.hash));
    assert_eq!(closings.first_open(), Some(day("2026-02-02")));
    assert_eq!(closings.differing(), 0);
    let other: Closings = false_log.fold();
    assert_eq!(other.differing(), 1);
}

#[test]
fn faces_agree_with_the_statement_of_the_show() {
    for rounding in [Rounding::Document, Rounding::PerTicket] {
        let mut log = LogBuilder::default();
        let noon = at("2026-02-02T03:00:00+01:00");
        venue::open(&mut log, rounding, noon);
        for number in 1..=40_u64 {
            let mut ticket = line(number, 1, 1, 10, number, "0.10");
            ticket.price = Amount(i64::try_from(number * 37 % 1_000).unwrap());
            ticket.stated_vat = number.is_multiple_of(3).then_some(Amount(1));
            log.push(noon, order(number, 1, vec![ticket]));
        }
        log.push(noon, TicketsCancelled { cancellation: cancellation(3, &[(3, 1, false)]) });
        let closings: Closings = log.fold();
        let settlement: crate::settlement::Settlement = log.fold();
        let reading = closings.reading(closings.first_open().unwrap()).unwrap();
        let statement = settlement.show(ShowId(1)).unwrap();
        assert_eq!(statement.vat.len(), 1);
        assert_eq!(reading.totals.sales[0].taxed, statement.vat[0].taxed, "{rounding:?}");
    }
}
