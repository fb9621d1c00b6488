//! Deals, costs, advances, dated rates and works.

use std::collections::BTreeMap;

use async_graphql::{ID, InputObject};
use soticket_projections::deals::text::{DealFile, DealTextError, Names};
use soticket_schema::command::{
    AgreeDeal, ChangeDeal, RecordAdvance, RecordCost, RegisterWork, SetDatedRate, SetShowWork,
    WithdrawAdvance, WithdrawCost,
};
use soticket_schema::event::v1::{CostTerms, DealTerms, Voucher};
use soticket_schema::{CommandBody, Rejection, RejectionCode, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal, Hash};

/// A deal: a template with values and parties, or steps of its own.
#[derive(InputObject)]
pub(crate) struct DealInput {
    /// Its name, such as the contract's number.
    name: String,
    /// Name of the template that it is made from.
    template: Option<String>,
    /// Values of the template's parameters.
    #[graphql(default)]
    values: Vec<DealValueInput>,
    /// The parties, by what the steps call them.
    #[graphql(default)]
    parties: Vec<DealPartyInput>,
    /// The channels that steps name, by what they call them.
    #[graphql(default)]
    channels: Vec<DealChannelInput>,
    /// Steps of a deal of its own, as a JSON list in the form of the templates' steps.
    steps: Option<String>,
}

/// The value of a parameter of a template.
#[derive(InputObject)]
pub(crate) struct DealValueInput {
    /// Name of the parameter.
    name: String,
    /// Its value: an amount, a percentage or the key of a dated rate, a price, a number.
    value: String,
}

/// A party of a deal.
#[derive(InputObject)]
pub(crate) struct DealPartyInput {
    /// What the steps call it, such as `producer`.
    name: String,
    /// The party.
    party: ID,
}

/// A channel that a deal names.
#[derive(InputObject)]
pub(crate) struct DealChannelInput {
    /// What the steps call it.
    name: String,
    /// The channel.
    channel: ID,
}

impl DealInput {
    fn terms(self, scope: &Scope) -> Result<DealTerms, Rejection> {
        let steps = match &self.steps {
            Some(text) => Some(serde_json::from_str(text).map_err(|_| unreadable("terms.steps"))?),
            None => None,
        };
        let parties: BTreeMap<_, _> =
            self.parties.iter().map(|party| (party.name.as_str(), scope.id(&party.party))).collect();
        let channels: BTreeMap<_, _> =
            self.channels.iter().map(|channel| (channel.name.as_str(), scope.id(&channel.channel))).collect();
        let file = DealFile {
            template: self.template,
            values: self.values.into_iter().map(|value| (value.name, value.value)).collect(),
            parties: parties.keys().map(|name| ((*name).to_owned(), (*name).to_owned())).collect(),
            steps,
            name: self.name,
        };
        let names = Names {
            currency: scope.currency,
            party: &|name| parties.get(name).copied(),
            channel: &|name| channels.get(name).copied(),
        };
        file.terms(&names).map_err(|error| unreadable(&field(&error)))
    }
}

fn unreadable(field: &str) -> Rejection {
    Rejection::new(RejectionCode::DealUnreadable, field)
}

/// Where a deal is not as it should be.
fn field(error: &DealTextError) -> String {
    match error {
        DealTextError::Template(_) => "terms.template".into(),
        DealTextError::Missing(name) | DealTextError::Unknown(name) => format!("terms.values.{name}"),
        DealTextError::Value { step, field, .. } => format!("terms.steps.{step}.{field}"),
        DealTextError::Rules(step) => format!("terms.steps.{step}"),
        DealTextError::Party(name) => format!("terms.parties.{name}"),
        DealTextError::Channel(name) => format!("terms.channels.{name}"),
        DealTextError::Syntax(_) => "terms.steps".into(),
    }
}

/// The document behind a cost or an advance.
#[derive(InputObject)]
pub(crate) struct VoucherInput {
    /// Its number in the books; no text about people.
    reference: String,
    /// BLAKE3 of its file, if there is one.
    file: Option<Hash>,
}

impl VoucherInput {
    fn voucher(self) -> Voucher {
        Voucher { reference: self.reference, file: self.file.map(|hash| hash.0) }
    }
}

macro_rules! caller {
    () => {
        fn caller(&self) -> &Caller {
            &self.caller
        }
    };
    (fact) => {
        caller!();

        fn occurred_at(&self) -> Option<Timestamp> {
            self.occurred_at.map(|time| time.0)
        }
    };
}

/// Input of `dealAgree`.
#[derive(InputObject)]
pub(crate) struct DealAgreeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The shows, each of which gets a deal of its own.
    shows: Vec<ID>,
    /// The deal.
    terms: DealInput,
}

impl CommandInput for DealAgreeInput {
    caller!();

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::AgreeDeal(AgreeDeal {
            shows: scope.list(&self.shows),
            terms: self.terms.terms(scope)?,
        }))
    }
}

/// Input of `dealChange`.
#[derive(InputObject)]
pub(crate) struct DealChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The deal.
    deal: ID,
    /// The version that it is to become: one more than the present one.
    version: i32,
    /// All of it, changed or not.
    terms: DealInput,
}

