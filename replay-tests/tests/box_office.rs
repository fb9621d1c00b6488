//! A short run of the box office; `cargo xtask campaign box-office` runs a million commands.

use soticket_replay_tests::box_office::{Plan, run};

#[test]
fn no_rule_of_the_box_office_is_broken() {
    let report = run(&Plan { commands: 60_000, seed: 7 }).unwrap();
    assert!(report.accepted > 20_000 && report.tickets > 10_000, "{report:?}");
    // Every kind of command is accepted now and then: a run that only refuses proves nothing.
    let kinds: Vec<_> = report.kinds.iter().map(|(kind, _)| *kind).collect();
    for kind in [
        "OrderPlaced",
        "TicketsCancelled",
        "HoldPlaced",
        "QuotaAllocated",
        "QuotaTransferred",
        "QuotaClosed",
        "QuotaReturned",
        "QuotaDeadlineSet",
        "QuotasExpired",
        "TicketDuplicated",
        "TicketTransferred",
        "PaymentAnnounced",
        "PaymentFailed",
        "PaymentReversed",
        "PaymentRecorded",
        "MoneyReturned",
        "PriceReduced",
        "ExternalSaleReported",
        "ExternalSaleCancelled",
        "StoredValuesExpired",
    ] {
        assert!(kinds.contains(&kind), "no {kind}: {report:?}");
    }
    for code in
        ["CARD_RIGHTS_EXCEEDED", "QUOTA_EXCEEDED", "SEAT_TAKEN", "RIGHT_NOT_PAID", "STORED_VALUE_ENDED"]
    {
        assert!(report.refused.iter().any(|(known, _)| *known == code), "no {code}: {report:?}");
    }
}
