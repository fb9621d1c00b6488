//! Sealed versions of a settlement, and what differs between two.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_projections::AsOf;
use soticket_projections::deals::{self, CALCULATION, SealedSettlement};
use soticket_schema::event::v1::SettledLine;

use super::documents::kept_path;
use super::lookup::named;
use super::proof::{self, SignedCheckpoint};
use super::settlement_draft::taxed;
use super::settlement_enums::{SettledRole, SettlementFileKind};
use super::{Channel, Party};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::{Money, TaxedMoney};
use crate::scalar::{Counter, DateTime, Decimal, Hash, LogPosition};

/// A sealed version of a settlement.
pub(super) struct SettlementVersion {
    pub(super) scope: Scope,
    pub(super) sealed: SealedSettlement,
}

/// A sealed version of a settlement. Nothing of it changes: what comes later goes into the next one.
#[Object]
impl SettlementVersion {
    /// Global id of the settlement in all its versions.
    async fn settlement(&self) -> ID {
        ids::global(self.scope.organisation, self.sealed.sealed.settlement)
    }

    /// Number of the version, from 1.
    async fn version(&self) -> Counter {
        Counter(self.sealed.sealed.version.into())
    }

    /// When it was sealed.
    async fn sealed_at(&self) -> DateTime {
        DateTime(self.sealed.at)
    }

    /// Position of the seal in the log.
    async fn seal(&self) -> LogPosition {
        LogPosition(self.sealed.position)
    }

    /// The checkpoint over the log up to the last event taken into account. Null where the service publishes no logs.
    #[graphql(complexity = 50)]
    async fn checkpoint(&self, context: &Context<'_>) -> Option<Result<SignedCheckpoint>> {
        proof::at(context, self.scope, self.sealed.sealed.position.saturating_add(1)).await.transpose()
    }

    /// Position of the last event taken into account.
    async fn position(&self) -> LogPosition {
        LogPosition(self.sealed.sealed.position)
    }

    /// Hash of that event.
    async fn head(&self) -> Hash {
        Hash(self.sealed.sealed.head)
    }

    /// BLAKE3 of the canonical statement.
    async fn statement(&self) -> Hash {
        Hash(self.sealed.sealed.statement)
    }

    /// Version of the deal that it was worked out by.
    async fn deal_version(&self) -> Counter {
        Counter(self.sealed.sealed.deal_version.into())
    }

    /// Version of the rules that calculated.
    async fn calculation(&self) -> Counter {
        Counter(self.sealed.sealed.calculation.into())
    }

    /// Whether working the settlement out again from the log up to its position gives the same statement on the same
    /// head; null if it was calculated by other rules than the present ones.
    #[graphql(complexity = "100")]
    async fn rederives(&self, context: &Context<'_>) -> Option<Result<bool>> {
        (self.sealed.sealed.calculation == CALCULATION).then_some(())?;
        let (organisation, sealed) = (self.scope.organisation, self.sealed.sealed.clone());
        let read = move |core: &Core| {
            let moment = AsOf::Position(sealed.position);
            let view =
                core.projections.as_of(organisation, sealed.show, moment).map_err(crate::error::internal)?;
            let same = view.draft.is_some_and(|draft| {
                draft.is_ok_and(|draft| (draft.statement, &draft.lines) == (sealed.statement, &sealed.lines))
            });
            Ok(same && (view.position, view.hash) == (sealed.position, sealed.head))
        };
        match Core::of(context) {
            Ok(core) => Some(core.blocking(read).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// All its lines.
    async fn lines(&self) -> Vec<SealedLine> {
        self.sealed
            .sealed
            .lines
            .iter()
            .map(|line| SealedLine { scope: self.scope, line: line.clone() })
            .collect()
    }

    /// Files that are kept of it.
    async fn files(&self) -> Vec<SettlementFile> {
        let file = |file: &soticket_schema::event::v1::SettlementFile| SettlementFile {
            kind: file.kind.into(),
            hash: Hash(file.hash),
            bytes: Counter(file.bytes),
            path: kept_path(self.scope.organisation, file.hash),
        };
        self.sealed.files.iter().map(file).collect()
    }

    /// Who has signed it off.
    async fn sign_offs(&self) -> Vec<SettlementSignOff> {
        self.sealed
            .signed
            .iter()
            .map(|signed| SettlementSignOff { scope: self.scope, signed: *signed })
            .collect()
    }
}

/// A line as it was sealed.
pub(super) struct SealedLine {
    scope: Scope,
    line: SettledLine,
}

/// A line as it was sealed.
#[Object]
impl SealedLine {
    /// Name of the step; for costs followed by `/` and the category.
    async fn step(&self) -> &str {
        &self.line.step
    }

    /// What it is.
    async fn role(&self) -> SettledRole {
        self.line.role.into()
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
}

/// A file of a settlement.
#[derive(SimpleObject)]
struct SettlementFile {
    /// What it is.
    kind: SettlementFileKind,
    /// BLAKE3 of its bytes: what it is kept under.
    hash: Hash,
    /// Its length in bytes.
    bytes: Counter,
    /// Where it can be fetched.
    path: String,
}

/// That someone agreed.
pub(super) struct SettlementSignOff {
    scope: Scope,
    signed: deals::SignOff,
}

/// That a party, or the organisation, agreed to a sealed settlement.
#[Object]
impl SettlementSignOff {
    /// Who; null for the organisation.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.signed.party.map(|party| named(context, self.scope, party, Party::load))
    }

    /// When.
    async fn signed_at(&self) -> DateTime {
        DateTime(self.signed.at)
    }

    /// BLAKE3 of the signed document.
    async fn document(&self) -> Option<Hash> {
        self.signed.document.map(Hash)
    }
}

/// One line in two versions.
pub(super) struct SettlementDifference {
    pub(super) scope: Scope,
    pub(super) line: deals::ComparedLine,
}

/// One line in two versions of a settlement.
#[Object]
impl SettlementDifference {
    /// Name of the step; for costs followed by `/` and the category.
    async fn step(&self) -> &str {
        &self.line.step
    }

    /// What it is.
    async fn role(&self) -> SettledRole {
        self.line.role.into()
    }

    /// Whom it is owed to.
    async fn party(&self, context: &Context<'_>) -> Option<Result<Party>> {
        self.line.party.map(|party| named(context, self.scope, party, Party::load))
    }

    /// The channel that it comes from.
    async fn channel(&self, context: &Context<'_>) -> Option<Result<Channel>> {
        self.line.channel.map(|channel| named(context, self.scope, channel, Channel::load))
    }

    /// In the earlier version; null if it was not there.
    async fn old(&self) -> Option<SealedLine> {
        self.line.old.clone().map(|line| SealedLine { scope: self.scope, line })
    }

    /// In the later version; null if it is not there.
    async fn new(&self) -> Option<SealedLine> {
        self.line.new.clone().map(|line| SealedLine { scope: self.scope, line })
    }

    /// New less old.
    async fn change(&self) -> TaxedMoney {
        taxed(self.scope, self.line.net, self.line.vat, self.line.vat_rate)
    }
}
