//! Samples of closings and of the audit journal.

use soticket_schema::day::CommercialDay;
use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::hash::Hash;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Rate, Taxed};
use soticket_schema::time::Timestamp;

fn closing() -> PeriodClosed {
    let taxed = Taxed { gross: Amount(903_275), net: Amount(856_185), vat: Amount(47_090) };
    PeriodClosed {
        period: Period::Month,
        number: 3,
        from: CommercialDay(20_513),
        until: CommercialDay(20_543),
        opened_at: Timestamp(1_772_330_400_000_000),
        ended_at: Timestamp(1_775_008_800_000_000),
        time_zone: "Europe/Paris".into(),
        cutoff_minutes: 240,
        first: Some(12),
        last: Some(70_000),
        records: 69_000,
        orders: 400,
        sales: vec![SalesTotal {
            class: SaleClass::FeeOnTop,
            rate: Rate(55_000),
            sold: 450,
            cancelled: 12,
            sales: Amount(920_000),
            returns: Amount(16_725),
            taxed,
        }],
        money: vec![MoneyTotal {
            method: MethodId(1),
            payments: 390,
            received: Amount(910_000),
            refunds: 11,
            returned: Amount(16_000),
        }],
        prepaid: PrepaidTotals {
            issued: Amount(5_000),
            cancelled: Amount(1_000),
            spent: Amount(2_400),
            restored: Amount(300),
            lapsed: Amount(77),
        },
        floats: FloatTotals {
            opened: Amount(15_000),
            put_in: Amount(2_000),
            taken_out: Amount(30_000),
            differences: Amount(-50),
        },
        perpetual: Perpetual { algebraic: Amount(2_000_000), absolute: Amount(2_100_000) },
        previous: Hash([0xab; 32]),
    }
}

pub(crate) fn closings() -> Vec<Event> {
    vec![
        closing().into(),
        TechnicalEventNoted {
            what: TechnicalKind::ClockWentBack,
            about: Some(ActorId(7)),
            reference: "2026-03-14T20:30:00Z".into(),
        }
        .into(),
        ArchiveMade {
            year: 1,
            from: CommercialDay(20_454),
            until: CommercialDay(20_818),
            first: 0,
            last: 70_001,
            format: 1,
            files: 7,
            bytes: 123_456_789,
            manifest: Hash([0xb3; 32]),
            manifest_sha256: Hash([0x52; 32]),
        }
        .into(),
        FiscalYearSet { first_month: 9 }.into(),
    ]
}
