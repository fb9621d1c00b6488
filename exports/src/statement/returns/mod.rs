//! Returns to societies and to the State, out of what the settlement is worked out on: by the same figures, the same
//! rates and the same function. What no ledger knows is declared in a file, or a blank to fill in.

mod cnm;
mod declared;
mod period;
mod sacd;
mod sacem;
mod sibil;
mod terms;
pub mod words;

use jiff::civil::Date;
use soticket_ledger::law::{FoundRate, OwnRates};
use soticket_projections::AsOfError;
use soticket_projections::catalogue::ShowInfo;
use soticket_projections::deals::{
    Cost, Draft, DraftError, EvaluatedLine, EvaluatedStep, Evaluation, LineOf, ShowDeal, evaluate,
};
use soticket_projections::settlement::{ShowFigures, ShowSettlement};
use soticket_schema::event::v1::{
    DealRule, DealStep, DealTerms, Measure, SettledRole, StepRounding, Takings,
};
use soticket_schema::money::Taxed;
use soticket_schema::{Currency, Rate};

pub use self::declared::{
    Declared, DeclaredAmount, DeclaredError, DeclaredLevy, DeclaredShow, DeclaredTariff,
};
pub use self::period::{Period, PeriodInvalid, PeriodStatement};
pub use self::terms::SibilCategory;
use super::names::Names;
use super::settlement::category_name;
use super::words as shared;
use super::{Frame, ShowStatement, StatementError, receipts};
use crate::document::{Block, Cell, Column, Document, Explanation, Fact, Table, Text};
use crate::number::Style;

/// Puts a return into the frame of the show's statements.
///
/// # Errors
/// A rate does not hold at the date of the show, or a declared figure is none.
pub(super) fn fill(
    statement: ShowStatement,
    frame: &Frame<'_>,
    document: &mut Document,
) -> Result<(), StatementError> {
    let subject = Subject::of(frame, &document.time_zone)?;
    match statement {
        ShowStatement::Sacem => sacem::fill(&subject, document),
        ShowStatement::Sacd => sacd::fill(&subject, document),
        ShowStatement::Cnm => cnm::fill(&subject, document),
        ShowStatement::BoxOffice | ShowStatement::Remittance | ShowStatement::Settlement => Ok(()),
    }
}

/// A show at a moment, as returns look at it.
struct Subject<'a> {
    names: Names<'a>,
    show: &'a ShowInfo,
    /// The day on which it begins, in the organisation's time zone.
    day: Date,
    settlement: &'a ShowSettlement,
    figures: &'a ShowFigures,
    deal: &'a ShowDeal,
    /// The settlement by its deal; none while there is none to be worked out.
    draft: Option<&'a Draft>,
    rates: &'a OwnRates,
    declared: &'a Declared,
}

impl<'a> Subject<'a> {
    fn of(frame: &Frame<'a>, time_zone: &str) -> Result<Self, StatementError> {
        let view = frame.view;
        let known = view.show.as_ref().zip(view.figures.as_ref()).zip(view.deal.as_ref());
        let ((show, figures), deal) = known.ok_or(AsOfError::ShowUnknown)?;
        let local = Style::new(crate::Language::French, time_zone).local(show.scheduled.starts_at);
        Ok(Self {
            names: Names(frame.names.0),
            show,
            day: local.unwrap_or_default().date(),
            settlement: frame.settlement,
            figures,
            deal,
            draft: view.draft.as_ref().and_then(|draft| draft.as_ref().ok()),
            rates: &view.rates,
            declared: frame.declared,
        })
    }

    fn currency(&self) -> Currency {
        self.figures.currency
    }

    fn reference(&self) -> &str {
        &self.show.scheduled.reference
    }

    /// What is declared of the show.
    fn own(&self) -> Option<&'a DeclaredShow> {
        self.declared.show(self.reference())
    }

    /// Works steps out on the show's figures, costs and rates, as its settlement is.
    fn evaluate(&self, steps: Vec<DealStep>) -> Result<Evaluation, DraftError> {
        let terms = DealTerms { name: String::new(), template: String::new(), steps };
        let costs: Vec<&Cost> = self.deal.valid_costs().collect();
        Ok(evaluate(&terms, self.figures, &costs, self.rates)?)
    }

    /// Lines of the show's settlement, with their steps.
    fn settled(&self) -> impl Iterator<Item = (&'a EvaluatedStep, &'a EvaluatedLine)> {
        self.draft.into_iter().flat_map(|draft| draft.evaluation.lines())
    }

    /// Costs of the show by category and VAT rate.
    fn costs(&self) -> Result<Evaluation, DraftError> {
        self.evaluate(vec![step(
            "costs",
            SettledRole::Cost,
            DealRule::Costs { categories: Vec::new(), borne_by: None },
        )])
    }

    /// The template of the deal that the settlement is worked out by; empty for a deal of its own.
    fn template(&self) -> &'a str {
        let agreed = self.draft.and_then(|draft| self.deal.version(draft.deal_version));
        agreed.map_or("", |agreed| &agreed.terms.template)
    }

    fn attendance(&self) -> Block {
        Block::Facts(vec![
            Fact::new(shared::PAID_ENTRIES, Cell::count(self.settlement.paid.net)),
            Fact::new(shared::FREE_ENTRIES, Cell::count(self.settlement.free.net)),
            Fact::new(shared::ALL_ENTRIES, Cell::count(self.settlement.entries)),
        ])
    }
}

