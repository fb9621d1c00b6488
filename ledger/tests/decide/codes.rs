//! Every code that a decision can give is given by a line of some table.

use std::collections::BTreeSet;

use soticket_schema::RejectionCode::{self, *};

use crate::harness::check;
use crate::{
    card, checkpoint_key, closing, commission_rules, comp, deal, erasure, exchange, gate, hold, house,
    journal, late_payment, order, pack, payment, people, provider, quota, quota_end, redeem, refund, report,
    role, scan, season, settlement, show, show_change, show_refund, stored_value, tariff, tariff_rules, till,
    token, webhook,
};

/// Codes of the writer, which knows keys and encodes events, and of the API, which reads amounts and deals from texts.
const OF_OTHERS: [RejectionCode; 9] = [
    OtherLineRefused,
    KeyInvalid,
    CommandTooLarge,
    IdempotencyKeyReused,
    AmountPrecision,
    DealUnreadable,
    FileNotKept,
    PasswordWeak,
    TokenNotLogin,
];

#[test]
fn every_line_of_every_table_is_refused_as_it_says_and_no_code_is_missing() {
    let tables = [
        house::rejections(),
        commission_rules::rejections(),
        provider::rejections(),
        show::rejections(),
        tariff::rejections(),
        quota::rejections(),
        quota_end::rejections(),
        hold::rejections(),
        journal::rejections(),
        order::rejections(),
        pack::rejections(),
        payment::rejections(),
        refund::rejections(),
        report::rejections(),
        scan::rejections(),
        exchange::rejections(),
        card::rejections(),
        stored_value::rejections(),
        late_payment::rejections(),
        gate::rejections(),
        checkpoint_key::rejections(),
        redeem::rejections(),
        role::rejections(),
        till::rejections(),
        season::rejections(),
        show_change::rejections(),
        show_refund::rejections(),
        tariff_rules::rejections(),
        comp::rejections(),
        deal::rejections(),
        settlement::rejections(),
        closing::rejections(),
        erasure::rejections(),
        people::rejections(),
        token::rejections(),
        webhook::rejections(),
    ];
    let mut given: BTreeSet<RejectionCode> = OF_OTHERS.into();
    for table in tables {
        given.extend(table.iter().map(|line| line.code));
        check(table);
    }
    let missing: Vec<_> = RejectionCode::ALL.iter().filter(|code| !given.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
