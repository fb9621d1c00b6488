//! Damages a data folder in every way that a disk or a person can. Each time the outcome is all the data or a named
//! refusal, never fewer records without a word.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/chain.rs"]
mod chain;
#[path = "support/damage.rs"]
mod damage;

use damage::{Campaign, Outcome};

/// The full campaign is the same with more cases: `SOTICKET_DAMAGE_CASES=2000 cargo test --test log_damage`.
#[test]
fn damage_is_survived_or_refused_by_name() {
    let cases =
        std::env::var("SOTICKET_DAMAGE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(80);
    let campaign = Campaign::prepare();
    let quiet = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let outcomes: Vec<_> = (0..cases).map(|seed| (seed, campaign.run(seed))).collect();
    std::panic::set_hook(quiet);
    let mut counts = std::collections::BTreeMap::new();
    for (seed, (damage, outcome)) in &outcomes {
        *counts.entry(format!("{outcome:?}")).or_insert(0) += 1;
        assert!(!matches!(outcome, Outcome::Lost(_)), "case {seed}, {damage}: {outcome:?}");
    }
    println!("{cases} cases: {counts:#?}");
    assert!(counts.contains_key("Full") && counts.len() > 2, "the campaign is too tame: {counts:?}");
}
