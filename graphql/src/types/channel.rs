//! Channels and ways of paying.

use async_graphql::{ID, Object, SimpleObject};
use soticket_projections::catalogue::{ChannelInfo, MethodInfo};
use soticket_schema::ids::{ChannelId, MethodId};

use super::enums::{ChannelKind, MethodKind};
use crate::core::Core;
use crate::ids;
use crate::input::Scope;
use crate::money::Money;
use crate::scalar::{Counter, Decimal};

/// A sales channel (canal).
pub(crate) struct Channel {
    scope: Scope,
    info: ChannelInfo,
}

impl Channel {
    /// A channel as the catalogue has it.
    pub(super) fn new(scope: Scope, info: ChannelInfo) -> Self {
        Self { scope, info }
    }

    /// The channel with this number.
    pub(crate) fn load(core: &Core, scope: Scope, channel: ChannelId) -> Option<Self> {
        core.view(scope, |views| views.catalogue.channel(channel).cloned()).map(|info| Self::new(scope, info))
    }
}

/// A sales channel (canal).
#[Object(serial)]
impl Channel {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.info.opened.channel)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.info.opened.channel.0.into())
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.info.opened.name
    }

    /// What kind it is.
    async fn kind(&self) -> ChannelKind {
        self.info.opened.kind.into()
    }

    /// Whether it is closed.
    async fn closed(&self) -> bool {
        self.info.closed
    }

    /// Fee on top of the face price of each ticket, with VAT.
    async fn fee_on_top(&self) -> Money {
        self.scope.money(self.info.opened.fee_on_top)
    }

    /// VAT rate of that fee, in percent.
    async fn fee_vat(&self) -> Decimal {
        Decimal::percent(self.info.opened.fee_vat)
    }

    /// Commission inside the price, if any.
    async fn commission(&self) -> Option<Commission> {
        self.info.opened.commission.map(|commission| Commission {
            rate: Decimal::percent(commission.rate),
            vat: Decimal::percent(commission.vat),
        })
    }
}

/// A commission that a channel keeps inside the face price.
#[derive(SimpleObject)]
#[graphql(serial)]
pub(crate) struct Commission {
    /// Share of the face price, in percent.
    rate: Decimal,
    /// VAT rate of the commission, in percent.
    vat: Decimal,
}

/// A way of paying.
pub(crate) struct Method {
    scope: Scope,
    method: MethodId,
    info: MethodInfo,
}

impl Method {
    /// A way of paying as the catalogue has it.
    pub(super) fn new(scope: Scope, method: MethodId, info: MethodInfo) -> Self {
        Self { scope, method, info }
    }

    /// The way of paying with this number.
    pub(crate) fn load(core: &Core, scope: Scope, method: MethodId) -> Option<Self> {
        let info = core.view(scope, |views| views.catalogue.method(method).cloned())?;
        Some(Self::new(scope, method, info))
    }
}

/// A way of paying.
#[Object(serial)]
impl Method {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ids::global(self.scope.organisation, self.method)
    }

    /// Its number in the log.
    async fn number(&self) -> Counter {
        Counter(self.method.0.into())
    }

    /// Its name, such as the provider's.
    async fn name(&self) -> &str {
        &self.info.name
    }

    /// What it is.
    async fn kind(&self) -> MethodKind {
        self.info.kind.into()
    }
}
