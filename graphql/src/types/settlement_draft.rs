//! A settlement as it stands.

use async_graphql::{Context, Object, Result, SimpleObject};
use soticket_projections::deals::{self, EvaluatedLine, EvaluatedStep, LineOf, UsedRate};

use super::integrity::Checkpoint;
use super::lookup::{count, named};
use super::settlement_enums::{SettledRole, StepRounding};
use super::{Channel, Party};
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, Decimal, Hash, LogPosition};

/// A settlement as it stands.
pub(super) struct SettlementDraft {
    pub(super) scope: Scope,
    pub(super) draft: deals::Draft,
    pub(super) checkpoint: Checkpoint,
}

/// A settlement as it stands, worked out from the log up to a checkpoint. Nothing of it is fixed before it is sealed.
#[Object]
impl SettlementDraft {
    /// The event that this is as of.
    async fn checkpoint(&self) -> Checkpoint {
        self.checkpoint
    }

    /// The version that a seal of it would be.
    async fn version(&self) -> Counter {
        Counter(self.draft.version.into())
    }

    /// Version of the deal that it was worked out by.
    async fn deal_version(&self) -> Counter {
        Counter(self.draft.deal_version.into())
    }

    /// The steps of the deal with their amounts and lines.
    async fn steps(&self) -> Vec<SettlementStep> {
        let step = |step: &EvaluatedStep| SettlementStep { scope: self.scope, step: step.clone() };
        self.draft.evaluation.steps.iter().map(step).collect()
    }

    /// What parties get, and what is still due to them.
    async fn parties(&self) -> Vec<PartyBalance> {
        balances(self.scope, &self.draft.parties)
    }

    /// BLAKE3 of the canonical statement: what a seal states.
    async fn statement(&self) -> Hash {
        Hash(self.draft.statement)
    }

    /// The statement as canonical JSON, whose bytes are hashed.
    async fn canonical(&self) -> &str {
        &self.draft.canonical
    }
}

/// A step with its amount.
pub(super) struct SettlementStep {
    scope: Scope,
    step: EvaluatedStep,
}

/// A step of a settlement: what it comes to, by which rule and on what.
#[Object]
impl SettlementStep {
    /// Its name.
    async fn name(&self) -> &str {
        &self.step.step.name
    }

    /// What statements call it.
    async fn label(&self) -> &str {
        &self.step.step.label
    }

    /// What its amount is.
    async fn role(&self) -> SettledRole {
        self.step.step.role.into()
    }

    /// What it comes to, without VAT of its own.
    async fn amount(&self) -> Money {
        self.scope.money(self.step.amount)
    }

    /// Where it was rounded.
    async fn rounding(&self) -> StepRounding {
        self.step.step.rounding.into()
    }

    /// Where the step comes from.
    async fn source(&self) -> &str {
        &self.step.step.source
    }

    /// Earlier steps that it was worked out from.
    async fn inputs(&self) -> Vec<SettlementInput> {
        let input = |input: &deals::Input| SettlementInput {
            name: input.name.clone(),
            amount: self.scope.money(input.amount),
        };
        self.step.inputs.iter().map(input).collect()
    }

    /// The rate of its rule, and where that is from.
    async fn rate(&self) -> Option<SettlementRate> {
        self.step.rate.as_ref().map(SettlementRate::from)
    }

    /// The rate of its own VAT.
    async fn vat(&self) -> Option<SettlementRate> {
        self.step.vat.as_ref().map(SettlementRate::from)
    }

    /// The lines that it consists of.
    async fn lines(&self) -> Vec<SettlementDraftLine> {
        let line = |line: &EvaluatedLine| SettlementDraftLine { scope: self.scope, line: line.clone() };
        self.step.lines.iter().map(line).collect()
    }
}

/// An earlier step that went into a later one.
#[derive(SimpleObject)]
struct SettlementInput {
    /// Its name.
    name: String,
    /// What it comes to.
    amount: Money,
}

