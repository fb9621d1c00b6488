//! checkinlog.csv: what the gates saw. A scan is a fact, also of a cancelled or unknown ticket.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use soticket_schema::Timestamp;
use soticket_schema::event::v1::{ActorKind, Direction, GateDecision};
use soticket_schema::limits::{CODE_BYTES_MAX, NAME_BYTES_MAX, REFERENCE_BYTES_MAX};

use super::changes::{self, Change};
use super::clock::{self, DayOrder};
use super::header::{Cells, Header};
use super::labels::{Layout, Word, unguarded};
use super::lines::show_name;
use super::orders::Event;
use super::value;
use super::zone::Zone;
use crate::import::field;
use crate::import::identity::{key, nonce};
use crate::import::refusal::{Fault, Place, Refusal, quoted};
use crate::import::step::{Ask, Name, Scan, Step};
use crate::import::table::{Row, Table};

/// Name of the file and of its layout.
pub(crate) const NAME: &str = "checkinlog";
const REQUIRED: &[&str] = &["date", "time", "scan_type", "order_code", "position_id", "secret", "result"];
/// Gate or device of a scan that names none.
const UNNAMED: &str = "unnamed";

/// What is needed to tell which show a scan is of.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    /// The event.
    pub(crate) event: &'a Event,
    /// Its zone.
    pub(crate) zone: &'a Zone,
    /// Date of the series by order and position.
    dates: HashMap<(&'a str, u64), Option<u64>>,
    /// Order and position by ticket code.
    secrets: HashMap<&'a str, (&'a str, u64)>,
}

impl<'a> Context<'a> {
    /// Looks through the rows and orders once.
    pub(crate) fn new(event: &'a Event, zone: &'a Zone, rows: &'a [Change]) -> Self {
        let mut dates = HashMap::new();
        let mut secrets = HashMap::new();
        for (code, order) in &event.orders {
            for (number, position) in &order.positions {
                dates.insert((code.as_str(), *number), position.date);
                secrets.insert(position.secret.as_str(), (code.as_str(), *number));
            }
        }
        for row in rows {
            if let Some(position) = row.position {
                dates.insert((row.order.as_str(), position), row.sold.date);
            }
        }
        Self { event, zone, dates, secrets }
    }

    /// The show of a scan: that of its ticket, else the one that begins nearest to it.
    fn show(&self, order: &str, position: Option<u64>, code: &str, at: Timestamp) -> Name {
        let named = position.and_then(|position| self.dates.get(&(order, position)));
        let by_code = || self.secrets.get(code).and_then(|found| self.dates.get(found));
        let date = match named.or_else(by_code) {
            Some(date) => *date,
            None => {
                let nearest = self.event.dates.iter().min_by_key(|date| (date.from.0 - at.0).abs());
                nearest.map(|date| date.id)
            }
        };
        show_name(&self.event.slug, date)
    }

    /// The code of a ticket that the log does not give.
    fn secret(&self, order: &str, position: u64) -> Option<&str> {
        let position = self.event.orders.get(order)?.positions.get(&position)?;
        Some(position.secret.as_str()).filter(|secret| !secret.is_empty())
    }
}

/// Steps of real scans, steps of scans of test orders, and lines that change nothing.
type Scans = (Vec<Step>, Vec<Step>, Vec<Place>);

/// The gates and devices that the log names, then its scans in file order.
///
/// # Errors
/// A column is missing: nothing of the file can be used.
pub(crate) fn plan(
    table: &Table,
    context: &Context<'_>,
    tests: &dyn Fn(&str) -> bool,
    refused: &mut Vec<Refusal>,
) -> Result<Scans, Refusal> {
    let layout = Layout::of(NAME).ok_or_else(|| Place::file(&table.file).refuse(Fault::FileUnknown, ""))?;
    let header = Header::find(table, layout, REQUIRED)?;
    let order = day_order(&header, &table.rows);
    let mut repeats: BTreeMap<String, u32> = BTreeMap::new();
    let (mut steps, mut tested) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let line = header.line(row);
        if tests(line.get("order_code")) {
            tested.push(line.place());
            continue;
        }
        match read(&line, context, order, &mut repeats) {
            Ok(step) => steps.push(step),
            Err(refusal) => refused.push(refusal),
        }
    }
    Ok((definitions(&steps), steps, tested))
}

