//! A made-up event that behaves like one of pretix: after every operation on an order the difference between what is
//! sold and what the list says so far is appended to the list. Expected totals come from the orders, not from the list.

use std::collections::BTreeMap;

/// Item, variation, fee, price and rate.
type Product = (u64, u64, &'static str, i64, i64);

/// A line of an order: a position or a fee.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Line {
    /// Number of the position; 0 for a fee, so that fees come first.
    pub(super) position: u64,
    /// Id of the item; 0 for a fee.
    pub(super) item: u64,
    /// Id of the variation, or 0.
    pub(super) variation: u64,
    /// Date of the series.
    pub(super) date: u64,
    /// Type of the fee, or empty.
    pub(super) fee: &'static str,
    /// Unit price in cents.
    pub(super) price: i64,
    /// Rate in tenths of a percent.
    pub(super) rate: i64,
    /// VAT in cents.
    pub(super) tax: i64,
}

/// An order.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// Its code.
    pub(super) code: String,
    /// `n`, `p`, `e`, `c`.
    pub(super) status: char,
    /// Whether it is a test.
    pub(super) test: bool,
    /// Whether it waits for approval.
    pub(super) approval: bool,
    /// Channel.
    pub(super) channel: &'static str,
    /// Seconds since 1970 of its placing.
    pub(super) placed: i64,
    /// What is in it.
    pub(super) lines: Vec<Line>,
    /// Positions' add-on parents.
    pub(super) parents: BTreeMap<u64, u64>,
    next_position: u64,
}

/// A row of the list of transactions.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Code of the order.
    pub(super) code: String,
    /// Placing of the order.
    pub(super) placed: i64,
    /// When.
    pub(super) at: i64,
    /// How many.
    pub(super) quantity: i64,
    /// Of what.
    pub(super) line: Line,
}

/// A payment or refund.
#[derive(Clone, Debug)]
pub(super) struct Money {
    /// Code of the order.
    pub(super) code: String,
    /// Its number.
    pub(super) number: usize,
    /// Whether it is a refund.
    pub(super) refund: bool,
    /// When it was completed.
    pub(super) at: i64,
    /// Its state.
    pub(super) state: &'static str,
    /// Cents.
    pub(super) amount: i64,
    /// Name of the provider.
    pub(super) provider: &'static str,
}

/// Item, variation, price, rate in tenths.
pub(super) const CATALOGUE: [(u64, u64, i64, i64); 8] = [
    (1, 11, 4_500, 55),
    (1, 12, 3_250, 55),
    (1, 13, 1_999, 55),
    (2, 0, 1_600, 55),
    (3, 0, 800, 200),
    (4, 0, 2_499, 200),
    (5, 0, 0, 55),
    (6, 0, 2_500, 0),
];
const PROVIDERS: [&str; 4] = ["Stripe, card \"web\"", "Gift card", "Bank transfer", "Offsetting"];
const CHANNELS: [&str; 3] = ["web", "pretixpos", "api.fnac"];

/// The event.
#[derive(Debug)]
pub(super) struct Season {
    /// Orders.
    pub(super) orders: Vec<Order>,
    /// The list of transactions.
    pub(super) rows: Vec<Row>,
    /// Payments and refunds.
    pub(super) money: Vec<Money>,
    random: u64,
    now: i64,
}

/// Gross to VAT, half away from zero, per line.
pub(super) fn tax(price: i64, rate: i64) -> i64 {
    let net = (price * 1_000 * 2 + (1_000 + rate)) / ((1_000 + rate) * 2);
    price - net
}

