//! sales.csv: one line per ticket. The lines of an order become one sale.

use std::collections::{BTreeMap, BTreeSet};

use soticket_schema::command::{CodeText, Person};
use soticket_schema::event::v1::{ChannelKind, CompReason, ReportSource, Symbology, TariffKind};
use soticket_schema::limits::{CODE_BYTES_MAX, PERSONAL_BYTES_MAX};
use soticket_schema::{Amount, Timestamp};

use super::description::Description;
use super::source::Source;
use super::tariff::Tariff;
use super::{payment, words};
use crate::import::columns::{Columns, Line};
use crate::import::field;
use crate::import::identity::key;
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::step::{Ask, Part, Sale, Step, Ticket};
use crate::import::table::Table;

/// Name of the file.
pub(crate) const FILE: &str = "sales.csv";
/// Columns that must be there.
pub(crate) const REQUIRED: &[&str] =
    &["ticket", "order", "sold_at", "channel", "tariff", "price", "fee_on_top", "payment"];
/// Columns that may be there.
pub(crate) const OPTIONAL: &[&str] = &["seller", "zone", "buyer", "pack", "seat"];

/// A line that was read: one ticket of an order.
#[derive(Clone, Debug)]
pub(crate) struct Sold {
    /// Where it stands.
    pub(crate) place: Place,
    /// Number of the order.
    pub(crate) order: String,
    /// When.
    pub(crate) at: Timestamp,
    /// Where it was sold.
    pub(crate) channel: String,
    /// Whether a network sold it.
    pub(crate) network: bool,
    /// Till or point of sale.
    seller: String,
    /// E-mail of the buyer, or empty.
    buyer: String,
    /// The ticket.
    pub(crate) ticket: Ticket,
    /// How price and fee were paid.
    pub(crate) paid: Vec<Part>,
}

/// The steps of the file, by order of first appearance, and the tickets that they sell.
pub(crate) fn plan(
    description: &Description,
    table: &Table,
    source: &mut Source,
) -> (Vec<Step>, BTreeMap<String, Sold>) {
    let Some(columns) = source.take(Columns::find(table, REQUIRED, OPTIONAL)) else {
        return Default::default();
    };
    let lines = read_all(description, table, &columns, source);
    let orders = by_order(lines, source);
    let mut steps = Vec::new();
    let mut sold = BTreeMap::new();
    for lines in &orders {
        steps.extend(order_steps(description, lines));
        sold.extend(lines.iter().map(|line| (line.ticket.name.clone(), line.clone())));
    }
    (steps, sold)
}

/// Reads every line. An order of which a line cannot be read is refused whole: half an order could not be completed
/// later, because what is recorded stays as it is.
fn read_all(description: &Description, table: &Table, columns: &Columns, source: &mut Source) -> Vec<Sold> {
    let mut tickets: BTreeMap<String, String> = BTreeMap::new();
    let mut broken: BTreeSet<String> = BTreeSet::new();
    let mut lines = Vec::new();
    for row in &table.rows {
        let line = columns.line(row);
        let order = line.cell("order").to_owned();
        let ticket = line.cell("ticket");
        if let Some(owner) = tickets.get(ticket).filter(|_| !ticket.is_empty()) {
            source.refused.push(line.refuse("ticket", Fault::Duplicate, quoted(ticket)));
            // The same line twice leaves its order whole; another order without this ticket is not.
            if *owner != order {
                broken.insert(order);
            }
            continue;
        }
        tickets.insert(ticket.to_owned(), order.clone());
        match read(description, &line) {
            Ok(sold) => lines.push(sold),
            Err(refusal) => {
                source.refused.push(refusal);
                broken.insert(order);
            }
        }
    }
    let (whole, incomplete): (Vec<Sold>, Vec<Sold>) =
        lines.into_iter().partition(|line| !broken.contains(&line.order));
    source.refused.extend(incomplete.iter().map(|line| {
        line.place.refuse(Fault::OrderIncomplete, format!("another line of order {}", quoted(&line.order)))
    }));
    whole
}

fn read(description: &Description, line: &Line<'_>) -> Result<Sold, Refusal> {
    let currency = description.currency();
    let name = line.read("ticket", |cell| match field::text(cell, CODE_BYTES_MAX)? {
        text if text.is_empty() => Err(Fault::TextEmpty),
        text => Ok(text),
    })?;
    let order = line.reference("order")?;
    let at = line.time("sold_at")?;
    let channel_name = line.cell("channel");
    let channel = description
        .channel(channel_name)
        .ok_or_else(|| line.refuse("channel", Fault::ChannelUnknown, quoted(channel_name)))?;
    let (tariff, comp) = tariff(description, line)?;
    let zone = description
        .zone(line.cell("zone"))
        .ok_or_else(|| line.refuse("zone", Fault::ZoneUnknown, quoted(line.cell("zone"))))?;
    let seat = seat(line, &zone.seats)?;
    let price = line.amount("price", currency)?;
    let fee = line.amount("fee_on_top", currency)?;
    if tariff.kind == TariffKind::Free && price != Amount::ZERO {
        return Err(line.refuse("price", Fault::CompReasonInvalid, "a free ticket has no price"));
    }
    if tariff.pack.is_none() && !line.cell("pack").is_empty() {
        return Err(line.refuse("pack", Fault::PackUnexpected, quoted(line.cell("pack"))));
    }
    let paid = line.read("payment", |cell| payment::parse(cell, price + fee, currency))?;
    let ticket = Ticket {
        codes: vec![CodeText { text: name.clone(), symbology: Symbology::Unknown }],
        name,
        show: description.show.name.clone(),
        zone: zone.id.clone(),
        seat,
        unseated: None,
        tariff: tariff.id.clone(),
        price,
        fee,
        vat: tariff.vat,
        stated_vat: None,
        fee_vat: channel.fee_vat,
        pack: tariff.pack,
        comp,
        replaces: None,
    };
    Ok(Sold {
        place: line.place(),
        order,
        at,
        channel: channel.name.clone(),
        network: channel.kind == ChannelKind::Network,
        seller: line.optional("seller")?,
        buyer: line.read("buyer", |cell| field::text(cell, PERSONAL_BYTES_MAX))?,
        ticket,
        paid,
    })
}

