//! Given a log with one thing wrong, when it is verified, then exactly that is reported, and everything behind it too.

use std::ops::ControlFlow;

use soticket_schema::{Envelope, Hash, OrganisationId, Timestamp};

use super::*;
use crate::log::{Append, LogError, MemoryLog, Run};
use crate::testing::{append, envelope, organisation};

/// A log that says whatever a test wants it to say.
struct Forged {
    heads: Vec<(OrganisationId, Head)>,
    records: Vec<Vec<u8>>,
    unreadable: Vec<u64>,
}

impl Forged {
    fn new(records: Vec<Vec<u8>>, head: Head) -> Self {
        Self { heads: vec![(organisation(1), head)], records, unreadable: Vec::new() }
    }

    fn broken_rules(&self) -> Vec<(u64, Rule)> {
        let report = verify_log(self, &|_| Ok(()), &mut |_| {});
        report.violations.iter().map(|violation| (violation.position, violation.rule)).collect()
    }
}

impl Log for Forged {
    fn heads(&self) -> Vec<(OrganisationId, Head)> {
        self.heads.clone()
    }
    fn head(&self, _: OrganisationId) -> Option<Head> {
        None
    }
    fn commit(&self, _: &[Append]) -> Result<(), LogError> {
        Ok(())
    }
    fn read_runs(
        &self,
        organisation: OrganisationId,
        from: u64,
        visit: &mut dyn FnMut(Run<'_>) -> ControlFlow<()>,
    ) -> Result<(), LogError> {
        for (position, records) in (0..).zip(&self.records).skip(from as usize) {
            if self.unreadable.contains(&position) {
                return Err(LogError::PageGap { organisation, position });
            }
            if visit(Run { first: position, count: 1, records }).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// Ten linked records, each changed by `change` before the next one is linked to it.
fn chain(change: impl Fn(&mut Envelope)) -> Forged {
    let mut head = Head::genesis(organisation(1));
    let mut records = Vec::new();
    for position in 0..10 {
        let mut envelope =
            Envelope { organisation: organisation(1), position, previous: head.hash, ..envelope(position) };
        change(&mut envelope);
        let mut record = Vec::new();
        envelope.write(b"payload", &mut record).unwrap();
        let hash = Hash::of_record(&record);
        head = Head { length: position + 1, hash, recorded_at: envelope.recorded_at };
        records.push(record);
    }
    Forged::new(records, head)
}

#[test]
fn a_sound_log_is_reported_in_full() {
    let log = MemoryLog::new();
    let appends = [append(organisation(1), None, &[100; 900]), append(organisation(2), None, &[0, 50_000])];
    log.commit(&appends).unwrap();
    let mut last = None;
    let report = verify_log(&log, &|_| Ok(()), &mut |status| last = Some(status));
    assert!(report.is_sound(), "{:?}", report.violations);
    assert_eq!(report.records, 902);
    assert_eq!(report.bytes, appends.iter().map(|append| append.records.len() as u64).sum::<u64>());
    assert_eq!(last, Some(VerifyStatus { records: 902, of: 902 }));
    let heads: Vec<_> = report.organisations.iter().map(|one| (one.organisation, one.head)).collect();
    assert_eq!(heads, log.heads());
    assert_eq!(verify_log(&MemoryLog::new(), &|_| Ok(()), &mut |_| {}).records, 0);
}

#[test]
fn every_broken_rule_is_named() {
    type Change = fn(&mut Envelope);
    // A command left open shows at the record that does not continue it.
    let cases: [(&[(u64, Rule)], Change); 7] = [
        (&[], |_| {}),
        (&[(4, Rule::Organisation)], |it| it.organisation = organisation(1 + u8::from(it.position == 4))),
        (&[(4, Rule::Position)], |it| it.position += u64::from(it.position == 4)),
        (&[(4, Rule::Link)], |it| it.previous.0[3] ^= u8::from(it.position == 4)),
        (&[(5, Rule::Time)], |it| {
            it.recorded_at = Timestamp(100 * i64::from(it.position == 4) + it.position as i64)
        }),
        (&[(5, Rule::Command)], |it| it.parts += u16::from(it.position == 4)),
        (&[(10, Rule::Command)], |it| it.parts += u16::from(it.position == 9)),
    ];
    for (expected, change) in cases {
        assert_eq!(chain(change).broken_rules(), expected);
    }
}

#[test]
fn the_parts_of_a_command_belong_together() {
    let parts = |it: &mut Envelope| {
        it.command.0 = [(it.position / 5) as u8; 16];
        (it.part, it.parts) = ((it.position % 5) as u16, 5);
    };
    assert_eq!(chain(parts).broken_rules(), []);
    let other_actor = chain(|it| {
        parts(it);
        it.actor.0 += u32::from(it.position == 7);
    });
    assert_eq!(other_actor.broken_rules(), [(7, Rule::Command), (8, Rule::Command)]);
}

#[test]
fn a_changed_byte_breaks_the_link_behind_it_and_the_last_one_the_head() {
    let mut log = chain(|_| {});
    log.records[3][110] ^= 1;
    log.records[9][110] ^= 1;
    assert_eq!(log.broken_rules(), [(4, Rule::Link), (10, Rule::Head)]);
}

#[test]
fn verification_goes_on_behind_what_cannot_be_read() {
    let mut log = chain(|_| {});
    log.unreadable = vec![2, 3, 4];
    log.records[7].truncate(60);
    log.records[8][110] ^= 1;
    assert_eq!(log.broken_rules(), [(2, Rule::Readable), (7, Rule::Format), (9, Rule::Link)]);
    let mut log = chain(|_| {});
    log.records.truncate(6);
    assert_eq!(log.broken_rules(), [(6, Rule::Readable), (10, Rule::Head)]);
}

#[test]
fn payloads_are_looked_at_and_violations_counted_beyond_the_list() {
    let log = MemoryLog::new();
    let mut head = None;
    for _ in 0..3 {
        let append = append(organisation(1), head, &[5; 700]);
        head = Some(append.next);
        log.commit(&[append]).unwrap();
    }
    let report = verify_log(&log, &|record| Err(record.payload.len().to_string()), &mut |_| {});
    assert_eq!((report.violations.len(), report.violations_total), (VIOLATIONS_LISTED_MAX, 2_100));
    assert_eq!((report.violations[7].rule, report.violations[7].detail.as_str()), (Rule::Payload, "5"));
}
