//! The journal of a whole box office under random commands: every entry balances, and agrees with what the read model of
//! statements says of the same log.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jiff::civil::date;
use soticket_ledger::Entry;
use soticket_projections::fec_check;
use soticket_projections::journal::fec::{Encoding, FecWriter, Separator};
use soticket_projections::journal::{Journal, JournalEntry, JournalFilter, ReceiptsBy, ReceiptsFilter};
use soticket_projections::settlement::Settlement;
use soticket_projections::{Projection, catalogue::Catalogue};
use soticket_replay_tests::box_office::{Plan, log};
use soticket_schema::event::v1::JournalLocked;
use soticket_schema::{Amount, Event, Timestamp};

fn fold<P: Projection>(entries: &[Entry]) -> P {
    let mut projection = P::default();
    entries.iter().for_each(|entry| projection.fold(entry));
    projection
}

const ALL: JournalFilter = JournalFilter { from: date(2020, 1, 1), to: date(2030, 12, 31), show: None };

fn file(journal: &Journal, filter: &JournalFilter) -> Vec<u8> {
    let (separator, encoding) = (Separator::Tab, Encoding::Utf8);
    let writer = FecWriter { currency: journal.currency(), separator, encoding };
    let mut bytes = Vec::new();
    writer.header(&mut bytes).unwrap();
    for entry in journal.entries(filter).unwrap() {
        writer.entry(&mut bytes, &entry).unwrap();
    }
    bytes
}

fn sum(entries: &[JournalEntry], account: &str, show: Option<soticket_schema::ShowId>) -> Amount {
    let wanted = entries.iter().filter(|entry| show.is_none() || entry.show == show);
    let lines = wanted.flat_map(|entry| &entry.lines).filter(|line| line.account.starts_with(account));
    lines.map(|line| line.debit - line.credit).sum()
}

#[test]
fn entries_of_a_random_box_office_balance_and_agree_with_its_statements() {
    for seed in [3, 11] {
        let entries = log(&Plan { commands: 15_000, seed }).unwrap();
        let (journal, settlement): (Journal, Settlement) = (fold(&entries), fold(&entries));
        let made = journal.entries(&ALL).unwrap();
        assert!(made.len() > 20, "{}", made.len());
        for entry in &made {
            let debit: Amount = entry.lines.iter().map(|line| line.debit).sum();
            let credit: Amount = entry.lines.iter().map(|line| line.credit).sum();
            assert_eq!(debit, credit, "{entry:?}");
        }
        let money = settlement.organisation();
        assert_eq!(sum(&made, "411", None), money.open, "what orders owe");
        let shows: Vec<_> = fold::<Catalogue>(&entries).shows().map(|show| show.show()).collect();
        for show in shows {
            let receipts = settlement.show(show).unwrap().paid.taxed.net;
            let earned = sum(&made, "4191", Some(show)) + sum(&made, "7062", Some(show));
            assert_eq!(-earned, receipts, "show {show}");
        }
        let receipts = journal.receipts(&ReceiptsFilter::default(), ReceiptsBy::ALL);
        assert_eq!((receipts.paid, receipts.returned), (money.paid, money.returned));
        let report = fec_check::check(None, &file(&journal, &ALL), Some((20_200_101, 20_301_231)));
        assert_eq!(report.faults, []);
        assert_eq!((report.entries, report.debit), (made.len(), report.credit));
    }
}

/// The first half of the log is locked and exported; whatever the second half brings, the export stays.
#[test]
fn a_locked_period_of_a_random_box_office_stays_as_it_was_exported() {
    let entries = log(&Plan { commands: 12_000, seed: 5 }).unwrap();
    let half = entries.len() / 2;
    let mut journal: Journal = fold(&entries[..half]);
    let last = journal.day_of(entries[half].envelope.recorded_at);
    let mut lock = entries[half].clone();
    lock.event = Event::from(JournalLocked { through: Timestamp(lock.envelope.recorded_at.0) });
    lock.envelope.kind = lock.event.kind();
    journal.fold(&lock);
    let filter = JournalFilter { to: last, ..ALL };
    let before = file(&journal, &filter);
    entries[half..].iter().for_each(|entry| journal.fold(entry));
    assert_eq!(file(&journal, &filter), before);
    assert!(journal.entries(&ALL).unwrap().iter().any(|entry| entry.day > last));
}
