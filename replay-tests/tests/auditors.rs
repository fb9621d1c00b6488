//! A short audit by verifiers of others; `cargo xtask campaign auditors` runs it over 100,000 records.

use soticket_replay_tests::auditors::{self, Go, Plan};

#[test]
fn verifiers_of_others_accept_a_published_log_and_refuse_every_tampered_copy() {
    let folder = tempfile::tempdir().unwrap();
    let go = Go::is_available().then(|| Go::build(folder.path()).unwrap());
    if go.is_none() {
        println!("go and golang-golang-x-mod-dev are missing: only the verifiers in Rust audit");
    }
    let verifiers = 1 + usize::from(go.is_some());
    let report = auditors::run(&Plan { records: 1_500, seed: 5 }, folder.path(), go).unwrap();
    assert!(report.records >= 1_500);
    assert_eq!((report.accepted.len(), report.refused.len(), report.proofs), (verifiers, 11, 5));
}
