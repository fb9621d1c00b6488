//! A small export written out by hand, of an event that is no series, with one order for each thing that can happen to
//! an order of pretix. What comes out is compared with sums that are made here from the rows.

mod write;

use std::collections::BTreeMap;

pub(super) use self::write::write;

/// A cell of a product line of an accounting report: name, price and rate.
pub(super) type Product = (String, String, String);

/// One row of the list of transactions.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// Code of the order.
    order: &'static str,
    /// Minutes after the order's placing.
    later: u32,
    /// Number of the position; 0 for a fee.
    position: u64,
    quantity: i64,
    /// Item and variation, or 0.
    item: (u64, u64),
    /// Type and internal type of a fee.
    fee: (&'static str, &'static str),
    /// Cents.
    price: i64,
    /// Tenths of a percent.
    rate: i64,
    /// Cents.
    tax: i64,
    rule: u64,
}

/// How many come in one order.
pub(super) const GROUP: u64 = 650;
/// Item, variation, price, rate and tax of what is sold again and again.
const STALLS: (u64, u64, i64, i64, i64) = (1, 11, 4_500, 70, 294);
const BALCONY: (u64, u64, i64, i64, i64) = (1, 12, 3_250, 70, 213);
const MEAL: (u64, u64, i64, i64, i64) = (3, 0, 1_990, 190, 318);
const CARD: (u64, u64, i64, i64, i64) = (6, 0, 5_000, 0, 0);
const FREE: (u64, u64, i64, i64, i64) = (5, 0, 0, 70, 0);

fn sold(
    order: &'static str,
    later: u32,
    position: u64,
    quantity: i64,
    what: (u64, u64, i64, i64, i64),
) -> Row {
    let (item, variation, price, rate, tax) = what;
    Row {
        order,
        later,
        position,
        quantity,
        item: (item, variation),
        fee: ("", ""),
        price,
        rate,
        tax,
        rule: 9,
    }
}

fn fee(
    order: &'static str,
    later: u32,
    quantity: i64,
    fee: (&'static str, &'static str),
    sums: (i64, i64, i64),
) -> Row {
    let (price, rate, tax) = sums;
    Row { order, later, position: 0, quantity, item: (0, 0), fee, price, rate, tax, rule: 9 }
}

/// Everything that happened, in order of time.
fn rows() -> Vec<Row> {
    let mut rows = lives();
    rows.extend((1..=GROUP).map(|position| sold("GROUP", 0, position, 1, BALCONY)));
    rows.extend((2..=GROUP).map(|position| sold("GROUP", 45, position, -1, BALCONY)));
    rows.sort_by_key(at);
    rows
}

fn at(row: &Row) -> i64 {
    placed(row.order) + 60 * i64::from(row.later)
}

