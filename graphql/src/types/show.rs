//! Shows.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, MergedObject, Object, Result, SimpleObject};
use soticket_projections::catalogue::{self, ShowInfo};
use soticket_schema::ids::ShowId;

use super::enums::{Rounding, SerialScope};
use super::lookup::{count, named};
use super::show_deal::ShowDeals;
use super::show_life::ShowLife;
use super::show_reports::ShowReports;
use super::{EntryRules, Hall, Tariff, Zone};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, CurrencyCode, DateTime};

/// A show: one dated performance (séance).
#[derive(MergedObject)]
pub(crate) struct Show(ShowFacts, ShowReports, ShowLife, ShowDeals);

impl Show {
    /// A show as the catalogue has it.
    pub(super) fn new(scope: Scope, info: ShowInfo) -> Self {
        let (reports, deals) = (ShowReports::new(scope, info.show()), ShowDeals::new(scope, info.show()));
        let info = Arc::new(info);
        let life = ShowLife::new(scope, Arc::clone(&info));
        Self(ShowFacts { scope, info }, reports, life, deals)
    }

    /// The show with this number.
    pub(crate) fn load(core: &Core, scope: Scope, show: ShowId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.show(show).cloned()).map(|info| Self::new(scope, info))
    }

    /// Its global id, for the interface of everything that has one.
    pub(crate) async fn id(&self, context: &Context<'_>) -> Result<ID> {
        self.0.id(context).await
    }
}

/// What a show was scheduled as.
struct ShowFacts {
    scope: Scope,
    info: Arc<ShowInfo>,
}

#[Object]
impl ShowFacts {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.show())
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.show().0)
    }

    /// The venue's own reference.
    async fn reference(&self) -> &str {
        &self.info.scheduled.reference
    }

    /// Title as printed.
    async fn title(&self) -> &str {
        &self.info.scheduled.title
    }

    /// Where it stands.
    async fn state(&self) -> ShowState {
        self.info.state.into()
    }

    /// Where it is.
    async fn hall(&self, context: &Context<'_>) -> Result<Hall> {
        named(context, self.scope, self.info.scheduled.hall, Hall::load)
    }

    /// Places that the safety commission allowed when it was scheduled or relocated.
    async fn authorised_capacity(&self) -> i32 {
        count(self.info.scheduled.authorised_capacity.into())
    }

    /// Zones on sale.
    async fn zones(&self, context: &Context<'_>) -> Result<Vec<ZoneOnSale>> {
        let zones = self.info.scheduled.zones.iter();
        zones
            .map(|zone| {
                let on_sale = count(zone.on_sale.into());
                Ok(ZoneOnSale { zone: named(context, self.scope, zone.zone, Zone::load)?, on_sale })
            })
            .collect()
    }

    /// Begin of the performance.
    async fn starts_at(&self) -> DateTime {
        DateTime(self.info.scheduled.starts_at)
    }

    /// Opening of the doors.
    async fn doors_at(&self) -> DateTime {
        DateTime(self.info.scheduled.doors_at)
    }

    /// Live sales begin.
    async fn sale_from(&self) -> DateTime {
        DateTime(self.info.scheduled.sale_from)
    }

    /// Live sales end.
    async fn sale_until(&self) -> DateTime {
        DateTime(self.info.scheduled.sale_until)
    }

    /// Tax territory.
    async fn territory(&self) -> &str {
        &self.info.scheduled.territory
    }

    /// Currency of its amounts.
    async fn currency(&self) -> CurrencyCode {
        self.info.scheduled.currency.into()
    }

    /// Where its VAT is rounded.
    async fn rounding(&self) -> Rounding {
        self.info.scheduled.rounding.into()
    }

    /// Within what its serials have no gaps.
    async fn serial_scope(&self) -> SerialScope {
        self.info.scheduled.serial_scope.into()
    }

    /// When and how often tickets enter.
    async fn entry_rules(&self, context: &Context<'_>) -> Option<Result<EntryRules>> {
        match Core::of(context) {
            Ok(core) => EntryRules::load(core, self.scope, Some(self.info.show())).map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Its tariffs, in the order of their definition.
    async fn tariffs(&self) -> Vec<Tariff> {
        self.info.tariffs.iter().map(|tariff| Tariff::new(self.scope, tariff.clone())).collect()
    }
}

/// Where a show stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "catalogue::ShowState")]
pub(crate) enum ShowState {
    /// Planned.
    Scheduled,
    /// Open for sale within its sale window.
    Open,
    /// Closed.
    Closed,
    /// Called off: nothing sells, and its tickets admit nobody.
    Cancelled,
}

/// A zone on sale for a show.
#[derive(SimpleObject)]
pub(crate) struct ZoneOnSale {
    /// The zone.
    zone: Zone,
    /// How many of its places are on sale.
    on_sale: i32,
}
