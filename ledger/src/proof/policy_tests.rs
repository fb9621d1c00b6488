//! Policies as texts, and what notes fulfil of them.

use super::super::cosignature::cosign;
use super::super::hash::TreeHash;
use super::super::note::NoteKey;
use super::*;

const TIME: u64 = 1_790_000_000;

fn log() -> NoteKey {
    NoteKey::from_seed("ledger.example/a", KeyKind::Log, &[1; 32]).unwrap()
}

fn witness(name: &str, seed: u8) -> NoteKey {
    NoteKey::from_seed(name, KeyKind::Cosignature, &[seed; 32]).unwrap()
}

/// Replaces `<name>` by the key of that name, and `<name#n>` by its key number n.
fn filled(text: &str) -> String {
    let mut filled = String::new();
    for part in text.split_inclusive('>') {
        match part.split_once('<') {
            Some((before, name)) => {
                let name = name.trim_end_matches('>');
                filled.push_str(before);
                filled.push_str(&key(name).verifier().to_string());
            }
            None => filled.push_str(part),
        }
    }
    filled
}

/// A key by its name and number; every name has seeds of its own.
fn key(name: &str) -> NoteKey {
    match name.split_once('#') {
        _ if name == "log" => log(),
        Some((name, number)) => witness(name, name.as_bytes()[0] + number.parse::<u8>().unwrap()),
        None => witness(name, name.as_bytes()[0]),
    }
}

fn policy(text: &str) -> Policy {
    filled(text).parse().unwrap()
}

fn checkpoint(cosigners: &[&str]) -> Note {
    let mut note = Checkpoint::new("ledger.example/a", 3, TreeHash([9; 32])).signed(&log());
    for name in cosigners {
        note.signatures.push(cosign(&key(name), &note.text, TIME));
    }
    note
}

fn is_quorum(policy: &Policy, cosigners: &[&str]) -> bool {
    policy.reached(&checkpoint(cosigners)).unwrap().quorum
}

/// The example of the specification.
const TWO_LEVELS: &str = "\
    # the cooperative\n\
    log <log> https://ledger.example/a\n\
    \n\
    witness X1 <a>\n  witness\tX2  <e> https://x2.example/ \nwitness X3 <i>\n\
    group X-witnesses 2 X1 X2 X3\n\
    witness Y1 <m>\nwitness Y2 <q>\nwitness Y3 <u>\n\
    group Y-witnesses any Y1 Y2 Y3\n\
    group X-and-Y all X-witnesses Y-witnesses\n\
    quorum X-and-Y\n";

#[test]
fn groups_are_counted_at_both_levels() {
    let policy = policy(TWO_LEVELS);
    assert_eq!(policy.logs[0].url.as_deref(), Some("https://ledger.example/a"));
    assert_eq!(policy.witnesses[1].url.as_deref(), Some("https://x2.example/"));
    for (cosigners, expected) in [
        (&["a", "e", "m"][..], true),
        (&["a", "e", "i", "u", "z"], true),
        (&["e", "m", "q", "u"], false),
        (&["a", "e", "i"], false),
        (&["a", "a", "m"], false),
        (&[], false),
    ] {
        assert_eq!(is_quorum(&policy, cosigners), expected, "{cosigners:?}");
    }
    let reached = policy.reached(&checkpoint(&["z", "q", "a"])).unwrap();
    assert_eq!(reached.log, Some(log().verifier().clone()));
    let seen: Vec<_> =
        reached.witnesses.iter().map(|(witness, time)| (witness.name.as_str(), *time)).collect();
    assert_eq!(seen, [("X1", TIME), ("Y2", TIME)]);
}

#[test]
fn a_quorum_is_one_witness_or_none() {
    let one = policy("witness W <a>\nquorum W\n");
    assert!(is_quorum(&one, &["a"]) && !is_quorum(&one, &["e"]));
    assert_eq!(one.reached(&checkpoint(&["a"])).unwrap().log, None);
    let none = policy("witness W <a>\nquorum none");
    assert!(is_quorum(&none, &[]));
    assert_eq!(none.reached(&checkpoint(&["a"])).unwrap().witnesses.len(), 1);
}

/// A member that changes its key is believed under both for a while, and counts once.
#[test]
fn keys_under_one_name_count_once() {
    let two = policy("witness old <a>\nwitness new <a#1>\nwitness W <e>\ngroup G 2 old new W\nquorum G\n");
    assert!(!is_quorum(&two, &["a", "a#1"]));
    assert!(is_quorum(&two, &["a", "e"]) && is_quorum(&two, &["a#1", "e"]));
    let all = policy("witness old <a>\nwitness new <a#1>\nwitness W <e>\ngroup G all old new W\nquorum G\n");
    assert!(is_quorum(&all, &["a", "e"]), "all members, not all keys");
}

