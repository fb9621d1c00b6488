//! Random appends, merges and restarts of the sled log against a plain model of what was acknowledged.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/chain.rs"]
mod chain;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use chain::{append, organisation};
use proptest::prelude::*;
use soticket_ledger::log::{Head, Log, SledLog, SledOptions};
use soticket_ledger::verify::verify_log;
use soticket_schema::OrganisationId;

#[derive(Debug, Clone)]
enum Step {
    /// One commit: payload lengths by organisation; an organisation may come several times.
    Commit(Vec<(u8, Vec<usize>)>),
    /// An append that does not continue the head.
    Stale(u8),
    Merge,
    Restart,
}

fn lengths() -> impl Strategy<Value = Vec<usize>> {
    let length = prop_oneof![8 => 0..400_usize, 1 => 3_900..4_200_usize, 1 => 5_000..30_000_usize];
    prop_oneof![3 => prop::collection::vec(0..300_usize, 1..3), 1 => prop::collection::vec(length, 1..40)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => prop::collection::vec((0..4_u8, lengths()), 1..4).prop_map(Step::Commit),
        1 => (0..4_u8).prop_map(Step::Stale),
        3 => Just(Step::Merge),
        1 => Just(Step::Restart),
    ]
}

#[derive(Default)]
struct Model(BTreeMap<OrganisationId, Chain>);

/// What was acknowledged of one organisation.
#[derive(Default)]
struct Chain {
    head: Option<Head>,
    bytes: Vec<u8>,
    /// Where each record begins.
    starts: Vec<usize>,
}

impl Model {
    fn commit(&mut self, log: &SledLog, appends: &[(u8, Vec<usize>)]) {
        let mut planned = Vec::new();
        for (number, lengths) in appends {
            let organisation = organisation(*number);
            let Chain { head, bytes, starts } = self.0.entry(organisation).or_default();
            let append = append(organisation, *head, lengths);
            let mut at = bytes.len();
            for length in lengths {
                starts.push(at);
                at += 108 + length;
            }
            bytes.extend_from_slice(&append.records);
            *head = Some(append.next);
            planned.push(append);
        }
        log.commit(&planned).unwrap();
    }

    fn check(&self, log: &SledLog, from: usize) {
        let heads: Vec<_> =
            self.0.iter().map(|(organisation, chain)| (*organisation, chain.head.unwrap())).collect();
        assert_eq!(log.heads(), heads);
        for (&organisation, Chain { bytes, starts, .. }) in &self.0 {
            let from = from % (starts.len() + 1);
            let expected = starts.get(from).map_or(&[][..], |&start| &bytes[start..]);
            let mut read = Vec::new();
            log.read(organisation, from as u64, &mut |record| {
                read.extend_from_slice(record.bytes);
                ControlFlow::Continue(())
            })
            .unwrap();
            assert!(read == expected, "organisation {organisation} from {from}");
        }
    }
}

fn open(dir: &Path) -> SledLog {
    let options = SledOptions { segment_bytes: 512 << 10, cache_bytes: 2 << 20, ..SledOptions::default() };
    SledLog::open(dir, &options).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_log_holds_what_was_acknowledged(steps in prop::collection::vec(step(), 1..60), from in 0..500_usize) {
        let dir = tempfile::tempdir().unwrap();
        let mut log = open(dir.path());
        let mut model = Model::default();
        for step in &steps {
            match step {
                Step::Commit(appends) => model.commit(&log, appends),
                Step::Stale(number) => {
                    let organisation = organisation(*number);
                    let head = Head { length: 3, ..Head::genesis(organisation) };
                    let refused = log.commit(&[append(organisation, Some(head), &[1])]);
                    prop_assert_eq!(refused.unwrap_err().code(), "LOG_CONFLICT");
                }
                Step::Merge => while log.merge_small_pages(100_000).unwrap().more {},
                Step::Restart => {
                    drop(log);
                    log = open(dir.path());
                    model.check(&log, from);
                }
            }
        }
        model.check(&log, 0);
        model.check(&log, from);
        let report = verify_log(&log, &|_| Ok(()), &mut |_| {});
        prop_assert!(report.is_sound(), "{:?}", report.violations);
    }
}