/// A rate that was used.
#[derive(SimpleObject)]
struct SettlementRate {
    /// In percent.
    percent: Decimal,
    /// Key of the dated rate; null for one that the parties agreed on.
    key: Option<String>,
    /// Where the dated rate is from.
    source: Option<String>,
    /// Whether its source is not sure of it.
    uncertain: bool,
    /// Position of the event that set it; null for one that the program brings.
    position: Option<LogPosition>,
}

impl From<&UsedRate> for SettlementRate {
    fn from(used: &UsedRate) -> Self {
        let dated = used.dated.as_ref();
        Self {
            percent: Decimal::percent(used.rate),
            key: dated.map(|found| found.key.clone()),
            source: dated.map(|found| found.source.clone()),
            uncertain: dated.is_some_and(|found| found.uncertain),
            position: dated.and_then(|found| found.position).map(LogPosition),
        }
    }
}

/// A line of a settlement as it stands.
pub(super) struct SettlementDraftLine {
    scope: Scope,
    line: EvaluatedLine,
}

/// A line of a settlement as it stands.
#[Object]
impl SettlementDraftLine {
    /// Category of costs, for a line of costs.
    async fn category(&self) -> Option<&str> {
        match &self.line.of {
            LineOf::Category(category) => Some(category),
            _ => None,
        }
    }

    /// Whom it is owed to.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.line.party.map(|party| named(context, self.scope, party, Party::load))
    }

    /// The channel that it comes from.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        self.line.channel.map(|channel| named(context, self.scope, channel, Channel::load))
    }

    /// What it was worked out on.
    async fn basis(&self) -> Money {
        self.scope.money(self.line.basis)
    }

    /// Share of the basis in percent; null for what is no share.
    async fn rate(&self) -> Option<Decimal> {
        (self.line.rate.0 != 0).then(|| Decimal::percent(self.line.rate))
    }

    /// What it comes to.
    async fn amount(&self) -> TaxedMoney {
        taxed(self.scope, self.line.net, self.line.vat, self.line.vat_rate)
    }

    /// Things that were counted: tickets, or payments.
    async fn count(&self) -> i32 {
        count(self.line.evidence.count)
    }

    /// Kinds of events of the show that its figures are folded from.
    async fn event_kinds(&self) -> Vec<super::event_kind::EventKind> {
        self.line.evidence.kinds.iter().map(|kind| super::event_kind::EventKind(kind)).collect()
    }

    /// Positions of single events behind it, such as those of costs.
    async fn positions(&self) -> Vec<LogPosition> {
        self.line.evidence.positions.iter().copied().map(LogPosition).collect()
    }
}

pub(super) fn taxed(
    scope: Scope,
    net: soticket_schema::Amount,
    vat: soticket_schema::Amount,
    rate: soticket_schema::Rate,
) -> TaxedMoney {
    let taxed = soticket_schema::money::Taxed { gross: net + vat, net, vat };
    TaxedMoney::new(taxed, Some(rate), scope.currency)
}

/// What a party gets.
pub(super) struct PartyBalance {
    scope: Scope,
    balance: deals::PartyBalance,
}

pub(super) fn balances(scope: Scope, balances: &[deals::PartyBalance]) -> Vec<PartyBalance> {
    balances.iter().map(|balance| PartyBalance { scope, balance: *balance }).collect()
}

/// What a party gets by a settlement, and what is still due to it.
#[Object]
impl PartyBalance {
    /// The party.
    async fn party(&self, context: &Context<'_>) -> Result<Party> {
        named(context, self.scope, self.balance.party, Party::load)
    }

    /// What it gets, without VAT.
    async fn net(&self) -> Money {
        self.scope.money(self.balance.net)
    }

    /// VAT on it.
    async fn vat(&self) -> Money {
        self.scope.money(self.balance.vat)
    }

    /// With VAT.
    async fn gross(&self) -> Money {
        self.scope.money(self.balance.gross)
    }

    /// Paid on account.
    async fn advances(&self) -> Money {
        self.scope.money(self.balance.advances)
    }

    /// Paid of sealed versions.
    async fn paid(&self) -> Money {
        self.scope.money(self.balance.paid)
    }

    /// What is left to pay: below zero when the party owes.
    async fn due(&self) -> Money {
        self.scope.money(self.balance.due)
    }
}
