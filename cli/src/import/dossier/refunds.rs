//! refunds.csv: tickets that were cancelled, with the money that went back.

use std::collections::{BTreeMap, BTreeSet};

use soticket_schema::Amount;
use soticket_schema::event::v1::ReportSource;

use super::description::Description;
use super::sales::Sold;
use super::source::Source;
use super::words;
use crate::import::columns::{Columns, Line};
use crate::import::field;
use crate::import::identity::key;
use crate::import::refusal::{Fault, Refusal, quoted};
use crate::import::step::{Ask, Cancel, Part, Step};
use crate::import::table::Table;

/// Name of the file.
pub(crate) const FILE: &str = "refunds.csv";
/// Columns that must be there.
pub(crate) const REQUIRED: &[&str] = &["ticket", "order", "refunded_at", "amount", "fee_refunded"];
/// Columns that may be there.
pub(crate) const OPTIONAL: &[&str] = &["reason"];
/// Longest reason that is looked at.
const REASON_BYTES_MAX: usize = 500;

/// The steps of the file, in file order.
pub(crate) fn plan(
    description: &Description,
    sold: &BTreeMap<String, Sold>,
    table: &Table,
    source: &mut Source,
) -> Vec<Step> {
    let Some(columns) = source.take(Columns::find(table, REQUIRED, OPTIONAL)) else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut steps = Vec::new();
    for row in &table.rows {
        let line = columns.line(row);
        if !seen.insert(line.cell("ticket").to_owned()) {
            source.refused.push(line.refuse("ticket", Fault::Duplicate, "the ticket is refunded twice"));
            continue;
        }
        steps.extend(source.take(read(description, sold, &line)));
    }
    steps
}

fn read(description: &Description, sold: &BTreeMap<String, Sold>, line: &Line<'_>) -> Result<Step, Refusal> {
    let currency = description.currency();
    let name = line.cell("ticket");
    let sold = sold.get(name).ok_or_else(|| {
        let message = format!("no line of sales.csv that was taken sells {}", quoted(name));
        line.refuse("ticket", Fault::TicketUnknown, message)
    })?;
    if sold.order != line.cell("order") {
        let message = format!("the ticket belongs to order {}", quoted(&sold.order));
        return Err(line.refuse("order", Fault::TicketUnknown, message));
    }
    let at = line.time("refunded_at")?;
    if at < sold.at {
        return Err(line.refuse("refunded_at", Fault::TimeOrder, format!("it was sold at {}", sold.at)));
    }
    let amount = line.amount("amount", currency)?;
    let fee_refunded = line.amount("fee_refunded", currency)?;
    if fee_refunded != Amount::ZERO && fee_refunded != sold.ticket.fee {
        let message =
            format!("the fee is {}: it goes back whole or not at all", sold.ticket.fee.display(currency));
        return Err(line.refuse("fee_refunded", Fault::PaymentMismatch, message));
    }
    let refund = returned(&sold.paid, amount + fee_refunded).ok_or_else(|| {
        line.refuse("amount", Fault::PaymentMismatch, "more goes back than was paid for the ticket")
    })?;
    let reason = line.read("reason", |cell| field::text(cell, REASON_BYTES_MAX))?;
    let cancel = Cancel {
        source: if sold.network { ReportSource::Network } else { ReportSource::Import },
        order: sold.order.clone(),
        tickets: vec![(name.to_owned(), fee_refunded < sold.ticket.fee)],
        items: Vec::new(),
        reason: words::cancel_reason(&reason),
        refund,
    };
    let key = key(&["import", "refund", &description.show.name, name]);
    Ok(Step::fact(vec![line.place()], key, at, Ask::Cancel(cancel)))
}

/// `amount` by the ways in which the ticket was paid, the last way first: change of a split payment is given in it.
fn returned(paid: &[Part], amount: Amount) -> Option<Vec<Part>> {
    let mut left = amount;
    let mut parts = Vec::new();
    for (method, paid) in paid.iter().rev() {
        let part = (*paid).min(left);
        if part > Amount::ZERO {
            parts.push((method.clone(), part));
            left -= part;
        }
    }
    (left == Amount::ZERO).then_some(parts)
}
