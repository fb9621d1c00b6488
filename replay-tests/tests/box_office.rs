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
        "CommissionDefined",
        "CommissionChanged",
        "CommissionEnded",
        "TariffRulesSet",
        "TariffVatSet",
        "CompLimitsSet",
        "TillOpened",
        "TillCashMoved",
        "TillClosed",
        "ShowPostponed",
        "ShowRelocated",
        "ShowCancelled",
        "ShowRefundBegun",
        "EntryRulesSet",
        "GateZonesSet",
        "TicketScanned",
    ] {
        assert!(kinds.contains(&kind), "no {kind}: {report:?}");
    }
    let all: Vec<_> = report.all_kinds.iter().map(|(kind, _)| *kind).collect();
    for kind in [
        "CommissionsCharged",
        "CommissionsReversed",
        "CompLimitsPassed",
        "ShowRefundAdvanced",
        "ShowRefundFinished",
        "ScanJudged",
        "PacksSold",
    ] {
        assert!(all.contains(&kind), "no {kind}: {report:?}");
    }
    for answer in ["Valid", "AlreadyInside", "CodeReplaced", "Unpaid", "WrongZone", "TooEarly", "TooLate"] {
        assert!(report.answers.iter().any(|(known, _)| known == answer), "no {answer}: {report:?}");
    }
    for code in [
        "CARD_RIGHTS_EXCEEDED",
        "QUOTA_EXCEEDED",
        "SEAT_TAKEN",
        "RIGHT_NOT_PAID",
        "STORED_VALUE_ENDED",
        "COMP_QUOTA_EXCEEDED",
        "ORDER_LIMIT_EXCEEDED",
        "PRICE_BELOW_FLOOR",
        "ACTOR_NOT_ALLOWED",
        "CHANNEL_NOT_ALLOWED",
        "TILL_ALREADY_OPEN",
        "REFUND_PERIOD_OVER",
    ] {
        assert!(report.refused.iter().any(|(known, _)| *known == code), "no {code}: {report:?}");
    }
}
