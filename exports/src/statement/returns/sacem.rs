//! What SACEM asks for after a concert: its receipts by origin and its expenses.

use soticket_schema::event::v1::{ItemKind, ProductKind, SettledRole};

use super::super::{StatementError, words as shared};
use super::{
    Subject, announce, announce_due, cost_rows, declarant, declared_cells, money_cells, money_columns,
    or_blank, receipts_step, taxed, terms, ticketing_rows, words,
};
use crate::document::{Block, Cell, Column, Document, Fact, Section, Table, Text};
use crate::language::Term;

pub(super) fn fill(subject: &Subject<'_>, document: &mut Document) -> Result<(), StatementError> {
    let sections = [
        (words::IDENTIFICATION, identification(subject)),
        (words::ATTENDANCE, subject.attendance()),
        (words::RECEIPTS, Block::Table(receipts(subject)?)),
        (words::ARTISTIC, Block::Table(artistic(subject)?)),
        (words::COSTS, Block::Table(costs(subject)?)),
        (words::ROYALTIES, Block::Table(royalties(subject))),
    ];
    // What has no row says nothing: costs before the first voucher, royalties before a deal.
    let full = |(title, block): (Term, Block)| {
        let empty = matches!(&block, Block::Table(table) if table.rows.is_empty());
        (!empty).then(|| Section { title, blocks: vec![block] })
    };
    document.sections = sections.into_iter().filter_map(full).collect();
    document.notes.push(words::CERTIFIED.into());
    if subject.draft.is_none() {
        document.notes.push(words::NO_DEAL.into());
    }
    announce_due(document, "fr.sacem", subject.day);
    announce(document, "fr.sacem", subject.day, subject.declared);
    Ok(())
}

fn identification(subject: &Subject<'_>) -> Block {
    let declared = subject.declared;
    let client = Fact::new(words::SACEM_CLIENT, or_blank(&declared.sacem_client));
    let mut facts = declarant(declared, Some(client));
    facts.push(Fact::new(words::GENRE, or_blank(subject.own().map_or("", |own| &own.genre))));
    // A show is one dated performance.
    facts.push(Fact::new(words::PERFORMANCES, Cell::Count(1)));
    Block::Facts(facts)
}

fn receipts(subject: &Subject<'_>) -> Result<Table, StatementError> {
    let currency = subject.currency();
    let columns = std::iter::once(Column::text(words::ORIGIN)).chain(money_columns(currency));
    let mut table = Table::new(words::RECEIPTS, columns.collect());
    ticketing_rows(&mut table, &subject.evaluate(vec![receipts_step()])?);
    for item in subject.settlement.items.iter().filter(|item| item.net > 0) {
        let ItemKind::Product(product) = item.kind else { continue };
        let kind = subject.names.0.catalogue.product(product).map(|product| product.kind);
        // Stored values and shares of other shows are no receipts of this one.
        if matches!(kind, Some(ProductKind::Merchandise | ProductKind::Donation | ProductKind::Other)) {
            let mut cells: Vec<Cell> = vec![item.name.clone().into()];
            cells.extend(money_cells(item.taxed, item.rate));
            table.line(cells);
        }
    }
    let declared = subject.own().map(|own| own.receipts.as_slice()).unwrap_or_default();
    for amount in declared {
        let mut cells: Vec<Cell> = vec![amount.label.clone().into()];
        cells.extend(declared_cells(amount, currency)?);
        table.line(cells);
    }
    if declared.is_empty() {
        table.line(vec![words::OTHER_RECEIPTS.into()]);
    }
    table.total_of_lines(words::TOTAL_RECORDED);
    Ok(table)
}

fn artistic(subject: &Subject<'_>) -> Result<Table, StatementError> {
    let currency = subject.currency();
    let mut columns = vec![Column::text(words::CONTRACT), Column::text(words::PARTY)];
    columns.extend(money_columns(currency));
    let mut table = Table::new(words::ARTISTIC, columns);
    let contract = terms::contract(subject.template());
    let contract = contract.map_or_else(|| Text::Term(words::OWN_CONTRACT), terms::Contract::name);
    for (step, line) in subject.settled() {
        let Some(party) = line.party.filter(|_| step.step.role == SettledRole::Share) else { continue };
        let mut cells = vec![Cell::Text(contract.clone()), subject.names.party(party).into()];
        cells.extend(money_cells(taxed(line), line.vat_rate));
        table.line(cells);
    }
    let declared = subject.own().map(|own| own.expenses.as_slice()).unwrap_or_default();
    for amount in declared {
        let mut cells = vec![amount.label.clone().into(), words::DECLARED_EXPENSE.into()];
        cells.extend(declared_cells(amount, currency)?);
        table.line(cells);
    }
    if declared.is_empty() {
        table.line(vec![words::SALARIES.into()]);
    }
    table.total_of_lines(words::TOTAL_RECORDED);
    Ok(table)
}

fn costs(subject: &Subject<'_>) -> Result<Table, StatementError> {
    let columns = std::iter::once(Column::text(words::CATEGORY)).chain(money_columns(subject.currency()));
    let mut table = Table::new(words::COSTS, columns.collect());
    cost_rows(&mut table, &subject.costs()?);
    table.total_of_any(shared::TOTAL);
    Ok(table)
}

/// Royalties and contributions of the show's settlement.
fn royalties(subject: &Subject<'_>) -> Table {
    let currency = subject.currency();
    let columns = vec![
        Column::text(words::ROYALTY),
        Column::text(words::PARTY),
        Column::price(words::BASIS, currency),
        Column::rate(words::RATE),
        Column::amount(words::AMOUNT, currency),
    ];
    let mut table = Table::new(words::ROYALTIES, columns);
    for (step, line) in subject.settled() {
        if matches!(step.step.role, SettledRole::Royalty | SettledRole::Contribution) {
            table.line(vec![
                step.step.label.clone().into(),
                line.party.map_or(Cell::Empty, |party| subject.names.party(party).into()),
                line.basis.into(),
                line.rate.into(),
                line.net.into(),
            ]);
        }
    }
    table.total_of_any(shared::TOTAL);
    table
}
