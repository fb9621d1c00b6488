//! transactions.csv: every change of what is sold, in the order in which it happened. The truth for what and when.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use soticket_schema::{Amount, Currency, Rate};

use super::header::{Cells, Header};
use super::labels::{Layout, unguarded};
use super::value;
use crate::import::field;
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::table::Table;

/// Name of the file and of its layout.
pub(crate) const NAME: &str = "transactions";
/// Columns that the import cannot do without.
const REQUIRED: &[&str] = &[
    "currency",
    "order_code",
    "tx_date",
    "tx_time",
    "position_id",
    "quantity",
    "item_id",
    "item_name",
    "variation_id",
    "variation_name",
    "fee_type",
    "price",
    "tax_rate",
    "tax_value",
];
/// Most lines of one kind that one row may add or take away.
const QUANTITY_MAX: u64 = 500;
/// Longest name that is kept.
const LABEL_BYTES_MAX: usize = 190;

/// What was sold or taken back: what makes two rows the same thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Sold {
    /// What it is.
    pub(crate) what: What,
    /// The date of a series.
    pub(crate) date: Option<u64>,
    /// Unit price with VAT.
    pub(crate) price: Amount,
    /// VAT rate.
    pub(crate) rate: Rate,
    /// VAT of the unit price as pretix worked it out.
    pub(crate) tax: Amount,
}

/// What a row is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum What {
    /// An item, perhaps in a variation.
    Item {
        /// Its id.
        item: u64,
        /// Id of the variation.
        variation: Option<u64>,
        /// Name of item and variation.
        label: String,
    },
    /// A fee of the order.
    Fee {
        /// Its type, such as `service`.
        kind: String,
        /// Its internal type, or empty.
        internal: String,
    },
}

impl What {
    /// Ids of item and variation; zero for what has none.
    pub(crate) fn ids(&self) -> (u64, u64) {
        match self {
            Self::Item { item, variation, .. } => (*item, variation.unwrap_or(0)),
            Self::Fee { .. } => (0, 0),
        }
    }

    /// The name as an accounting report prints it.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Item { label, .. } => label.clone(),
            Self::Fee { kind, internal } if internal.is_empty() => format!("fee: {kind}"),
            Self::Fee { kind, internal } => format!("fee: {kind} - {internal}"),
        }
    }
}

/// One row.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Where it stands.
    pub(crate) place: Place,
    /// Code of the order.
    pub(crate) order: String,
    /// When the order was placed, in the event's zone; none when the columns are missing.
    pub(crate) placed: Option<DateTime>,
    /// When it changed, in the event's zone.
    pub(crate) at: DateTime,
    /// Number of the position within the order; none for a fee.
    pub(crate) position: Option<u64>,
    /// How many were added, or taken away when below zero.
    pub(crate) quantity: i64,
    /// What.
    pub(crate) sold: Sold,
    /// Whether pretix itself reconstructed the row from older data.
    pub(crate) reconstructed: bool,
}

/// The rows of the file, with its currency.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Currency of every amount.
    pub(crate) currency: Currency,
    /// The rows that can be read, in file order.
    pub(crate) rows: Vec<Change>,
    /// Orders with a row that cannot be read.
    pub(crate) spoiled: BTreeSet<String>,
}

/// Reads the file. Rows of other events are told apart by `slug`.
///
/// # Errors
/// A column or the currency is missing: nothing of the file can be used.
pub(crate) fn read(table: &Table, slug: &str, refused: &mut Vec<Refusal>) -> Result<Changes, Refusal> {
    let layout = Layout::of(NAME).ok_or_else(|| Place::file(&table.file).refuse(Fault::FileUnknown, ""))?;
    let header = Header::find(table, layout, REQUIRED)?;
    let mut changes = Changes { currency: currency(table, &header)?, ..Changes::default() };
    // Which cell of a line that falls apart is the order's code is unknown: an order that one of them names is in doubt.
    changes.spoiled.extend(table.spoiled.iter().filter_map(|cell| code(cell).ok()));
    for row in &table.rows {
        let line = header.line(row);
        match read_row(&line, slug, changes.currency) {
            Ok(change) => changes.rows.push(change),
            Err(refusal) => {
                changes.spoiled.extend(code(line.get("order_code")));
                refused.push(refusal);
            }
        }
    }
    Ok(changes)
}

