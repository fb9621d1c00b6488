//! Closings added up again from nothing: every event of a log, no running sums, arithmetic of its own.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use soticket_schema::event::v1::*;
use soticket_schema::{Event, Rounding, Timestamp};

/// One record: when it was recorded, when it happened, what it says.
pub(crate) type Record<'a> = (Timestamp, Timestamp, &'a Event);

/// A change of what was sold: day, show (0 for none), kind and rate.
struct Movement {
    day: i32,
    show: u64,
    class: SaleClass,
    rate: i64,
    sold: u64,
    cancelled: u64,
    sales: i64,
    returns: i64,
    /// VAT rounded on the line.
    vat: i64,
}

#[derive(Clone)]
struct Ticket {
    show: u64,
    price: i64,
    fee: i64,
    rate: i64,
    fee_rate: i64,
    stated: Option<i64>,
    cancelled: bool,
    fee_kept: bool,
}

struct Item {
    show: u64,
    price: i64,
    rate: i64,
    stated: Option<i64>,
    prepaid: bool,
    cancelled: bool,
}

#[derive(Default)]
struct Sums {
    movements: Vec<Movement>,
    tickets: BTreeMap<u64, Ticket>,
    items: BTreeMap<u64, Item>,
    prepaid_products: Vec<u32>,
    rounding: BTreeMap<u64, Rounding>,
    /// Day, way of paying, received, returned.
    money: Vec<(i32, u32, i64, i64)>,
    /// Day, then issued, cancelled, spent, restored, lapsed.
    prepaid: Vec<(i32, [i64; 5])>,
    /// Day, then opened, put in, taken out, differences.
    floats: Vec<(i32, [i64; 4])>,
    /// Day and position of every record.
    records: Vec<(i32, u64)>,
    orders: Vec<i32>,
    zone: Option<TimeZone>,
    cutoff: i64,
    first_open: i32,
    day: i32,
}

/// Compares every closing of a log with what its events add up to. Gives the number of closings and the perpetual totals
/// at the last of them.
#[track_caller]
pub(crate) fn reconcile<'a>(records: impl IntoIterator<Item = Record<'a>>) -> (usize, Perpetual) {
    let mut sums = Sums::default();
    let mut closings = Vec::new();
    for (position, (recorded, occurred, event)) in (0..).zip(records) {
        sums.take(position, recorded, occurred, event);
        if let Event::PeriodClosed(closed) = event {
            // Nothing that comes later may change it: it is compared with what is known at the end, too.
            sums.compare(closed);
            closings.push(closed);
        }
    }
    closings.iter().for_each(|closed| sums.compare(closed));
    chained(&closings);
    (closings.len(), closings.last().map(|closed| closed.perpetual).unwrap_or_default())
}

/// Numbers have no gaps, dates follow each other, and each closing names the one of its kind before it.
#[track_caller]
fn chained(closings: &[&PeriodClosed]) {
    for period in Period::ALL {
        let kind: Vec<_> = closings.iter().filter(|closed| closed.period == period).collect();
        for (number, closed) in (1..).zip(&kind) {
            assert_eq!(closed.number, number, "{period:?}");
        }
        for pair in kind.windows(2) {
            assert_eq!(pair[1].from, pair[0].until.next(), "{period:?} {}", pair[1].number);
            assert_eq!(pair[1].previous, pair[0].hash().unwrap(), "{period:?} {}", pair[1].number);
        }
    }
}

fn round(dividend: i128, divisor: i128) -> i64 {
    let magnitude = (dividend.abs() * 2 + divisor) / (divisor * 2);
    i64::try_from(magnitude * dividend.signum()).unwrap()
}

fn vat(gross: i64, rate: i64) -> i64 {
    gross - round(i128::from(gross) * 1_000_000, 1_000_000 + i128::from(rate))
}

fn show(id: Option<soticket_schema::ShowId>) -> u64 {
    id.map_or(0, |show| show.0)
}

impl Sums {
    fn day_of(&self, at: Timestamp) -> i32 {
        let instant = jiff::Timestamp::from_microsecond(at.0).unwrap();
        let local = instant.to_zoned(self.zone.clone().unwrap()).datetime() - self.cutoff.minutes();
        local.date().since(jiff::civil::date(1970, 1, 1)).unwrap().get_days()
    }

