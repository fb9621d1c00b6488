//! scans.csv: what the gates saw. A scan is a fact, whatever its code: unknown and cancelled tickets are recorded too.

use std::collections::{BTreeMap, BTreeSet};

use soticket_schema::event::v1::{ActorKind, GateDecision};
use soticket_schema::limits::CODE_BYTES_MAX;

use super::description::Description;
use super::source::Source;
use super::words;
use crate::import::columns::{Columns, Line};
use crate::import::field;
use crate::import::identity::{key, nonce};
use crate::import::refusal::{Fault, Refusal};
use crate::import::step::{Ask, Scan, Step};
use crate::import::table::Table;

/// Name of the file.
pub(crate) const FILE: &str = "scans.csv";
/// Columns that must be there.
pub(crate) const REQUIRED: &[&str] = &["code", "gate", "device", "scanned_at", "direction"];
/// Columns that may be there.
pub(crate) const OPTIONAL: &[&str] = &["offline"];

/// The gates and devices that the file names, then its steps in file order.
pub(crate) fn plan(description: &Description, table: &Table, source: &mut Source) -> (Vec<Step>, Vec<Step>) {
    let Some(columns) = source.take(Columns::find(table, REQUIRED, OPTIONAL)) else {
        return Default::default();
    };
    let mut repeats: BTreeMap<String, u32> = BTreeMap::new();
    let mut steps = Vec::new();
    for row in &table.rows {
        steps.extend(source.take(read(description, &columns.line(row), &mut repeats)));
    }
    (definitions(&steps), steps)
}

fn read(
    description: &Description,
    line: &Line<'_>,
    repeats: &mut BTreeMap<String, u32>,
) -> Result<Step, Refusal> {
    let code = line.read("code", |cell| match field::text(cell, CODE_BYTES_MAX)? {
        text if text.is_empty() => Err(Fault::TextEmpty),
        text => Ok(text),
    })?;
    let gate = line.reference("gate")?;
    let device = line.reference("device")?;
    let at = line.time("scanned_at")?;
    let direction = line.word("direction", words::DIRECTIONS)?;
    let offline = !line.cell("offline").is_empty() && line.word("offline", words::YES_NO)?;
    let show = description.show.name.as_str();
    // The device's own number of the scan is not in the file: it is made from what identifies the line. Equal lines
    // are counted, so that each keeps its own number on every run.
    let identity = [show, &device, &gate, &code, &at.to_string(), line.cell("direction")];
    let repeat = repeats.entry(key(&identity)).or_default();
    let number = nonce(&[identity.as_slice(), &[&repeat.to_string()]].concat());
    *repeat += 1;
    let key = key(&["import", "scan", show, &device, &number.to_string()]);
    let scan = Scan {
        show: show.to_owned(),
        code,
        gate,
        device,
        nonce: number,
        direction,
        offline,
        decision: GateDecision::Unstated,
    };
    Ok(Step::fact(vec![line.place()], key, at, Ask::Scan(scan)))
}

/// A definition of every gate and device, at the first line that names it.
fn definitions(steps: &[Step]) -> Vec<Step> {
    let mut known = BTreeSet::new();
    let mut definitions = Vec::new();
    for step in steps {
        let (Ask::Scan(scan), Some(place)) = (&step.ask, step.places.first()) else { continue };
        if known.insert(("gate", scan.gate.clone())) {
            let key = key(&["import", "gate", &scan.gate]);
            definitions.push(Step::define(place.column("gate"), key, Ask::Gate { name: scan.gate.clone() }));
        }
        if known.insert(("device", scan.device.clone())) {
            let key = key(&["import", "device", &scan.device]);
            let ask = Ask::Actor { name: scan.device.clone(), kind: ActorKind::Device };
            definitions.push(Step::define(place.column("device"), key, ask));
        }
    }
    definitions
}
