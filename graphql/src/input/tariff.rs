//! Tariffs and products.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{ChangeTariff, DefineProduct, DefineTariff};
use soticket_schema::event::v1::{TariffTerms, ZonePrice};
use soticket_schema::{CommandBody, Rejection};

use super::{Caller, CommandInput, Scope};
use crate::scalar::Decimal;
use crate::types::enums::{CompReason, ProductKind, TariffKind};

/// All that defines a tariff.
#[derive(InputObject)]
pub(crate) struct TariffTermsInput {
    /// Its name.
    name: String,
    /// What it is to the statements.
    kind: TariffKind,
    /// Price per zone; a zone that is not named does not sell it.
    prices: Vec<ZonePriceInput>,
    /// VAT rate of the face price, in percent.
    vat: Decimal,
    /// Channels that sell it; empty for all.
    #[graphql(default)]
    channels: Vec<ID>,
    /// Reasons that a free ticket may have; empty unless the kind is free.
    #[graphql(default)]
    reasons: Vec<CompReason>,
}

/// The price of a tariff in a zone.
#[derive(InputObject)]
pub(crate) struct ZonePriceInput {
    /// The zone.
    zone: ID,
    /// Face price.
    price: Decimal,
}

impl TariffTermsInput {
    fn terms(self, scope: &Scope) -> Result<TariffTerms, Rejection> {
        let price = |(place, price): (usize, &ZonePriceInput)| {
            let amount = scope.amount(&price.price, || format!("terms.prices.{place}.price"))?;
            Ok(ZonePrice { zone: scope.id(&price.zone), price: amount })
        };
        Ok(TariffTerms {
            name: self.name,
            kind: self.kind.into(),
            prices: self.prices.iter().enumerate().map(price).collect::<Result<_, _>>()?,
            vat: scope.rate(&self.vat, || "terms.vat".into())?,
            channels: scope.list(&self.channels),
            reasons: self.reasons.into_iter().map(Into::into).collect(),
        })
    }
}

/// Input of `tariffDefine`.
#[derive(InputObject)]
pub(crate) struct TariffDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The show.
    show: ID,
    /// Its terms.
    terms: TariffTermsInput,
}

impl CommandInput for TariffDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (show, terms) = (scope.id(&self.show), self.terms.terms(scope)?);
        Ok(CommandBody::DefineTariff(DefineTariff { show, terms }))
    }
}

/// Input of `tariffChange`.
#[derive(InputObject)]
pub(crate) struct TariffChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The tariff.
    tariff: ID,
    /// All terms, changed or not; for later sales.
    terms: TariffTermsInput,
}

impl CommandInput for TariffChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (tariff, terms) = (scope.id(&self.tariff), self.terms.terms(scope)?);
        Ok(CommandBody::ChangeTariff(ChangeTariff { tariff, terms }))
    }
}

/// Input of `productDefine`.
#[derive(InputObject)]
pub(crate) struct ProductDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its name.
    name: String,
    /// What it is.
    kind: ProductKind,
}

impl CommandInput for ProductDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineProduct(DefineProduct { name: self.name, kind: self.kind.into() }))
    }
}
