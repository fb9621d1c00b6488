//! What decisions know of tariffs.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{TariffChanged, TariffDefined, TariffTerms};
use soticket_schema::{Amount, ChannelId, ShowId, ZoneId};

use super::State;

/// A tariff of a show, with its present terms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Tariff {
    pub(crate) show: ShowId,
    pub(crate) terms: TariffTerms,
    /// Last serial per zone, for shows whose series are per tariff and zone.
    pub(super) serials: Vec<(ZoneId, u64)>,
}

impl Tariff {
    /// Its price in a zone, if it is sold there.
    pub(crate) fn price_in(&self, zone: ZoneId) -> Option<Amount> {
        self.terms.prices.iter().find(|price| price.zone == zone).map(|price| price.price)
    }

    /// Whether the channel sells it.
    pub(crate) fn sold_by(&self, channel: ChannelId) -> bool {
        self.terms.channels.is_empty() || self.terms.channels.contains(&channel)
    }
}

impl State {
    pub(super) fn tariff_defined(&mut self, event: &TariffDefined) {
        let tariff = Tariff { show: event.show, terms: event.terms.clone(), serials: Vec::new() };
        self.tariffs.push(event.tariff.0, tariff);
    }

    pub(super) fn tariff_changed(&mut self, event: &TariffChanged) {
        if let Some(tariff) = self.tariffs.get_mut(event.tariff.0) {
            tariff.terms.clone_from(&event.terms);
        }
    }
}
