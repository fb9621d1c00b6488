//! Paid and free tickets: the receipts.

use std::collections::BTreeMap;

use soticket_projections::settlement::SettlementLine;
use soticket_schema::money::Taxed;
use soticket_schema::{Currency, ZoneId};

use super::{Frame, words};
use crate::document::{Block, Cell, Column, Role, Sum, Table};

/// Gross, net of VAT, rate and VAT: the gross is what the other two come to.
pub(super) fn taxed_columns(currency: Currency) -> [Column; 4] {
    [
        Column::amount(words::GROSS, currency).computed(Sum::of(&[words::NET_OF_VAT.code, words::VAT.code])),
        Column::amount(words::NET_OF_VAT, currency),
        Column::rate(words::VAT_RATE),
        Column::amount(words::VAT, currency),
    ]
}

/// Cells for [`taxed_columns`].
pub(super) fn taxed_cells(taxed: Taxed, rate: soticket_schema::Rate) -> [Cell; 4] {
    [taxed.gross.into(), taxed.net.into(), rate.into(), taxed.vat.into()]
}

pub(super) fn paid(frame: &Frame<'_>) -> Vec<Block> {
    let settlement = frame.settlement;
    let mut blocks = vec![Block::Table(lines(frame))];
    blocks.extend(by_zone(frame).map(Block::Table));
    let currency = settlement.currency;
    let [gross, net, rate, tax] = taxed_columns(currency);
    let mut vat = Table::new(words::VAT_BY_RATE, vec![rate, gross, net, tax]);
    for line in &settlement.vat {
        let [gross, net, rate, tax] = taxed_cells(line.taxed, line.rate);
        vat.line(vec![rate, gross, net, tax]);
    }
    if !settlement.vat.is_empty() {
        vat.total_of_lines(words::TOTAL);
        blocks.push(Block::Table(vat));
    }
    blocks
}

fn lines(frame: &Frame<'_>) -> Table {
    let settlement = frame.settlement;
    let currency = settlement.currency;
    let mut columns = ticket_columns();
    columns.insert(4, Column::price(words::PRICE, currency));
    columns.extend(taxed_columns(currency));
    let mut table = Table::new(words::RECEIPTS, columns);
    for line in &settlement.lines {
        let mut cells = ticket_cells(frame, line);
        cells.insert(4, line.price.into());
        cells.extend(taxed_cells(line.taxed, line.rate));
        table.line(cells);
    }
    table.total_of_lines(words::PAID_TOTAL);
    table
}

/// Tariff, zone, channel, serials, issued, cancelled, net.
fn ticket_columns() -> Vec<Column> {
    vec![
        Column::text(words::TARIFF),
        Column::text(words::ZONE),
        Column::text(words::CHANNEL),
        Column::new(words::SERIALS, crate::ColumnKind::Number),
        Column::count(words::ISSUED),
        Column::count(words::CANCELLED),
        Column::count(words::NET).computed(Sum::of(&[words::ISSUED.code]).less(&[words::CANCELLED.code])),
    ]
}

fn ticket_cells(frame: &Frame<'_>, line: &SettlementLine) -> Vec<Cell> {
    vec![
        line.tariff_name.clone().into(),
        frame.names.zone(line.zone).into(),
        frame.names.channel(line.channel).into(),
        Cell::Range(line.first_serial, line.last_serial),
        Cell::count(line.issued),
        Cell::count(line.cancelled),
        Cell::count(line.net),
    ]
}

/// Totals per category of places, where there is more than one.
fn by_zone(frame: &Frame<'_>) -> Option<Table> {
    let mut zones: BTreeMap<ZoneId, Vec<&SettlementLine>> = BTreeMap::new();
    for line in &frame.settlement.lines {
        zones.entry(line.zone).or_default().push(line);
    }
    if zones.len() < 2 {
        return None;
    }
    let [gross, net, _, vat] = taxed_columns(frame.settlement.currency);
    let columns = vec![
        Column::text(words::ZONE),
        Column::count(words::ISSUED),
        Column::count(words::CANCELLED),
        Column::count(words::NET).computed(Sum::of(&[words::ISSUED.code]).less(&[words::CANCELLED.code])),
        gross,
        net,
        vat,
    ];
    let mut table = Table::new(words::ZONES, columns);
    for (zone, lines) in zones {
        let taxed: Taxed = lines.iter().map(|line| line.taxed).sum();
        table.line(vec![
            frame.names.zone(zone).into(),
            Cell::count(lines.iter().map(|line| line.issued).sum()),
            Cell::count(lines.iter().map(|line| line.cancelled).sum()),
            Cell::Empty,
            taxed.gross.into(),
            taxed.net.into(),
            taxed.vat.into(),
        ]);
    }
    table.total_of_lines(words::TOTAL);
    Some(table)
}

pub(super) fn free(frame: &Frame<'_>) -> Vec<Block> {
    let settlement = frame.settlement;
    if settlement.free_lines.is_empty() {
        return Vec::new();
    }
    let counts = ticket_columns().split_off(4);
    let mut reasons =
        Table::new(words::FREE_BY_REASON, [Column::text(words::REASON)].into_iter().chain(counts).collect());
    for free in &settlement.free_by_reason {
        let counts = [free.issued, free.cancelled, free.net].map(Cell::count);
        reasons.line([words::reason(free.reason).into()].into_iter().chain(counts).collect());
    }
    reasons.total(Role::Total, words::FREE_TOTAL, Sum::of(&(0..reasons.rows.len()).collect::<Vec<_>>()));
    let mut columns = ticket_columns();
    columns.insert(3, Column::text(words::REASON));
    let mut table = Table::new(words::FREE_LINES, columns);
    for line in &settlement.free_lines {
        let mut cells = ticket_cells(frame, line);
        cells.insert(3, words::reason(line.reason).into());
        table.line(cells);
    }
    table.total_of_lines(words::FREE_TOTAL);
    vec![Block::Table(reasons), Block::Table(table)]
}
