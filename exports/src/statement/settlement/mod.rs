//! The settlement by the show's deal: every step with its basis, rate and source, and what each party gets.
//!
//! Amounts are positive: the nature of a line says which way it goes. Steps that add up earlier ones know which, so that a
//! workbook adds them up again.

pub mod words;

use std::collections::BTreeMap;

use soticket_projections::deals::text::categories;
use soticket_projections::deals::{
    Draft, DraftError, EvaluatedLine, EvaluatedStep, LineOf, PartyBalance, SealedSettlement, ShowDeal,
};
use soticket_schema::event::v1::{DealRule, SettledRole};
use soticket_schema::{Currency, PartyId, Rate};

use super::Frame;
use crate::document::{Block, Cell, Column, ColumnKind, Document, Explanation, Fact, Role, Sum, Table, Text};
use crate::document::{Section, Signatory, State};

/// Puts the settlement into the frame of the show's statements.
///
/// # Errors
/// Nothing is agreed for the show, or a rate does not hold at its date.
pub(super) fn fill(frame: &Frame<'_>, document: &mut Document) -> Result<(), DraftError> {
    let draft = frame.view.draft.as_ref().ok_or(DraftError::NoDeal)?.as_ref().map_err(Clone::clone)?;
    let deal = frame.view.deal.as_ref().ok_or(DraftError::NoDeal)?;
    let writer = Writer { frame, draft, deal, currency: frame.settlement.currency };
    let sealed = deal.settlements.last().filter(|sealed| sealed.sealed.statement == draft.statement);
    let (version, state) = match (frame.sealed, sealed) {
        (Some(given), _) => (given.version, State::Sealed),
        (None, Some(sealed)) => (sealed.sealed.version, writer.state(sealed)),
        (None, None) => (draft.version, State::Draft),
    };
    document.version = Some(version);
    document.state = state;
    document.subject.extend(writer.facts());
    document.sections = writer.sections();
    document.notes.push(words::CLOSED.into());
    let hash = draft.statement.to_string();
    document.notes.push(Text::Filled(words::CANONICAL, vec![hash.into()]));
    document.signatures = writer.signatures(&document.issuer.name);
    Ok(())
}

struct Writer<'a> {
    frame: &'a Frame<'a>,
    draft: &'a Draft,
    deal: &'a ShowDeal,
    currency: Currency,
}

