//! The deal of a show, what its settlement needs, and the settlement.

use async_graphql::{Context, ID, Object, Result};
use soticket_ledger::law::FoundRate;
use soticket_projections::deals::{self, Draft, DraftError, ShowDeal};
use soticket_schema::ids::ShowId;

use super::deal::Deal;
use super::integrity::Checkpoint;
use super::lookup::named;
use super::settlement_draft::SettlementDraft;
use super::settlement_sealed::{SettlementDifference, SettlementVersion};
use super::show_reports::{AsOf, earlier};
use super::{Method, Party, viewer};
use crate::core::Core;
use crate::error::{ErrorCode, field_error};
use crate::ids;
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, DateTime, Decimal, Hash, LogPosition};

/// The deal of a show, what its settlement needs, and the settlement.
pub(super) struct ShowDeals {
    scope: Scope,
    show: ShowId,
}

impl ShowDeals {
    pub(super) fn new(scope: Scope, show: ShowId) -> Self {
        Self { scope, show }
    }

    /// What is known of the show's deal, to those who see everything.
    fn known(&self, context: &Context<'_>) -> Result<ShowDeal> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        core.expect(self.scope, |views| views.deals.show(self.show).cloned())
    }

    async fn draft(
        &self,
        context: &Context<'_>,
        moment: Option<AsOf>,
    ) -> Result<(Option<Result<Draft, DraftError>>, Checkpoint)> {
        let core = Core::of(context)?;
        viewer::sees_all(core, self.scope)?;
        if let Some(moment) = moment {
            let (view, checkpoint) = earlier(context, self.scope, self.show, moment).await?;
            return Ok((view.draft, checkpoint));
        }
        core.expect(self.scope, |views| {
            let known = views.deals.show(self.show).zip(views.settlement.figures(self.show));
            let draft = known.map(|(deal, figures)| deals::draft(deal, &figures, views.deals.rates()));
            Some((draft, Checkpoint::of(views)?))
        })
    }
}

/// The deal of a show, what its settlement needs, and the settlement.
#[Object]
impl ShowDeals {
    /// How its money is shared; null while nothing is agreed.
    async fn deal(&self, context: &Context<'_>) -> Option<Result<Deal>> {
        match self.known(context) {
            Ok(known) => {
                known.deal.map(|deal| Ok(Deal { scope: self.scope, deal, versions: known.versions }))
            }
            Err(error) => Some(Err(error)),
        }
    }

    /// Costs, in the order of their recording, withdrawn ones too.
    async fn costs(&self, context: &Context<'_>) -> Result<Vec<Cost>> {
        let costs = self.known(context)?.costs;
        Ok(costs.into_iter().map(|cost| Cost { scope: self.scope, cost }).collect())
    }

    /// Money paid to parties on account, withdrawn advances too.
    async fn advances(&self, context: &Context<'_>) -> Result<Vec<Advance>> {
        let advances = self.known(context)?.advances;
        Ok(advances.into_iter().map(|advance| Advance { scope: self.scope, advance }).collect())
    }

    /// The settlement by the show's deal as it stands, now or at an earlier moment; null while nothing is agreed.
    #[graphql(complexity = "10 + child_complexity")]
    async fn settlement_draft(
        &self,
        context: &Context<'_>,
        as_of: Option<AsOf>,
    ) -> Option<Result<SettlementDraft>> {
        let (draft, checkpoint) = match self.draft(context, as_of).await {
            Ok(found) => found,
            Err(error) => return Some(Err(error)),
        };
        match draft? {
            Ok(draft) => Some(Ok(SettlementDraft { scope: self.scope, draft, checkpoint })),
            Err(DraftError::NoDeal) => None,
            Err(error) => Some(Err(field_error(ErrorCode::BadUserInput, error.to_string()))),
        }
    }

    /// Sealed versions of the settlement, from the first.
    async fn settlements(&self, context: &Context<'_>) -> Result<Vec<SettlementVersion>> {
        let sealed = self.known(context)?.settlements;
        Ok(sealed.into_iter().map(|sealed| SettlementVersion { scope: self.scope, sealed }).collect())
    }

    /// What differs between two sealed versions, line by line; without `new` what a seal now would differ in. Null if
    /// there is no such version.
    #[graphql(complexity = "10 + child_complexity")]
    async fn settlement_differences(
        &self,
        context: &Context<'_>,
        old: i32,
        new: Option<i32>,
    ) -> Option<Result<Vec<SettlementDifference>>> {
        let known = match self.known(context) {
            Ok(known) => known,
            Err(error) => return Some(Err(error)),
        };
        let sealed = |version: i32| known.sealed(u32::try_from(version).ok()?).map(|of| &of.sealed.lines);
        let before = sealed(old)?;
        let compared = match new {
            Some(new) => deals::compare(before, sealed(new)?),
            None => match self.draft(context, None).await {
                Ok((draft, _)) => deals::compare(before, &draft?.ok()?.lines),
                Err(error) => return Some(Err(error)),
            },
        };
        Some(Ok(compared.into_iter().map(|line| SettlementDifference { scope: self.scope, line }).collect()))
    }

