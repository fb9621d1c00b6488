//! A show's dossier: a folder with show.json, the lists of its quotas, sales, refunds and scans, and perhaps its deal
//! and costs.

mod catalogue;
mod deal;
mod description;
mod payment;
mod quotas;
mod refunds;
mod sales;
mod scans;
mod source;
mod tariff;
#[cfg(test)]
mod tests;
pub(crate) mod words;

use std::collections::BTreeSet;

use self::description::Description;
use self::source::Source;
use super::files::Files;
use super::identity::{self, key};
use super::plan::{FileLines, Plan};
use super::refusal::{Fault, Place, Refusal};
use super::step::{Ask, Step};
use super::table::{self, Layout, Table};

/// Name of the file that makes a folder a dossier.
pub(crate) const DESCRIPTION: &str = description::FILE;

/// Reads the folder and plans its import.
///
/// # Errors
/// show.json or sales.csv is missing, or what show.json says cannot be used.
pub(crate) fn plan(folder: &Files) -> Result<Plan, Vec<Refusal>> {
    let description = Description::read(folder)?;
    let mut source = Source::default();
    let mut files = Vec::new();
    let mut read = |file: &str, columns: &[&[&'static str]], source: &mut Source| {
        let table = table_of(folder, file, columns, source);
        files.extend(table.iter().map(|table| FileLines { file: file.to_owned(), lines: table.lines }));
        table
    };
    let sales = read(sales::FILE, &[sales::REQUIRED, sales::OPTIONAL], &mut source);
    let quotas = read(quotas::FILE, &[quotas::REQUIRED, quotas::OPTIONAL], &mut source);
    let refunds = read(refunds::FILE, &[refunds::REQUIRED, refunds::OPTIONAL], &mut source);
    let scans = read(scans::FILE, &[scans::REQUIRED, scans::OPTIONAL], &mut source);
    let costs = read(deal::COSTS, &[deal::REQUIRED], &mut source);
    let Some(sales) = sales else { return Err(missing_sales(source)) };

    let (sale_steps, sold) = sales::plan(&description, &sales, &mut source);
    let quota_steps = quotas.map(|table| quotas::plan(&description, &table, &mut source)).unwrap_or_default();
    let refund_steps =
        refunds.map(|table| refunds::plan(&description, &sold, &table, &mut source)).unwrap_or_default();
    let (gates, scan_steps) =
        scans.map(|table| scans::plan(&description, &table, &mut source)).unwrap_or_default();

    let cost_steps = costs.map(|table| deal::costs(&description, &table, &mut source)).unwrap_or_default();
    let deal_steps = deal::plan(&description, folder, &mut source);

    let mut steps = catalogue::plan(&description);
    steps.extend(methods(&sale_steps));
    steps.extend(gates);
    steps.extend(timeline([quota_steps, sale_steps, refund_steps, scan_steps]));
    steps.extend(deal_steps);
    steps.extend(cost_steps);
    let parameters = &description.organisation.parameters;
    Ok(Plan {
        organisation: identity::organisation(&[&parameters.name, &parameters.siret]),
        opening: description.organisation,
        place: Place::file(DESCRIPTION).column("organisation"),
        steps,
        files,
        explained: Vec::new(),
        notes: Vec::new(),
        refused: source.refused,
    })
}

fn table_of(folder: &Files, file: &str, columns: &[&[&'static str]], source: &mut Source) -> Option<Table> {
    let known = |cells: &[String]| {
        cells
            .iter()
            .filter(|cell| columns.concat().iter().any(|name| cell.eq_ignore_ascii_case(name)))
            .count()
    };
    let mut refused = Vec::new();
    let table = source.take(table::read(folder, file, Layout::Lines, &known, &mut refused)).flatten();
    source.refused.append(&mut refused);
    table
}

fn missing_sales(mut source: Source) -> Vec<Refusal> {
    if !source.refused.iter().any(|refusal| refusal.place.file == sales::FILE) {
        source.refused.push(Place::file(sales::FILE).refuse(Fault::FileMissing, "there is no such file"));
    }
    source.refused
}

/// A definition of every way of paying, at the first sale that uses it.
fn methods(sales: &[Step]) -> Vec<Step> {
    let mut known = BTreeSet::new();
    let mut definitions = Vec::new();
    for step in sales {
        let (Ask::Sale(sale), Some(place)) = (&step.ask, step.places.first()) else { continue };
        for (name, _) in &sale.payment {
            if known.insert(name.clone()) {
                let ask = Ask::Method { name: name.clone(), kind: words::method_kind(name) };
                definitions.push(Step::define(
                    place.column("payment"),
                    key(&["import", "method", name]),
                    ask,
                ));
            }
        }
    }
    definitions
}

/// Everything in the order in which it happened: a transfer of quota stands before the sales that need it. At the same
/// instant quotas come first, then sales, refunds and scans, each in file order.
pub(crate) fn timeline(files: [Vec<Step>; 4]) -> Vec<Step> {
    let mut steps: Vec<Step> = files.into_iter().flatten().collect();
    steps.sort_by_key(|step| step.at);
    steps
}