impl Writer<'_> {
    /// How far the newest sealed version has come.
    fn state(&self, sealed: &SealedSettlement) -> State {
        let signed = |party| sealed.signed.iter().any(|sign| sign.party == party);
        let parties = || self.sharers();
        if !signed(None) || !parties().all(|party| signed(Some(party))) {
            return State::Sealed;
        }
        let due = |party: &PartyBalance| parties().any(|sharer| sharer == party.party) && party.due.0 > 0;
        if self.draft.parties.iter().any(due) { State::SignedOff } else { State::Paid }
    }

    /// Parties that share the receipts, and sign: not the societies and networks that are owed by their own rules.
    fn sharers(&self) -> impl Iterator<Item = PartyId> {
        let shares = self.draft.lines.iter().filter(|line| line.role == SettledRole::Share);
        let mut parties: Vec<PartyId> = shares.filter_map(|line| line.party).collect();
        parties.sort_unstable();
        parties.dedup();
        parties.into_iter()
    }

    fn facts(&self) -> Vec<Fact> {
        let agreed = self.deal.version(self.draft.deal_version);
        let name = agreed.map(|agreed| agreed.terms.name.clone()).unwrap_or_default();
        vec![
            Fact::new(words::DEAL, name),
            Fact::new(words::DEAL_VERSION, Cell::Number(self.draft.deal_version.into())),
        ]
    }

    fn sections(&self) -> Vec<Section> {
        let mut sections = vec![
            Section { title: words::LINES, blocks: vec![Block::Table(self.lines())] },
            Section { title: words::PARTIES, blocks: vec![Block::Table(self.parties())] },
        ];
        if !self.deal.settlements.is_empty() {
            sections.push(Section { title: words::VERSIONS, blocks: vec![Block::Table(self.versions())] });
        }
        sections
    }

    fn lines(&self) -> Table {
        let columns = vec![
            Column::text(words::STEP),
            Column::text(words::PART),
            Column::text(words::ROLE),
            Column::text(words::PARTY),
            Column::price(words::BASIS, self.currency),
            Column::rate(words::RATE),
            Column::amount(words::AMOUNT, self.currency),
            Column::rate(words::VAT_RATE),
            Column::price(words::VAT, self.currency),
        ];
        let mut table = Table::new(words::LINES, columns);
        let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for step in &self.draft.evaluation.steps {
            let of_step: Vec<usize> =
                step.lines.iter().map(|line| self.line(&mut table, step, line, &rows)).collect();
            rows.insert(&step.step.name, of_step);
        }
        table
    }

    fn line(
        &self,
        table: &mut Table,
        step: &EvaluatedStep,
        line: &EvaluatedLine,
        before: &BTreeMap<&str, Vec<usize>>,
    ) -> usize {
        let role = match step.step.role {
            SettledRole::Subtotal => Role::Subtotal,
            SettledRole::Own => Role::Total,
            _ => Role::Line,
        };
        let rate = |rate: Rate| if rate.0 == 0 { Cell::Empty } else { rate.into() };
        let party = line.party.map_or(Cell::Empty, |party| self.frame.names.party(party).into());
        let row = table.row(
            role,
            vec![
                step.step.label.clone().into(),
                self.part(line),
                words::role(step.step.role).into(),
                party,
                if line.rate.0 == 0 { Cell::Empty } else { line.basis.into() },
                rate(line.rate),
                line.net.into(),
                rate(line.vat_rate),
                if line.vat_rate.0 == 0 { Cell::Empty } else { line.vat.into() },
            ],
        );
        if let Some(sum) = sum_of(&step.step.rule, before) {
            let column = table.column(words::AMOUNT.code).unwrap_or_default();
            if table.sum_of(column, &sum) == line.net.0 {
                table.rows[row].sum = Some(sum);
            }
        }
        if let Some(explanation) = explanation(step, line) {
            table.explain(row, explanation);
        }
        row
    }

    fn part(&self, line: &EvaluatedLine) -> Cell {
        match (&line.of, line.channel) {
            (LineOf::Category(key), _) => Cell::Text(category_name(key)),
            (LineOf::Channel, Some(channel)) => self.frame.names.channel(channel).into(),
            _ => Cell::Empty,
        }
    }

    fn parties(&self) -> Table {
        let amount = |title| Column::amount(title, self.currency);
        let columns = vec![
            Column::text(words::PARTY),
            amount(words::NET),
            amount(words::VAT),
            amount(words::GROSS).computed(Sum::of(&[words::NET.code, words::VAT.code])),
            amount(words::ADVANCES),
            amount(words::PAID),
            amount(words::DUE)
                .computed(Sum::of(&[words::GROSS.code]).less(&[words::ADVANCES.code, words::PAID.code])),
        ];
        let mut table = Table::new(words::PARTIES, columns);
        for party in &self.draft.parties {
            table.line(vec![
                self.frame.names.party(party.party).into(),
                party.net.into(),
                party.vat.into(),
                party.gross.into(),
                party.advances.into(),
                party.paid.into(),
            ]);
        }
        table.total_of_lines(super::words::TOTAL);
        table
    }

    fn versions(&self) -> Table {
        let columns = vec![
            Column::new(words::VERSION, ColumnKind::Number),
            Column::new(words::SEALED_AT, ColumnKind::Instant),
            Column::new(words::POSITION, ColumnKind::Number),
            Column::text(words::SIGNED),
            Column::text(words::HASH),
        ];
        let mut table = Table::new(words::VERSIONS, columns);
        let own = self.frame.issuer().name;
        for sealed in &self.deal.settlements {
            let signed = sealed.signed.iter().map(|sign| match sign.party {
                None => own.clone(),
                Some(party) => self.frame.names.party(party),
            });
            table.line(vec![
                Cell::Number(sealed.sealed.version.into()),
                sealed.at.into(),
                Cell::Number(sealed.sealed.position),
                signed.collect::<Vec<_>>().join(", ").into(),
                shortened(&sealed.sealed.statement.to_string()).into(),
            ]);
        }
        table
    }

    fn signatures(&self, own: &str) -> Vec<Signatory> {
        let ours = Signatory { role: super::words::ORGANISER, name: own.to_owned() };
        let theirs = self
            .sharers()
            .map(|party| Signatory { role: super::words::PRODUCER, name: self.frame.names.party(party) });
        std::iter::once(ours).chain(theirs).collect()
    }
}

/// Name of a category of costs.
pub(super) fn category_name(key: &str) -> Text {
    let known = categories().iter().find(|category| category.key == key);
    known.map_or_else(
        || Text::Plain(key.to_owned()),
        |known| Text::Both { french: known.fr.clone(), english: known.en.clone() },
    )
}

/// The first digits of a hash, enough to tell versions apart on paper; the log has all of them.
fn shortened(hash: &str) -> String {
    hash.chars().take(16).chain(std::iter::once('…')).collect()
}

/// Where a line comes from: its legal source or article, the dated rate, single events such as those of costs.
fn explanation(step: &EvaluatedStep, line: &EvaluatedLine) -> Option<Explanation> {
    let source = step.step.source.clone();
    let events = line.evidence.positions.clone();
    let rule = match step.rate.as_ref().and_then(|used| used.dated.as_ref()) {
        Some(found) => {
            let texts = [source, found.key.clone(), found.source.clone()];
            Text::Filled(words::RULE_SOURCE, texts.map(Cell::from).to_vec())
        }
        None if source.is_empty() && events.is_empty() => return None,
        None => Text::Plain(source),
    };
    Some(Explanation { rule, inputs: Vec::new(), events })
}

/// The rows that a step adds up and takes off, if that is all it does.
fn sum_of(rule: &DealRule, rows: &BTreeMap<&str, Vec<usize>>) -> Option<Sum<usize>> {
    let all = |names: &[String]| -> Option<Vec<usize>> {
        let lists = names.iter().map(|name| rows.get(name.as_str()));
        Some(lists.collect::<Option<Vec<_>>>()?.into_iter().flatten().copied().collect())
    };
    match rule {
        DealRule::Sum { add, less } => Some(Sum { plus: all(add)?, minus: all(less)? }),
        DealRule::Difference { of, less } => {
            Some(Sum { plus: all(std::slice::from_ref(of))?, minus: all(less)? })
        }
        _ => None,
    }
}