#[test]
fn a_note_that_lies_fulfils_nothing() {
    let policy = policy(TWO_LEVELS);
    let mut wrong = checkpoint(&["a", "e", "m"]);
    wrong.signatures[2].bytes[20] ^= 1;
    assert_eq!(policy.reached(&wrong).unwrap_err().code(), "SIGNATURE_WRONG");
    let mut unsigned = checkpoint(&["a", "e", "m"]);
    unsigned.signatures.remove(0);
    assert_eq!(policy.reached(&unsigned).unwrap_err().code(), "SIGNATURE_ABSENT");
    let foreign = Checkpoint::new("ledger.example/b", 3, TreeHash([9; 32])).signed(&log());
    assert_eq!(policy.reached(&foreign).unwrap_err().code(), "SIGNATURE_ABSENT");
}

#[test]
fn each_fault_is_told_with_its_line() {
    let with = |line: &str| format!("witness W <a>\nwitness V <e>\n{line}\nquorum W\n");
    let cases = [
        ("quorum none\nquorum none\n".to_owned(), 2, "POLICY_QUORUM"),
        ("witness W <a>\n".to_owned(), 1, "POLICY_QUORUM"),
        (String::new(), 1, "POLICY_QUORUM"),
        ("quorum W\n".to_owned(), 1, "POLICY_NAME_UNKNOWN"),
        ("quorum none\r\n".to_owned(), 1, "POLICY_MALFORMED"),
        (with("other W"), 3, "POLICY_MALFORMED"),
        (with("quorum W V"), 3, "POLICY_MALFORMED"),
        (with("log"), 3, "POLICY_MALFORMED"),
        (with("log <log> https://a https://b"), 3, "POLICY_MALFORMED"),
        (with("log <i>"), 3, "POLICY_KEY_MALFORMED"),
        (with("witness U <log>"), 3, "POLICY_KEY_MALFORMED"),
        (with("witness U abc"), 3, "POLICY_KEY_MALFORMED"),
        (with("log <log>\nlog <log>"), 4, "POLICY_KEY_TWICE"),
        (with("witness U <a>"), 3, "POLICY_KEY_TWICE"),
        (with("witness W <i>"), 3, "POLICY_NAME_TAKEN"),
        (with("witness none <i>"), 3, "POLICY_NAME_TAKEN"),
        (with("group W any V"), 3, "POLICY_NAME_TAKEN"),
        (with("group G any U"), 3, "POLICY_NAME_UNKNOWN"),
        (with("group G any none"), 3, "POLICY_NAME_UNKNOWN"),
        (with("group G any G"), 3, "POLICY_NAME_UNKNOWN"),
        (with("group G any W W"), 3, "POLICY_MEMBER_TWICE"),
        (with("group G any W\ngroup H any W V"), 4, "POLICY_MEMBER_TWICE"),
        (with("group G any W\ngroup H any G V\ngroup I any G"), 5, "POLICY_MEMBER_TWICE"),
        (with("witness U <a#1>\ngroup G any W\ngroup H any U"), 5, "POLICY_MEMBER_TWICE"),
        (with("group G any"), 3, "POLICY_THRESHOLD"),
        (with("group G 0 W V"), 3, "POLICY_THRESHOLD"),
        (with("group G 3 W V"), 3, "POLICY_THRESHOLD"),
        (with("group G +1 W V"), 3, "POLICY_THRESHOLD"),
        (with("witness U <a#1>\ngroup G 2 W U"), 4, "POLICY_THRESHOLD"),
        (with("group G 1"), 3, "POLICY_THRESHOLD"),
    ];
    for (text, line, code) in cases {
        let error = filled(&text).parse::<Policy>().unwrap_err();
        assert_eq!((error.line, error.code()), (line, code), "{text}: {error}");
    }
}

/// Two witnesses with one public key under two names are refused as well: the name is not what signs.
#[test]
fn one_public_key_under_two_names_is_refused() {
    let two = witness("other.example", b'a').verifier().to_string();
    let text = format!("{}witness U {two}\nquorum none\n", filled("witness W <a>\n"));
    assert_eq!(text.parse::<Policy>().unwrap_err().code(), "POLICY_KEY_TWICE");
}
