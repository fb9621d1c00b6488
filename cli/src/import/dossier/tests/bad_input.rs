//! What can be wrong with a dossier, and how it is told.

use std::fs;

use super::super::*;
use super::{codes, counts, edited, ledger, run};
use crate::import::ImportError;

#[test]
fn every_bad_line_is_told_and_the_rest_is_taken() {
    let long = "x".repeat(1_000_000);
    let bad = [
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,-24.00,1.00,carte,,",
            "price",
            "AMOUNT_NEGATIVE",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.005,1.00,carte,,",
            "price",
            "AMOUNT_PRECISION",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,99999999999,1.00,carte,,",
            "price",
            "AMOUNT_TOO_LARGE",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,vip,placement-libre,24.00,1.00,carte,,",
            "tariff",
            "TARIFF_UNKNOWN",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,kiosk,site,prevente,placement-libre,24.00,1.00,carte,,",
            "channel",
            "CHANNEL_UNKNOWN",
        ),
        ("T9,A,2026-02-01T10:00:00Z,web,site,prevente,balcon,24.00,1.00,carte,,", "zone", "ZONE_UNKNOWN"),
        (
            "T9,A,01/02/2026 10:00,web,site,prevente,placement-libre,24.00,1.00,carte,,",
            "sold_at",
            "TIME_UNREADABLE",
        ),
        (
            "T9,A,1826-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,",
            "sold_at",
            "TIME_UNREADABLE",
        ),
        (
            "T00355,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,",
            "ticket",
            "DUPLICATE",
        ),
        (
            ",A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,",
            "ticket",
            "TEXT_EMPTY",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,exonere,placement-libre,0.00,0.00,,,",
            "tariff",
            "COMP_REASON_INVALID",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,exonere:ecole,placement-libre,0.00,0.00,,,",
            "tariff",
            "COMP_REASON_INVALID",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte:24.00,,",
            "payment",
            "PAYMENT_MISMATCH",
        ),
        (
            "T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,PASS1",
            "pack",
            "PACK_UNEXPECTED",
        ),
        ("T9,A,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte", "", "ROW_SHAPE"),
    ];
    for (line, column, code) in bad {
        let ledger = ledger();
        let folder = edited(sales::FILE, |text| format!("{text}{line}\n"));
        let report = run(&ledger, folder.path()).unwrap();
        let place =
            if column.is_empty() { "sales.csv:427".to_owned() } else { format!("sales.csv:427 [{column}]") };
        assert_eq!(codes(&report), [(place, code)], "{line}");
        assert_eq!(counts(&report, sales::FILE), (426, 425, 0, 1));
    }
    let ledger = ledger();
    let folder =
        edited(scans::FILE, |text| format!("{text}{long},A,scan-A1,2026-03-14T19:00:00Z,entry,no\n"));
    let mut bytes = fs::read(folder.path().join(scans::FILE)).unwrap();
    bytes.extend_from_slice(b"\xff,A,scan-A1,2026-03-14T19:00:00Z,entry,no\nT1,A,scan-A1,soon,entry,no\n");
    fs::write(folder.path().join(scans::FILE), bytes).unwrap();
    let report = run(&ledger, folder.path()).unwrap();
    let told: Vec<&str> = report.refused.iter().map(|refusal| refusal.code).collect();
    assert_eq!(told, ["TEXT_TOO_LONG", "UTF8_INVALID", "TIME_UNREADABLE"]);
    assert_eq!(counts(&report, scans::FILE), (401, 398, 0, 3));
}

