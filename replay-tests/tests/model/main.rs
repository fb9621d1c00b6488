//! Random commands to the whole ledger, against a naive model of places and money: the same are refused, with the same
//! code, and what the projections say in the end is what the model counts.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a step that fails is a test that fails")]

mod naive;
mod run;
mod steps;

use proptest::prelude::*;

use run::Run;

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_decides_as_the_model_does(steps in prop::collection::vec(steps::step(), 1..80)) {
        let mut run = Run::new();
        for step in steps {
            run.step(step);
        }
        run.compare();
    }
}
