//! Commissions as they are defined, and the parties that earn them.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_ledger::fees::{Rule, Version};
use soticket_projections::catalogue::OverCap;
use soticket_schema::event::v1::{Beneficiary, CommissionTerms, PartyRegistered};
use soticket_schema::ids::{ChannelId, CommissionId, PartyId, TariffId};

use super::enums::{
    BeneficiaryKind, CommissionBasis, CommissionMode, CommissionOnFree, CommissionOnRefund, CommissionPayer,
    TariffKind,
};
use super::lookup::named;
use super::{Channel, Tariff, Zone};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, DateTime, Decimal};

/// A party that may earn commissions.
pub(crate) struct Party {
    scope: Scope,
    party: PartyRegistered,
}

impl Party {
    /// A party as the catalogue has it.
    pub(super) fn new(scope: Scope, party: PartyRegistered) -> Self {
        Self { scope, party }
    }

    /// The party with this number.
    pub(crate) fn load(core: &Core, scope: Scope, party: PartyId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.party(party).cloned()).map(|party| Self::new(scope, party))
    }
}

/// A company, association or public body that may earn commissions.
#[Object]
impl Party {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.party.party)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.party.party.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.party.name
    }

    /// SIRET number, or empty.
    async fn siret(&self) -> &str {
        &self.party.siret
    }

    /// VAT number, or empty.
    async fn vat_number(&self) -> &str {
        &self.party.vat_number
    }
}

/// Who earns a commission, in an answer.
pub(super) struct Earner {
    pub(super) scope: Scope,
    pub(super) beneficiary: Beneficiary,
}

/// Who earns a commission.
#[Object(name = "CommissionBeneficiary")]
impl Earner {
    /// What it is.
    async fn kind(&self) -> BeneficiaryKind {
        match self.beneficiary {
            Beneficiary::Organisation => BeneficiaryKind::Organisation,
            Beneficiary::Channel => BeneficiaryKind::Channel,
            Beneficiary::Party(_) => BeneficiaryKind::Party,
        }
    }

    /// The party; null for the organisation and for whoever operates the channel.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        match self.beneficiary {
            Beneficiary::Party(party) => Some(named(context, self.scope, party, Party::load)),
            Beneficiary::Organisation | Beneficiary::Channel => None,
        }
    }
}

/// A commission with all its versions.
pub(crate) struct CommissionRule {
    scope: Scope,
    rule: Rule,
}

impl CommissionRule {
    /// A commission as the catalogue has it.
    pub(super) fn new(scope: Scope, rule: Rule) -> Self {
        Self { scope, rule }
    }

    /// The commission with this number.
    pub(crate) fn load(core: &Core, scope: Scope, commission: CommissionId) -> Option<Self> {
        let rule = core.view(scope, |views| views.catalogue.commissions().get(commission).cloned())?;
        Some(Self::new(scope, rule))
    }

    fn version(&self, version: &Version) -> CommissionVersion {
        CommissionVersion { scope: self.scope, version: version.clone() }
    }
}

/// A commission: who earns what on sales, as dated versions of its terms.
#[Object]
impl CommissionRule {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.rule.commission)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.rule.commission.0.into())
    }

    /// Its name in the version that was defined last.
    async fn name(&self) -> &str {
        self.rule.latest().map_or("", |version| &version.terms.name)
    }

    /// The version that was defined last.
    async fn latest(&self) -> Option<CommissionVersion> {
        self.rule.latest().map(|version| self.version(version))
    }

    /// Its versions, from the first.
    async fn versions(&self) -> Vec<CommissionVersion> {
        self.rule.versions.iter().map(|version| self.version(version)).collect()
    }

    /// From when on it is charged no more in any version; null as long as it was not ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.rule.ended_at.map(DateTime)
    }

    /// Tickets whose commissions would come to more than the cap once the latest version is in force: by channel, point
    /// of sale and price of the shows that are not closed, at most 100. A warning: nothing is refused.
    #[graphql(complexity = "20 + child_complexity")]
    async fn warnings(&self, context: &Context<'_>) -> Result<Vec<CommissionWarning>> {
        let commission = self.rule.commission;
        let over =
            Core::of(context)?.expect(self.scope, |views| Some(views.catalogue.over_cap(commission)))?;
        Ok(over.into_iter().map(|over| CommissionWarning { scope: self.scope, over }).collect())
    }
}

/// The terms of a commission from an instant on.
pub(crate) struct CommissionVersion {
    scope: Scope,
    version: Version,
}

impl CommissionVersion {
    fn terms(&self) -> &CommissionTerms {
        &self.version.terms
    }
}

