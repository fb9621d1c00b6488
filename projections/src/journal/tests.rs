//! The entries of the worked dossier, and what they must always hold.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use soticket_schema::event::v1::*;
use soticket_schema::*;

use super::*;
use crate::fec_check;
use crate::settlement::Settlement;
use crate::testing::venue::{Venue, scheduled, tariff_defined};
use crate::testing::{LogBuilder, at, cancellation, cents, line, order, parameters, percent};

mod house;
mod worked;

const SHOW: ShowId = ShowId(1);

/// Every entry of the journal.
fn all(journal: &Journal) -> Vec<JournalEntry> {
    let filter = JournalFilter { from: Date::MIN, to: date(2026, 12, 31), show: None };
    journal.entries(&filter).unwrap()
}

fn fec(journal: &Journal, filter: &JournalFilter) -> Vec<u8> {
    let mut bytes = Vec::new();
    let entries = journal.entries(filter).unwrap();
    let (separator, encoding) = (fec::Separator::Tab, fec::Encoding::Utf8);
    let writer = fec::FecWriter { currency: journal.currency(), separator, encoding };
    writer.header(&mut bytes).unwrap();
    entries.iter().for_each(|entry| writer.entry(&mut bytes, entry).unwrap());
    bytes
}

/// Debits less credits by account, of entries that `take` is true for.
fn balances(entries: &[JournalEntry], take: impl Fn(&JournalEntry) -> bool) -> BTreeMap<String, String> {
    let mut sums: BTreeMap<String, Amount> = BTreeMap::new();
    for line in entries.iter().filter(|entry| take(entry)).flat_map(|entry| &entry.lines) {
        *sums.entry(line.account.clone()).or_default() += line.debit - line.credit;
    }
    sums.retain(|_, sum| *sum != Amount::ZERO);
    sums.into_iter().map(|(account, sum)| (account, sum.display(Currency::EUR))).collect()
}

fn pairs(sums: &[(&str, &str)]) -> BTreeMap<String, String> {
    sums.iter().map(|(account, sum)| ((*account).to_owned(), (*sum).to_owned())).collect()
}

/// What holds of any log: every entry balances, is numbered without gaps, and has its events; the strict check of an
/// accounting file finds nothing; what the journal says of a show is what its statement says.
fn check_all(log: &LogBuilder) {
    let (journal, settlement): (Journal, Settlement) = (log.fold(), log.fold());
    let entries = all(&journal);
    for (number, entry) in (1..).zip(&entries) {
        let debit: Amount = entry.lines.iter().map(|line| line.debit).sum();
        let credit: Amount = entry.lines.iter().map(|line| line.credit).sum();
        assert_eq!(debit, credit, "{entry:?}");
        assert_eq!(entry.number, number);
        assert!(!entry.positions.is_empty() && !entry.lines.is_empty(), "{entry:?}");
        for position in &entry.positions {
            let kind = log.entries[usize::try_from(*position).unwrap()].envelope.kind;
            assert!(entry.event_kinds.contains(&kind), "{kind} {entry:?}");
        }
    }
    let sum = |account: &str, show: Option<ShowId>| -> Amount {
        let of_show = entries.iter().filter(|entry| show.is_none() || entry.show == show);
        let lines = of_show.flat_map(|entry| &entry.lines).filter(|line| line.account.starts_with(account));
        lines.map(|line| line.debit - line.credit).sum()
    };
    // What orders owe.
    let money = settlement.organisation();
    assert_eq!(sum("411", None), money.open);
    for show in [1, 2].map(ShowId) {
        let Some(statement) = settlement.show(show) else { continue };
        let earned = -(sum("4191", Some(show)) + sum("7062", Some(show)));
        assert_eq!(earned, statement.paid.taxed.net, "show {show}");
    }
    // One source: what came in by way of paying is what the settlement says.
    let receipts = journal.receipts(&ReceiptsFilter::default(), ReceiptsBy::ALL);
    assert_eq!((receipts.paid, receipts.returned), (money.paid, money.returned));
    for method in &money.money {
        let only = ReceiptsFilter { methods: vec![method.method], ..ReceiptsFilter::default() };
        let receipts = journal.receipts(&only, ReceiptsBy::ALL);
        assert_eq!((receipts.paid, receipts.returned), (method.paid, method.returned));
    }
    if !entries.is_empty() {
        let filter = JournalFilter { from: Date::MIN, to: date(2026, 12, 31), show: None };
        let report = fec_check::check(None, &fec(&journal, &filter), Some((20_200_101, 20_261_231)));
        assert_eq!(report.faults, []);
        assert_eq!(report.entries, entries.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn entries_of_any_venue_balance_and_agree_with_its_statements(
        choices in prop::collection::vec(any::<u64>(), 1..200),
        per_ticket in any::<bool>(),
    ) {
        let rounding = if per_ticket { Rounding::PerTicket } else { Rounding::Document };
        let mut venue = Venue::new(rounding);
        for choice in choices {
            venue.act(choice);
        }
        check_all(&venue.log);
    }

    #[test]
    fn a_snapshot_keeps_the_journal(choices in prop::collection::vec(any::<u64>(), 1..60)) {
        let mut venue = Venue::new(Rounding::Document);
        for choice in choices {
            venue.act(choice);
        }
        let whole: Journal = venue.log.fold();
        let mut loaded = Journal::default();
        let half = venue.log.entries.len() / 2;
        let mut first = Journal::default();
        venue.log.entries[..half].iter().for_each(|entry| first.fold(entry));
        first.save(&mut |key, bytes| loaded.load(key, &bytes).unwrap());
        venue.log.entries[half..].iter().for_each(|entry| loaded.fold(entry));
        prop_assert_eq!(all(&whole), all(&loaded));
    }
}