    fn set(&mut self, parameters: &OrganisationParameters) {
        self.zone = Some(TimeZone::get(&parameters.time_zone).unwrap());
        self.cutoff = i64::from(parameters.day_cutoff_minutes);
        self.rounding.insert(0, parameters.rounding);
    }

    fn take(&mut self, position: u64, recorded: Timestamp, occurred: Timestamp, event: &Event) {
        if let Event::OrganisationOpened(event) = event {
            self.set(&event.parameters);
            self.first_open = self.day_of(recorded);
        }
        self.day = self.day_of(occurred.min(recorded)).max(self.first_open);
        self.records.push((self.day, position));
        match event {
            Event::OrganisationChanged(event) => self.set(&event.parameters),
            Event::ShowScheduled(event) => {
                self.rounding.insert(event.show.0, event.rounding);
            }
            Event::ProductDefined(event) => {
                if matches!(event.kind, ProductKind::GiftCard | ProductKind::Voucher) {
                    self.prepaid_products.push(event.product.0);
                }
            }
            Event::OrderPlaced(event) => self.lines(&event.lines),
            Event::ExternalSaleReported(event) => self.lines(&event.lines),
            Event::TicketsCancelled(event) => self.cancel(&event.cancellation),
            Event::ExternalSaleCancelled(event) => self.cancel(&event.cancellation),
            Event::PriceReduced(event) => self.reduce(event),
            Event::CommissionsReversed(event) => self.keep(event),
            Event::PaymentRecorded(event) => self.legs(&event.legs, 1),
            Event::MoneyReturned(event) => self.legs(&event.legs, -1),
            Event::PaymentReversed(event) => self.legs(&event.legs, -1),
            Event::PeriodClosed(event) if event.period == Period::Day => {
                self.first_open = event.until.0 + 1;
            }
            event => self.other(event),
        }
    }

    fn other(&mut self, event: &Event) {
        let day = self.day;
        match event {
            Event::StoredValueUsed(event) => {
                for used in &event.uses {
                    self.prepaid.push((day, [0, 0, used.amount.0, 0, used.lapsed.0]));
                }
            }
            Event::StoredValueRestored(event) => self.prepaid.push((day, [0, 0, 0, event.amount.0, 0])),
            Event::StoredValuesExpired(event) => {
                for value in &event.values {
                    self.prepaid.push((day, [0, 0, 0, 0, value.left.0]));
                }
            }
            Event::TillOpened(event) => self.floats.push((day, [event.float.0, 0, 0, 0])),
            Event::TillCashMoved(event) => self.floats.push(match event.direction {
                CashDirection::In => (day, [0, event.amount.0, 0, 0]),
                CashDirection::Out => (day, [0, 0, event.amount.0, 0]),
            }),
            Event::TillClosed(event) => {
                for line in &event.lines {
                    let difference = line.counted.map_or(0, |counted| counted.0 - line.expected.0);
                    self.floats.push((day, [0, 0, 0, difference]));
                }
            }
            _ => {}
        }
    }

    fn legs(&mut self, legs: &[Leg], sign: i64) {
        for leg in legs {
            let (received, returned) = if sign > 0 { (leg.amount.0, 0) } else { (0, leg.amount.0) };
            self.money.push((self.day, leg.method.0, received, returned));
        }
    }

    fn movement(&mut self, of: (u64, SaleClass, i64), counts: (u64, u64), amount: i64, vat: i64) {
        let (show, class, rate) = of;
        let (sales, returns) = (amount.max(0), (-amount).max(0));
        let (sold, cancelled) = counts;
        self.movements.push(Movement {
            day: self.day,
            show,
            class,
            rate,
            sold,
            cancelled,
            sales,
            returns,
            vat,
        });
    }

