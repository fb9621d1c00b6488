//! What must exist before anything can have happened: organisation, hall, channels, show, tariffs.

use super::description::{Description, FILE};
use super::tariff::Tariff;
use crate::import::identity::key;
use crate::import::refusal::Place;
use crate::import::step::{self, Ask, Step};

/// The definitions of a dossier, each after those it names.
pub(crate) fn plan(description: &Description) -> Vec<Step> {
    let place = |path: &str| Place::file(FILE).column(path);
    let show = &description.show;
    let mut steps = Vec::new();
    steps.push(Step::define(
        place("hall"),
        key(&["import", "hall", &description.hall.name]),
        Ask::Hall {
            hall: description.hall.clone(),
            zones: description.zones.iter().map(|zone| zone.id.clone()).collect(),
        },
    ));
    for (index, channel) in description.channels.iter().enumerate() {
        let key = key(&["import", "channel", &channel.name]);
        steps.push(Step::define(place(&format!("channels[{index}]")), key, Ask::Channel(channel.clone())));
    }
    let show_key = key(&["import", "show", &show.name]);
    steps.push(Step::define(place("show"), show_key, Ask::Show(show.clone())));
    for (index, tariff) in description.tariffs.iter().enumerate() {
        let key = key(&["import", "tariff", &show.name, &tariff.id]);
        let ask = Ask::Tariff(define(description, tariff));
        steps.push(Step::define(place(&format!("tariffs[{index}]")), key, ask));
    }
    let open_key = key(&["import", "open", &show.name]);
    steps.push(Step::define(place("show"), open_key, Ask::Open { show: show.name.clone() }));
    steps
}

/// A dossier's tariff has one price, in every zone.
fn define(description: &Description, tariff: &Tariff) -> step::Tariff {
    step::Tariff {
        name: tariff.id.clone(),
        show: description.show.name.clone(),
        label: tariff.label.clone(),
        kind: tariff.kind,
        prices: description.zones.iter().map(|zone| (zone.id.clone(), tariff.price)).collect(),
        vat: tariff.vat,
        channels: tariff.channels.clone(),
        reasons: tariff.reasons.clone(),
    }
}
