//! `soticket demo`: the sample show, from its files to a verified statement.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use soticket_exports::{Document, ShowStatement, StatementError};
use soticket_graphql::{ConfiguredToken, Role, token_text};
use soticket_projections::deals::DraftError;
use soticket_schema::OrganisationId;

use super::{import, serve, verify};
use crate::audit::Evidence;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::import::{Files, PretixOptions, Report};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};
use crate::output;

/// The sample show: the demonstration needs nothing beside the program.
const SAMPLE: &[(&str, &[u8])] = &[
    ("show.json", include_bytes!("../../../data/seance-2026-03-14/show.json")),
    ("quotas.csv", include_bytes!("../../../data/seance-2026-03-14/quotas.csv")),
    ("sales.csv", include_bytes!("../../../data/seance-2026-03-14/sales.csv")),
    ("refunds.csv", include_bytes!("../../../data/seance-2026-03-14/refunds.csv")),
    ("scans.csv", include_bytes!("../../../data/seance-2026-03-14/scans.csv")),
    ("deal.json", include_bytes!("../../../data/seance-2026-03-14/deal.json")),
    ("costs.csv", include_bytes!("../../../data/seance-2026-03-14/costs.csv")),
];

/// How the demonstration runs.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Load, print, verify and end
    #[arg(long)]
    pub once: bool,
    /// Another dossier than the sample show
    #[arg(long, value_name = "DIR")]
    pub dossier: Option<PathBuf>,
    /// Language of the statement
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
    /// Where to serve
    #[command(flatten)]
    pub serve: serve::Arguments,
}

/// What the demonstration shows, for programs.
#[derive(Serialize)]
struct Shown<'a> {
    import: &'a Report,
    statements: Vec<Value>,
    settlements: Vec<Value>,
    verification: &'a verify::Verification,
}

/// Imports the sample show if it is not in the data folder yet, prints its statement, verifies the log, and serves.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    soticket_graphql::install_metrics();
    let opened = Opened::new(config, IfAbsent::Create)?;
    let files = arguments.dossier.clone().map_or(Files::Embedded(SAMPLE), Files::Folder);
    let report = import::from(&opened.ledger, &files, &PretixOptions::default())?;
    let statements = statements(&opened, &report)?;
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    let settlements = settlements(&opened, &report)?;
    let verification = verify::verify(&opened, config, &Evidence::default())?;
    if json {
        let values = |documents: &[Document]| {
            let values = documents.iter().map(|document| serde_json::from_slice(&document.json()));
            values.collect::<Result<Vec<Value>, _>>().map_err(Failure::unexpected)
        };
        let (statements, settlements) = (values(&statements)?, values(&settlements)?);
        output::json(&Shown { import: &report, statements, settlements, verification: &verification })?;
    } else {
        import::tell(&report)?;
        if report.events_added == 0 {
            output::text_out("Nothing was added: everything was recorded already.\n")?;
        }
        for document in statements.iter().chain(&settlements) {
            output::text_out(&format!("\n{}\n", document.text(language.into())))?;
        }
        verification.tell()?;
    }
    if !verification.is_sound() || !report.refused.is_empty() {
        opened.close();
        return Ok(Exit::Refused);
    }
    if arguments.once {
        opened.close();
        return Ok(Exit::Done);
    }
    let token = owner(&opened, &report)?;
    serve::serve(config, &arguments.serve, opened, &[token])
}

/// A token of the demonstration's owner, as good as the process lasts. It is told before anything is served.
fn owner(opened: &Opened, report: &Report) -> Result<ConfiguredToken, Failure> {
    let organisation = OrganisationId::parse(&report.organisation)
        .ok_or_else(|| Failure::unexpected("the report's organisation is no id"))?;
    let secret = token_text(&opened.ledger.token_secret().0);
    eprintln!("Until this program ends, its owner is who sends the header\n  Authorization: Bearer {secret}");
    ConfiguredToken::of_organisation(organisation, Role::Owner, &secret).map_err(Failure::unexpected)
}

/// Statements of the shows that were imported, once the read models have everything.
fn statements(opened: &Opened, report: &Report) -> Result<Vec<Document>, Failure> {
    let organisation = OrganisationId::parse(&report.organisation)
        .ok_or_else(|| Failure::unexpected("the report's organisation is no id"))?;
    let last = opened.ledger.head(organisation).map_or(0, |head| head.length.saturating_sub(1));
    opened.projections.wait_for_blocking(organisation, last, std::time::Duration::from_secs(60));
    let of = |reference| statement(opened, report, reference, ShowStatement::BoxOffice);
    report.shows.iter().map(|reference| of(reference)?.map_err(refused)).collect()
}

/// Settlements of those of the shows that have a deal.
fn settlements(opened: &Opened, report: &Report) -> Result<Vec<Document>, Failure> {
    let mut settled = Vec::new();
    for reference in &report.shows {
        match statement(opened, report, reference, ShowStatement::Settlement)? {
            Ok(document) => settled.push(document),
            Err(StatementError::Draft(DraftError::NoDeal)) => {}
            Err(error) => return Err(refused(error)),
        }
    }
    Ok(settled)
}

fn statement(
    opened: &Opened,
    report: &Report,
    reference: &str,
    statement: ShowStatement,
) -> Result<Result<Document, StatementError>, Failure> {
    let (organisation, show) = opened.show(reference, OrganisationId::parse(&report.organisation))?;
    Ok(statement.of(&opened.projections, organisation, show, None, None))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: StatementError) -> Failure {
    Failure::coded(Exit::Refused, &error.to_string())
}
