//! The tariffs of show.json.

use soticket_schema::event::v1::{CompReason, PackShare, TariffKind};
use soticket_schema::{Amount, Currency, Rate};

use super::description::unique;
use super::words;
use crate::import::json::Node;
use crate::import::refusal::{Fault, quoted};
use crate::import::step::Channel;

/// A tariff of the show.
#[derive(Debug)]
pub(crate) struct Tariff {
    /// Its name in the dossier.
    pub(crate) id: String,
    /// Its name as printed.
    pub(crate) label: String,
    /// What it is.
    pub(crate) kind: TariffKind,
    /// Its price.
    pub(crate) price: Amount,
    /// VAT rate.
    pub(crate) vat: Rate,
    /// Channels that sell it.
    pub(crate) channels: Vec<String>,
    /// Reasons of free tickets.
    pub(crate) reasons: Vec<CompReason>,
    /// The share of a pack that it is.
    pub(crate) pack: Option<PackShare>,
}

/// Reads the list of tariffs.
pub(super) fn tariffs(node: &Node<'_>, currency: Currency, vat: Rate, channels: &[Channel]) -> Vec<Tariff> {
    let mut tariffs: Vec<Tariff> = Vec::new();
    for item in node.items() {
        let id = item.field("id").text();
        unique(&item, &id, tariffs.iter().map(|known| known.id.as_str()));
        let kind = item.field("kind").word(words::TARIFF_KINDS).unwrap_or(TariffKind::Full);
        let own_vat = item.field("vat");
        tariffs.push(Tariff {
            id,
            label: item.field("name").text(),
            kind,
            price: item.field("price").amount(currency),
            vat: if own_vat.is_there() { own_vat.percent() } else { vat },
            channels: tariff_channels(&item.field("channels"), channels),
            reasons: reasons(&item.field("reasons"), kind),
            pack: pack(&item.field("pack"), kind, currency),
        });
    }
    tariffs
}

fn tariff_channels(node: &Node<'_>, channels: &[Channel]) -> Vec<String> {
    let mut names = Vec::new();
    for item in node.optional_items() {
        let name = item.text();
        if !channels.iter().any(|channel| channel.name == name) {
            item.refuse(Fault::ChannelUnknown, quoted(&name));
        }
        names.push(name);
    }
    names
}

fn reasons(node: &Node<'_>, kind: TariffKind) -> Vec<CompReason> {
    if kind == TariffKind::Free {
        node.items().iter().filter_map(|item| item.word(words::COMP_REASONS)).collect()
    } else {
        Vec::new()
    }
}

fn pack(node: &Node<'_>, kind: TariffKind, currency: Currency) -> Option<PackShare> {
    if kind != TariffKind::Pack {
        return None;
    }
    let share = node.field("share").text();
    let weights: Vec<(&str, Amount)> = node
        .field("weights")
        .entries()
        .into_iter()
        .map(|(name, weight)| (name, weight.amount(currency)))
        .collect();
    let own = weights.iter().find(|(name, _)| *name == share);
    if own.is_none() && !share.is_empty() {
        node.field("weights").refuse(Fault::JsonField, format!("no weight is named {}", quoted(&share)));
    }
    Some(PackShare {
        pack_price: node.field("price").amount(currency),
        weight: own.map_or(0, |(_, weight)| weight.0),
        weights: weights.iter().map(|(_, weight)| weight.0).sum(),
    })
}