#[test]
fn an_order_is_taken_whole_or_not_at_all() {
    let ledger = ledger();
    let folder = edited(sales::FILE, |text| {
        format!(
            "{text}T8,Z1,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,\n\
             T9,Z1,2026-02-01T10:00:00Z,web,site,nothing,placement-libre,24.00,1.00,carte,,\n\
             T10,Z2,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,a@example.org,\n\
             T11,Z2,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,b@example.org,\n\
             T12,Z3,2026-02-01T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,\n\
             T13,Z3,2026-02-02T10:00:00Z,web,site,prevente,placement-libre,24.00,1.00,carte,,\n"
        )
    });
    let report = run(&ledger, folder.path()).unwrap();
    let told: Vec<_> =
        report.refused.iter().map(|refusal| (refusal.place.line.unwrap(), refusal.code)).collect();
    assert_eq!(
        told,
        [(427, "ORDER_INCOMPLETE"), (428, "TARIFF_UNKNOWN"), (429, "ORDER_MIXED"), (430, "ORDER_MIXED")]
    );
    // Z3 grew a day later: both its lines are in.
    assert_eq!(counts(&report, sales::FILE), (431, 427, 0, 4));
    // Once the line is corrected the order goes in, and nothing else is added.
    let heads = ledger.heads()[0].1.length;
    let corrected = fs::read_to_string(folder.path().join(sales::FILE)).unwrap().replace("nothing", "reduit");
    fs::write(folder.path().join(sales::FILE), corrected).unwrap();
    let report = run(&ledger, folder.path()).unwrap();
    assert_eq!(counts(&report, sales::FILE), (431, 2, 427, 2));
    assert_eq!(ledger.heads()[0].1.length, heads + 2, "the sale and its payment");
}

#[test]
fn refunds_name_what_is_wrong_with_them() {
    let cases = [
        ("T99998,W0001,2026-03-01T10:00:00Z,24.00,0.00,", "[ticket]", "TICKET_UNKNOWN"),
        ("T00355,W0001,2026-03-01T10:00:00Z,24.00,0.00,", "[order]", "TICKET_UNKNOWN"),
        ("T00355,M0030,2026-01-01T10:00:00Z,24.00,0.00,", "[refunded_at]", "TIME_ORDER"),
        ("T00355,M0030,2026-03-01T10:00:00Z,24.00,1.00,", "[fee_refunded]", "PAYMENT_MISMATCH"),
        ("T00355,M0030,2026-03-01T10:00:00Z,240.00,2.20,", "[amount]", "PAYMENT_MISMATCH"),
        ("T00076,W0045,2026-03-01T10:00:00Z,24.00,0.00,", "[ticket]", "DUPLICATE"),
    ];
    for (line, column, code) in cases {
        let folder = edited(refunds::FILE, |text| format!("{text}{line}\n"));
        let report = run(&ledger(), folder.path()).unwrap();
        assert_eq!(codes(&report), [(format!("refunds.csv:5 {column}"), code)], "{line}");
    }
}

#[test]
fn everything_wrong_with_the_description_is_told_with_its_path() {
    let folder = edited(DESCRIPTION, |text| {
        text.replace("\"price\": \"27.00\"", "\"price\": \"-27.00\"")
            .replace("\"kind\": \"own-site\"", "\"kind\": \"shop\"")
            .replace("\"starts_at\": \"2026-03-14T20:30:00+01:00\"", "\"starts_at\": \"20:30\"")
            .replace("\"capacity\": 450", "\"capacity\": \"many\"")
            .replace("\"mode\": \"demo\",", "")
    });
    let Err(ImportError::Refused(refused)) = run(&ledger(), folder.path()) else { panic!("must be refused") };
    let mut told: Vec<_> =
        refused.iter().map(|refusal| (refusal.place.column.as_str(), refusal.code)).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("channels[0].kind", "WORD_UNKNOWN"),
            ("hall.zones[0].capacity", "NUMBER_UNREADABLE"),
            ("organisation.mode", "JSON_FIELD"),
            ("show.starts_at", "TIME_UNREADABLE"),
            ("tariffs[0].price", "AMOUNT_NEGATIVE"),
        ]
    );
    let folder = edited(DESCRIPTION, |text| text.replace("\"hall\": {", "\"hall\": {{"));
    let error = run(&ledger(), folder.path()).unwrap_err().to_string();
    assert!(error.starts_with("show.json:14: JSON_INVALID"), "{error}");
}
