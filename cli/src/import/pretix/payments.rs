//! payments_refunds.csv: the money. Only what was received or paid out counts; days are known, times are not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;
use soticket_schema::event::v1::MethodKind;
use soticket_schema::limits::NAME_BYTES_MAX;
use soticket_schema::{Amount, Currency, Timestamp};

use super::batches::Batch;
use super::changes::code;
use super::header::{Cells, Header};
use super::labels::{Layout, Word};
use super::value;
use super::zone::Zone;
use crate::import::field;
use crate::import::identity::key;
use crate::import::plan::Explained;
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::step::{Ask, Step};
use crate::import::table::Table;

/// Name of the file and of its layout.
pub(crate) const NAME: &str = "payments_refunds";
const REQUIRED: &[&str] = &[
    "order_code",
    "payment_id",
    "created_date",
    "completed_date",
    "status_code",
    "amount",
    "provider_label",
];
/// Reason of a payment or refund that did not come about.
const NO_MONEY: &str = "no money moved: the payment or refund is not completed";
/// Reason of a payment of nothing.
const ZERO: &str = "no money moved: the amount is zero";

/// A payment or refund that was completed.
#[derive(Clone, Debug)]
pub(crate) struct Money {
    /// Where it stands.
    pub(crate) place: Place,
    /// Code of the order.
    pub(crate) order: String,
    /// Its own name, such as `PNVQP-P-1`.
    pub(crate) id: String,
    /// Whether it went back.
    pub(crate) refund: bool,
    /// The day.
    pub(crate) day: Date,
    /// How much, above zero.
    pub(crate) amount: Amount,
    /// The way of paying, in the export's own words.
    pub(crate) provider: String,
}

/// Reads the file.
///
/// # Errors
/// A column is missing: nothing of the file can be used.
pub(crate) fn read(
    table: &Table,
    slug: &str,
    currency: Currency,
    explained: &mut Vec<Explained>,
    refused: &mut Vec<Refusal>,
) -> Result<Vec<Money>, Refusal> {
    let layout = Layout::of(NAME).ok_or_else(|| Place::file(&table.file).refuse(Fault::FileUnknown, ""))?;
    let header = Header::find(table, layout, REQUIRED)?;
    let mut money = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &table.rows {
        let line = header.line(row);
        match read_row(&line, slug, currency) {
            Ok(Some(read)) if !seen.insert(read.id.clone()) => {
                refused.push(read.place.column("payment_id").refuse(Fault::Duplicate, quoted(&read.id)));
            }
            Ok(Some(read)) if read.amount == Amount::ZERO => {
                explained.push(Explained { place: read.place, reason: ZERO });
            }
            Ok(Some(read)) => money.push(read),
            Ok(None) => explained.push(Explained { place: line.place(), reason: NO_MONEY }),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok(money)
}

/// None for what was not completed. Payments are told from refunds by the middle of their names.
fn read_row(line: &Cells<'_>, slug: &str, currency: Currency) -> Result<Option<Money>, Refusal> {
    let event = line.get("event_slug");
    if !event.is_empty() && event != slug {
        let message = format!("the line is of event {}, this is {}", quoted(event), quoted(slug));
        return Err(line.place().column("event_slug").refuse(Fault::FileUnknown, message));
    }
    let order = line.read("order_code", code)?;
    let id = line.read("payment_id", |cell| field::text(cell, 64))?;
    let refund = line.read("payment_id", |cell| {
        match cell.strip_prefix(&*order).map(|rest| rest.get(..3).unwrap_or("")) {
            Some("-P-") => Ok(false),
            Some("-R-") => Ok(true),
            _ => Err(Fault::TextNotAllowed),
        }
    })?;
    let completed = match (line.get("status_code"), refund) {
        ("confirmed" | "refunded", false) | ("done", true) => true,
        ("created" | "pending" | "canceled" | "failed", _) | ("transit" | "external", true) => false,
        (other, _) => {
            return Err(line.place().column("status_code").refuse(Fault::WordUnknown, quoted(other)));
        }
    };
    if !completed {
        return Ok(None);
    }
    let amount = line.read("amount", |cell| value::signed_amount(cell, currency))?;
    let amount = if refund { -amount } else { amount };
    if amount < Amount::ZERO {
        return Err(line.place().column("amount").refuse(Fault::AmountNegative, quoted(line.get("amount"))));
    }
    let day = if line.get("completed_date").is_empty() { "created_date" } else { "completed_date" };
    Ok(Some(Money {
        place: line.place(),
        order,
        id,
        refund,
        day: line.read(day, value::date)?,
        amount,
        provider: line.read("provider_label", |cell| match field::text(cell, NAME_BYTES_MAX)? {
            text if text.is_empty() => Err(Fault::TextEmpty),
            text => Ok(text),
        })?,
    }))
}

/// The ways of paying, and the payments and refunds as steps in file order.
pub(crate) fn plan(money: &[Money], slug: &str, batches: &[Batch], zone: &Zone) -> (Vec<Step>, Vec<Step>) {
    let mut of_order: HashMap<&str, Vec<&Batch>> = HashMap::new();
    for batch in batches {
        of_order.entry(&batch.order).or_default().push(batch);
    }
    let steps = money.iter().map(|money| {
        let batches = of_order.get(money.order.as_str()).map_or(&[][..], Vec::as_slice);
        let key = key(&["import", "pretix", slug, &money.order, &money.id]);
        let legs = vec![(money.provider.clone(), money.amount)];
        let order = money.order.clone();
        let ask = if money.refund { Ask::Return { order, legs } } else { Ask::Payment { order, legs } };
        // The way of paying is called otherwise in an export in another language.
        Step::fact(vec![money.place.clone()], key, instant(money, batches, zone), ask).lenient()
    });
    (methods(money), steps.collect())
}

/// The export knows the day only: that of the order's placing or cancelling on that day, else noon, and never before
/// the order.
fn instant(money: &Money, batches: &[&Batch], zone: &Zone) -> Timestamp {
    let placed = batches.first().map(|batch| batch.at);
    let on_the_day = |batch: &&&Batch| zone.local(batch.at).is_some_and(|local| local.date() == money.day);
    let fitting = batches.iter().filter(on_the_day).find(|batch| money.refund != batch.minus.is_empty());
    let noon = || zone.instant(money.day.at(12, 0, 0, 0)).unwrap_or(Timestamp::EARLIEST);
    let instant = fitting.map_or_else(noon, |batch| batch.at);
    placed.map_or(instant, |placed| instant.max(placed))
}

fn methods(money: &[Money]) -> Vec<Step> {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for money in money {
        first.entry(&money.provider).or_insert(&money.place);
    }
    let steps = first.into_iter().map(|(name, place)| {
        let ask = Ask::Method { name: name.to_owned(), kind: method_kind(name) };
        Step::define(place.clone(), key(&["import", "method", name]), ask).lenient()
    });
    steps.collect()
}

fn method_kind(provider: &str) -> MethodKind {
    let kinds = [
        (Word::GiftCard, MethodKind::GiftCard),
        (Word::Transfer, MethodKind::Transfer),
        (Word::Card, MethodKind::Card),
        (Word::DirectDebit, MethodKind::DirectDebit),
    ];
    kinds.iter().find(|(word, _)| word.is(provider)).map_or(MethodKind::Other, |(_, kind)| *kind)
}
