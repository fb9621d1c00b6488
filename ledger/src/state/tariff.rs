//! What decisions know of tariffs.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{
    DatedRate, TariffChanged, TariffDefined, TariffRules, TariffRulesSet, TariffTerms, TariffVatSet,
};
use soticket_schema::{Amount, ChannelId, Rate, ShowId, Timestamp, ZoneId};

use super::State;

/// A tariff of a show, with its present terms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tariff {
    pub(crate) show: ShowId,
    pub(crate) terms: TariffTerms,
    pub(crate) rules: TariffRules,
    /// VAT rates by when they begin, ascending.
    rates: Vec<DatedRate>,
    /// Last serial per zone, for shows whose series are per tariff and zone.
    pub(super) serials: Vec<(ZoneId, u64)>,
}

impl Tariff {
    /// Its price in a zone, if it is sold there.
    pub(crate) fn price_in(&self, zone: ZoneId) -> Option<Amount> {
        self.terms.prices.iter().find(|price| price.zone == zone).map(|price| price.price)
    }

    /// Every VAT rate that its tickets are or may be sold at.
    pub(crate) fn rates(&self) -> impl Iterator<Item = Rate> {
        std::iter::once(self.terms.vat).chain(self.rates.iter().map(|dated| dated.rate))
    }

    /// The VAT rate of its face price at an instant.
    pub(crate) fn vat_at(&self, at: Timestamp) -> Rate {
        let dated = self.rates.iter().take_while(|dated| dated.from <= at).last();
        dated.map_or(self.terms.vat, |dated| dated.rate)
    }

    /// Whether a price is the tariff's in a zone, or one that a buyer may set.
    pub(crate) fn has_price(&self, zone: ZoneId, price: Amount) -> bool {
        match self.rules.free_price {
            Some(free) => price >= free.floor && free.ceiling.is_none_or(|ceiling| price <= ceiling),
            None => self.price_in(zone) == Some(price),
        }
    }

    /// Whether the channel sells it.
    pub(crate) fn sold_by(&self, channel: ChannelId) -> bool {
        self.terms.channels.is_empty() || self.terms.channels.contains(&channel)
    }
}

impl State {
    pub(super) fn tariff_defined(&mut self, event: &TariffDefined) {
        let tariff = Tariff {
            show: event.show,
            terms: event.terms.clone(),
            rules: TariffRules::default(),
            rates: Vec::new(),
            serials: Vec::new(),
        };
        self.tariffs.push(event.tariff.0, tariff);
    }

    pub(super) fn tariff_changed(&mut self, event: &TariffChanged) {
        if let Some(tariff) = self.tariffs.get_mut(event.tariff.0) {
            tariff.terms.clone_from(&event.terms);
        }
    }

    pub(super) fn tariff_rules_set(&mut self, event: &TariffRulesSet) {
        if let Some(tariff) = self.tariffs.get_mut(event.tariff.0) {
            tariff.rules.clone_from(&event.rules);
        }
    }

    pub(super) fn tariff_vat_set(&mut self, event: &TariffVatSet) {
        if let Some(tariff) = self.tariffs.get_mut(event.tariff.0) {
            tariff.rates.clone_from(&event.rates);
        }
    }
}
