//! Writes a made-up season as pretix exports it: five files in a language, with its delimiter, decimals and zone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::season::{CATALOGUE, Line, Order, Season};

/// How an export is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Language of the headers.
    pub(super) language: &'static str,
    /// What separates cells.
    pub(super) delimiter: &'static str,
    /// Decimal sign.
    pub(super) decimal: &'static str,
    /// Time zone of the event.
    pub(super) zone: &'static str,
    /// What stands before the header.
    pub(super) mark: &'static str,
    /// Whether the event is a series of dates; all dates are one otherwise.
    pub(super) series: bool,
}

/// Header rows by language and file.
pub(super) type Headers = BTreeMap<String, BTreeMap<String, Vec<Vec<String>>>>;

/// Writes the season's first `rows` rows and everything else into a folder.
pub(super) fn write(season: &Season, style: Style, headers: &Headers, folder: &Path) {
    let files = &headers[style.language];
    let header = |file: &str| files[file].last().unwrap().clone();
    let event = json!({"event": event(season, style)});
    fs::write(folder.join("orders.json"), event.to_string()).unwrap();
    let transactions = season.rows.iter().map(|row| {
        let (placed, at) = (local(row.placed, style), local(row.at, style));
        let line = &row.line;
        let some = |id: u64| if id == 0 { String::new() } else { id.to_string() };
        let price = money(line.price, style);
        vec![
            "Émission \"test\"".into(),
            "fest".into(),
            "EUR".into(),
            row.code.clone(),
            placed.0,
            placed.1,
            at.0,
            at.1,
            String::new(),
            some(line.position),
            row.quantity.to_string(),
            some(line.item),
            if line.item == 0 { "None".into() } else { format!("Item {}", line.item) },
            some(line.variation),
            if line.variation == 0 { String::new() } else { format!("V{}", line.variation) },
            line.fee.into(),
            String::new(),
            if style.series { some(line.date) } else { String::new() },
            "a date, in words".into(),
            price,
            rate(line.rate, style),
            "9".into(),
            "rule".into(),
            money(line.tax, style),
            money(line.price * row.quantity, style),
            money(line.tax * row.quantity, style),
        ]
    });
    table(folder, "transactions", header("transactions"), transactions.collect(), style);
    let payments = season.money.iter().map(|entry| {
        let day = local(entry.at, style).0;
        let kind = if entry.refund { "R" } else { "P" };
        let sign = if entry.refund { -1 } else { 1 };
        vec![
            "fest".into(),
            entry.code.clone(),
            format!("{}-{kind}-{}", entry.code, entry.number),
            day.clone(),
            day,
            "word".into(),
            entry.state.into(),
            money(sign * entry.amount, style),
            entry.provider.into(),
            "a comment\nin two lines".into(),
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    table(folder, "payments_refunds", header("payments_refunds"), payments.collect(), style);
    table(folder, "quotas", header("quotas"), vec![quota("All", "300"), quota("Small", "40")], style);
    let scans = season.orders.iter().take(12).flat_map(|order| {
        order.lines.iter().filter(|line| line.position > 0).map(|line| {
            vec![
                "31/10/2026".into(),
                "20:04".into(),
                "Door".into(),
                "Entry".into(),
                order.code.clone(),
                line.position.to_string(),
                format!("'={}-{}", order.code, line.position),
                String::new(),
                "O'Brien, \"Fatou\"\nMarie".into(),
                "#1: gate".into(),
                "No".into(),
                "No".into(),
                "No".into(),
                "North".into(),
                "OK".into(),
                String::new(),
                "31/10/2026".into(),
                "20:05".into(),
            ]
        })
    });
    table(folder, "checkinlog", header("checkinlog"), scans.collect(), style);
}

fn quota(name: &str, size: &str) -> Vec<String> {
    let cells = [name, size, "0", "0", "0", "0", "0", "0", size, "", "2026-10-31 20:00:00", ""];
    cells.map(str::to_owned).to_vec()
}

fn table(folder: &Path, name: &str, header: Vec<String>, rows: Vec<Vec<String>>, style: Style) {
    let cells = header.len();
    let line = |row: &Vec<String>| {
        let quoted: Vec<String> =
            row.iter().take(cells).map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        quoted.join(style.delimiter)
    };
    let lines: Vec<String> = std::iter::once(&header).chain(&rows).map(line).collect();
    fs::write(folder.join(format!("{name}.csv")), format!("{}{}\r\n", style.mark, lines.join("\r\n")))
        .unwrap();
}

fn local(seconds: i64, style: Style) -> (String, String) {
    let zone = TimeZone::get(style.zone).unwrap();
    let local = zone.to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
    (local.date().to_string(), local.time().to_string())
}

fn utc(seconds: i64) -> String {
    format!("{}", jiff::Timestamp::from_millisecond(seconds * 1_000 + 249).unwrap())
}

fn money(cents: i64, style: Style) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}{}{:02}", cents.abs() / 100, style.decimal, cents.abs() % 100)
}

fn rate(tenths: i64, style: Style) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}{}{rest}", tenths / 10, style.decimal),
    }
}