/// What the show took, without VAT.
fn receipts_step() -> DealStep {
    let takings = Takings {
        measure: Measure::WithoutVat,
        channels: Vec::new(),
        channel_kinds: Vec::new(),
        tariff_kinds: Vec::new(),
    };
    step("receipts", SettledRole::Receipts, DealRule::Receipts(takings))
}

fn step(name: &str, role: SettledRole, rule: DealRule) -> DealStep {
    DealStep {
        name: name.to_owned(),
        label: name.to_owned(),
        role,
        rule,
        rounding: StepRounding::Minor,
        vat: None,
        party: None,
        source: String::new(),
    }
}

/// The lines of a step.
fn lines_of<'e>(evaluation: &'e Evaluation, name: &str) -> impl Iterator<Item = &'e EvaluatedLine> {
    evaluation.lines().filter(move |(step, _)| step.step.name == name).map(|(_, line)| line)
}

/// Net and VAT of a line, and what they come to.
fn taxed(line: &EvaluatedLine) -> Taxed {
    Taxed { gross: line.net + line.vat, net: line.net, vat: line.vat }
}

/// VAT rate, without VAT, VAT, with VAT.
fn money_columns(currency: Currency) -> [Column; 4] {
    let [gross, net, rate, vat] = receipts::taxed_columns(currency);
    [rate, net, vat, gross]
}

/// Cells for [`money_columns`].
fn money_cells(taxed: Taxed, rate: Rate) -> [Cell; 4] {
    let [gross, net, rate, vat] = receipts::taxed_cells(taxed, rate);
    [rate, net, vat, gross]
}

/// Cells for [`money_columns`] of what is declared.
fn declared_cells(amount: &DeclaredAmount, currency: Currency) -> Result<[Cell; 4], DeclaredError> {
    let (net, rate, vat) = amount.figures(currency)?;
    Ok(money_cells(Taxed { gross: net + vat, net, vat }, rate))
}

/// Where a dated rate is from.
fn rate_found(found: &FoundRate) -> Explanation {
    let values = vec![Cell::from(found.key.as_str()), found.source.as_str().into()];
    let events = found.position.into_iter().collect();
    Explanation { rule: Text::Filled(words::RATE_FOUND, values), inputs: Vec::new(), events }
}

/// Who declares, with the account at the society where there is one.
fn declarant(declared: &Declared, account: Option<Fact>) -> Vec<Fact> {
    let mut facts = vec![Fact::new(words::ADDRESS, or_blank(&declared.address))];
    facts.extend(account);
    facts.push(Fact::new(words::RESPONSIBLE, or_blank(&declared.responsible)));
    facts.push(Fact::new(words::CAPACITY, or_blank(&declared.capacity)));
    facts
}

/// A text, or a blank to fill in.
fn or_blank(text: &str) -> Cell {
    if text.is_empty() { words::TO_FILL.into() } else { text.into() }
}

/// When the return of a performance on this day, or of a period that ends on it, is due.
fn announce_due(document: &mut Document, key: &str, day: Date) {
    let Some(terms) = terms::of(key, day) else { return };
    let label = if terms.is_before() { words::DUE_BEFORE } else { words::DUE_BY };
    document.subject.extend(terms.due(day).map(|due| Fact::new(label, due)));
}

/// What is to be known of a return, and which file was read.
fn announce(document: &mut Document, key: &str, day: Date, declared: &Declared) {
    if let Some(terms) = terms::of(key, day) {
        if terms.uncertain {
            document.subject.push(Fact::new(words::TERMS_OF, words::TO_CONFIRM));
        }
        document.notes.push(terms.note());
    }
    if let Some(hash) = declared.hash {
        document.notes.push(Text::Filled(words::DECLARED, vec![hash.to_string().into()]));
    }
}

/// Costs by category and VAT rate, each with the events of its vouchers.
fn cost_rows(table: &mut Table, evaluation: &Evaluation) {
    for line in lines_of(evaluation, "costs") {
        let LineOf::Category(key) = &line.of else { continue };
        let mut cells = vec![Cell::Text(category_name(key))];
        cells.extend(money_cells(taxed(line), line.vat_rate));
        let row = table.line(cells);
        let events = line.evidence.positions.clone();
        table.explain(row, Explanation { rule: words::VOUCHERS.into(), inputs: Vec::new(), events });
    }
}

/// Receipts of the tickets by VAT rate: the lines of the settlement.
fn ticketing_rows(table: &mut Table, evaluation: &Evaluation) {
    for line in lines_of(evaluation, "receipts") {
        let mut cells: Vec<Cell> = vec![words::TICKETING.into()];
        cells.extend(money_cells(taxed(line), line.vat_rate));
        table.line(cells);
    }
}
