//! What must exist before the event's orders can be recorded: hall, channels, shows, tariffs, products.

use std::collections::{BTreeMap, BTreeSet};

use soticket_schema::command::{DefineHall, NewZone};
use soticket_schema::event::v1::{ChannelKind, ProductKind, TariffKind};
use soticket_schema::limits::{CAPACITY_MAX, PAYLOAD_BYTES_MAX, REFERENCE_BYTES_MAX, SEATS_MAX};
use soticket_schema::{Amount, Rate, Timestamp};

use super::changes::{Change, What};
use super::lines::{GENERAL, Lines, SEATS, product_name, show_name, tariff_name};
use super::orders::{Event, Quota};
use crate::import::identity::key;
use crate::import::refusal::Place;
use crate::import::step::{self, Ask, Name, Show, Step};

/// A season's sales are taken to begin this long before a show that has sold nothing.
pub(super) const LEAD_MICROSECONDS: i64 = 365 * 86_400 * 1_000_000;
/// Bytes of seat labels that a zone's record is given room for.
const SEAT_BYTES_MAX: usize = PAYLOAD_BYTES_MAX / 2;

/// What the export may not say of its shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span<'a> {
    /// The first sale of the event.
    pub(crate) first_sale: Option<Timestamp>,
    /// Begin of the show of a single event.
    pub(crate) starts_at: Timestamp,
    /// Tax territory of every show.
    pub(crate) territory: &'a str,
}

/// Seats that live positions name. They are a zone of their own; as many as its record can hold.
pub(crate) fn seats(event: &Event) -> BTreeSet<String> {
    let positions = event.orders.values().flat_map(|order| order.positions.values());
    let seats = positions.map(|position| &position.seat);
    seats
        .filter(|seat| !seat.is_empty() && seat.len() <= REFERENCE_BYTES_MAX)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .take(SEATS_MAX)
        .scan(0, |bytes, seat| {
            *bytes += seat.len() + 4;
            (*bytes <= SEAT_BYTES_MAX).then(|| seat.clone())
        })
        .collect()
}

/// The definitions, each after those it names. What changed in pretix since an earlier import keeps its recorded terms.
pub(crate) fn plan(lines: &Lines<'_>, rows: &[Change], span: Span<'_>) -> Vec<Step> {
    let event = lines.event;
    let place = |path: &str| Place::file(super::ORDERS).column(path);
    let mut steps = Vec::new();
    let shows = shows(event, lines.seats, span);
    let hall_key = key(&["import", "pretix", &event.slug, "hall"]);
    steps.push(Step::define(place("event"), hall_key, hall(event, lines.seats, &shows)));
    for name in channels(lines, rows) {
        let key = key(&["import", "channel", &name]);
        steps.push(Step::define(place("event.orders"), key, Ask::Channel(channel(name))));
    }
    for show in &shows {
        let key = key(&["import", "show", &show.name]);
        steps.push(Step::define(place("event.subevents"), key, Ask::Show(show.clone())));
    }
    for (name, row) in tariffs(lines, rows) {
        let key = key(&["import", "tariff", &name]);
        steps.push(Step::define(row.place.clone(), key, Ask::Tariff(tariff(lines, name, row))));
    }
    for (name, row) in products(lines, rows) {
        let key = key(&["import", "product", &name]);
        let kind = product_kind(event, row);
        let ask = Ask::Product { name, label: row.sold.what.label(), kind };
        steps.push(Step::define(row.place.clone(), key, ask));
    }
    for show in shows {
        let key = key(&["import", "open", &show.name]);
        steps.push(Step::define(place("event.subevents"), key, Ask::Open { show: show.name }));
    }
    steps.into_iter().map(Step::lenient).collect()
}

fn hall(event: &Event, seats: &BTreeSet<String>, shows: &[Show]) -> Ask {
    let capacity = shows.iter().flat_map(|show| &show.zones).filter(|(zone, _)| zone == GENERAL);
    let general = capacity.map(|(_, on_sale)| *on_sale).max().unwrap_or(1);
    let mut zones =
        vec![(GENERAL, NewZone { name: "Placement libre".into(), capacity: general, seats: vec![] })];
    let numbered = u32::try_from(seats.len()).unwrap_or(u32::MAX);
    if numbered > 0 {
        let zone = NewZone {
            name: "Places numérotées".into(),
            capacity: numbered,
            seats: seats.iter().cloned().collect(),
        };
        zones.push((SEATS, zone));
    }
    let (names, zones): (Vec<&str>, Vec<NewZone>) = zones.into_iter().unzip();
    let authorised_capacity = zones.iter().map(|zone| zone.capacity).sum::<u32>().min(CAPACITY_MAX);
    let hall = DefineHall { name: event.name.clone(), authorised_capacity, zones };
    Ask::Hall { hall, zones: names.into_iter().map(str::to_owned).collect() }
}

fn shows(event: &Event, seats: &BTreeSet<String>, span: Span<'_>) -> Vec<Show> {
    if event.dates.is_empty() {
        return vec![show(
            event,
            seats,
            span,
            None,
            &event.name,
            span.starts_at,
            span.starts_at,
            span.starts_at,
        )];
    }
    let dates = event.dates.iter().map(|date| {
        let title = if date.name.is_empty() { &event.name } else { &date.name };
        let until = date.to.unwrap_or(date.from).max(date.from);
        let doors = date.admission.unwrap_or(date.from).min(date.from);
        show(event, seats, span, Some(date.id), title, date.from, doors, until)
    });
    dates.collect()
}