    /// What was paid of the settlement, in the order of recording.
    async fn settlement_payments(&self, context: &Context<'_>) -> Result<Vec<SettlementPayment>> {
        let payments = self.known(context)?.payments;
        Ok(payments.into_iter().map(|payment| SettlementPayment { scope: self.scope, payment }).collect())
    }

    /// Which performance of its work it is; null if it performs no work that is counted.
    async fn performance(&self, context: &Context<'_>) -> Option<Result<Performance>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        core.view(self.scope, |views| {
            let figures = views.settlement.figures(self.show)?;
            let performance = views.deals.performance(self.show)?;
            let key = "fr.vat.first-performances";
            let reduced = views.deals.rates().find(key, &figures.territory, figures.starts_at);
            Some(Ok(Performance { scope: self.scope, performance, reduced }))
        })
    }
}

/// A cost of a show.
pub(super) struct Cost {
    scope: Scope,
    cost: deals::Cost,
}

/// A cost of a show.
#[Object]
impl Cost {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.cost.cost)
    }

    /// Position of its event.
    async fn position(&self) -> LogPosition {
        LogPosition(self.cost.position)
    }

    /// When it arose.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.cost.at)
    }

    /// Its category by key.
    async fn category(&self) -> &str {
        &self.cost.terms.category
    }

    /// What it comes to, with VAT as its voucher states it.
    async fn amount(&self) -> TaxedMoney {
        let terms = &self.cost.terms;
        super::settlement_draft::taxed(self.scope, terms.net, terms.vat, terms.vat_rate)
    }

    /// Who supplied it, if that is a party.
    async fn supplier(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.cost.terms.supplier.map(|party| named(context, self.scope, party, Party::load))
    }

    /// The party that has borne it; null for the organisation.
    async fn borne_by(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.cost.terms.borne_by.map(|party| named(context, self.scope, party, Party::load))
    }

    /// Number of its voucher in the books.
    async fn voucher(&self) -> &str {
        &self.cost.terms.voucher.reference
    }

    /// BLAKE3 of the voucher's file.
    async fn voucher_file(&self) -> Option<Hash> {
        self.cost.terms.voucher.file.map(Hash)
    }

    /// Position of the event that withdrew it; null while it counts.
    async fn withdrawn(&self) -> Option<LogPosition> {
        self.cost.withdrawn.map(LogPosition)
    }
}

/// Money paid on account.
pub(super) struct Advance {
    scope: Scope,
    advance: deals::Advance,
}

/// Money paid to a party on account of its settlement.
#[Object]
impl Advance {
    /// Global id.
    async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.advance.recorded.advance)
    }

    /// When it was paid.
    async fn occurred_at(&self) -> DateTime {
        DateTime(self.advance.at)
    }

    /// The party.
    async fn party(&self, context: &Context<'_>) -> Result<Party> {
        named(context, self.scope, self.advance.recorded.party, Party::load)
    }

    /// How much, with VAT.
    async fn amount(&self) -> Money {
        self.scope.money(self.advance.recorded.amount)
    }

    /// How.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.advance.recorded.method, Method::load)
    }

    /// Number of its voucher in the books.
    async fn voucher(&self) -> &str {
        &self.advance.recorded.voucher.reference
    }

    /// Position of the event that withdrew it; null while it counts.
    async fn withdrawn(&self) -> Option<LogPosition> {
        self.advance.withdrawn.map(LogPosition)
    }
}

/// Money of a settlement that was paid.
pub(super) struct SettlementPayment {
    scope: Scope,
    payment: deals::SettlementPayment,
}

/// Money of a settlement that was paid.
#[Object]
impl SettlementPayment {
    /// When it was paid.
    async fn paid_at(&self) -> DateTime {
        DateTime(self.payment.at)
    }

    /// Version of the settlement.
    async fn version(&self) -> Counter {
        Counter(self.payment.paid.version.into())
    }

    /// The party.
    async fn party(&self, context: &Context<'_>) -> Result<Party> {
        named(context, self.scope, self.payment.paid.party, Party::load)
    }

    /// How much, with VAT; below zero for what the party paid back.
    async fn amount(&self) -> Money {
        self.scope.money(self.payment.paid.amount)
    }

    /// How.
    async fn method(&self, context: &Context<'_>) -> Result<Method> {
        named(context, self.scope, self.payment.paid.method, Method::load)
    }

    /// Reference of the transfer.
    async fn reference(&self) -> &str {
        &self.payment.paid.reference
    }
}

/// Which performance of its work a show is.
pub(super) struct Performance {
    scope: Scope,
    performance: deals::Performance,
    reduced: Option<FoundRate>,
}

/// Which performance of its work a show is.
#[Object]
impl Performance {
    /// Global id of the work.
    async fn work(&self) -> ID {
        ids::global(self.scope.organisation, self.performance.work)
    }

    /// Title of the work.
    async fn title(&self) -> &str {
        &self.performance.title
    }

    /// Its number among the paid performances of the work, from 1, those before this log included.
    async fn number(&self) -> Counter {
        Counter(self.performance.number.into())
    }

    /// The VAT rate of first performances in percent, if this is one of them.
    async fn reduced_rate(&self) -> Option<Decimal> {
        let reduced = self.reduced.as_ref()?;
        let first = reduced.performances.is_none_or(|most| self.performance.number <= most);
        first.then(|| Decimal::percent(reduced.rate))
    }
}
