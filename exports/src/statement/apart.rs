//! What stands beside the receipts: fees on top, products, commissions, money.

use soticket_schema::event::v1::ItemKind;

use super::receipts::{taxed_cells, taxed_columns};
use super::{Frame, words};
use crate::document::{Block, Cell, Column, Fact, Sum, Table, Text};

pub(super) fn blocks(frame: &Frame<'_>) -> Vec<Block> {
    let tables = [fees(frame), items(frame), commissions(frame)];
    let mut blocks: Vec<Block> =
        tables.into_iter().filter(|table| !table.rows.is_empty()).map(totalled).collect();
    if frame.settlement.over_cap > 0 {
        blocks.push(Block::Facts(vec![Fact::new(words::OVER_CAP, Cell::count(frame.settlement.over_cap))]));
    }
    blocks
}

fn totalled(mut table: Table) -> Block {
    table.total_of_lines(words::TOTAL);
    Block::Table(table)
}

fn fees(frame: &Frame<'_>) -> Table {
    let currency = frame.settlement.currency;
    let mut columns = vec![
        Column::text(words::CHANNEL),
        Column::price(words::FEE, currency),
        Column::count(words::TICKETS),
    ];
    columns.extend(taxed_columns(currency));
    let mut table = Table::new(words::FEES, columns);
    for fee in &frame.settlement.fees {
        let mut cells =
            vec![frame.names.channel(fee.channel).into(), fee.price.into(), Cell::count(fee.tickets)];
        cells.extend(taxed_cells(fee.taxed, fee.rate));
        table.line(cells);
    }
    table
}

fn items(frame: &Frame<'_>) -> Table {
    let currency = frame.settlement.currency;
    let mut columns =
        vec![Column::text(words::ITEM), Column::price(words::PRICE, currency), Column::count(words::NET)];
    columns.extend(taxed_columns(currency));
    let mut table = Table::new(words::ITEMS, columns);
    for item in &frame.settlement.items {
        let name: Text = match item.kind {
            ItemKind::Product(_) => item.name.clone().into(),
            ItemKind::Fee(kind) => words::fee(kind).into(),
        };
        let mut cells = vec![name.into(), item.price.into(), Cell::count(item.net)];
        cells.extend(taxed_cells(item.taxed, item.rate));
        table.line(cells);
    }
    table
}

fn commissions(frame: &Frame<'_>) -> Table {
    let currency = frame.settlement.currency;
    let mut columns = vec![
        Column::text(words::COMMISSION),
        Column::text(words::CHANNEL),
        Column::text(words::BENEFICIARY),
        Column::text(words::MODE),
        Column::text(words::PAYER),
        Column::count(words::TIMES),
        Column::price(words::BASIS, currency),
        Column::price(words::REVERSED, currency),
    ];
    columns.extend(taxed_columns(currency));
    let mut table = Table::new(words::COMMISSIONS, columns);
    for row in &frame.settlement.commissions {
        let mut cells = vec![
            frame.names.commission(row).into(),
            frame.names.channel(row.channel).into(),
            frame.names.beneficiary(row).into(),
            words::mode(row.mode).into(),
            words::payer(row.payer).into(),
            Cell::count(row.count.saturating_sub(row.reversed_count)),
            row.basis.into(),
            row.reversed.into(),
        ];
        cells.extend(taxed_cells(row.taxed, row.rate));
        table.line(cells);
    }
    table
}

pub(super) fn money(frame: &Frame<'_>) -> Vec<Block> {
    let currency = frame.settlement.currency;
    let columns = vec![
        Column::text(words::METHOD),
        Column::amount(words::PAID_IN, currency),
        Column::amount(words::RETURNED, currency),
        Column::amount(words::KEPT, currency)
            .computed(Sum::of(&[words::PAID_IN.code]).less(&[words::RETURNED.code])),
    ];
    let mut table = Table::new(words::MONEY, columns);
    for money in &frame.settlement.money {
        let method = frame.names.method(money.method).into();
        table.line(vec![method, money.paid.into(), money.returned.into(), money.net.into()]);
    }
    if table.rows.is_empty() { Vec::new() } else { vec![totalled(table)] }
}
