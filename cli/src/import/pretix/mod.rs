//! An event export of pretix: orders.json with the lists of transactions, payments, contingents and scans beside it.

mod batches;
mod catalogue;
mod changes;
mod checkins;
mod clock;
mod folder;
mod header;
mod labels;
mod lines;
mod lives;
mod orders;
mod parts;
mod payments;
mod quotas;
#[cfg(test)]
mod tests;
mod totals;
mod value;
mod zone;

pub(crate) use self::changes::Sold;

use indicatif::ProgressBar;
use soticket_ledger::Ledger;
use soticket_schema::command::OpenOrganisation;
use soticket_schema::event::v1::{Mode, OrganisationParameters, SerialScope};
use soticket_schema::{Rounding, Timestamp};

use self::folder::Folder;
use self::lines::Lines;
use self::orders::Event;
use self::zone::Zone;
use super::files::Files;
use super::plan::Plan;
use super::reconciliation::{Fold, Source};
use super::refusal::{Place, Refusal};
use super::report::{Report, Tally};
use super::step::Step;
use super::{ImportError, identity, run};

/// Name of the file that makes a folder an export of pretix.
pub(crate) const ORDERS: &str = "orders.json";
/// What the export does not say.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where VAT is rounded.
    pub rounding: Rounding,
    /// What the organisation's log may be used for.
    pub mode: Mode,
    /// The event's time zone, if the orders do not tell.
    pub time_zone: Option<String>,
    /// Begin of the show of an event that is no series.
    pub starts_at: Option<Timestamp>,
    /// Tax territory of every show.
    pub territory: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            rounding: Rounding::Document,
            mode: Mode::Live,
            time_zone: None,
            starts_at: None,
            territory: "FR-metropole".to_owned(),
        }
    }
}

/// Reads the folder, imports it and compares the outcome with what the export says.
///
/// # Errors
/// orders.json or transactions.csv cannot be used, or the ledger stopped.
pub(crate) async fn import(
    ledger: &Ledger,
    folder: &Files,
    options: &Options,
    progress: &ProgressBar,
) -> Result<Report, ImportError> {
    let (plan, source) = plan(folder, options).map_err(ImportError::Refused)?;
    progress.set_length(plan.steps.len() as u64 + 2);
    let mut tally = Tally::default();
    let mut fold = Fold::new(&source);
    run::run(ledger, &plan, progress, &mut |step, outcome| {
        fold.note(step, &outcome);
        tally.note(step, outcome);
    })
    .await?;
    let shows = super::shows(&plan);
    let rounding = plan.opening.parameters.rounding;
    let reconciliation = fold.compare(rounding);
    let mut report = tally.report(plan, shows);
    report.reconciliation = Some(reconciliation);
    Ok(report)
}

/// Reads the folder and plans its import.
///
/// # Errors
/// orders.json or transactions.csv cannot be used, or another list is there and no list of its kind.
pub(crate) fn plan(path: &Files, options: &Options) -> Result<(Plan, Source), Vec<Refusal>> {
    let mut folder = Folder { path, files: vec![], explained: vec![], notes: vec![], refused: vec![] };
    let event = folder.event()?;
    let changes = folder.changes(&event)?;
    let money = folder.money(&event, &changes)?;
    let source = totals::source(&changes, &money);
    totals::discrepancies(&event, &changes, &mut folder.notes);
    let currency = changes.currency;
    let rows = folder.whole_orders(&event, changes);
    let zone = zone::find(&event, &rows, options.time_zone.as_deref()).map_err(|refusal| vec![refusal])?;

    let seats = catalogue::seats(&event);
    let lines = Lines { event: &event, seats: &seats };
    let batches = batches::group(rows.clone(), &event, &zone);
    let (methods, payment_steps) = payments::plan(&money, &event.slug, &batches, &zone);
    let (gates, scans) = folder.scans(&event, &zone, &rows)?;
    let span = folder.span(&event, &batches, &scans, options);

    let mut steps = catalogue::plan(&lines, &rows, span);
    steps.extend(methods);
    steps.extend(gates);
    let planned = lives::plan(batches, &lines);
    folder.explained.extend(planned.explained);
    folder.refused.extend(planned.refused);
    steps.extend(timeline([planned.steps, payment_steps, scans]));
    let parameters = parameters(&event, &zone, options);
    let plan = Plan {
        organisation: identity::organisation(&["pretix", &event.organizer_slug]),
        opening: OpenOrganisation { mode: options.mode, currency, parameters },
        place: Place::file(ORDERS).column("event.organizer"),
        steps,
        files: folder.files,
        explained: folder.explained,
        notes: folder.notes,
        refused: folder.refused,
    };
    Ok((plan, Source { sold: planned.sold, ..source }))
}

fn parameters(event: &Event, zone: &Zone, options: &Options) -> OrganisationParameters {
    OrganisationParameters {
        name: event.organizer.clone(),
        siret: String::new(),
        vat_number: String::new(),
        licence: String::new(),
        time_zone: zone.name.clone(),
        rounding: options.rounding,
        serial_scope: SerialScope::default(),
        day_cutoff_minutes: 0,
    }
}

/// Everything in the order in which it happened; at the same instant orders come first, then money, then scans.
fn timeline(files: [Vec<Step>; 3]) -> Vec<Step> {
    let mut steps: Vec<Step> = files.into_iter().flatten().collect();
    steps.sort_by_key(|step| step.at);
    steps
}
