//! Imports: a folder from another system becomes facts in an organisation's log, each with its own time. A second run
//! finds everything recorded already and adds nothing.

mod book;
mod columns;
mod dossier;
mod field;
mod files;
pub(crate) mod identity;
mod json;
mod lookup;
mod network;
mod plan;
mod pretix;
mod reconciliation;
mod refusal;
mod report;
mod resolve;
mod run;
mod seats;
mod step;
mod table;

use indicatif::ProgressBar;
use soticket_ledger::Ledger;

pub use self::files::Files;
pub use self::network::import as import_network;
pub use self::plan::Explained;
use self::plan::Plan;
pub use self::pretix::Options as PretixOptions;
pub use self::reconciliation::{Balance, ProductLine, ProviderLine, Reconciliation};
use self::refusal::Fault;
pub use self::refusal::{Place, Refusal};
use self::report::Tally;
pub use self::report::{FileReport, Flagged, Report};
pub use self::seats::{SeatMapOptions, SeatMapReport, SeatMapZone, import_seats};
use self::step::Ask;

/// Why nothing at all was imported, or the import broke off.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder cannot be imported: what is wrong with it.
    #[error("{}", first(.0))]
    Refused(Vec<Refusal>),
    /// The ledger stopped. What was acknowledged is recorded; the same import can be run again.
    #[error("{0}")]
    Stopped(String),
}

fn first(refused: &[Refusal]) -> String {
    refused.first().map_or_else(String::new, Refusal::to_string)
}

/// Imports a folder: a dossier (show.json) or a pretix export (orders.json).
///
/// # Errors
/// The folder is neither, its description cannot be used, or the ledger stopped.
pub async fn import(
    ledger: &Ledger,
    files: &Files,
    options: &PretixOptions,
    progress: &ProgressBar,
) -> Result<Report, ImportError> {
    if files.has(dossier::DESCRIPTION) {
        let plan = dossier::plan(files).map_err(ImportError::Refused)?;
        execute(ledger, plan, progress).await
    } else if files.has(pretix::ORDERS) {
        pretix::import(ledger, files, options, progress).await
    } else {
        let message = format!("{files} holds neither {} nor {}", dossier::DESCRIPTION, pretix::ORDERS);
        Err(ImportError::Refused(vec![Place::default().refuse(Fault::FileMissing, message)]))
    }
}

/// Sends the plan to the ledger and reports what became of it.
async fn execute(ledger: &Ledger, plan: Plan, progress: &ProgressBar) -> Result<Report, ImportError> {
    progress.set_length(plan.steps.len() as u64 + 2);
    let mut tally = Tally::default();
    run::run(ledger, &plan, progress, &mut |step, outcome| tally.note(step, outcome)).await?;
    let shows = shows(&plan);
    Ok(tally.report(plan, shows))
}

fn shows(plan: &Plan) -> Vec<String> {
    let references = plan.steps.iter().filter_map(|step| match &step.ask {
        Ask::Show(show) => Some(show.name.clone()),
        _ => None,
    });
    references.collect()
}