/// The currency that the first row names; a file without rows has none to get wrong.
fn currency(table: &Table, header: &Header) -> Result<Currency, Refusal> {
    let Some(row) = table.rows.first() else { return Ok(Currency::EUR) };
    let line = header.line(row);
    let code = line.get("currency");
    Currency::from_code(code).ok_or_else(|| {
        let message = format!("{} is no currency of the ledger", quoted(code));
        line.place().column("currency").refuse(Fault::WordUnknown, message)
    })
}

fn read_row(line: &Cells<'_>, slug: &str, currency: Currency) -> Result<Change, Refusal> {
    if line.get("currency") != currency.code() {
        let message = format!("{}, the lines before are in {currency}", quoted(line.get("currency")));
        return Err(line.place().column("currency").refuse(Fault::WordUnknown, message));
    }
    // Columns of the event's name and short name share a label in some languages: either may hold the short name.
    let ours = [line.get("event_slug"), line.get("event_name")].contains(&slug);
    if !line.get("event_slug").is_empty() && !ours {
        let message =
            format!("the line is of event {}, this is {}", quoted(line.get("event_slug")), quoted(slug));
        return Err(line.place().column("event_slug").refuse(Fault::FileUnknown, message));
    }
    let order = line.read("order_code", code)?;
    let at = line.read("tx_date", value::date)?.to_datetime(line.read("tx_time", value::time)?);
    let placed = value::date(line.get("order_date")).ok().zip(value::time(line.get("order_time")).ok());
    let quantity = line.read("quantity", value::integer)?;
    if quantity == 0 || quantity.unsigned_abs() > QUANTITY_MAX {
        return Err(line
            .place()
            .column("quantity")
            .refuse(Fault::NumberUnreadable, quoted(line.get("quantity"))));
    }
    Ok(Change {
        place: line.place(),
        order,
        placed: placed.map(|(date, time)| date.to_datetime(time)),
        at,
        position: line.read("position_id", value::optional_id)?,
        quantity,
        sold: read_sold(line, currency)?,
        reconstructed: !line.get("old_data").is_empty(),
    })
}

fn read_sold(line: &Cells<'_>, currency: Currency) -> Result<Sold, Refusal> {
    let price = line.read("price", |cell| value::signed_amount(cell, currency))?;
    let tax = line.read("tax_value", |cell| value::signed_amount(cell, currency))?;
    let item = line.read("item_id", value::optional_id)?;
    let what = match item {
        Some(item) => What::Item {
            item,
            variation: line.read("variation_id", value::optional_id)?,
            label: item_label(item, line.get("item_name"), line.get("variation_name")),
        },
        None => What::Fee {
            kind: line.read("fee_type", |cell| named(cell, 20))?,
            internal: label(line.get("fee_internal_type"), LABEL_BYTES_MAX),
        },
    };
    Ok(Sold {
        what,
        date: line.read("subevent_id", value::optional_id)?,
        price,
        rate: line.read("tax_rate", value::percent)?,
        tax,
    })
}

/// `Item - Variation`, cut to what a name may be; the id where there is no name.
fn item_label(id: u64, item: &str, variation: &str) -> String {
    let item = label(item, LABEL_BYTES_MAX);
    let item = if item.is_empty() { format!("item {id}") } else { item };
    if variation.is_empty() || variation == "None" {
        item
    } else {
        label(&format!("{item} - {}", unguarded(variation)), LABEL_BYTES_MAX)
    }
}

/// A text without control characters, cut to `limit` bytes: names are for reading, and other systems allow longer ones.
pub(crate) fn label(text: &str, limit: usize) -> String {
    let mut label: String = unguarded(text).chars().filter(|c| !c.is_control()).collect();
    let mut end = limit.min(label.len());
    while !label.is_char_boundary(end) {
        end -= 1;
    }
    label.truncate(end);
    label.trim().to_owned()
}

/// A code of an order: capital letters and digits.
pub(crate) fn code(text: &str) -> Result<String, Fault> {
    let plain = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if text.is_empty() {
        Err(Fault::TextEmpty)
    } else if plain && text.len() <= 16 {
        Ok(text.to_owned())
    } else {
        Err(Fault::TextNotAllowed)
    }
}

fn named(text: &str, limit: usize) -> Result<String, Fault> {
    match field::text(text, limit)? {
        text if text.is_empty() => Err(Fault::TextEmpty),
        text => Ok(text),
    }
}
