//! Samples of seasons, of what happens to shows, and of the rules of tariffs.

use soticket_schema::event::Event;
use soticket_schema::event::v1::*;
use soticket_schema::ids::*;
use soticket_schema::money::{Amount, Rate};
use soticket_schema::time::Timestamp;

use super::REDUCED;

pub(crate) fn seasons() -> Vec<Event> {
    let terms = SeasonTerms {
        name: "2026-2027".into(),
        from: Timestamp(1_788_213_600_000_000),
        until: Timestamp(1_814_392_800_000_000),
    };
    let seat = |number: &str, x| SeatOfRow { number: number.into(), at: Some(SeatPoint { x, y: 300 }) };
    vec![
        SeasonDefined { season: SeasonId(1), terms: terms.clone() }.into(),
        SeasonChanged { season: SeasonId(1), terms }.into(),
        SeatsDrawn {
            hall: HallId(1),
            zone: ZoneId(2),
            rows: vec![SeatRow { row: "A".into(), seats: vec![seat("1", 10), seat("2", 20), seat("3", 30)] }],
        }
        .into(),
    ]
}

pub(crate) fn show_changes() -> Vec<Event> {
    let (show, refunds_until) = (ShowId(1), Some(Timestamp(1_775_000_000_000_000)));
    vec![
        ShowPostponed {
            show,
            starts_at: Timestamp(1_778_516_600_000_000),
            doors_at: Timestamp(1_778_513_000_000_000),
            sale_from: Timestamp(1_773_222_000_000_000),
            sale_until: Timestamp(1_778_520_200_000_000),
            refunds_until,
        }
        .into(),
        ShowRelocated {
            show,
            hall: HallId(2),
            authorised_capacity: 900,
            zones: vec![
                ZoneOnSale { zone: ZoneId(3), on_sale: 800 },
                ZoneOnSale { zone: ZoneId(4), on_sale: 90 },
            ],
            moves: vec![
                MovedZone { from: ZoneId(1), to: ZoneId(3), seats: Vec::new(), seat_count: 0 },
                MovedZone {
                    from: ZoneId(2),
                    to: ZoneId(4),
                    seats: vec![SeatId(2), SeatId(0), SeatId(300)],
                    seat_count: 400,
                },
            ],
            refunds_until,
        }
        .into(),
        ShowCancelled { show }.into(),
        ShowRefundBegun { show, run: 1, fees_kept: true, orders: 300, amount: Amount(720_000) }.into(),
        ShowRefundAdvanced { show, run: 1, orders: 100, tickets: 251, amount: Amount(240_000) }.into(),
        ShowRefundFinished { show, run: 1 }.into(),
        ShowSeasonSet { show, season: Some(SeasonId(1)) }.into(),
    ]
}

pub(crate) fn tariff_rules() -> Vec<Event> {
    let (show, tariff) = (ShowId(1), TariffId(4));
    let rules = TariffRules {
        from: Some(Timestamp(1_767_222_000_000_000)),
        until: Some(Timestamp(1_773_520_200_000_000)),
        deadline_minutes: Some(1_440),
        order_max: Some(6),
        eligibility: Eligibility::Proof("Carte étudiant".into()),
        free_price: Some(FreePrice { floor: Amount(500), ceiling: Some(Amount(5_000)) }),
    };
    let warning = CompWarning { name: "Sacem".into(), basis: CompBasis::Sold, rate: Rate(50_000) };
    let limits = CompLimits {
        quotas: vec![CompQuota { reason: CompReason::Press, tickets: 6 }],
        warnings: vec![warning.clone()],
    };
    vec![
        TariffRulesSet { show, tariff, rules }.into(),
        TariffVatSet {
            show,
            tariff,
            rates: vec![DatedRate { from: Timestamp(1_767_222_000_000_000), rate: REDUCED }],
        }
        .into(),
        CompLimitsSet { show, limits }.into(),
        CompLimitsPassed {
            order: OrderId(12),
            show,
            comps: 23,
            passed: vec![PassedLimit { warning, allowed: 22 }],
        }
        .into(),
    ]
}
