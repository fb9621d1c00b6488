//! Given a document, then its transactions.

use jiff::tz::TimeZone;
use soticket_schema::Timestamp;

use super::{time, transaction};

const DOCUMENT: &str = r#"<?xml version="1.0"?>
<TSData><Header><Version>HSHIF25</Version><Issuer>1</Issuer></Header>
 <Transaction><TransactionId>41</TransactionId><DateTime>2026-03-14T20:01:02</DateTime><UTID>A&amp;B 1</UTID>
  <Coding>262</Coding><Checkpoint>753</Checkpoint><Direction>1</Direction><Status>0</Status><Validated>1</Validated></Transaction>
 <x:TransactionRecord xmlns:x="u" ID="42" UTID="C" DateTime="2026-03-14T20:01:03" Status="106"/>
</TSData>"#;

#[test]
fn transactions_are_read_from_elements_and_attributes() {
    let read = transaction::read(DOCUMENT.as_bytes()).unwrap();
    assert_eq!(read.len(), 2);
    let first = &read[0];
    assert_eq!((first.id.as_str(), first.utid.as_str(), first.checkpoint.as_str()), ("41", "A&B 1", "753"));
    assert_eq!((first.direction.as_str(), first.status.as_str(), first.validated.as_str()), ("1", "0", "1"));
    assert_eq!((read[1].id.as_str(), read[1].utid.as_str(), read[1].status.as_str()), ("42", "C", "106"));
    // As it comes over the wire.
    let mut wide = vec![0xff, 0xfe];
    wide.extend(DOCUMENT.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(transaction::read(&wide).unwrap(), read);
}

#[test]
fn what_is_no_document_is_refused_whole() {
    for text in
        ["<TSData><Transaction>", "<TSData></Transaction>", "<TSData a=1 a=2><Transaction &x;/></TSData>"]
    {
        assert!(transaction::read(text.as_bytes()).is_err(), "{text}");
    }
    assert!(transaction::read(&[0xff, 0xfe, 0x00, 0xd8]).is_err());
    assert!(transaction::read(&[0x80]).is_err());
    assert_eq!(transaction::read(b"").unwrap(), []);
}

#[test]
fn times_are_those_of_the_venue() {
    let paris = TimeZone::get("Europe/Paris").unwrap();
    let winter = Timestamp::parse("2026-03-14T20:01:02+01:00").unwrap();
    assert_eq!(time::read("2026-03-14T20:01:02", &paris), Some(winter));
    assert_eq!(time::read("2026-03-14T19:01:02Z", &paris), Some(winter));
    assert_eq!(time::written(winter, &paris), "2026-03-14T20:01:02");
    // The hour that comes twice, and the one that does not come.
    let first = Timestamp::parse("2026-10-25T02:30:00+02:00").unwrap();
    assert_eq!(time::read("2026-10-25T02:30:00", &paris), Some(first));
    assert!(time::read("2026-03-29T02:30:00", &paris).is_some());
    assert_eq!(time::read("yesterday", &paris), None);
}