/// What happened, order by order.
fn lives() -> Vec<Row> {
    let dear = (1, 11, 5_000, 70, 327);
    let cheap = (1, 11, 1_000, 70, 65);
    let half = (1, 12, 1_625, 70, 106);
    let below = (1, 12, -500, 70, -33);
    let other_rule = Row { rule: 10, ..sold("RULE9", 30, 1, 1, STALLS) };
    vec![
        // Seat, add-on, voucher price, fees at several rates.
        fee("MIXED", 0, 1, ("payment", "paypal"), (35, 190, 6)),
        fee("MIXED", 0, 2, ("shipping", ""), (490, 190, 78)),
        fee("MIXED", 0, 1, ("insurance", ""), (250, 0, 0)),
        sold("MIXED", 0, 1, 1, STALLS),
        sold("MIXED", 0, 2, 1, MEAL),
        sold("MIXED", 0, 3, 1, half),
        // Its third position moves to an order of its own.
        sold("MIXED", 60, 3, -1, half),
        sold("SPLIT", 0, 1, 1, half),
        // Expired, and never paid.
        sold("GONE3", 0, 1, 1, STALLS),
        sold("GONE3", 7_200, 1, -1, STALLS),
        // Expired, paid late.
        sold("LATE4", 0, 1, 1, BALCONY),
        sold("LATE4", 7_200, 1, -1, BALCONY),
        sold("LATE4", 7_300, 1, 1, BALCONY),
        // Cancelled against fees at two rates, one of which is given back later.
        sold("FEES5", 0, 1, 1, STALLS),
        sold("FEES5", 0, 2, 1, MEAL),
        sold("FEES5", 90, 1, -1, STALLS),
        sold("FEES5", 90, 2, -1, MEAL),
        fee("FEES5", 90, 1, ("cancellation", ""), (450, 70, 29)),
        fee("FEES5", 90, 1, ("cancellation", ""), (199, 190, 32)),
        fee("FEES5", 120, -1, ("cancellation", ""), (199, 190, 32)),
        // Up, down, and free in the end.
        sold("PRICE", 0, 1, 1, STALLS),
        sold("PRICE", 10, 1, -1, STALLS),
        sold("PRICE", 10, 1, 1, dear),
        sold("PRICE", 20, 1, -1, dear),
        sold("PRICE", 20, 1, 1, cheap),
        sold("PRICE", 30, 1, -1, cheap),
        sold("PRICE", 30, 1, 1, (1, 11, 0, 70, 0)),
        // Below nothing: goodwill beyond the price, as ticket and as fee.
        sold("MINUS", 0, 1, 1, BALCONY),
        sold("MINUS", 15, 1, -1, BALCONY),
        sold("MINUS", 15, 1, 1, below),
        fee("MINUS", 20, 1, ("other", "voucher \"x\""), (-1_000, 190, -160)),
        // A cent of price and tax moved by rounding on the order.
        sold("CENTS", 0, 1, 1, BALCONY),
        sold("CENTS", 0, 2, 1, (1, 12, 3_251, 70, 212)),
        sold("CARD7", 0, 1, 1, CARD),
        sold("FREE8", 0, 1, 1, FREE),
        // Only the tax rule changes.
        sold("RULE9", 0, 1, 1, STALLS),
        sold("RULE9", 30, 1, -1, STALLS),
        other_rule,
        sold("TESTS", 0, 1, 1, STALLS),
    ]
}

/// Number, gross and VAT in cents by product: what the accounting report prints.
pub(super) fn expected() -> BTreeMap<Product, (i64, i64, i64)> {
    let mut sums: BTreeMap<Product, (i64, i64, i64)> = BTreeMap::new();
    for row in rows().into_iter().filter(|row| row.order != "TESTS") {
        let entry = sums.entry((name(&row), plain(row.price), rate(row.rate, "."))).or_default();
        entry.0 += row.quantity;
        entry.1 += row.price * row.quantity;
        entry.2 += row.tax * row.quantity;
    }
    sums.retain(|_, sums| sums.0 != 0);
    sums
}

fn name(row: &Row) -> String {
    match (row.item, row.fee) {
        ((0, _), (kind, "")) => format!("fee: {kind}"),
        ((0, _), (kind, internal)) => format!("fee: {kind} - {internal}"),
        ((item, 0), _) => format!("Item {item}"),
        ((item, variation), _) => format!("Item {item} - V{variation}"),
    }
}

