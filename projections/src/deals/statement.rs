//! The statement of a settlement: what is sealed, and its canonical JSON, whose hash the seal carries.
//!
//! Canonical JSON: UTF-8, no white space, fields in the order written here, amounts and rates as decimal strings. What
//! moves with time alone (the position, the head, what was paid since) is not in it: the seal states position and head
//! beside the hash, and an amendment that says nothing new has the same hash.

use serde::Serialize;
use soticket_ledger::law::shipped;
use soticket_schema::event::v1::{SettledLine, SettledRole};
use soticket_schema::{Amount, Hash, PartyId, Rate, ShowId};

use super::evaluate::is_outgoing;
use super::{
    EvaluatedLine, EvaluatedStep, Evaluation, EvaluationError, LineOf, OwnRates, ShowDeal, evaluate,
};
use crate::settlement::ShowFigures;

/// Version of the rules that calculate. Raised with every change that could give another statement for the same log.
pub const CALCULATION: u16 = 2;

/// A settlement as it stands, ready to be sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The show.
    pub show: ShowId,
    /// The version that a seal of it would be.
    pub version: u32,
    /// Version of the deal.
    pub deal_version: u32,
    /// How it was worked out.
    pub evaluation: Evaluation,
    /// What would be sealed.
    pub lines: Vec<SettledLine>,
    /// What parties get, and what is still due to them.
    pub parties: Vec<PartyBalance>,
    /// The statement's canonical JSON.
    pub canonical: String,
    /// Its BLAKE3.
    pub statement: Hash,
}

/// What a party gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyBalance {
    /// The party.
    pub party: PartyId,
    /// Without VAT.
    pub net: Amount,
    /// VAT.
    pub vat: Amount,
    /// With VAT.
    pub gross: Amount,
    /// Paid on account.
    pub advances: Amount,
    /// Paid of sealed versions.
    pub paid: Amount,
    /// What is left to pay: below zero when the party owes.
    pub due: Amount,
}

/// Why a show has no settlement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Nothing was agreed.
    #[error("DEAL_UNKNOWN: agree on a deal first")]
    NoDeal,
    /// The version was never agreed.
    #[error("DEAL_VERSION_MISMATCH: the deal has no version {0}")]
    NoVersion(u32),
    /// It cannot be worked out.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
}

/// Works out the settlement of a show by the present version of its deal.
///
/// # Errors
/// See [`DraftError`].
pub fn draft(deal: &ShowDeal, figures: &ShowFigures, rates: &OwnRates) -> Result<Draft, DraftError> {
    let agreed = deal.current().ok_or(DraftError::NoDeal)?;
    let costs: Vec<_> = deal.valid_costs().collect();
    let evaluation = evaluate(&agreed.terms, figures, &costs, rates)?;
    let lines = sealed_lines(&evaluation);
    let parties = balances(deal, &lines);
    let canonical = canonical(deal, figures, &evaluation, &parties);
    Ok(Draft {
        show: figures.show,
        version: deal.settlements.last().map_or(0, |last| last.sealed.version).saturating_add(1),
        deal_version: agreed.version,
        statement: Hash(*blake3::hash(canonical.as_bytes()).as_bytes()),
        evaluation,
        lines,
        parties,
        canonical,
    })
}

/// The lines as they are sealed. Costs name their category after the step.
pub fn sealed_lines(evaluation: &Evaluation) -> Vec<SettledLine> {
    let lines = evaluation.lines().map(|(step, line)| SettledLine {
        step: line_name(step, line),
        role: step.step.role,
        party: line.party,
        channel: line.channel,
        basis: line.basis,
        rate: line.rate,
        net: line.net,
        vat_rate: line.vat_rate,
        vat: line.vat,
    });
    lines.collect()
}

fn line_name(step: &EvaluatedStep, line: &EvaluatedLine) -> String {
    match &line.of {
        LineOf::Category(category) => format!("{}/{category}", step.step.name),
        _ => step.step.name.clone(),
    }
}

