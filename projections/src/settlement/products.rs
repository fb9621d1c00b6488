//! The organisation's money and its products report over all shows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use soticket_schema::event::v1::ItemKind;
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, Rate};

use super::Settlement;
use super::view::{ItemTotal, OrganisationSettlement, ProductRow, ProductRowKind};

/// Rows by kind, then name, price from high to low, and rate.
#[derive(Default)]
struct Report(BTreeMap<RowKey, (u64, Taxed)>);

type RowKey = (ProductRowKind, String, Reverse<Amount>, Rate);

impl Report {
    fn add(
        &mut self,
        kind: ProductRowKind,
        name: &str,
        price: Amount,
        rate: Rate,
        number: u64,
        taxed: Taxed,
    ) {
        let row = self.0.entry((kind, name.to_owned(), Reverse(price), rate)).or_default();
        row.0 = row.0.saturating_add(number);
        row.1 = row.1 + taxed;
    }

    fn add_item(&mut self, item: &ItemTotal) {
        let kind = match item.kind {
            ItemKind::Product(_) => ProductRowKind::Product,
            ItemKind::Fee(fee) => ProductRowKind::Fee(fee),
        };
        self.add(kind, &item.name, item.price, item.rate, item.net, item.taxed);
    }

    fn rows(self) -> Vec<ProductRow> {
        let rows = self.0.into_iter().filter(|(_, (number, _))| *number > 0);
        let rows = rows.map(|((kind, name, price, rate), (number, taxed))| ProductRow {
            kind,
            name,
            price: price.0,
            rate,
            number,
            taxed,
        });
        rows.collect()
    }
}

impl Settlement {
    /// Money of all orders, the open balance and the products report. Reads every show.
    pub fn organisation(&self) -> OrganisationSettlement {
        let money = self.own.money.view();
        let paid: Amount = money.iter().map(|method| method.paid).sum();
        let returned: Amount = money.iter().map(|method| method.returned).sum();
        OrganisationSettlement {
            currency: self.own.currency,
            money,
            paid,
            returned,
            orders: self.own.orders,
            open: self.own.orders - paid + returned,
            products: self.products(),
        }
    }

    fn products(&self) -> Vec<ProductRow> {
        let mut report = Report::default();
        for item in self.own.items.view(self.own.rounding, &self.own.products) {
            report.add_item(&item);
        }
        for (_, show) in self.shows.sorted() {
            for line in show.statement_lines() {
                let (price, rate, net) = (line.price, line.rate, line.net);
                report.add(ProductRowKind::Tariff, &line.tariff_name, price, rate, net, line.taxed);
            }
            for item in show.items.view(show.rounding, &self.own.products) {
                report.add_item(&item);
            }
            for fee in show.fee_totals() {
                let kind = ProductRowKind::FeeOnTop(fee.channel);
                report.add(kind, "", fee.price, fee.rate, fee.tickets, fee.taxed);
            }
        }
        report.rows()
    }
}