/// Order, number, whether it went back, state, cents and provider.
const MONEY: [(&str, usize, bool, &str, i64, &str); 20] = [
    ("MIXED", 1, false, "failed", 7_000, "PayPal"),
    ("MIXED", 2, false, "confirmed", 2_500, "Gift card"),
    ("MIXED", 3, false, "refunded", 6_880, "Credit card via Stripe"),
    ("MIXED", 1, true, "done", 1_625, "Offsetting"),
    ("SPLIT", 1, false, "confirmed", 1_625, "Offsetting"),
    ("GONE3", 1, false, "pending", 4_500, "Bank transfer"),
    ("GONE3", 2, false, "created", 4_500, "Bank transfer"),
    ("LATE4", 1, false, "canceled", 3_250, "Bank transfer"),
    ("LATE4", 2, false, "confirmed", 3_250, "Bank transfer"),
    ("FEES5", 1, false, "confirmed", 6_490, "boxoffice"),
    ("FEES5", 1, true, "done", 3_000, "boxoffice"),
    ("FEES5", 2, true, "transit", 1_000, "Bank transfer"),
    ("FEES5", 3, true, "created", 1_000, "Bank transfer"),
    ("FEES5", 4, true, "external", 1_000, "PayPal"),
    ("FEES5", 5, true, "canceled", 1_000, "PayPal"),
    ("FEES5", 6, true, "failed", 1_000, "PayPal"),
    ("CARD7", 1, false, "confirmed", 5_000, "Manual payment"),
    ("FREE8", 1, false, "confirmed", 0, "Free of charge"),
    ("PRICE", 1, false, "confirmed", 4_500, "Manual payment"),
    ("TESTS", 1, false, "confirmed", 4_500, "Manual payment"),
];

/// Paid and returned in cents by provider.
pub(super) fn providers() -> BTreeMap<&'static str, (i64, i64)> {
    let mut sums: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for (order, _, refund, state, cents, provider) in MONEY {
        let moved = if refund { state == "done" } else { ["confirmed", "refunded"].contains(&state) };
        if moved && cents > 0 && order != "TESTS" {
            let (paid, returned) = sums.entry(provider).or_default();
            *(if refund { returned } else { paid }) += cents;
        }
    }
    sums
}

/// Code, status, channel and seats of the positions that orders.json lists, with the position each came with.
type Listed = (&'static str, &'static str, &'static str, &'static [(u64, &'static str, u64)]);
const ORDERS: [Listed; 14] = [
    ("MIXED", "p", "web", &[(1, "Parkett-Reihe 1-1", 0), (2, "", 1)]),
    ("SPLIT", "p", "web", &[(1, "Parkett-Reihe 1-2", 0)]),
    ("GONE3", "e", "web", &[(1, "Parkett-Reihe 1-3", 0)]),
    ("LATE4", "p", "pretixpos", &[(1, "Parkett-Reihe 1-3", 0)]),
    ("FEES5", "p", "resellers", &[]),
    ("PRICE", "p", "api.fnac", &[(1, "Parkett-Reihe 1-1", 0)]),
    ("MINUS", "n", "web", &[(1, "", 0)]),
    ("CENTS", "n", "web", &[(1, "", 0), (2, "", 0)]),
    ("CARD7", "p", "web", &[(1, "", 0)]),
    ("FREE8", "p", "web", &[(1, "", 0)]),
    ("RULE9", "n", "web", &[(1, "", 0)]),
    ("TESTS", "p", "web", &[(1, "", 0)]),
    // All of a large group but one stay away.
    ("GROUP", "p", "web", &[(1, "", 0)]),
    // Waits for an approval: nothing is sold yet.
    ("WAITS", "n", "web", &[(1, "", 0)]),
];

/// 2026-09-01T06:15:00Z plus two hours per order.
fn placed(order: &str) -> i64 {
    let index = ORDERS.iter().position(|(code, ..)| *code == order).unwrap();
    1_788_243_300 + 7_200 * i64::try_from(index).unwrap()
}

/// Local date and time, in a zone that is three quarters of an hour off.
fn local(seconds: i64) -> (String, String) {
    let zone = jiff::tz::TimeZone::get("Asia/Kathmandu").unwrap();
    let local = zone.to_datetime(jiff::Timestamp::from_second(seconds).unwrap());
    (local.date().to_string(), local.time().to_string())
}

fn plain(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

fn rate(tenths: i64, decimal: &str) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}{decimal}{rest}", tenths / 10),
    }
}