/// What parties get by these lines, less what was paid on account and since.
pub(super) fn balances(deal: &ShowDeal, lines: &[SettledLine]) -> Vec<PartyBalance> {
    let owed = lines.iter().filter(|line| is_outgoing(line.role)).filter_map(|line| line.party);
    let advanced = deal.valid_advances().map(|advance| advance.recorded.party);
    let paid = deal.payments.iter().map(|payment| payment.paid.party);
    let mut parties: Vec<PartyId> = owed.chain(advanced).chain(paid).collect();
    parties.sort_unstable();
    parties.dedup();
    parties.into_iter().map(|party| balance(deal, lines, party)).collect()
}

fn balance(deal: &ShowDeal, lines: &[SettledLine], party: PartyId) -> PartyBalance {
    let own = lines.iter().filter(|line| is_outgoing(line.role) && line.party == Some(party));
    let (net, vat) =
        own.fold((Amount::ZERO, Amount::ZERO), |(net, vat), line| (net + line.net, vat + line.vat));
    let advances = deal.valid_advances().filter(|advance| advance.recorded.party == party);
    let advances: Amount = advances.map(|advance| advance.recorded.amount).sum();
    let (gross, paid) = (net + vat, deal.paid_to(party));
    PartyBalance { party, net, vat, gross, advances, paid, due: gross - advances - paid }
}

#[derive(Serialize)]
struct Statement<'a> {
    format: &'static str,
    calculation: u16,
    rates: Hash,
    show: u64,
    deal: u32,
    deal_version: u32,
    deal_name: &'a str,
    currency: &'static str,
    lines: Vec<Line<'a>>,
    parties: Vec<Party>,
}

#[derive(Serialize)]
struct Line<'a> {
    step: String,
    label: &'a str,
    role: SettledRole,
    party: Option<u32>,
    channel: Option<u32>,
    inputs: Vec<(&'a str, String)>,
    basis: String,
    rate: String,
    rate_key: Option<&'a str>,
    rounding: soticket_schema::event::v1::StepRounding,
    count: u64,
    net: String,
    vat_rate: String,
    vat: String,
    source: &'a str,
    rate_source: Option<&'a str>,
    events: Vec<u64>,
}

#[derive(Serialize)]
struct Party {
    party: u32,
    net: String,
    vat: String,
    gross: String,
    advances: String,
}

#[expect(clippy::expect_used, reason = "plain data into memory: no serializer here can fail")]
fn canonical(
    deal: &ShowDeal,
    figures: &ShowFigures,
    evaluation: &Evaluation,
    parties: &[PartyBalance],
) -> String {
    let money = |amount: Amount| amount.display(figures.currency);
    let agreed = deal.current();
    let statement = Statement {
        format: "soticket-settlement/1",
        calculation: CALCULATION,
        rates: shipped().hash,
        show: figures.show.0,
        deal: deal.deal.map_or(0, |deal| deal.0),
        deal_version: agreed.map_or(0, |agreed| agreed.version),
        deal_name: agreed.map_or("", |agreed| &agreed.terms.name),
        currency: figures.currency.code(),
        lines: evaluation.lines().map(|(step, line)| line_text(step, line, &money)).collect(),
        parties: parties
            .iter()
            .map(|party| Party {
                party: party.party.0,
                net: money(party.net),
                vat: money(party.vat),
                gross: money(party.gross),
                advances: money(party.advances),
            })
            .collect(),
    };
    serde_json::to_string(&statement).expect("plain data encodes")
}

fn line_text<'a>(
    step: &'a EvaluatedStep,
    line: &EvaluatedLine,
    money: &impl Fn(Amount) -> String,
) -> Line<'a> {
    let percent = |rate: Rate| rate.percent();
    let dated = step.rate.as_ref().and_then(|used| used.dated.as_ref());
    Line {
        step: line_name(step, line),
        label: &step.step.label,
        role: step.step.role,
        party: line.party.map(|party| party.0),
        channel: line.channel.map(|channel| channel.0),
        inputs: step.inputs.iter().map(|input| (input.name.as_str(), money(input.amount))).collect(),
        basis: money(line.basis),
        rate: percent(line.rate),
        rate_key: dated.map(|found| found.key.as_str()),
        rounding: step.step.rounding,
        count: line.evidence.count,
        net: money(line.net),
        vat_rate: percent(line.vat_rate),
        vat: money(line.vat),
        source: &step.step.source,
        rate_source: dated.map(|found| found.source.as_str()),
        events: line.evidence.positions.clone(),
    }
}