    fn lines(&mut self, lines: &OrderLines) {
        self.orders.push(self.day);
        for line in &lines.tickets {
            let ticket = Ticket {
                show: line.show.0,
                price: line.price.0,
                fee: line.fee.0,
                rate: line.vat.0,
                fee_rate: line.fee_vat.0,
                stated: line.stated_vat.map(|vat| vat.0),
                cancelled: false,
                fee_kept: false,
            };
            let line_vat = ticket.stated.unwrap_or_else(|| vat(ticket.price, ticket.rate));
            self.movement((ticket.show, SaleClass::Face, ticket.rate), (1, 0), ticket.price, line_vat);
            if ticket.fee != 0 {
                let line_vat = vat(ticket.fee, ticket.fee_rate);
                let of = (ticket.show, SaleClass::FeeOnTop, ticket.fee_rate);
                self.movement(of, (1, 0), ticket.fee, line_vat);
            }
            self.tickets.insert(line.ticket.0, ticket);
        }
        for line in &lines.items {
            let prepaid = match line.kind {
                ItemKind::Product(product) => self.prepaid_products.contains(&product.0),
                ItemKind::Fee(kind) => kind == FeeKind::GiftCard,
            };
            let stated = line.stated_vat.map(|vat| vat.0);
            let (price, rate) = (line.price.0, line.vat.0);
            if prepaid {
                self.prepaid.push((self.day, [price, 0, 0, 0, 0]));
            } else {
                let line_vat = stated.unwrap_or_else(|| vat(price, rate));
                self.movement((show(line.show), SaleClass::Item, rate), (1, 0), price, line_vat);
            }
            let item = Item { show: show(line.show), price, rate, stated, prepaid, cancelled: false };
            self.items.insert(line.item.0, item);
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for gone in &cancellation.tickets {
            let Some(ticket) = self.tickets.get_mut(&gone.ticket.0).filter(|ticket| !ticket.cancelled) else {
                continue;
            };
            (ticket.cancelled, ticket.fee_kept) = (true, gone.fee_kept);
            let ticket = ticket.clone();
            let line_vat = ticket.stated.unwrap_or_else(|| vat(ticket.price, ticket.rate));
            self.movement((ticket.show, SaleClass::Face, ticket.rate), (0, 1), -ticket.price, -line_vat);
            if ticket.fee != 0 && !gone.fee_kept {
                let line_vat = vat(ticket.fee, ticket.fee_rate);
                let of = (ticket.show, SaleClass::FeeOnTop, ticket.fee_rate);
                self.movement(of, (0, 1), -ticket.fee, -line_vat);
            }
        }
        for gone in &cancellation.items {
            let Some(item) = self.items.get_mut(&gone.item.0).filter(|item| !item.cancelled) else {
                continue;
            };
            item.cancelled = true;
            let (show, price, rate, prepaid) = (item.show, item.price, item.rate, item.prepaid);
            let line_vat = item.stated.unwrap_or_else(|| vat(price, rate));
            if prepaid {
                self.prepaid.push((self.day, [0, price, 0, 0, 0]));
            } else {
                self.movement((show, SaleClass::Item, rate), (0, 1), -price, -line_vat);
            }
        }
    }

    fn reduce(&mut self, event: &PriceReduced) {
        let Some(ticket) = self.tickets.get_mut(&event.ticket.0).filter(|ticket| !ticket.cancelled) else {
            return;
        };
        let before = ticket.stated.unwrap_or_else(|| vat(ticket.price, ticket.rate));
        let change = event.after.0 - ticket.price;
        (ticket.price, ticket.stated) = (event.after.0, event.stated_vat.map(|vat| vat.0));
        let after = ticket.stated.unwrap_or_else(|| vat(ticket.price, ticket.rate));
        let of = (ticket.show, SaleClass::Face, ticket.rate);
        self.movement(of, (0, 0), change, after - before);
    }

    fn keep(&mut self, event: &CommissionsReversed) {
        for kept in &event.kept {
            let Some(ticket) = self.tickets.get_mut(&kept.ticket.0) else { continue };
            if ticket.cancelled && !ticket.fee_kept {
                ticket.fee_kept = true;
                let of = (ticket.show, SaleClass::FeeOnTop, ticket.fee_rate);
                let (amount, line_vat) = (kept.amount.0, vat(kept.amount.0, ticket.fee_rate));
                self.movement(of, (0, 0), 0, line_vat);
                self.movements.last_mut().unwrap().returns = -amount;
            }
        }
    }

    #[track_caller]
    fn compare(&self, closed: &PeriodClosed) {
        let (from, until) = (closed.from.0, closed.until.0);
        let name = format!("{:?} {} ({} to {})", closed.period, closed.number, closed.from, closed.until);
        let within = |day: i32| (from..=until).contains(&day);

        let mut totals: BTreeMap<(SaleClass, i64), [i64; 6]> = BTreeMap::new();
        let mut grosses: BTreeMap<(u64, SaleClass, i64), (i64, i64, i64)> = BTreeMap::new();
        let (mut sales, mut returns) = (0, 0);
        for movement in self.movements.iter().filter(|movement| movement.day <= until) {
            sales += movement.sales;
            returns += movement.returns;
            let gross = movement.sales - movement.returns;
            let of = (movement.show, movement.class, movement.rate);
            let (before, after, lines) = grosses.entry(of).or_default();
            *after += gross;
            if movement.day < from {
                *before += gross;
                continue;
            }
            *lines += movement.vat;
            let total = totals.entry((movement.class, movement.rate)).or_default();
            total[0] += i64::try_from(movement.sold).unwrap();
            total[1] += i64::try_from(movement.cancelled).unwrap();
            total[2] += movement.sales;
            total[3] += movement.returns;
            total[4] += gross;
        }
        for ((show, class, rate), (before, after, lines)) in grosses {
            if let Some(total) = totals.get_mut(&(class, rate)) {
                total[5] += match self.rounding[&show] {
                    Rounding::Document => vat(after, rate) - vat(before, rate),
                    Rounding::PerTicket => lines,
                };
            }
        }
        let told = closed.sales.iter().map(|total| {
            let counts = [total.sold, total.cancelled].map(|count| i64::try_from(count).unwrap());
            let taxed = total.taxed;
            assert_eq!(taxed.net + taxed.vat, taxed.gross, "{name}");
            let amounts = [total.sales.0, total.returns.0, taxed.gross.0, taxed.vat.0];
            let line = [counts[0], counts[1], amounts[0], amounts[1], amounts[2], amounts[3]];
            ((total.class, total.rate.0), line)
        });
        assert_eq!(told.collect::<BTreeMap<_, _>>(), totals, "{name}");
        let perpetual = (closed.perpetual.algebraic.0, closed.perpetual.absolute.0);
        assert_eq!(perpetual, (sales - returns, sales + returns), "{name}");

        let mut money: BTreeMap<u32, [i64; 4]> = BTreeMap::new();
        for (_, method, received, returned) in self.money.iter().filter(|(day, ..)| within(*day)) {
            let total = money.entry(*method).or_default();
            total[0] += i64::from(*received != 0);
            total[1] += received;
            total[2] += i64::from(*returned != 0);
            total[3] += returned;
        }
        let told = closed.money.iter().map(|total| {
            let counts = [total.payments, total.refunds].map(|count| i64::try_from(count).unwrap());
            (total.method.0, [counts[0], total.received.0, counts[1], total.returned.0])
        });
        assert_eq!(told.collect::<BTreeMap<_, _>>(), money, "{name}");

        let mut prepaid = [0; 5];
        for (_, amounts) in self.prepaid.iter().filter(|(day, _)| within(*day)) {
            prepaid.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += amount);
        }
        let told = closed.prepaid;
        let told = [told.issued, told.cancelled, told.spent, told.restored, told.lapsed];
        assert_eq!(told.map(|amount| amount.0), prepaid, "{name}");
        let mut floats = [0; 4];
        for (_, amounts) in self.floats.iter().filter(|(day, _)| within(*day)) {
            floats.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += amount);
        }
        let told = closed.floats;
        let told = [told.opened, told.put_in, told.taken_out, told.differences];
        assert_eq!(told.map(|amount| amount.0), floats, "{name}");

        let records: Vec<u64> =
            self.records.iter().filter(|(day, _)| within(*day)).map(|(_, position)| *position).collect();
        assert_eq!(closed.records, records.len() as u64, "{name}");
        assert_eq!(
            (closed.first, closed.last),
            (records.first().copied(), records.last().copied()),
            "{name}"
        );
        let orders = self.orders.iter().filter(|day| within(**day)).count();
        assert_eq!(closed.orders, orders as u64, "{name}");
    }
}