/// `exonere:artiste` is the free tariff `exonere` with a reason.
fn tariff<'a>(
    description: &'a Description,
    line: &Line<'_>,
) -> Result<(&'a Tariff, Option<CompReason>), Refusal> {
    let cell = line.cell("tariff");
    let (name, reason) = cell.split_once(':').map_or((cell, None), |(name, reason)| (name, Some(reason)));
    let tariff =
        description.tariff(name).ok_or_else(|| line.refuse("tariff", Fault::TariffUnknown, quoted(cell)))?;
    let reason = reason.map(|reason| {
        words::COMP_REASONS
            .iter()
            .find(|(word, known)| *word == reason && tariff.reasons.contains(known))
            .map(|(_, known)| *known)
            .ok_or_else(|| line.refuse("tariff", Fault::CompReasonInvalid, quoted(cell)))
    });
    let reason = reason.transpose()?;
    if reason.is_some() == (tariff.kind == TariffKind::Free) {
        Ok((tariff, reason))
    } else {
        Err(line.refuse("tariff", Fault::CompReasonInvalid, quoted(cell)))
    }
}

/// A seat where they are numbered, none where they are not.
fn seat(line: &Line<'_>, seats: &BTreeSet<String>) -> Result<Option<String>, Refusal> {
    let label = line.cell("seat");
    if label.is_empty() && seats.is_empty() {
        Ok(None)
    } else if seats.contains(label) {
        Ok(Some(label.to_owned()))
    } else {
        Err(line.refuse("seat", Fault::SeatUnknown, quoted(label)))
    }
}

/// Lines by order, in order of first appearance; orders whose lines contradict each other are refused whole.
fn by_order(lines: Vec<Sold>, source: &mut Source) -> Vec<Vec<Sold>> {
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    let mut orders: Vec<Vec<Sold>> = Vec::new();
    for line in lines {
        let next = orders.len();
        match orders.get_mut(*index.entry(line.order.clone()).or_insert(next)) {
            Some(order) => order.push(line),
            None => orders.push(vec![line]),
        }
    }
    let (agreed, mixed): (Vec<_>, Vec<_>) =
        orders.into_iter().partition(|order| contradiction(order).is_none());
    for order in mixed {
        let column = contradiction(&order).unwrap_or_default();
        source.refused.extend(order.iter().map(|line| {
            let message = format!("the lines of order {} differ", quoted(&line.order));
            line.place.column(column).refuse(Fault::OrderMixed, message)
        }));
    }
    agreed
}

/// The column in which lines of one order contradict each other. Times may differ: lines are added to orders.
fn contradiction(lines: &[Sold]) -> Option<&'static str> {
    let differs = |value: fn(&Sold) -> &str| lines.windows(2).any(|pair| value(&pair[0]) != value(&pair[1]));
    if differs(|line| &line.channel) {
        Some("channel")
    } else if differs(|line| &line.seller) {
        Some("seller")
    } else if differs(|line| &line.buyer) {
        Some("buyer")
    } else {
        None
    }
}

/// One sale per instant: the first places the order, later ones add to it.
fn order_steps(description: &Description, lines: &[Sold]) -> Vec<Step> {
    let mut instants: BTreeMap<Timestamp, Vec<&Sold>> = BTreeMap::new();
    for line in lines {
        instants.entry(line.at).or_default().push(line);
    }
    let show = description.show.name.as_str();
    let steps = instants.into_iter().enumerate().filter_map(|(index, (at, lines))| {
        let first = lines.first()?;
        let at_text = at.to_string();
        let mut names = vec!["import", "sale", show, first.order.as_str()];
        if index > 0 {
            names.push(&at_text);
        }
        let places = lines.iter().map(|line| line.place.clone()).collect();
        Some(Step::fact(places, key(&names), at, Ask::Sale(sale(first, &lines, index > 0))))
    });
    steps.collect()
}

fn sale(first: &Sold, lines: &[&Sold], extends: bool) -> Sale {
    let buyer = (!first.buyer.is_empty()).then(|| Person { email: first.buyer.clone(), ..Person::default() });
    Sale {
        source: if first.network { ReportSource::Network } else { ReportSource::Import },
        order: first.order.clone(),
        extends,
        channel: first.channel.clone(),
        seller: first.seller.clone(),
        buyer,
        tickets: lines.iter().map(|line| line.ticket.clone()).collect(),
        items: Vec::new(),
        payment: payment::merge(lines.iter().flat_map(|line| line.paid.iter().cloned())),
    }
}
