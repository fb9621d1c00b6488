//! One closing statement as JSON. Amounts are JSON numbers with the digits of the currency, written from whole minor
//! units: they never pass through a float.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use soticket_projections::OrganisationViews;
use soticket_projections::catalogue::{ShowInfo, ShowState};
use soticket_projections::journal::Closed;
use soticket_projections::settlement::{SettlementLine, ShowSettlement};
use soticket_schema::event::v1::ChannelKind;
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, Currency, Rate, ShowId, TariffId, Timestamp};

/// The statement of a show; none when it has no receipts read model, which every scheduled show has.
pub(super) fn of(
    views: &OrganisationViews,
    show: &ShowInfo,
    closed: Option<Closed>,
    last: u64,
) -> Option<String> {
    let settlement = views.settlement.show(show.show())?;
    let rows = rows(views, &settlement);
    let currency = settlement.currency;
    let prices = |external: Option<bool>| {
        let wanted = rows.iter().filter(|row| external.is_none_or(|external| external == row.key.external));
        let prices: Vec<String> = wanted.map(|row| row.json(currency)).collect();
        prices.join(",")
    };
    let closing_date = closed.map_or(0, |closed| seconds(closed.at));
    let gauge: u64 = show.scheduled.zones.iter().map(|zone| u64::from(zone.on_sale)).sum();
    let mut text = String::with_capacity(2_000);
    let _ = write!(
        text,
        r#"{{"id":{},"session":{},"revenue":{},"tax_amount":{},"sold":{},"gauge":{gauge},"closing_date":{closing_date},"#,
        show.show(),
        session(views, show, &rows, closing_date),
        settlement.paid.taxed.gross.display(currency),
        settlement.paid.taxed.vat.display(currency),
        settlement.entries,
    );
    let _ = write!(
        text,
        r#""prices":[{}],"internals_prices":[{}],"externals_prices":[{}],"#,
        prices(None),
        prices(Some(false)),
        prices(Some(true))
    );
    let corrected = closed.is_some_and(|closed| last > closed.position);
    let _ = write!(
        text,
        r#""status":"{}","corrected":{corrected},"settlement_version":{},"currency":"{currency}","taxes":[{}],"position":{last}}}"#,
        status(show, closed),
        closed.map_or(0, |closed| closed.version),
        taxes(&settlement),
    );
    Some(text)
}

fn status(show: &ShowInfo, closed: Option<Closed>) -> &'static str {
    match (show.state, closed) {
        (ShowState::Cancelled, _) => "cancelled",
        (_, Some(_)) => "closed",
        (_, None) => "open",
    }
}

fn session(views: &OrganisationViews, show: &ShowInfo, rows: &[Row], closing_date: i64) -> String {
    let zone =
        views.catalogue.organisation().map(|info| info.parameters.time_zone.as_str()).unwrap_or_default();
    let begins = seconds(show.scheduled.starts_at);
    // How long a show takes is not recorded: it ends when it begins, and its duration is 0.
    let mut text = format!(
        r#"{{"id":{},"reference":{},"start_date":{begins},"end_date":{begins},"time_zone":{},"entity_type":"event","edito":{{"title":{}}}"#,
        show.show(),
        quoted(&show.scheduled.reference),
        quoted(zone),
        quoted(&tidy(&show.scheduled.title)),
    );
    if let Some(first) = series(views, show) {
        let title = quoted(&tidy(&show.scheduled.title));
        let _ = write!(text, r#","multisession":{{"id":{first},"multisession_id":{first},"title":{title}}}"#);
    }
    let _ = write!(
        text,
        r#","settings":{{"tax":{},"duration":0,"time_zone":{},"closing_date":{closing_date}}}}}"#,
        tax(main_rate(show, rows)),
        quoted(zone),
    );
    text
}

/// The first show with the same title, if there are several: the number of their series.
fn series(views: &OrganisationViews, show: &ShowInfo) -> Option<ShowId> {
    let title = &show.scheduled.title;
    let mut same = views.catalogue.shows().filter(|other| other.scheduled.title == *title);
    let first = same.next()?.show();
    same.next().map(|_| first)
}

/// The rate of most receipts; before any sale, that of the first tariff. Every row says its own.
fn main_rate(show: &ShowInfo, rows: &[Row]) -> Rate {
    let mut rates: BTreeMap<Rate, Amount> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.taxed.gross > Amount::ZERO) {
        *rates.entry(row.key.rate).or_default() += row.taxed.gross;
    }
    let most = rates.into_iter().max_by_key(|(rate, gross)| (*gross, *rate)).map(|(rate, _)| rate);
    most.or_else(|| show.tariffs.first().map(|tariff| tariff.terms.vat)).unwrap_or_default()
}

