//! quotas.csv: allotments and transfers, each at its own time.

use std::collections::BTreeMap;

use super::description::Description;
use super::source::Source;
use crate::import::columns::{Columns, Line};
use crate::import::field;
use crate::import::identity::key;
use crate::import::refusal::{Fault, Refusal, quoted};
use crate::import::step::{Ask, Step};
use crate::import::table::Table;

/// Name of the file.
pub(crate) const FILE: &str = "quotas.csv";
/// Columns that must be there.
pub(crate) const REQUIRED: &[&str] = &["at", "kind", "source", "channel", "quantity"];
/// Columns that may be there: the zone, where the hall has several.
pub(crate) const OPTIONAL: &[&str] = &["zone"];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Allocate,
    Transfer,
}

const KINDS: &[(&str, Kind)] = &[("allocate", Kind::Allocate), ("transfer", Kind::Transfer)];

/// The steps of the file, in file order.
pub(crate) fn plan(description: &Description, table: &Table, source: &mut Source) -> Vec<Step> {
    let Some(columns) = source.take(Columns::find(table, REQUIRED, OPTIONAL)) else { return Vec::new() };
    let mut steps = Vec::new();
    let mut twins: BTreeMap<String, usize> = BTreeMap::new();
    for row in &table.rows {
        let line = columns.line(row);
        let Some(mut step) = source.take(read(description, &line)) else { continue };
        // Two allotments of one channel at the same instant are two allotments: the second has a name of its own.
        let earlier = twins.entry(step.key.clone()).or_default();
        if *earlier > 0 {
            step.key = key(&[&step.key, &earlier.to_string()]);
        }
        *earlier += 1;
        steps.push(step);
    }
    steps
}

fn read(description: &Description, line: &Line<'_>) -> Result<Step, Refusal> {
    let at = line.time("at")?;
    let kind = line.word("kind", KINDS)?;
    let channel = channel(description, line, "channel")?;
    let zone = description
        .zone(line.cell("zone"))
        .ok_or_else(|| line.refuse("zone", Fault::ZoneUnknown, quoted(line.cell("zone"))))?;
    let places = line.read("quantity", field::count)?;
    let show = description.show.name.clone();
    let at_text = at.to_string();
    let (ask, key) = match kind {
        Kind::Allocate => {
            if !line.cell("source").is_empty() {
                let message =
                    format!("an allotment has no source, this one has {}", quoted(line.cell("source")));
                return Err(line.refuse("source", Fault::WordUnknown, message));
            }
            let key = key(&["import", "quota", &show, &at_text, &zone.id, &channel]);
            (Ask::Allocate { show, zone: zone.id.clone(), channel, places }, key)
        }
        Kind::Transfer => {
            let from = self::channel(description, line, "source")?;
            let key = key(&["import", "transfer", &show, &at_text, &zone.id, &from, &channel]);
            (Ask::Transfer { show, zone: zone.id.clone(), from, to: channel, places }, key)
        }
    };
    Ok(Step::fact(vec![line.place()], key, at, ask))
}

fn channel(description: &Description, line: &Line<'_>, column: &str) -> Result<String, Refusal> {
    let name = line.cell(column);
    match description.channel(name) {
        Some(channel) => Ok(channel.name.clone()),
        None => Err(line.refuse(column, Fault::ChannelUnknown, quoted(name))),
    }
}