#[expect(clippy::too_many_arguments, reason = "the parts of a date, there or made up for a single event")]
fn show(
    event: &Event,
    seats: &BTreeSet<String>,
    span: Span<'_>,
    date: Option<u64>,
    title: &str,
    starts_at: Timestamp,
    doors_at: Timestamp,
    sale_until: Timestamp,
) -> Show {
    let lead = Timestamp(starts_at.0 - LEAD_MICROSECONDS);
    let numbered = u32::try_from(seats.len()).unwrap_or(u32::MAX);
    let mut zones: Vec<(Name, u32)> =
        vec![(GENERAL.to_owned(), capacity(event, date).saturating_sub(numbered).max(1))];
    if numbered > 0 {
        zones.push((SEATS.to_owned(), numbered));
    }
    Show {
        name: show_name(&event.slug, date),
        title: title.to_owned(),
        hall: event.name.clone(),
        zones,
        starts_at,
        doors_at,
        sale_from: span.first_sale.filter(|first| *first < sale_until).unwrap_or(lead),
        sale_until,
        territory: span.territory.to_owned(),
    }
}

/// Places on sale for a date: the sizes of its contingents of entries added up, without those that another contains.
/// They are contingents of products, not of channels, so that they make no quota here.
pub(crate) fn capacity(event: &Event, date: Option<u64>) -> u32 {
    let of_date = event.quotas.iter().filter(|quota| quota.date == date);
    let quotas: Vec<(BTreeSet<u64>, &Quota)> = of_date
        .map(|quota| (admissions(event, quota), quota))
        .filter(|(items, _)| !items.is_empty())
        .collect();
    let contained = |index: usize, items: &BTreeSet<u64>| {
        quotas.iter().enumerate().any(|(other, (others, _))| {
            other != index && items.is_subset(others) && (items.len() < others.len() || other < index)
        })
    };
    let sizes = quotas
        .iter()
        .enumerate()
        .filter(|(index, (items, _))| !contained(*index, items))
        .map(|(_, (_, quota))| u64::from(quota.size.unwrap_or(CAPACITY_MAX)));
    u32::try_from(sizes.sum::<u64>().min(CAPACITY_MAX.into())).unwrap_or(CAPACITY_MAX)
}

fn admissions(event: &Event, quota: &Quota) -> BTreeSet<u64> {
    let admits = |item: &&u64| event.items.get(item).is_some_and(|item| item.admission);
    let mut parts = BTreeSet::new();
    for item in quota.items.iter().filter(admits) {
        let variations = event.items.get(item).map(|item| &item.variations);
        let named = |variation: &&u64| variations.is_some_and(|known| known.contains(variation));
        let own: Vec<u64> = quota.variations.iter().filter(named).copied().collect();
        parts.extend(if own.is_empty() { vec![*item] } else { own });
    }
    parts
}

fn channels(lines: &Lines<'_>, rows: &[Change]) -> BTreeSet<Name> {
    rows.iter().map(|row| lines.channel(&row.order)).collect()
}

fn channel(name: Name) -> step::Channel {
    let kind = match name.as_str() {
        "web" => ChannelKind::OwnSite,
        "pretixpos" => ChannelKind::BoxOffice,
        _ => ChannelKind::RemoteBoxOffice,
    };
    step::Channel { name, kind, fee_on_top: Amount::ZERO, fee_vat: Rate::ZERO, commission: None }
}

/// Every tariff at the first row that sells it.
fn tariffs<'a>(lines: &Lines<'_>, rows: &'a [Change]) -> BTreeMap<Name, &'a Change> {
    let mut tariffs = BTreeMap::new();
    for row in rows.iter().filter(|row| lines.is_ticket(&row.sold)) {
        tariffs.entry(tariff_name(lines.slug(), &row.sold)).or_insert(row);
    }
    tariffs
}

fn tariff(lines: &Lines<'_>, name: Name, row: &Change) -> step::Tariff {
    let reason = lines.comp(&row.sold);
    let mut prices = vec![(GENERAL.to_owned(), row.sold.price)];
    if !lines.seats.is_empty() {
        prices.push((SEATS.to_owned(), row.sold.price));
    }
    step::Tariff {
        name,
        show: show_name(lines.slug(), row.sold.date),
        label: row.sold.what.label(),
        kind: if reason.is_some() { TariffKind::Free } else { TariffKind::Full },
        prices,
        vat: row.sold.rate,
        channels: Vec::new(),
        reasons: reason.into_iter().collect(),
    }
}

fn products<'a>(lines: &Lines<'_>, rows: &'a [Change]) -> BTreeMap<Name, &'a Change> {
    let mut products = BTreeMap::new();
    for row in rows {
        if let What::Item { item, variation, .. } = &row.sold.what
            && !lines.is_ticket(&row.sold)
        {
            products.entry(product_name(lines.slug(), *item, *variation)).or_insert(row);
        }
    }
    products
}

fn product_kind(event: &Event, row: &Change) -> ProductKind {
    match &row.sold.what {
        What::Item { item, .. } if event.items.get(item).is_some_and(|item| item.gift_card) => {
            ProductKind::GiftCard
        }
        _ => ProductKind::Other,
    }
}
