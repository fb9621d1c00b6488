//! Organisations: the root of all reads, since logs never mix.

use std::sync::Arc;

use async_graphql::{Context, ID, MergedObject, Object, Result};
use soticket_projections::AsOfError;
use soticket_projections::catalogue::OrganisationInfo;
use soticket_schema::Currency;
use soticket_schema::ids::{ActorId, OrganisationId};

use super::enums::{OrganisationMode, Rounding, SerialScope};
use super::integrity::{Checkpoint, Verification};
use super::organisation_accounts::OrganisationAccounts;
use super::organisation_closings::OrganisationClosings;
use super::organisation_lists::OrganisationLists;
use super::organisation_people::OrganisationPeople;
use super::organisation_proofs::OrganisationProofs;
use super::organisation_reports::OrganisationReports;
use super::organisation_tills::OrganisationTills;
use super::organisation_webhooks::OrganisationWebhooks;
use super::show_reports::AsOf;
use crate::core::Core;
use crate::error::{ErrorCode, field_error, internal};
use crate::input::Scope;
use crate::scalar::{CurrencyCode, DateTime};

/// An organisation (exploitant, producteur): the owner of one log.
#[derive(MergedObject)]
pub(crate) struct Organisation(
    OrganisationFacts,
    OrganisationLists,
    OrganisationReports,
    OrganisationTills,
    OrganisationAccounts,
    OrganisationClosings,
    OrganisationProofs,
    OrganisationPeople,
    OrganisationWebhooks,
);

impl Organisation {
    /// The organisation with this id, as far as the read models are, and as the viewer sees it.
    pub(crate) fn load(core: &Core, organisation: OrganisationId, viewer: Option<ActorId>) -> Option<Self> {
        Self::at(core, organisation, viewer, None)
    }

    /// As [`Self::load`], with the last event that is seen, whose moment was asked for.
    pub(crate) fn at(
        core: &Core,
        organisation: OrganisationId,
        viewer: Option<ActorId>,
        moment: Option<u64>,
    ) -> Option<Self> {
        let scope = Scope { organisation, currency: Currency::default(), viewer, moment };
        let info = core.view(scope, |views| views.catalogue.organisation().cloned())?;
        let scope = Scope { currency: info.currency, ..scope };
        let facts = OrganisationFacts { scope, info };
        let (lists, reports) = (OrganisationLists { scope }, OrganisationReports { scope });
        let (tills, accounts) = (OrganisationTills { scope }, OrganisationAccounts { scope });
        let (closings, proofs) = (OrganisationClosings { scope }, OrganisationProofs { scope });
        let (people, webhooks) = (OrganisationPeople { scope }, OrganisationWebhooks { scope });
        Some(Self(facts, lists, reports, tills, accounts, closings, proofs, people, webhooks))
    }

    /// The organisation as it was at a moment; none when there was nothing yet.
    pub(crate) async fn earlier(
        core: &Arc<Core>,
        organisation: OrganisationId,
        viewer: Option<ActorId>,
        moment: AsOf,
    ) -> Result<Option<Self>> {
        let leave = Arc::clone(&core.renderings).acquire_owned().await.map_err(internal)?;
        let folded = core.blocking(move |core| {
            let folded = core.projections.moment(organisation, moment.into());
            drop(leave);
            match folded {
                Ok(views) => Ok(views.position()),
                Err(AsOfError::OrganisationUnknown) => Ok(None),
                Err(error @ AsOfError::BeforeLog) => {
                    Err(field_error(ErrorCode::BadUserInput, error.to_string()))
                }
                Err(error) => Err(internal(error)),
            }
        });
        let Some(position) = folded.await? else { return Ok(None) };
        Ok(Self::at(core, organisation, viewer, Some(position)))
    }

    /// Its id, for the interface of everything that has one.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        self.0.id(context).await
    }
}

/// What an organisation says about itself.
struct OrganisationFacts {
    scope: Scope,
    info: OrganisationInfo,
}

#[Object]
impl OrganisationFacts {
    /// Its id: a UUID.
    pub(crate) async fn id(&self) -> ID {
        ID(self.scope.organisation.to_string())
    }

    /// What the log may be used for; printed on every document.
    async fn mode(&self) -> OrganisationMode {
        self.info.mode.into()
    }

    /// Currency of every amount.
    async fn currency(&self) -> CurrencyCode {
        self.info.currency.into()
    }

    /// When the log began.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.info.opened_at)
    }

    /// Name as printed.
    async fn name(&self) -> &str {
        &self.info.parameters.name
    }

    /// SIRET number, or empty.
    async fn siret(&self) -> &str {
        &self.info.parameters.siret
    }

    /// VAT number, or empty.
    async fn vat_number(&self) -> &str {
        &self.info.parameters.vat_number
    }

    /// Licence number of the entrepreneur de spectacles, or empty.
    async fn licence(&self) -> &str {
        &self.info.parameters.licence
    }

    /// IANA time zone.
    async fn time_zone(&self) -> &str {
        &self.info.parameters.time_zone
    }

    /// Where VAT is rounded for shows that are scheduled from now on.
    async fn rounding(&self) -> Rounding {
        self.info.parameters.rounding.into()
    }

    /// Within what serials have no gaps for shows that are scheduled from now on.
    async fn serial_scope(&self) -> SerialScope {
        self.info.parameters.serial_scope.into()
    }

    /// When the commercial day ends, in minutes after local midnight.
    async fn day_cutoff_minutes(&self) -> i32 {
        self.info.parameters.day_cutoff_minutes.into()
    }

    /// The last event that the read models have folded.
    async fn checkpoint(&self, context: &Context<'_>) -> Result<Checkpoint> {
        Core::of(context)?.expect(self.scope, Checkpoint::of)
    }

    /// How far the chain of the log has been followed.
    async fn verification(&self, context: &Context<'_>) -> Option<Result<Verification>> {
        let core = match Core::of(context) {
            Ok(core) => core,
            Err(error) => return Some(Err(error)),
        };
        let mut status = core.projections.status().into_iter();
        status.find(|status| status.organisation == self.scope.organisation).map(|status| Ok(status.into()))
    }
}
