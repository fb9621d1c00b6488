//! Commissions and the parties that earn them.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{
    ChangeCommission, DefineCommission, EndCommission, RegisterParty, SetCommissionCap,
};
use soticket_schema::event::v1::{Beneficiary, CommissionTerms, CommissionTier};
use soticket_schema::ids::PartyId;
use soticket_schema::{Amount, CommandBody, Rate, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::ids::Numbered;
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::{
    BeneficiaryKind, CommissionBasis, CommissionMode, CommissionOnFree, CommissionOnRefund, CommissionPayer,
    TariffKind,
};

/// Input of `partyRegister`.
#[derive(InputObject)]
pub(crate) struct PartyRegisterInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name.
    name: String,
    /// SIRET number.
    #[graphql(default)]
    siret: String,
    /// VAT number.
    #[graphql(default)]
    vat_number: String,
}

impl CommandInput for PartyRegisterInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        let Self { name, siret, vat_number, .. } = self;
        Ok(CommandBody::RegisterParty(RegisterParty { name, siret, vat_number }))
    }
}

/// All that defines a commission. Lists narrow it down: an empty one narrows nothing, several narrow together.
#[derive(InputObject)]
pub(crate) struct CommissionTermsInput {
    /// Its name.
    name: String,
    /// Who earns it.
    beneficiary: BeneficiaryKind,
    /// The party that earns it, for a beneficiary of that kind.
    party: Option<ID>,
    /// Who pays it.
    payer: CommissionPayer,
    /// Where it stands to the face price.
    mode: CommissionMode,
    /// What it is worked out on.
    basis: CommissionBasis,
    /// Share of the basis, in percent; none if absent.
    rate: Option<Decimal>,
    /// Fixed amount beside it; none if absent.
    fixed: Option<Decimal>,
    /// Least that is charged.
    minimum: Option<Decimal>,
    /// Most that is charged.
    maximum: Option<Decimal>,
    /// Other rates and amounts for a higher basis, ascending.
    #[graphql(default)]
    tiers: Vec<CommissionTierInput>,
    /// Level in the cascade, from 0 to 255: lower ones come first, those of one level see the same.
    #[graphql(default)]
    level: i32,
    /// VAT rate of the commission, in percent. What the buyer pays includes VAT; what the organiser pays has it on top.
    vat: Decimal,
    /// Channels that it is charged on.
    #[graphql(default)]
    channels: Vec<ID>,
    /// Points of sale that it is charged at, as orders name them.
    #[graphql(default)]
    sellers: Vec<String>,
    /// Tariffs that it is charged on.
    #[graphql(default)]
    tariffs: Vec<ID>,
    /// Kinds of tariffs that it is charged on.
    #[graphql(default)]
    kinds: Vec<TariffKind>,
    /// What becomes of it when its ticket is cancelled.
    on_refund: CommissionOnRefund,
    /// Whether free tickets are charged.
    on_free: CommissionOnFree,
}

/// From this basis on another rate and amount apply, to the whole of it.
#[derive(InputObject)]
pub(crate) struct CommissionTierInput {
    /// Lowest basis.
    from: Decimal,
    /// Share of the basis, in percent; none if absent.
    rate: Option<Decimal>,
    /// Fixed amount beside it; none if absent.
    fixed: Option<Decimal>,
}

/// An amount that is nothing if absent.
fn amount(value: Option<&Decimal>, scope: &Scope, field: &str) -> Result<Amount, Rejection> {
    value.map_or(Ok(Amount::ZERO), |value| scope.amount(value, || field.to_owned()))
}

fn rate(value: Option<&Decimal>, scope: &Scope, field: &str) -> Result<Rate, Rejection> {
    value.map_or(Ok(Rate::ZERO), |value| scope.rate(value, || field.to_owned()))
}

fn limit(value: Option<&Decimal>, scope: &Scope, field: &str) -> Result<Option<Amount>, Rejection> {
    value.map(|value| scope.amount(value, || field.to_owned())).transpose()
}

