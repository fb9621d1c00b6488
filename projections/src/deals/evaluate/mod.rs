//! Works a settlement out: a pure function of a deal's terms, a show's figures, its costs and the dated rates.
//!
//! Every step gives an amount, and one line or several that come to it. A line says by which rule, on what inputs and at
//! which rate it was worked out, where it was rounded, and which events are behind it.

mod lines;
mod rule;

use std::collections::BTreeMap;

use soticket_ledger::law::{FoundRate, OwnRates};
use soticket_schema::event::v1::{DealRate, DealRule, DealStep, DealTerms, SettledRole, StepRounding};
use soticket_schema::{Amount, ChannelId, PartyId, Rate};

use super::view::Cost;
use crate::settlement::ShowFigures;

/// A settlement as it was worked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// The steps, in the order of the deal.
    pub steps: Vec<EvaluatedStep>,
}

/// A step with its amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluatedStep {
    /// The step as it was agreed.
    pub step: DealStep,
    /// What it comes to: the sum of its lines, without VAT of their own.
    pub amount: Amount,
    /// Earlier steps that it was worked out from, with their amounts.
    pub inputs: Vec<Input>,
    /// The rate of its rule.
    pub rate: Option<UsedRate>,
    /// The rate of its own VAT.
    pub vat: Option<UsedRate>,
    /// Its lines.
    pub lines: Vec<EvaluatedLine>,
}

/// An earlier step that went in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub amount: Amount,
}

/// A rate, and where it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedRate {
    /// The rate.
    pub rate: Rate,
    /// The dated rate that it is, if it was named by a key.
    pub dated: Option<FoundRate>,
}

/// What of a step a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineOf {
    /// The whole of it.
    Whole,
    /// Receipts of one VAT rate.
    Receipts,
    /// What one channel keeps back.
    Channel,
    /// Costs of one category.
    Category(String),
}

/// A line of a settlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvaluatedLine {
    /// What of its step it is.
    pub of: LineOf,
    /// Whom it is owed to.
    pub party: Option<PartyId>,
    /// The channel that it comes from.
    pub channel: Option<ChannelId>,
    /// What it was worked out on.
    pub basis: Amount,
    /// Share of the basis; 0 for what is no share.
    pub rate: Rate,
    /// Without VAT.
    pub net: Amount,
    /// VAT rate.
    pub vat_rate: Rate,
    /// VAT.
    pub vat: Amount,
    /// The events behind it.
    pub evidence: Evidence,
}

/// Which events are behind a line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Kinds of events of the show that its figures are folded from; empty for figures of earlier steps.
    pub kinds: Vec<&'static str>,
    /// Things that were counted: tickets, or payments.
    pub count: u64,
    /// Positions of single events, such as those of costs, ascending.
    pub positions: Vec<u64>,
}

/// Why no settlement can be worked out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// A rate that the deal names by its key does not hold at the date of the show, after that was moved.
    #[error("RATE_UNKNOWN: no rate {key} at the date of the show; set it from a date on (step {step})")]
    RateUnknown {
        /// The step.
        step: String,
        /// The key.
        key: String,
    },
    /// The terms are none that a decision accepts.
    #[error("DEAL_STEP_UNKNOWN: step {step} names {name}, which is none of the steps before it")]
    StepUnknown {
        /// The step.
        step: String,
        /// What it names.
        name: String,
    },
}

/// What steps are worked out on.
struct Basis<'a> {
    figures: &'a ShowFigures,
    costs: &'a [&'a Cost],
    rates: &'a OwnRates,
    /// Amounts of the steps so far.
    amounts: BTreeMap<&'a str, Amount>,
}

/// Works a settlement out. Costs are those that count.
///
/// # Errors
/// See [`EvaluationError`].
pub fn evaluate(
    terms: &DealTerms,
    figures: &ShowFigures,
    costs: &[&Cost],
    rates: &OwnRates,
) -> Result<Evaluation, EvaluationError> {
    let mut basis = Basis { figures, costs, rates, amounts: BTreeMap::new() };
    let mut steps = Vec::with_capacity(terms.steps.len());
    for step in &terms.steps {
        let evaluated = basis.step(step)?;
        basis.amounts.insert(&step.name, evaluated.amount);
        steps.push(evaluated);
    }
    Ok(Evaluation { steps })
}

impl Evaluation {
    /// What a step comes to.
    pub fn amount(&self, step: &str) -> Option<Amount> {
        self.steps.iter().find(|known| known.step.name == step).map(|step| step.amount)
    }

    /// All lines with their steps, in order.
    pub fn lines(&self) -> impl Iterator<Item = (&EvaluatedStep, &EvaluatedLine)> {
        self.steps.iter().flat_map(|step| step.lines.iter().map(move |line| (step, line)))
    }
}

impl<'a> Basis<'a> {
    fn step(&self, step: &'a DealStep) -> Result<EvaluatedStep, EvaluationError> {
        let inputs = step.rule.named().into_iter().map(|(_, _, name)| {
            let amount = self.amount(step, name)?;
            Ok(Input { name: name.to_owned(), amount })
        });
        let inputs = inputs.collect::<Result<Vec<_>, EvaluationError>>()?;
        let rate = match &step.rule {
            DealRule::Share { rate, .. } => Some(self.rate(step, rate)?),
            _ => None,
        };
        let vat = step.vat.as_ref().map(|vat| self.rate(step, vat)).transpose()?;
        let lines = self.lines(step, rate.as_ref(), vat.as_ref())?;
        let amount = lines.iter().map(|line| line.net).sum();
        Ok(EvaluatedStep { step: step.clone(), amount, inputs, rate, vat, lines })
    }

    /// What an earlier step comes to.
    fn amount(&self, step: &DealStep, name: &str) -> Result<Amount, EvaluationError> {
        self.amounts
            .get(name)
            .copied()
            .ok_or_else(|| EvaluationError::StepUnknown { step: step.name.clone(), name: name.to_owned() })
    }

    fn rate(&self, step: &DealStep, rate: &DealRate) -> Result<UsedRate, EvaluationError> {
        match rate {
            DealRate::Stated(rate) => Ok(UsedRate { rate: *rate, dated: None }),
            DealRate::Dated(key) => {
                let found = self.rates.find(key, &self.figures.territory, self.figures.starts_at);
                let found = found.ok_or_else(|| EvaluationError::RateUnknown {
                    step: step.name.clone(),
                    key: key.clone(),
                })?;
                Ok(UsedRate { rate: found.rate, dated: Some(found) })
            }
        }
    }

    fn round(&self, dividend: i128, divisor: i128, rounding: StepRounding) -> Amount {
        soticket_schema::money::round_step(dividend, divisor, rounding, self.figures.currency)
    }
}

/// Whether a line takes something out of the receipts.
pub(super) fn is_outgoing(role: SettledRole) -> bool {
    !matches!(role, SettledRole::Receipts | SettledRole::Subtotal)
}
