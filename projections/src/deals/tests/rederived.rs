//! Sealed settlements, worked out anew.

use super::*;

/// Given a seal of the worked show, when one thing of it is another, then exactly that is named.
#[test]
fn a_seal_is_what_the_events_give_or_the_difference_is_named() {
    let figures = worked_show("5.5");
    let mut deal = ShowDeal::default();
    deal.agreed(2, &DealAgreed { deal: DealId(1), show: ShowId(1), terms: worked_terms() });
    deal.costs = worked_costs();
    let (rates, head) = (OwnRates::default(), Hash([7; 32]));
    let draft = draft(&deal, &figures, &rates).unwrap();
    let honest = SettlementSealed {
        settlement: SettlementId(1),
        version: 1,
        show: ShowId(1),
        deal: DealId(1),
        deal_version: 1,
        calculation: CALCULATION,
        position: 40,
        head,
        statement: draft.statement,
        lines: draft.lines,
    };
    let check = |sealed: &SettlementSealed| rederive(sealed, Some(&deal), Some(&figures), &rates, head);
    assert_eq!(check(&honest), Rederived::Equal);
    let fault = |change: &dyn Fn(&mut SettlementSealed)| {
        let mut altered = honest.clone();
        change(&mut altered);
        match check(&altered) {
            Rederived::Differs(fault) => fault.to_string(),
            other => format!("{other:?}"),
        }
    };
    type Change = fn(&mut SettlementSealed);
    let cases: [(&str, Change); 8] = [
        ("SETTLEMENT_HEAD: it was worked out on record 40", |it| it.head.0[0] ^= 1),
        ("SETTLEMENT_VERSION: it is version 1 by version 1", |it| it.version = 2),
        ("SETTLEMENT_VERSION: it is version 1 by version 1", |it| it.deal_version = 2),
        ("SETTLEMENT_LINE: line 2 is ", |it| it.lines[1].net += Amount(1)),
        ("SETTLEMENT_LINE: line 1 is ", |it| it.lines[0].vat_rate = Rate(0)),
        ("SETTLEMENT_LINE: line ", |it| drop(it.lines.pop())),
        ("SETTLEMENT_STATEMENT: ", |it| it.statement.0[31] ^= 1),
        ("OtherCalculation(1)", |it| it.calculation = 1),
    ];
    for (expected, change) in cases {
        let told = fault(&change);
        assert!(told.starts_with(expected), "{expected} is not how it begins: {told}");
    }
    let nothing = |deal, figures| match rederive(&honest, deal, figures, &rates, head) {
        Rederived::Differs(fault) => fault.to_string(),
        other => format!("{other:?}"),
    };
    assert!(nothing(None, Some(&figures)).starts_with("SETTLEMENT_UNFOUNDED: "));
    let undecided = nothing(Some(&ShowDeal::default()), Some(&figures));
    assert!(undecided.contains("DEAL_UNKNOWN"), "{undecided}");
}

/// A seal that names a record that the log does not have is founded on nothing.
#[test]
fn a_seal_beyond_the_log_is_founded_on_nothing() {
    let sealed = SettlementSealed {
        settlement: SettlementId(1),
        version: 1,
        show: ShowId(1),
        deal: DealId(1),
        deal_version: 1,
        calculation: CALCULATION,
        position: 40,
        head: Hash::default(),
        statement: Hash::default(),
        lines: Vec::new(),
    };
    let rederivation = Rederivation::new(vec![Seal { position: 41, sealed }]);
    assert!(rederivation.is_waiting());
    let results = rederivation.results();
    assert!(matches!(&results[..], [(_, Rederived::Differs(SealFault::Unfounded { position: 40, .. }))]));
}
