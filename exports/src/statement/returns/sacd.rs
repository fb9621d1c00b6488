//! What SACD asks for after a performance: its accounts by category, and the base of authors' rights.

use soticket_projections::deals::LineOf;
use soticket_schema::Amount;
use soticket_schema::event::v1::{DealRate, DealRule, DealStep, SettledRole};

use super::super::StatementError;
use super::{
    Subject, announce, announce_due, declarant, declared_cells, lines_of, money_cells, money_columns,
    or_blank, rate_found, receipts_step, step, taxed, terms, words,
};
use crate::document::{Block, Cell, Column, Document, Fact, Role, Section, Table, Text};

/// Category of what the show took.
const GLOBAL: &str = "GLOBAL";
/// Category of transports and accommodation.
const INTRODUCTION_FEES: &str = "INTRODUCTION_FEES";
/// Category of what is nothing else.
const OTHER: &str = "OTHER";
/// Key of the rate, where no step of the deal names one.
const RATE: &str = "fr.sacd";

pub(super) fn fill(subject: &Subject<'_>, document: &mut Document) -> Result<(), StatementError> {
    let (accounting, paid) = accounting(subject)?;
    let declared = subject.declared;
    let account = Fact::new(words::SACD_ACCOUNT, or_blank(&declared.sacd_account));
    let mut facts = declarant(declared, Some(account));
    facts.push(Fact::new(words::PERFORMANCES, Cell::Count(1)));
    document.sections = vec![
        Section { title: words::IDENTIFICATION, blocks: vec![Block::Facts(facts)] },
        Section { title: words::ATTENDANCE, blocks: vec![subject.attendance()] },
        Section { title: words::ACCOUNTING, blocks: vec![Block::Table(accounting)] },
        Section { title: words::SACD_BASE, blocks: vec![Block::Table(base(subject, paid)?)] },
    ];
    document.notes.push(words::CERTIFIED.into());
    document.notes.push(words::CLASSED_BY_DATA.into());
    announce_due(document, "fr.sacd", subject.day);
    announce(document, "fr.sacd", subject.day, declared);
    Ok(())
}

/// The accounts, and the sums without VAT paid for the performance.
fn accounting(subject: &Subject<'_>) -> Result<(Table, Amount), StatementError> {
    let currency = subject.currency();
    let mut columns = vec![Column::text(words::SACD_CATEGORY), Column::text(words::ORIGIN)];
    columns.extend(money_columns(currency));
    let mut table = Table::new(words::ACCOUNTING, columns);
    let mut line = |category: Cell, origin: Text, money: [Cell; 4]| {
        table.line([category, Cell::Text(origin)].into_iter().chain(money).collect())
    };
    let receipts = subject.evaluate(vec![receipts_step()])?;
    for receipt in lines_of(&receipts, "receipts") {
        line(GLOBAL.into(), words::TICKETING.into(), money_cells(taxed(receipt), receipt.vat_rate));
    }
    let mut paid = Amount::ZERO;
    let contract = terms::contract(subject.template());
    for (step, share) in subject.settled().filter(|(step, _)| step.step.role == SettledRole::Share) {
        let (category, name) = match contract {
            Some(contract) => (Cell::from(contract.sacd.as_str()), contract.name()),
            None => (words::UNCLASSED_CONTRACT.into(), step.step.label.clone().into()),
        };
        if contract.is_some_and(|contract| contract.sacd != OTHER) {
            paid += share.net;
        }
        line(category, name, money_cells(taxed(share), share.vat_rate));
    }
    let costs = subject.costs()?;
    for cost in lines_of(&costs, "costs") {
        let LineOf::Category(key) = &cost.of else { continue };
        if terms::is_introduction_fee(key) {
            let name = Cell::Text(super::category_name(key));
            let origin = Text::Filled(words::INTRODUCTION_FEES, vec![name]);
            line(INTRODUCTION_FEES.into(), origin, money_cells(taxed(cost), cost.vat_rate));
            paid += cost.net;
        }
    }
    let declared = subject.own().map(|own| own.expenses.as_slice()).unwrap_or_default();
    for amount in declared {
        line(OTHER.into(), amount.label.clone().into(), declared_cells(amount, currency)?);
    }
    Ok((table, paid))
}

fn base(subject: &Subject<'_>, paid: Amount) -> Result<Table, StatementError> {
    let currency = subject.currency();
    let columns =
        vec![Column::text(words::STEP), Column::rate(words::RATE), Column::amount(words::AMOUNT, currency)];
    let mut table = Table::new(words::SACD_BASE, columns);
    let mut steps = vec![
        receipts_step(),
        step("paid", SettledRole::Subtotal, DealRule::Fixed { amount: paid }),
        step(
            "base",
            SettledRole::Subtotal,
            DealRule::Greatest { of: vec!["receipts".into(), "paid".into()] },
        ),
    ];
    steps.extend(rate_key(subject).map(rights));
    let evaluation = subject.evaluate(steps)?;
    let amount = |name: &str| evaluation.amount(name).unwrap_or_default();
    for (label, name) in [(words::TICKETING_NET, "receipts"), (words::SUMS_PAID, "paid")] {
        table.line(vec![label.into(), Cell::Empty, amount(name).into()]);
    }
    table.row(Role::Total, vec![words::BASE.into(), Cell::Empty, amount("base").into()]);
    match evaluation.steps.iter().find(|known| known.step.name == "rights") {
        Some(rights) => {
            let rate = rights.rate.as_ref().map_or(Cell::Empty, |used| used.rate.into());
            let row = table.line(vec![words::AUTHORS_RIGHTS.into(), rate, rights.amount.into()]);
            if let Some(found) = rights.rate.as_ref().and_then(|used| used.dated.as_ref()) {
                table.explain(row, rate_found(found));
            }
        }
        None => {
            table.line(vec![words::RATE_TO_FILL.into()]);
        }
    }
    Ok(table)
}

fn rights(key: String) -> DealStep {
    let rule = DealRule::Share { of: "base".into(), rate: DealRate::Dated(key) };
    step("rights", SettledRole::Royalty, rule)
}

/// The rate that the deal names, or that the organisation has set from the bulletin; none where nobody said.
fn rate_key(subject: &Subject<'_>) -> Option<String> {
    let of_deal = subject.settled().find_map(|(step, _)| match &step.step.rule {
        DealRule::Share { rate: DealRate::Dated(key), .. } if key.starts_with(RATE) => Some(key.clone()),
        _ => None,
    });
    let (territory, at) = (&subject.figures.territory, subject.figures.starts_at);
    of_deal.or_else(|| subject.rates.find(RATE, territory, at).map(|found| found.key))
}
