//! The box-office statement, made from a show's receipts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use soticket_schema::event::v1::{CompReason, TariffKind};
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, ProductId, Rate, Rounding, ShowId};

use super::receipts::{Line, LineKey, Receipts};
use super::tax;
use super::view::{FeeTotal, FreeTickets, SettlementLine, SettlementTotal, ShowSettlement, VatTotal};

impl Receipts {
    pub(super) fn statement(&self, show: ShowId, names: &BTreeMap<ProductId, String>) -> ShowSettlement {
        let (lines, free_lines): (Vec<_>, Vec<_>) =
            self.statement_lines().into_iter().partition(|line| line.price != Amount::ZERO);
        let (paid, free) = (total(&lines), total(&free_lines));
        ShowSettlement {
            show,
            currency: self.currency,
            rounding: self.rounding,
            authorised_capacity: u64::from(self.authorised_capacity),
            free_by_reason: by_reason(&free_lines),
            vat: by_rate(&lines),
            lines,
            free_lines,
            paid,
            free,
            entries: paid.net.saturating_add(free.net),
            fees: self.fee_totals(),
            items: self.items.view(self.rounding, names),
            money: self.money.view(),
            commissions: self.commissions.view(),
            over_cap: self.commissions.over_cap,
            other_fee: self.commissions.other_fee,
        }
    }

    /// All lines in the order of the statement, rounded by the show's policy.
    pub(super) fn statement_lines(&self) -> Vec<SettlementLine> {
        let mut lines: BTreeMap<_, SettlementLine> = BTreeMap::new();
        for (key, line) in self.lines.iter().filter(|(_, line)| line.issued > 0) {
            let shown = lines.entry(self.place(key)).or_insert_with(|| self.empty_line(key));
            shown.add(key, line);
        }
        let mut lines: Vec<SettlementLine> = lines.into_values().collect();
        let by_order = lines.iter_mut().filter(|line| self.commissions.is_by_order(line.channel));
        by_order.for_each(|line| line.charged = line.net);
        if self.rounding == Rounding::Document {
            tax::round_on_document(&mut lines, |line| (line.rate, &mut line.taxed));
        }
        lines
    }

    /// Where a line stands: tariffs in the order of their definition, then zone, channel and price from high to low.
    fn place(&self, key: &LineKey) -> impl Ord + use<> {
        let tariff = self.tariffs.iter().position(|(known, _)| *known == key.tariff).unwrap_or(usize::MAX);
        let zone = self.zones.iter().position(|known| *known == key.zone).unwrap_or(usize::MAX);
        (
            (tariff, key.tariff),
            (zone, key.zone),
            key.channel,
            Reverse(key.price),
            Reverse(key.rate),
            key.reason,
        )
    }

    fn empty_line(&self, key: &LineKey) -> SettlementLine {
        let name = self.tariffs.iter().find(|(known, _)| *known == key.tariff);
        SettlementLine {
            tariff: key.tariff,
            tariff_name: name.map(|(_, name)| name.clone()).unwrap_or_default(),
            tariff_kind: self.kinds.get(&key.tariff).copied().unwrap_or(TariffKind::Full),
            zone: key.zone,
            channel: key.channel,
            price: key.price,
            rate: key.rate,
            reason: key.reason,
            first_serial: 0,
            last_serial: 0,
            issued: 0,
            cancelled: 0,
            net: 0,
            charged: 0,
            taxed: Taxed::default(),
        }
    }

    /// Kept fees by channel, rate and unit fee.
    pub(super) fn fee_totals(&self) -> Vec<FeeTotal> {
        let kept = self.fees.iter().filter(|(_, fees)| fees.kept > 0);
        let totals = kept.map(|(key, fees)| FeeTotal {
            channel: key.channel,
            rate: key.rate,
            price: key.amount,
            tickets: fees.kept,
            taxed: tax::of_units(key.amount, key.rate, None, fees.kept),
        });
        let mut totals: Vec<FeeTotal> = totals.collect();
        totals.sort_unstable_by_key(|total| (total.channel, total.rate, Reverse(total.price)));
        if self.rounding == Rounding::Document {
            tax::round_on_document(&mut totals, |total| (total.rate, &mut total.taxed));
        }
        totals
    }
}

impl SettlementLine {
    /// Face prices of the tickets that the terms under which the channel was opened count for.
    pub fn under_own_terms(&self) -> Amount {
        self.price.times(i64::try_from(self.net.saturating_sub(self.charged)).unwrap_or(i64::MAX))
    }

    fn add(&mut self, key: &LineKey, line: &Line) {
        let net = line.issued.saturating_sub(line.cancelled);
        let first = self.first_serial;
        self.first_serial = if first == 0 { line.first_serial } else { first.min(line.first_serial) };
        self.last_serial = self.last_serial.max(line.last_serial);
        self.issued += line.issued;
        self.cancelled += line.cancelled;
        self.net += net;
        self.charged += line.charged;
        self.taxed = self.taxed + tax::of_units(key.price, key.rate, key.stated_vat, net);
    }
}

fn total(lines: &[SettlementLine]) -> SettlementTotal {
    lines.iter().fold(SettlementTotal::default(), |total, line| SettlementTotal {
        issued: total.issued + line.issued,
        cancelled: total.cancelled + line.cancelled,
        net: total.net + line.net,
        taxed: total.taxed + line.taxed,
    })
}

fn by_rate(lines: &[SettlementLine]) -> Vec<VatTotal> {
    let mut rates: BTreeMap<Rate, Taxed> = BTreeMap::new();
    for line in lines {
        let taxed = rates.entry(line.rate).or_default();
        *taxed = *taxed + line.taxed;
    }
    rates.into_iter().map(|(rate, taxed)| VatTotal { rate, taxed }).collect()
}

fn by_reason(lines: &[SettlementLine]) -> Vec<FreeTickets> {
    let mut reasons: BTreeMap<Option<CompReason>, FreeTickets> = BTreeMap::new();
    for line in lines {
        let free = FreeTickets { reason: line.reason, issued: 0, cancelled: 0, net: 0 };
        let free = reasons.entry(line.reason).or_insert(free);
        free.issued += line.issued;
        free.cancelled += line.cancelled;
        free.net += line.net;
    }
    reasons.into_values().collect()
}