fn event(season: &Season, style: Style) -> Value {
    let mut items: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
    for (item, variation, _, _) in CATALOGUE {
        let variations = items.entry(item).or_default();
        if variation > 0 {
            variations.push(json!({"id": variation, "name": format!("V{variation}"), "price": "0.00"}));
        }
    }
    let items: Vec<Value> = items
        .into_iter()
        .map(|(item, variations)| {
            json!({
                "id": item, "name": format!("Item {item}"), "internal_name": "None",
                "admission": !matches!(item, 3 | 4 | 6), "issue_giftcard": item == 6, "variations": variations,
                "require_membership": false,
            })
        })
        .collect();
    let dates = [71, 72, 73].map(|id| {
        json!({"id": id, "name": format!("Night {id}"), "date_from": format!("2026-11-{}T19:00:00Z", id - 60),
               "date_to": null, "date_admission": null})
    });
    json!({
        "name": "Émission \"test\"", "slug": "fest", "organizer": {"name": "Coopé", "slug": "coope"},
        "meta_data": {}, "categories": [], "questions": [], "items": items, "subevents": if style.series { dates.to_vec() } else { vec![] },
        "quotas": [
            {"id": 1, "size": 300, "subevent": date(71, style), "items": [1, 2, 5], "variations": [11, 12, 13]},
            {"id": 2, "size": 40, "subevent": date(71, style), "items": [2], "variations": []},
        ],
        "orders": season.orders.iter().rev().map(|one| order(one, style)).collect::<Vec<_>>(),
    })
}

fn order(order: &Order, style: Style) -> Value {
    let id = |position: u64| order.placed.unsigned_abs() % 100_000 * 100 + position;
    let positions: Vec<Value> = order
        .lines
        .iter()
        .filter(|line| line.position > 0)
        .map(|line| {
            json!({
                "id": id(line.position), "positionid": line.position, "item": line.item, "subevent": date(line.date, style),
                "seat": if line.item == 1 { json!(format!("S-{}-{}", order.code, line.position)) } else { Value::Null },
                "secret": format!("={}-{}", order.code, line.position),
                "addon_to": order.parents.get(&line.position).map(|parent| id(*parent)),
            })
        })
        .collect();
    let fees: Vec<Value> = order
        .lines
        .iter()
        .filter(|line| line.position == 0)
        .map(|line| json!({"type": line.fee, "description": "", "value": plain(line.price)}))
        .collect();
    json!({
        "code": order.code, "status": order.status.to_string(), "testmode": order.test,
        "require_approval": order.approval, "email": format!("{}@example.org", order.code), "phone": "None",
        "sales_channel": order.channel, "datetime": utc(order.placed), "total": plain(total(&order.lines)),
        "positions": positions, "fees": fees,
    })
}

fn date(date: u64, style: Style) -> Value {
    if style.series { json!(date) } else { Value::Null }
}

fn total(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.price).sum()
}

fn plain(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
