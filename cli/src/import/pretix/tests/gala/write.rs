//! Writes the gala as pretix exports it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::export::Headers;
use super::{MONEY, ORDERS, at, local, placed, plain, rate, rows};

/// Writes the export into a folder, in English and with semicolons.
pub(in super::super) fn write(headers: &Headers, folder: &Path) {
    let files = &headers["en"];
    let header = |file: &str| files[file].last().unwrap().clone();
    fs::write(folder.join("orders.json"), orders().to_string()).unwrap();
    table(folder, "transactions", header("transactions"), transactions());
    table(folder, "payments_refunds", header("payments_refunds"), payments());
    let quotas = [("Hall", "300"), ("Meals", "Infinite")]
        .map(|(name, size)| [name, size, "0", "0", "0", "0", "0", "0", size].map(str::to_owned).to_vec());
    // An event that is no series has no columns for the date.
    table(folder, "quotas", header("quotas").into_iter().take(9).collect(), quotas.to_vec());
    table(folder, "checkinlog", header("checkinlog"), scans());
}

fn table(folder: &Path, name: &str, header: Vec<String>, rows: Vec<Vec<String>>) {
    let line = |row: &Vec<String>| {
        let quoted: Vec<String> =
            row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        quoted.join(";") + "\r\n"
    };
    let text: String = std::iter::once(&header).chain(&rows).map(line).collect();
    fs::write(folder.join(format!("{name}.csv")), text).unwrap();
}

fn transactions() -> Vec<Vec<String>> {
    let rows = rows().into_iter().map(|row| {
        let (placed_on, placed_at) = local(placed(row.order));
        let (date, time) = local(at(&row));
        let some = |id: u64| if id == 0 { String::new() } else { id.to_string() };
        let (item, variation) = row.item;
        let named = |id: u64, name: String| if id == 0 { String::new() } else { name };
        let cells = vec![
            // Spreadsheets are kept from reading a formula by a quote in front.
            "'=Gala\n2026".into(),
            "gala".into(),
            "EUR".into(),
            row.order.into(),
            placed_on,
            placed_at,
            date,
            time,
            String::new(),
            some(row.position),
            row.quantity.to_string(),
            some(item),
            if item == 0 { "None".into() } else { format!("Item {item} ") },
            some(variation),
            named(variation, format!("V{variation}")),
            row.fee.0.into(),
            row.fee.1.into(),
            String::new(),
            String::new(),
            plain(row.price),
            rate(row.rate, "."),
            row.rule.to_string(),
            "VAT".into(),
            plain(row.tax),
            plain(row.price * row.quantity),
            plain(row.tax * row.quantity),
        ];
        cells
    });
    rows.collect()
}

fn payments() -> Vec<Vec<String>> {
    let rows = MONEY.iter().map(|(order, number, refund, state, cents, provider)| {
        let day = local(placed(order)).0;
        let (kind, sign) = if *refund { ("R", -1) } else { ("P", 1) };
        let completed = ["confirmed", "refunded", "done"].contains(state);
        vec![
            "gala".into(),
            (*order).into(),
            format!("{order}-{kind}-{number}"),
            day.clone(),
            if completed { day } else { String::new() },
            String::new(),
            (*state).into(),
            plain(sign * cents),
            (*provider).into(),
            "line one\nline two; \"quoted\"".into(),
            String::new(),
            String::new(),
            String::new(),
        ]
    });
    rows.collect()
}

/// Order, position, code, way, offline, gate, result.
const SCANS: [(&str, &str, &str, &str, &str, &str, &str); 7] = [
    ("MIXED", "1", "secret-MIXED-1", "Entry", "No", "", "OK"),
    ("MIXED", "1", "secret-MIXED-1", "Exit", "No", "", "OK"),
    ("MIXED", "1", "secret-MIXED-1", "Entry", "?", "", "OK"),
    ("MIXED", "1", "secret-MIXED-1", "Entry", "Yes", "North", "Ticket already used"),
    ("GONE3", "1", "'=old|code", "Entry", "No", "North", "Order canceled"),
    ("", "", "https://example.org/not-a-ticket", "Entry", "No", "North", "Unknown ticket"),
    ("TESTS", "1", "secret-TESTS-1", "Entry", "No", "", "OK"),
];

fn scans() -> Vec<Vec<String>> {
    let gate_of_many_words =
        "Haupteingang Konzertsaal, Samstag und Sonntag, nur für Inhaber von Karten ".repeat(4);
    let rows = SCANS.iter().map(|(order, position, code, way, offline, gate, result)| {
        vec![
            "2026-10-03".into(),
            "19:30".into(),
            gate_of_many_words.clone(),
            (*way).into(),
            (*order).into(),
            (*position).into(),
            (*code).into(),
            String::new(),
            String::new(),
            format!("#1: {gate_of_many_words}"),
            (*offline).into(),
            "No".into(),
            "No".into(),
            (*gate).into(),
            (*result).into(),
            String::new(),
            "2026-10-03".into(),
            "19:31".into(),
        ]
    });
    rows.collect()
}

fn orders() -> Value {
    let item = |id: u64, admission: bool, variations: &[u64]| {
        let variations: Vec<Value> =
            variations.iter().map(|id| json!({"id": id, "name": format!("V{id}")})).collect();
        json!({"id": id, "name": format!("Item {id}"), "admission": admission, "issue_giftcard": id == 6,
               "require_membership": false, "variations": variations})
    };
    let listed = ORDERS.iter().zip(1_u64..).map(|((code, status, channel, positions), index)| {
        let id = |position: u64| index * 100 + position;
        let positions: Vec<Value> = positions
            .iter()
            .map(|(number, seat, parent)| {
                json!({
                    "id": id(*number), "positionid": number, "item": 1, "subevent": null,
                    "seat": if seat.is_empty() { Value::Null } else { json!(seat) },
                    // A position keeps its code when it moves to another order.
                    "secret": if *code == "SPLIT" { "secret-MIXED-3".into() } else { format!("secret-{code}-{number}") },
                    "addon_to": if *parent == 0 { Value::Null } else { json!(id(*parent)) },
                })
            })
            .collect();
        json!({
            "code": code, "status": status, "testmode": *code == "TESTS", "require_approval": *code == "WAITS",
            "email": null, "phone": "None", "sales_channel": channel, "total": total(code), "positions": positions,
            "datetime": jiff::Timestamp::from_second(placed(code)).unwrap().to_string(), "fees": [],
        })
    });
    json!({"event": {
        "name": "=Gala\n2026", "slug": "gala", "organizer": {"name": "Bühne & Co", "slug": "buehne"},
        "items": [item(1, true, &[11, 12]), item(3, false, &[]), item(5, true, &[]), item(6, false, &[])],
        "quotas": [
            {"id": 1, "size": 300, "subevent": null, "items": [1, 5], "variations": [11, 12]},
            {"id": 2, "size": null, "subevent": null, "items": [3], "variations": []},
        ],
        "subevents": [], "orders": listed.collect::<Vec<_>>(),
    }})
}

fn total(code: &str) -> String {
    plain(rows().iter().filter(|row| row.order == code).map(|row| row.price * row.quantity).sum())
}