fn day_order(header: &Header, rows: &[Row]) -> DayOrder {
    let cells = rows.iter().map(|row| (header.line(row).get("date"), header.line(row).get("time")));
    clock::day_order(cells)
}

fn read(
    line: &Cells<'_>,
    context: &Context<'_>,
    order: DayOrder,
    repeats: &mut BTreeMap<String, u32>,
) -> Result<Step, Refusal> {
    let date = line.read("date", |cell| clock::date(cell, order).ok_or(Fault::TimeUnreadable))?;
    let time = line.read("time", |cell| clock::time(cell).ok_or(Fault::TimeUnreadable))?;
    let at =
        context.zone.instant(date.to_datetime(time)).filter(|at| at.is_plausible()).ok_or_else(|| {
            line.place().column("date").refuse(Fault::TimeUnreadable, quoted(line.get("date")))
        })?;
    let direction = direction(line)?;
    let position = line.read("position_id", value::optional_id)?;
    let order_code = line.get("order_code");
    let code = code(line, context, order_code, position)?;
    let gate = label(line, &["gate", "list"], NAME_BYTES_MAX);
    let device = label(line, &["device"], REFERENCE_BYTES_MAX);
    let offline = Word::Yes.is(line.get("offline"));
    let admitted = Word::Ok.is(line.get("result"));
    // pretix does not export a number of the scan, and no seconds: equal lines are counted.
    let at_text = at.to_string();
    let slug = context.event.slug.as_str();
    let way = if direction == Direction::Exit { "exit" } else { "entry" };
    let identity = [slug, &device, &gate, &code, &at_text, line.get("list"), way];
    let repeat = repeats.entry(key(&identity)).or_default();
    let number = nonce(&[identity.as_slice(), &[&repeat.to_string()]].concat());
    *repeat += 1;
    let key = key(&["import", "pretix", slug, "scan", &device, &number.to_string()]);
    let scan = Scan {
        show: context.show(order_code, position, &code, at),
        code,
        gate,
        device,
        nonce: number,
        direction,
        offline,
        decision: if admitted { GateDecision::Admitted } else { GateDecision::Refused },
    };
    // A later export may name another show for the same scan, after a change of date: what was recorded stays.
    Ok(Step::fact(vec![line.place()], key, at, Ask::Scan(scan)).lenient())
}

fn direction(line: &Cells<'_>) -> Result<Direction, Refusal> {
    let cell = line.get("scan_type");
    if Word::Entry.is(cell) {
        Ok(Direction::Entry)
    } else if Word::Exit.is(cell) {
        Ok(Direction::Exit)
    } else {
        let message = format!("{} is neither entry nor exit", quoted(cell));
        Err(line.place().column("scan_type").refuse(Fault::WordUnknown, message))
    }
}

/// The code as it was read, else the code of the ticket that the line names.
fn code(
    line: &Cells<'_>,
    context: &Context<'_>,
    order: &str,
    position: Option<u64>,
) -> Result<String, Refusal> {
    let read = line.read("secret", |cell| field::text(&unguarded(cell), CODE_BYTES_MAX))?;
    if !read.is_empty() {
        return Ok(read);
    }
    let known = position.and_then(|position| context.secret(order, position));
    known
        .map(str::to_owned)
        .ok_or_else(|| line.place().column("secret").refuse(Fault::TextEmpty, "no ticket code is known"))
}

/// The first of these columns that says something.
fn label(line: &Cells<'_>, columns: &[&str], limit: usize) -> Name {
    let labels = columns.iter().map(|column| changes::label(line.get(column), limit));
    labels.into_iter().find(|label| !label.is_empty()).unwrap_or_else(|| UNNAMED.to_owned())
}

fn definitions(steps: &[Step]) -> Vec<Step> {
    let mut known = BTreeSet::new();
    let mut definitions = Vec::new();
    for step in steps {
        let (Ask::Scan(scan), Some(place)) = (&step.ask, step.places.first()) else { continue };
        if known.insert(("gate", scan.gate.clone())) {
            let ask = Ask::Gate { name: scan.gate.clone() };
            definitions.push(Step::define(place.clone(), key(&["import", "gate", &scan.gate]), ask));
        }
        if known.insert(("device", scan.device.clone())) {
            let ask = Ask::Actor { name: scan.device.clone(), kind: ActorKind::Device };
            definitions.push(Step::define(place.clone(), key(&["import", "device", &scan.device]), ask));
        }
    }
    definitions
}