/// From this basis on another rate and amount apply, to the whole of it.
#[derive(SimpleObject)]
pub(crate) struct CommissionTier {
    /// Lowest basis.
    from: Money,
    /// Share of the basis, in percent.
    rate: Decimal,
    /// Fixed amount beside it.
    fixed: Money,
}

/// The terms of a commission from an instant on.
#[Object]
impl CommissionVersion {
    /// Its number, from 1.
    async fn version(&self) -> Counter {
        Counter(self.version.version.into())
    }

    /// First instant of a sale that it is charged on.
    async fn valid_from(&self) -> DateTime {
        DateTime(self.version.valid_from)
    }

    /// From when on it is charged no more, if known.
    async fn valid_until(&self) -> Option<DateTime> {
        self.version.valid_until.map(DateTime)
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.terms().name
    }

    /// Who earns it.
    async fn beneficiary(&self) -> Earner {
        Earner { scope: self.scope, beneficiary: self.terms().beneficiary }
    }

    /// Who pays it.
    async fn payer(&self) -> CommissionPayer {
        self.terms().payer.into()
    }

    /// Where it stands to the face price.
    async fn mode(&self) -> CommissionMode {
        self.terms().mode.into()
    }

    /// What it is worked out on.
    async fn basis(&self) -> CommissionBasis {
        self.terms().basis.into()
    }

    /// Share of the basis, in percent.
    async fn rate(&self) -> Decimal {
        Decimal::percent(self.terms().rate)
    }

    /// Fixed amount beside it.
    async fn fixed(&self) -> Money {
        self.scope.money(self.terms().fixed)
    }

    /// Least that is charged.
    async fn minimum(&self) -> Option<Money> {
        self.terms().minimum.map(|minimum| self.scope.money(minimum))
    }

    /// Most that is charged.
    async fn maximum(&self) -> Option<Money> {
        self.terms().maximum.map(|maximum| self.scope.money(maximum))
    }

    /// Other rates and amounts for a higher basis, ascending.
    async fn tiers(&self) -> Vec<CommissionTier> {
        let tiers = self.terms().tiers.iter().map(|tier| CommissionTier {
            from: self.scope.money(tier.from),
            rate: Decimal::percent(tier.rate),
            fixed: self.scope.money(tier.fixed),
        });
        tiers.collect()
    }

    /// Level in the cascade: lower ones come first, those of one level see the same.
    async fn level(&self) -> i32 {
        self.terms().level.into()
    }

    /// VAT rate of the commission, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.terms().vat)
    }

    /// Channels that it is charged on; empty for all.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let channel = |channel: &ChannelId| named(context, self.scope, *channel, Channel::load);
        self.terms().channels.iter().map(channel).collect()
    }

    /// Points of sale that it is charged at; empty for all.
    async fn sellers(&self) -> &[String] {
        &self.terms().sellers
    }

    /// Tariffs that it is charged on; empty for all.
    async fn tariffs(&self, context: &Context<'_>) -> Result<Vec<Tariff>> {
        let tariff = |tariff: &TariffId| named(context, self.scope, *tariff, Tariff::load);
        self.terms().tariffs.iter().map(tariff).collect()
    }

    /// Kinds of tariffs that it is charged on; empty for all.
    async fn kinds(&self) -> Vec<TariffKind> {
        self.terms().kinds.iter().map(|kind| (*kind).into()).collect()
    }

    /// What becomes of it when its ticket is cancelled.
    async fn on_refund(&self) -> CommissionOnRefund {
        self.terms().on_refund.into()
    }

    /// Whether free tickets are charged.
    async fn on_free(&self) -> CommissionOnFree {
        self.terms().on_free.into()
    }
}

/// Tickets of one price whose commissions would come to more than the cap.
pub(crate) struct CommissionWarning {
    scope: Scope,
    over: OverCap,
}

/// Tickets of one price whose commissions would come to more than the cap.
#[Object]
impl CommissionWarning {
    /// The channel that would sell them.
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        named(context, self.scope, self.over.channel, Channel::load)
    }

    /// The point of sale; empty for any other.
    async fn seller(&self) -> &str {
        &self.over.seller
    }

    /// The tariff.
    async fn tariff(&self, context: &Context<'_>) -> Result<Tariff> {
        named(context, self.scope, self.over.tariff, Tariff::load)
    }

    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.over.zone, Zone::load)
    }

    /// Their face price.
    async fn face(&self) -> Money {
        self.scope.money(self.over.face)
    }

    /// All commissions of one ticket, with what the channel takes by itself.
    async fn total(&self) -> Money {
        self.scope.money(self.over.total)
    }

    /// Which share of the face price that is, in percent.
    async fn share(&self) -> Decimal {
        Decimal::percent(self.over.share)
    }
}
