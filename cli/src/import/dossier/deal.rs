//! deal.json and costs.csv: how the show's money is shared, and what the show cost.

use std::collections::BTreeMap;

use soticket_projections::deals::text::{DealFile, DealTextError, Names};
use soticket_schema::event::v1::{CostTerms, Voucher};
use soticket_schema::{ChannelId, PartyId};

use super::description::Description;
use super::source::Source;
use crate::import::columns::{Columns, Line};
use crate::import::field;
use crate::import::files::Files;
use crate::import::identity::key;
use crate::import::refusal::{Fault, Place, Refusal};
use crate::import::step::{Ask, Step};
use crate::import::table::Table;

/// Name of the file of the deal.
pub(crate) const FILE: &str = "deal.json";
/// Name of the file of the costs.
pub(crate) const COSTS: &str = "costs.csv";
/// Columns of the costs that must be there.
pub(crate) const REQUIRED: &[&str] = &["voucher", "incurred_at", "category", "net", "vat_rate", "vat"];

/// The steps of the deal: its parties, then the deal. None where the dossier has no such file.
pub(crate) fn plan(description: &Description, files: &Files, source: &mut Source) -> Vec<Step> {
    if !files.has(FILE) {
        return Vec::new();
    }
    let Some(file) = source.take(read(description, files)) else { return Vec::new() };
    let place = Place::file(FILE);
    let show = &description.show.name;
    let parties: BTreeMap<&String, ()> = file.parties.values().map(|name| (name, ())).collect();
    let mut steps: Vec<Step> = parties
        .keys()
        .map(|name| {
            let ask = Ask::Party { name: (*name).clone() };
            Step::define(place.column("parties"), key(&["import", "party", name]), ask)
        })
        .collect();
    let deal_key = key(&["import", "deal", show]);
    let (currency, file) = (description.currency(), Box::new(file));
    steps.push(Step::define(place, deal_key, Ask::Deal { show: show.clone(), currency, file }));
    steps
}

/// The file, once it is sure that it states a deal of the dossier's channels.
fn read(description: &Description, files: &Files) -> Result<DealFile, Refusal> {
    let place = Place::file(FILE);
    let bytes = files.read(FILE).map_err(|error| place.refuse(Fault::FileMissing, error.to_string()))?;
    let text = String::from_utf8_lossy(&bytes);
    let unreadable = |error: DealTextError| place.refuse(Fault::JsonField, error.to_string());
    let file = DealFile::read(text.trim_start_matches('\u{feff}')).map_err(unreadable)?;
    let names = Names {
        currency: description.currency(),
        party: &|_| Some(PartyId::default()),
        channel: &|name| description.channel(name).map(|_| ChannelId::default()),
    };
    file.terms(&names).map_err(unreadable)?;
    Ok(file)
}

/// The steps of the costs, in file order.
pub(crate) fn costs(description: &Description, table: &Table, source: &mut Source) -> Vec<Step> {
    let Some(columns) = source.take(Columns::find(table, REQUIRED, &[])) else { return Vec::new() };
    let lines = table.rows.iter().map(|row| cost(description, &columns.line(row)));
    lines.filter_map(|step| source.take(step)).collect()
}

fn cost(description: &Description, line: &Line<'_>) -> Result<Step, Refusal> {
    let currency = description.currency();
    let (reference, at) = (line.reference("voucher")?, line.time("incurred_at")?);
    let terms = CostTerms {
        category: line.reference("category")?,
        net: line.amount("net", currency)?,
        vat_rate: line.read("vat_rate", field::percent)?,
        vat: line.amount("vat", currency)?,
        supplier: None,
        borne_by: None,
        voucher: Voucher { reference: reference.clone(), file: None },
    };
    let show = description.show.name.clone();
    let key = key(&["import", "cost", &show, &reference, &terms.category]);
    Ok(Step::fact(vec![line.place()], key, at, Ask::Cost { show, terms }))
}
