//! The return of the tax on live shows: of one show, and of the shows of a period.

use soticket_ledger::law::FoundRate;
use soticket_schema::event::v1::{DealRate, DealRule, SettledRole};
use soticket_schema::{Amount, Currency, Rate};

use super::super::{StatementError, words as shared};
use super::{
    DeclaredLevy, Subject, announce, announce_due, declarant, money_columns, rate_found, receipts_step, step,
    terms, ticketing_rows, words,
};
use crate::document::{Block, Cell, Column, Document, Explanation, Fact, Section, Sum, Table};
use crate::language::Term;

/// Key of the terms of the return, and of the CNM's rate.
pub(super) const CNM: &str = "fr.cnm";
const ASTP: &str = "fr.astp";

/// The tax of one show.
pub(super) struct Levy {
    name: Term,
    /// Prices paid for admission, without VAT.
    base: Amount,
    rate: Rate,
    /// What is due.
    pub(super) tax: Amount,
    /// What the settlement by the show's deal takes out of the receipts for it; none without one.
    settled: Option<Amount>,
    found: Option<FoundRate>,
}

/// The tax of a show, worked out as its settlement is.
///
/// # Errors
/// Its rate does not hold at the date of the show.
pub(super) fn levy(subject: &Subject<'_>) -> Result<Levy, StatementError> {
    let of_deal = |key: &str| {
        let levies = subject.settled().filter(|(step, _)| step.step.role == SettledRole::Levy);
        let of_key = levies.filter(|(step, _)| {
            let dated = step.rate.as_ref().and_then(|used| used.dated.as_ref());
            dated.is_some_and(|found| found.key == key)
        });
        of_key.map(|(_, line)| line.net).reduce(|sum, net| sum + net)
    };
    let (name, key) = match subject.own().and_then(|own| own.levy) {
        Some(DeclaredLevy::Cnm) => (words::LEVY_CNM, Some(CNM)),
        Some(DeclaredLevy::Astp) => (words::LEVY_ASTP, Some(ASTP)),
        Some(DeclaredLevy::School) => (words::LEVY_SCHOOL, None),
        Some(DeclaredLevy::OutOfScope) => (words::LEVY_NONE, None),
        None if of_deal(ASTP).is_some() && of_deal(CNM).is_none() => (words::LEVY_ASTP, Some(ASTP)),
        None => (words::LEVY_CNM, Some(CNM)),
    };
    let mut steps = vec![receipts_step()];
    steps.extend(key.map(|key| {
        let rate = DealRate::Dated(key.to_owned());
        step("tax", SettledRole::Levy, DealRule::Share { of: "receipts".into(), rate })
    }));
    let evaluation = subject.evaluate(steps)?;
    let used =
        evaluation.steps.iter().find(|known| known.step.name == "tax").and_then(|tax| tax.rate.as_ref());
    Ok(Levy {
        name,
        base: evaluation.amount("receipts").unwrap_or_default(),
        rate: used.map_or(Rate::ZERO, |used| used.rate),
        tax: evaluation.amount("tax").unwrap_or_default(),
        settled: subject.draft.map(|_| [CNM, ASTP].into_iter().filter_map(of_deal).sum()),
        found: used.and_then(|used| used.dated.clone()),
    })
}

/// Tax, base, rate, what is due, what the settlement has, and what lies between the two.
pub(super) fn columns(currency: Currency) -> [Column; 6] {
    [
        Column::text(words::LEVY),
        Column::amount(words::BASIS, currency),
        Column::rate(words::RATE),
        Column::amount(words::TAX, currency),
        Column::amount(words::SETTLED, currency),
        Column::amount(words::DIFFERENCE, currency)
            .computed(Sum::of(&[words::TAX.code]).less(&[words::SETTLED.code])),
    ]
}

impl Levy {
    /// Cells for [`columns`]. Without a settlement all of it is still to be settled.
    pub(super) fn cells(&self) -> [Cell; 6] {
        let rate = if self.found.is_some() { self.rate.into() } else { Cell::Empty };
        let settled = self.settled.map_or(Cell::Empty, Cell::from);
        [self.name.into(), self.base.into(), rate, self.tax.into(), settled, Cell::Empty]
    }

    /// Where the rate is from.
    pub(super) fn explanation(&self) -> Option<Explanation> {
        self.found.as_ref().map(rate_found)
    }
}

pub(super) fn fill(subject: &Subject<'_>, document: &mut Document) -> Result<(), StatementError> {
    let currency = subject.currency();
    let columns = std::iter::once(Column::text(words::ORIGIN)).chain(money_columns(currency));
    let mut receipts = Table::new(words::RECEIPTS, columns.collect());
    let evaluation = subject.evaluate(vec![receipts_step()])?;
    ticketing_rows(&mut receipts, &evaluation);
    receipts.total_of_lines(shared::TOTAL);
    let levy = levy(subject)?;
    let mut table = Table::new(words::LEVY_TABLE, self::columns(currency).to_vec());
    let row = table.line(levy.cells().to_vec());
    if let Some(explanation) = levy.explanation() {
        table.explain(row, explanation);
    }
    let declared = subject.declared;
    let facts = declarant(declared, None);
    document.sections = vec![
        Section { title: words::IDENTIFICATION, blocks: vec![Block::Facts(facts)] },
        Section { title: words::ATTENDANCE, blocks: vec![subject.attendance()] },
        Section { title: words::RECEIPTS, blocks: vec![Block::Table(receipts)] },
        Section { title: words::LEVY_TABLE, blocks: vec![Block::Table(table)] },
    ];
    announce_due(document, CNM, subject.day);
    announce(document, CNM, subject.day, declared);
    document.subject.extend(floor(subject.day, currency).map(|floor| floor_fact(floor, currency)));
    document.notes.push(words::DECLARANT.into());
    Ok(())
}

/// What is not collected below, in a year.
pub(super) fn floor(day: jiff::civil::Date, currency: Currency) -> Option<Amount> {
    terms::of(CNM, day)?.floor(currency)
}

pub(super) fn floor_fact(floor: Amount, currency: Currency) -> Fact {
    Fact::new(words::FLOOR, Cell::Money(floor, currency))
}
