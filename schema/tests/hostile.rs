//! Payloads that no honest writer makes: each gives an error, none an abort or a wrong value.

use proptest::prelude::*;
use soticket_schema::codec::CodecError;
use soticket_schema::event::v1::ShowOpened;
use soticket_schema::event::{CATALOGUE, Event};
use soticket_schema::ids::ShowId;

const SHOW_OPENED: u16 = 21;
const GATE_DEFINED: u16 = 12;

/// No fingerprint, then a gate number, then a name whose length claims 2^60 bytes.
fn huge_length() -> Vec<u8> {
    let mut bytes = vec![0, 1, 0xfd];
    bytes.extend_from_slice(&(1_u64 << 60).to_le_bytes());
    bytes
}

#[test]
fn a_length_of_two_to_the_sixty_is_an_error() {
    let decoded = Event::decode(GATE_DEFINED, 1, &huge_length());
    assert!(matches!(decoded, Err(CodecError::Malformed { kind: GATE_DEFINED, .. })), "{decoded:?}");
    for &(kind, _, version) in CATALOGUE {
        // The nine bytes as they stand, and behind every prefix that may lead to a length.
        for lead in 0..8 {
            let mut bytes = vec![0; lead];
            bytes.extend_from_slice(&huge_length()[2..]);
            let _ = Event::decode(kind, version, &bytes);
        }
    }
}

#[test]
fn bytes_left_over_are_an_error() {
    let mut bytes = Event::from(ShowOpened { show: ShowId(5) }).encode(None).unwrap();
    bytes.push(0);
    assert_eq!(
        Event::decode(SHOW_OPENED, 1, &bytes),
        Err(CodecError::Trailing { kind: SHOW_OPENED, left: 1 })
    );
}

#[test]
fn a_number_in_a_longer_form_is_not_canonical() {
    let short = Event::from(ShowOpened { show: ShowId(5) }).encode(None).unwrap();
    assert_eq!(short, [0, 5]);
    for long in [vec![0, 0xfb, 5, 0], vec![0, 0xfc, 5, 0, 0, 0], vec![0, 0xfd, 5, 0, 0, 0, 0, 0, 0, 0]] {
        assert_eq!(
            Event::decode_canonical(SHOW_OPENED, 1, &long),
            Err(CodecError::NotCanonical { kind: SHOW_OPENED }),
            "{long:02x?}"
        );
    }
    assert!(Event::decode_canonical(SHOW_OPENED, 1, &short).is_ok());
}

#[test]
fn unknown_kinds_and_versions_are_named() {
    for (kind, version) in [(0, 1), (SHOW_OPENED, 0), (SHOW_OPENED, 2), (u16::MAX, 1)] {
        assert_eq!(Event::decode(kind, version, &[0, 5]), Err(CodecError::UnknownKind { kind, version }));
    }
}

proptest! {
    #[test]
    fn random_bytes_never_panic(index in 0..CATALOGUE.len(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (kind, _, version) = CATALOGUE[index];
        if let Ok((fingerprint, event)) = Event::decode_canonical(kind, version, &bytes) {
            prop_assert_eq!(event.encode(fingerprint).unwrap(), bytes);
        }
    }
}