/// A rate is its own id: millionths.
fn tax(rate: Rate) -> String {
    let (percent, id) = (rate.percent(), rate.0);
    format!(
        r#"{{"id":{id},"title":"TVA {percent} %","rate":{percent},"tax_id":{id},"tax_name":"TVA {percent} %","tax_value":{}}}"#,
        rate.to_decimal().normalize()
    )
}

fn taxes(settlement: &ShowSettlement) -> String {
    let taxes = settlement.vat.iter().map(|vat| {
        let amounts = [vat.taxed.gross, vat.taxed.net, vat.taxed.vat];
        let [gross, net, amount] = amounts.map(|amount| amount.display(settlement.currency));
        format!(r#"{{"tax":{},"revenue":{gross},"revenue_net":{net},"tax_amount":{amount}}}"#, tax(vat.rate))
    });
    taxes.collect::<Vec<_>>().join(",")
}

/// Tickets that are told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RowKey {
    external: bool,
    /// In the order of their definition.
    place: usize,
    tariff: TariffId,
    /// From high to low.
    price: std::cmp::Reverse<Amount>,
    rate: Rate,
}

/// One row of prices.
struct Row {
    key: RowKey,
    title: String,
    quantity: u64,
    refunded: u64,
    taxed: Taxed,
}

impl Row {
    /// `amount`, `quantity`, `revenue` and `title` as always; the others are ours.
    fn json(&self, currency: Currency) -> String {
        format!(
            r#"{{"amount":{},"quantity":{},"revenue":{},"title":{},"tariff_id":{},"tax":{},"tax_amount":{},"refunded":{},"external":{}}}"#,
            self.key.price.0.display(currency),
            self.quantity,
            self.taxed.gross.display(currency),
            quoted(&self.title),
            self.key.tariff,
            tax(self.key.rate),
            self.taxed.vat.display(currency),
            self.refunded,
            self.key.external,
        )
    }
}

/// Rows by tariff, price and rate, own sales first. A refunded ticket is taken off its own row; a reduced one stands
/// under what it costs now.
fn rows(views: &OrganisationViews, settlement: &ShowSettlement) -> Vec<Row> {
    let mut rows: BTreeMap<RowKey, Row> = BTreeMap::new();
    let mut places: BTreeMap<TariffId, usize> = BTreeMap::new();
    let lines = settlement.lines.iter().chain(&settlement.free_lines);
    for line in lines {
        let next = places.len();
        let place = *places.entry(line.tariff).or_insert(next);
        let key = RowKey {
            external: is_external(views, line),
            place,
            tariff: line.tariff,
            price: std::cmp::Reverse(line.price),
            rate: line.rate,
        };
        let row = rows.entry(key).or_insert_with(|| Row {
            key,
            title: tidy(&line.tariff_name),
            quantity: 0,
            refunded: 0,
            taxed: Taxed::default(),
        });
        row.quantity += line.net;
        row.refunded += line.cancelled;
        row.taxed = row.taxed + line.taxed;
    }
    rows.into_values().collect()
}

fn is_external(views: &OrganisationViews, line: &SettlementLine) -> bool {
    let channel = views.catalogue.channel(line.channel);
    channel.is_some_and(|channel| channel.opened.kind == ChannelKind::Network)
}

/// Without spaces at the ends and without several in a row.
fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

/// A JSON string. Plain text always serialises.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
