//! Tariffs and products.

use async_graphql::{Context, ID, Object, Result};
use soticket_projections::catalogue::{ProductInfo, TariffInfo};
use soticket_schema::event::v1;
use soticket_schema::ids::{ChannelId, ProductId, TariffId};

use super::enums::{CompReason, ProductKind, TariffKind};
use super::lookup::named;
use super::tariff_rules::{DatedRate, TariffRules};
use super::{Channel, Show, Zone};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, Decimal};

/// A tariff of a show.
pub(crate) struct Tariff {
    scope: Scope,
    info: TariffInfo,
}

impl Tariff {
    /// A tariff as the catalogue has it.
    pub(super) fn new(scope: Scope, info: TariffInfo) -> Self {
        Self { scope, info }
    }

    /// The tariff with this number.
    pub(crate) fn load(core: &Core, scope: Scope, tariff: TariffId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.tariff(tariff).cloned()).map(|info| Self::new(scope, info))
    }
}

/// A tariff of a show, as it sells now.
#[Object]
impl Tariff {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.tariff)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.tariff.0.into())
    }

    /// The show.
    async fn show(&self, context: &Context<'_>) -> Result<Show> {
        named(context, self.scope, self.info.show, Show::load)
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.info.terms.name
    }

    /// What it is to the statements.
    async fn kind(&self) -> TariffKind {
        self.info.terms.kind.into()
    }

    /// Price per zone; a zone that is not named does not sell it.
    async fn prices(&self) -> Vec<ZonePrice> {
        self.info.terms.prices.iter().map(|price| ZonePrice { scope: self.scope, price: *price }).collect()
    }

    /// VAT rate of the face price, in percent.
    async fn vat(&self) -> Decimal {
        Decimal::percent(self.info.terms.vat)
    }

    /// VAT rates by when they begin; before the first, or without any, `vat` holds. The rate at the time of the sale is
    /// the ticket's.
    async fn vat_rates(&self) -> Vec<DatedRate> {
        self.info.rates.iter().map(|dated| (*dated).into()).collect()
    }

    /// What it demands besides its price.
    async fn rules(&self) -> TariffRules {
        TariffRules::new(self.scope, self.info.rules.clone())
    }

    /// Channels that sell it; empty for all.
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let channel = |channel: &ChannelId| named(context, self.scope, *channel, Channel::load);
        self.info.terms.channels.iter().map(channel).collect()
    }

    /// Reasons that a free ticket may have.
    async fn reasons(&self) -> Vec<CompReason> {
        self.info.terms.reasons.iter().map(|reason| (*reason).into()).collect()
    }
}

/// The price of a tariff in a zone.
pub(crate) struct ZonePrice {
    scope: Scope,
    price: v1::ZonePrice,
}

/// The price of a tariff in a zone.
#[Object]
impl ZonePrice {
    /// The zone.
    async fn zone(&self, context: &Context<'_>) -> Result<Zone> {
        named(context, self.scope, self.price.zone, Zone::load)
    }

    /// Face price.
    async fn price(&self) -> Money {
        self.scope.money(self.price.price)
    }
}

/// A product that is no ticket.
pub(crate) struct Product {
    scope: Scope,
    product: ProductId,
    info: ProductInfo,
}

impl Product {
    /// A product as the catalogue has it.
    pub(super) fn new(scope: Scope, product: ProductId, info: ProductInfo) -> Self {
        Self { scope, product, info }
    }

    /// The product with this number.
    pub(crate) fn load(core: &Core, scope: Scope, product: ProductId) -> Option<Self> {
        let info = core.view(scope, |views| views.catalogue.product(product).cloned())?;
        Some(Self::new(scope, product, info))
    }
}

/// A product that is no ticket.
#[Object]
impl Product {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.product)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.product.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.info.name
    }

    /// What it is.
    async fn kind(&self) -> ProductKind {
        self.info.kind.into()
    }
}