impl CommandInput for DealChangeInput {
    caller!();

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ChangeDeal(ChangeDeal {
            deal: scope.id(&self.deal),
            version: scope.count(self.version, || "version".into())?,
            terms: self.terms.terms(scope)?,
        }))
    }
}

/// Input of `costRecord`.
#[derive(InputObject)]
pub(crate) struct CostRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it arose, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// The cost.
    terms: CostTermsInput,
}

/// A cost, as its voucher says.
#[derive(InputObject)]
pub(crate) struct CostTermsInput {
    /// Its category by key, such as `technical`.
    category: String,
    /// Without VAT.
    net: Decimal,
    /// VAT rate in percent.
    vat_rate: Decimal,
    /// VAT as the voucher states it.
    vat: Decimal,
    /// Who supplied it, if that is a party.
    supplier: Option<ID>,
    /// The party that has borne it; absent for the organisation.
    borne_by: Option<ID>,
    /// The document.
    voucher: VoucherInput,
}

impl CommandInput for CostRecordInput {
    caller!(fact);

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let terms = CostTerms {
            net: scope.amount(&self.terms.net, || "terms.net".into())?,
            vat_rate: scope.rate(&self.terms.vat_rate, || "terms.vat_rate".into())?,
            vat: scope.amount(&self.terms.vat, || "terms.vat".into())?,
            supplier: scope.optional(self.terms.supplier.as_ref()),
            borne_by: scope.optional(self.terms.borne_by.as_ref()),
            category: self.terms.category,
            voucher: self.terms.voucher.voucher(),
        };
        Ok(CommandBody::RecordCost(RecordCost { show: scope.id(&self.show), terms }))
    }
}

/// Input of `costWithdraw`.
#[derive(InputObject)]
pub(crate) struct CostWithdrawInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The cost.
    cost: ID,
}

impl CommandInput for CostWithdrawInput {
    caller!(fact);

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::WithdrawCost(WithdrawCost { cost: scope.id(&self.cost) }))
    }
}

/// Input of `advanceRecord`.
#[derive(InputObject)]
pub(crate) struct AdvanceRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it was paid, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The show.
    show: ID,
    /// The party.
    party: ID,
    /// How much, with VAT.
    amount: Decimal,
    /// How.
    method: ID,
    /// The document.
    voucher: VoucherInput,
}

impl CommandInput for AdvanceRecordInput {
    caller!(fact);

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RecordAdvance(RecordAdvance {
            show: scope.id(&self.show),
            party: scope.id(&self.party),
            amount: scope.amount(&self.amount, || "amount".into())?,
            method: scope.id(&self.method),
            voucher: self.voucher.voucher(),
        }))
    }
}

/// Input of `advanceWithdraw`.
#[derive(InputObject)]
pub(crate) struct AdvanceWithdrawInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// The advance.
    advance: ID,
}

impl CommandInput for AdvanceWithdrawInput {
    caller!(fact);

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::WithdrawAdvance(WithdrawAdvance { advance: scope.id(&self.advance) }))
    }
}

/// Input of `datedRateSet`.
#[derive(InputObject)]
pub(crate) struct DatedRateSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its key, such as `fr.sacem.concert`.
    key: String,
    /// Tax territory as shows name it; empty for all.
    #[graphql(default)]
    territory: String,
    /// The rate, in percent.
    rate: Decimal,
    /// First begin of a show that it holds for.
    valid_from: DateTime,
    /// From when on it holds no more, if known.
    valid_until: Option<DateTime>,
    /// Where it is from: the text of law, or the society's letter with its date.
    source: String,
}

impl CommandInput for DatedRateSetInput {
    caller!();

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::SetDatedRate(SetDatedRate {
            rate: scope.rate(&self.rate, || "rate".into())?,
            key: self.key,
            territory: self.territory,
            valid_from: self.valid_from.0,
            valid_until: self.valid_until.map(|until| until.0),
            source: self.source,
        }))
    }
}

/// Input of `workRegister`.
#[derive(InputObject)]
pub(crate) struct WorkRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its title, with the staging where there are several.
    title: String,
    /// Paid performances given before the first that this log knows, by anyone, as can be proved.
    #[graphql(default)]
    performances_before: i32,
    /// What proves them.
    #[graphql(default)]
    source: String,
}

impl CommandInput for WorkRegisterInput {
    caller!();

    fn body(self, _scope: &Scope) -> Result<CommandBody, Rejection> {
        let performances_before = u32::try_from(self.performances_before)
            .map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, "performances_before"))?;
        let (title, source) = (self.title, self.source);
        Ok(CommandBody::RegisterWork(RegisterWork { title, performances_before, source }))
    }
}

/// Input of `showWorkSet`.
#[derive(InputObject)]
pub(crate) struct ShowWorkSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// The work; absent for none.
    work: Option<ID>,
}

impl CommandInput for ShowWorkSetInput {
    caller!();

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (show, work) = (scope.id(&self.show), scope.optional(self.work.as_ref()));
        Ok(CommandBody::SetShowWork(SetShowWork { show, work }))
    }
}