impl CommissionTermsInput {
    fn terms(self, scope: &Scope) -> Result<CommissionTerms, Rejection> {
        let tier = |(place, tier): (usize, &CommissionTierInput)| {
            let at = |name: &str| format!("terms.tiers.{place}.{name}");
            Ok(CommissionTier {
                from: scope.amount(&tier.from, || at("from"))?,
                rate: rate(tier.rate.as_ref(), scope, &at("rate"))?,
                fixed: amount(tier.fixed.as_ref(), scope, &at("fixed"))?,
            })
        };
        let level = u8::try_from(self.level)
            .map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, "terms.level"))?;
        Ok(CommissionTerms {
            beneficiary: match self.beneficiary {
                BeneficiaryKind::Organisation => Beneficiary::Organisation,
                BeneficiaryKind::Channel => Beneficiary::Channel,
                BeneficiaryKind::Party => {
                    Beneficiary::Party(scope.optional(self.party.as_ref()).unwrap_or(PartyId::NEVER))
                }
            },
            payer: self.payer.into(),
            mode: self.mode.into(),
            basis: self.basis.into(),
            rate: rate(self.rate.as_ref(), scope, "terms.rate")?,
            fixed: amount(self.fixed.as_ref(), scope, "terms.fixed")?,
            minimum: limit(self.minimum.as_ref(), scope, "terms.minimum")?,
            maximum: limit(self.maximum.as_ref(), scope, "terms.maximum")?,
            tiers: self.tiers.iter().enumerate().map(tier).collect::<Result<_, Rejection>>()?,
            level,
            vat: scope.rate(&self.vat, || "terms.vat".into())?,
            channels: scope.list(&self.channels),
            sellers: self.sellers,
            tariffs: scope.list(&self.tariffs),
            kinds: self.kinds.into_iter().map(Into::into).collect(),
            on_refund: self.on_refund.into(),
            on_free: self.on_free.into(),
            name: self.name,
        })
    }
}

/// Input of `commissionDefine`.
#[derive(InputObject)]
pub(crate) struct CommissionDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its terms.
    terms: CommissionTermsInput,
    /// First instant of a sale that it is charged on; now if absent. Sales that are reported later count by their own
    /// time.
    valid_from: Option<DateTime>,
    /// From when on it is charged no more, if known.
    valid_until: Option<DateTime>,
}

impl CommandInput for CommissionDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineCommission(DefineCommission {
            terms: self.terms.terms(scope)?,
            valid_from: self.valid_from.map(|from| from.0),
            valid_until: self.valid_until.map(|until| until.0),
        }))
    }
}

/// Input of `commissionChange`.
#[derive(InputObject)]
pub(crate) struct CommissionChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The commission.
    commission: ID,
    /// All terms, changed or not.
    terms: CommissionTermsInput,
    /// First instant of a sale that these are charged on; now if absent.
    valid_from: Option<DateTime>,
    /// From when on they are charged no more, if known.
    valid_until: Option<DateTime>,
}

impl CommandInput for CommissionChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ChangeCommission(ChangeCommission {
            commission: scope.id(&self.commission),
            terms: self.terms.terms(scope)?,
            valid_from: self.valid_from.map(|from| from.0),
            valid_until: self.valid_until.map(|until| until.0),
        }))
    }
}

/// Input of `commissionEnd`.
#[derive(InputObject)]
pub(crate) struct CommissionEndInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The commission.
    commission: ID,
    /// First instant of a sale that it is not charged on; now if absent.
    valid_until: Option<DateTime>,
}

impl CommandInput for CommissionEndInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let valid_until = self.valid_until.map(|until| until.0);
        let commission = scope.id(&self.commission);
        Ok(CommandBody::EndCommission(EndCommission { commission, valid_until }))
    }
}

/// Input of `commissionCapSet`.
#[derive(InputObject)]
pub(crate) struct CommissionCapSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Share of the face price, in percent.
    cap: Decimal,
}

impl CommandInput for CommissionCapSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let cap = scope.rate(&self.cap, || "cap".into())?;
        Ok(CommandBody::SetCommissionCap(SetCommissionCap { cap }))
    }
}
