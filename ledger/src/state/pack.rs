//! What decisions know of packs.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{PackChanged, PackDefined, PackShow, PackTerms, PacksSold, ShowRelocated};
use soticket_schema::{ChannelId, PackId, PackSaleId, ShowId};

use super::dense::Dense;

/// A pack with its present terms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Pack {
    pub(crate) terms: PackTerms,
}

impl Pack {
    /// Whether the channel sells it.
    pub(crate) fn sold_by(&self, channel: ChannelId) -> bool {
        self.terms.channels.is_empty() || self.terms.channels.contains(&channel)
    }

    /// How many of its shows a buyer gets.
    pub(crate) fn picks(&self) -> usize {
        self.terms.pick.map_or(self.terms.shows.len(), usize::from)
    }

    /// What it says of one of its shows.
    pub(crate) fn show(&self, show: ShowId) -> Option<&PackShow> {
        self.terms.shows.iter().find(|offered| offered.show == show)
    }
}

/// All packs, and the series of those sold.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Packs {
    packs: Dense<Pack>,
    last_sale: u64,
}

impl Packs {
    pub(crate) fn next(&self) -> PackId {
        PackId(self.packs.next_u32())
    }

    pub(crate) fn next_sale(&self) -> PackSaleId {
        PackSaleId(self.last_sale.saturating_add(1))
    }

    pub(crate) fn get(&self, pack: PackId) -> Option<&Pack> {
        self.packs.get(pack.0)
    }

    pub(super) fn defined(&mut self, event: &PackDefined) {
        self.packs.push(event.pack.0, Pack { terms: event.terms.clone() });
    }

    pub(super) fn changed(&mut self, event: &PackChanged) {
        if let Some(pack) = self.packs.get_mut(event.pack.0) {
            pack.terms.clone_from(&event.terms);
        }
    }

    /// The packs give their places of the show in the zones that it moved to.
    pub(super) fn relocated(&mut self, event: &ShowRelocated) {
        for pack in self.packs.iter_mut() {
            for offered in pack.terms.shows.iter_mut().filter(|offered| offered.show == event.show) {
                if let Some(moved) = event.moved(offered.zone) {
                    offered.zone = moved.to;
                }
            }
        }
    }

    pub(super) fn sold(&mut self, event: &PacksSold) {
        for pack in &event.packs {
            self.last_sale = pack.sale.0.max(self.last_sale);
        }
    }
}
