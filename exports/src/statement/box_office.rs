//! The box-office statement: what article 50 sexies H asks for, and what a settlement starts from.

use std::collections::BTreeMap;

use soticket_schema::money::average;
use soticket_schema::{Amount, Rate};

use super::{Frame, apart, places, receipts, section, words};
use crate::document::{Block, Cell, Column, Fact, Section, Table};

pub(super) fn sections(frame: &Frame<'_>) -> Vec<Section> {
    let optional = [
        section(words::RECEIPTS, receipts::paid(frame)),
        section(words::FREE, receipts::free(frame)),
        section(words::ENTRIES, entries(frame)),
        section(words::PLACES, places::quotas(frame)),
        section(words::APART, apart::blocks(frame)),
        section(words::MONEY, apart::money(frame)),
    ];
    optional.into_iter().flatten().collect()
}

/// Entries of the capacity, to a hundredth of a percent.
fn fill_rate(entries: u64, capacity: u64) -> Rate {
    let entries = Amount(i64::try_from(entries).unwrap_or(i64::MAX));
    Rate(average(entries.times(10_000), capacity).times(100).0)
}

fn entries(frame: &Frame<'_>) -> Vec<Block> {
    let settlement = frame.settlement;
    let paid = settlement.paid;
    let mut facts = vec![
        Fact::new(words::PAID_ENTRIES, Cell::count(paid.net)),
        Fact::new(words::FREE_ENTRIES, Cell::count(settlement.free.net)),
        Fact::new(words::ALL_ENTRIES, Cell::count(settlement.entries)),
        Fact::new(words::FILL_RATE, fill_rate(settlement.entries, settlement.authorised_capacity)),
        Fact::new(words::MEAN_PRICE, Cell::Money(average(paid.taxed.gross, paid.net), settlement.currency)),
    ];
    let Some(attendance) = frame.view.attendance.as_ref().filter(|attendance| attendance.scans > 0) else {
        return vec![Block::Facts(facts)];
    };
    facts.push(Fact::new(words::SCANNED, Cell::count(attendance.scanned)));
    facts.push(Fact::new(words::NO_SHOW, Cell::count(attendance.no_show)));
    let mut blocks = vec![Block::Facts(facts)];
    let mut counts: BTreeMap<&str, (crate::Term, i64)> = BTreeMap::new();
    for anomaly in &attendance.anomalies {
        let term = words::anomaly(anomaly.kind);
        counts.entry(term.code).or_insert((term, 0)).1 += 1;
    }
    if !counts.is_empty() {
        let columns = vec![Column::text(words::ANOMALY), Column::count(words::TIMES)];
        let mut table = Table::new(words::ANOMALIES, columns);
        for (term, count) in counts.into_values() {
            table.line(vec![term.into(), Cell::Count(count)]);
        }
        table.total_of_lines(words::TOTAL);
        blocks.push(Block::Table(table));
    }
    blocks
}