impl Season {
    /// A season of `count` operations from a seed, across the end of summer time.
    pub(super) fn of(seed: u64, count: usize) -> Self {
        // 2026-10-20T08:00:00Z
        let mut season =
            Self { orders: vec![], rows: vec![], money: vec![], random: seed | 1, now: 1_792_483_200 };
        for _ in 0..count {
            season.now += [0, 7, 61, 1_800, 7_200, 40_000][season.roll(6)];
            season.operate();
        }
        season
    }

    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's multiplier: any sequence will do as long as it is always the same.
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap() % sides
    }

    fn operate(&mut self) {
        let operation = self.roll(20);
        if self.orders.is_empty() || operation < 7 {
            return self.place();
        }
        let index = self.roll(self.orders.len());
        let mut order = self.orders[index].clone();
        let live = matches!(order.status, 'n' | 'p') && !order.approval;
        match operation {
            7..=9 if live => self.pay(&mut order),
            10 if order.status == 'n' => order.status = 'e',
            11 if order.status == 'e' && !order.approval => self.pay(&mut order),
            12 if live => order.status = 'c',
            13 if live && order.status == 'p' => self.cancel_with_fee(&mut order),
            14 if live => self.drop_position(&mut order),
            15 if live => self.change_price(&mut order),
            16 if live => self.change_variation(&mut order),
            17 if live => self.add(&mut order),
            18 if live => order.lines.push(fee("service", 100, 200)),
            19 => self.refund(&order),
            _ => {}
        }
        self.orders[index] = order.clone();
        self.sync(&order);
    }

    fn place(&mut self) {
        let number = self.orders.len();
        let kind = self.roll(25);
        let channel = CHANNELS[self.roll(3)];
        let mut order = Order {
            code: format!("A{number:04}B"),
            status: 'n',
            test: kind == 0,
            approval: kind == 1,
            channel,
            placed: self.now,
            lines: vec![],
            parents: BTreeMap::new(),
            next_position: 1,
        };
        for _ in 0..=self.roll(4) {
            self.add(&mut order);
        }
        if channel == "web" {
            order.lines.push(fee("service", 100, 200));
            order.lines.push(fee("service", 100, 200));
            order.lines.push(fee("shipping", 295, 200));
        }
        if self.roll(3) > 0 && !order.approval {
            self.pay(&mut order);
        }
        self.orders.push(order.clone());
        self.sync(&order);
    }

    fn add(&mut self, order: &mut Order) {
        let (item, variation, price, rate) = CATALOGUE[self.roll(CATALOGUE.len())];
        // A voucher may have changed the price.
        let price = if self.roll(6) == 0 { price / 2 } else { price };
        // Rounding by the net total of an order moves a cent of tax now and then.
        let tax = tax(price, rate) + i64::from(rate > 0 && price > 0 && self.roll(9) == 0);
        let position = order.next_position;
        order.next_position += 1;
        if item == 3 && position > 1 {
            order.parents.insert(position, position - 1);
        }
        let date = u64::try_from(self.roll(2)).unwrap() + 71;
        order.lines.push(Line { position, item, variation, date, fee: "", price, rate, tax });
    }

    fn pay(&mut self, order: &mut Order) {
        order.status = 'p';
        let total: i64 = order.lines.iter().map(|line| line.price).sum();
        let first = if self.roll(4) == 0 { total / 3 } else { total };
        for amount in [first, total - first] {
            let provider = PROVIDERS[self.roll(PROVIDERS.len())];
            self.record(order, false, "failed", amount, provider);
            let state = ["confirmed", "refunded"][self.roll(2)];
            self.record(order, false, state, amount, provider);
        }
    }

    fn refund(&mut self, order: &Order) {
        if order.approval {
            return;
        }
        let provider = PROVIDERS[self.roll(PROVIDERS.len())];
        let state = ["done", "transit", "failed", "created", "canceled"][self.roll(5)];
        self.record(order, true, state, 550, provider);
    }

    fn record(
        &mut self,
        order: &Order,
        refund: bool,
        state: &'static str,
        amount: i64,
        provider: &'static str,
    ) {
        let number =
            self.money.iter().filter(|money| money.code == order.code && money.refund == refund).count() + 1;
        let code = order.code.clone();
        self.money.push(Money { code, number, refund, at: self.now, state, amount, provider });
    }

    fn cancel_with_fee(&mut self, order: &mut Order) {
        order.lines.clear();
        order.lines.push(fee("cancellation", 500, 200));
    }

    fn drop_position(&mut self, order: &mut Order) {
        let Some(gone) = self.pick(order) else { return };
        let position = order.lines[gone].position;
        let parents = order.parents.clone();
        order.lines.retain(|line| {
            line.position == 0 || line.position != position && parents.get(&line.position) != Some(&position)
        });
    }

    fn change_price(&mut self, order: &mut Order) {
        let Some(index) = self.pick(order) else { return };
        let change = [-150, 250, -100_000][self.roll(3)];
        let line = &mut order.lines[index];
        line.price = (line.price + change).max(0);
        line.tax = tax(line.price, line.rate);
    }

    fn change_variation(&mut self, order: &mut Order) {
        let Some(index) = self.pick(order) else { return };
        let (item, variation, price, rate) = CATALOGUE[self.roll(3)];
        let line = &mut order.lines[index];
        let date = if line.date == 71 { 72 } else { 71 };
        *line = Line { item, variation, price, rate, date, tax: tax(price, rate), ..line.clone() };
    }

    /// A position of the order.
    fn pick(&mut self, order: &Order) -> Option<usize> {
        let positions: Vec<usize> = (0..order.lines.len()).filter(|i| order.lines[*i].position > 0).collect();
        if positions.is_empty() { None } else { Some(positions[self.roll(positions.len())]) }
    }

    /// Appends the difference between what the order sells and what the list says: what goes first, by position.
    fn sync(&mut self, order: &Order) {
        let mut difference: BTreeMap<Line, i64> = BTreeMap::new();
        if matches!(order.status, 'n' | 'p') && !order.approval {
            for line in &order.lines {
                *difference.entry(line.clone()).or_default() += 1;
            }
        }
        for row in self.rows.iter().filter(|row| row.code == order.code) {
            *difference.entry(row.line.clone()).or_default() -= row.quantity;
        }
        let row = |(line, quantity): (&Line, &i64)| Row {
            code: order.code.clone(),
            placed: order.placed,
            at: self.now,
            quantity: *quantity,
            line: line.clone(),
        };
        let minus: Vec<Row> = difference.iter().filter(|(_, quantity)| **quantity < 0).map(row).collect();
        let plus: Vec<Row> = difference.iter().filter(|(_, quantity)| **quantity > 0).map(row).collect();
        self.rows.extend(minus);
        self.rows.extend(plus);
    }

    /// Number, gross and VAT by item, variation, fee, price and rate of what is sold at the end, tests left out.
    pub(super) fn products(&self) -> BTreeMap<Product, (i64, i64, i64)> {
        let mut products = BTreeMap::new();
        let sold = |order: &&Order| matches!(order.status, 'n' | 'p') && !order.approval && !order.test;
        for line in self.orders.iter().filter(sold).flat_map(|order| &order.lines) {
            let key = (line.item, line.variation, line.fee, line.price, line.rate);
            let (number, gross, vat) = products.entry(key).or_insert((0, 0, 0));
            *number += 1;
            *gross += line.price;
            *vat += line.tax;
        }
        products
    }

    /// Paid and returned by provider, tests left out.
    pub(super) fn providers(&self) -> BTreeMap<&'static str, (i64, i64)> {
        let mut providers = BTreeMap::new();
        for money in &self.money {
            let test = self.orders.iter().any(|order| order.code == money.code && order.test);
            let moved = if money.refund { money.state == "done" } else { money.state != "failed" };
            if moved && !test && money.amount > 0 {
                let (paid, returned) = providers.entry(money.provider).or_insert((0, 0));
                *(if money.refund { returned } else { paid }) += money.amount;
            }
        }
        providers
    }
}

fn fee(kind: &'static str, price: i64, rate: i64) -> Line {
    Line { position: 0, item: 0, variation: 0, date: 0, fee: kind, price, rate, tax: tax(price, rate) }
}
