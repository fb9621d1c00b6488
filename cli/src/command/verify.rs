//! `soticket verify`: everything from its stored bytes, in a data folder, in a published copy, or on a server.

use clap::Args;
use serde::Serialize;
use soticket_ledger::Ledger;
use soticket_ledger::verify::VerifyReport;
use soticket_projections::deals::{FileOf, NamedFile};
use soticket_projections::{Options, ProjectionDigest, Projections};
use soticket_schema::OrganisationId;

use crate::audit::{self, Audited, Evidence, EvidenceArguments, LogProof, SettlementsChecked};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};
use crate::upkeep;

/// What to verify, and what with.
#[derive(Args, Debug, Default)]
pub struct Arguments {
    /// Published folder of a log or of several, or the URL of a log; the data folder if none is named
    #[arg(value_name = "FOLDER|URL")]
    pub source: Option<String>,
    /// Auditor's token, for a URL
    #[arg(long, value_name = "TOKEN", env = "SOTICKET_AUDITOR_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// What the auditor brings along
    #[command(flatten)]
    pub evidence: EvidenceArguments,
}

/// What was verified and what is wrong.
#[derive(Debug, Serialize)]
pub(crate) struct Verification {
    /// Whether nothing is wrong.
    sound: bool,
    /// The log.
    log: VerifyReport,
    /// What is proved of each log.
    proofs: Vec<LogProof>,
    /// Sealed settlements that were worked out anew.
    settlements: SettlementsChecked,
    /// Evidence that is of none of the logs.
    evidence_unused: Vec<String>,
    /// What only a data folder has.
    #[serde(flatten)]
    data: Option<DataChecked>,
    /// What was not checked, by its rule.
    not_checked: Vec<&'static str>,
}

/// What was checked of a data folder beside its logs.
#[derive(Debug, Serialize)]
struct DataChecked {
    /// Read models that were rebuilt and compared.
    projections_compared: u64,
    /// Those whose rebuilt state is not the live one.
    projections_differing: Vec<Difference>,
    /// Kept files that were read and compared with their hash.
    files_checked: u64,
    /// Those that are missing or altered.
    files_faulty: Vec<FaultyFile>,
}

/// A kept file that is missing or altered.
#[derive(Debug, Serialize)]
struct FaultyFile {
    organisation: String,
    show: String,
    version: u32,
    kind: String,
    hash: String,
    /// Where it should be.
    path: String,
    /// What is wrong, with its code.
    fault: String,
}

/// A read model whose rebuilt state is not the live one.
#[derive(Debug, Serialize)]
struct Difference {
    organisation: String,
    projection: &'static str,
    live: String,
    rebuilt: String,
}

/// Verifies and prints every violation. Ends with 1 if there is any.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let evidence = Evidence::read(&arguments.evidence)?;
    let verification = match &arguments.source {
        Some(source) => verify_published(source, arguments.token.as_deref(), &evidence)?,
        None => verify_data(config, &evidence)?,
    };
    if json {
        output::json(&verification)?;
    } else {
        verification.tell()?;
    }
    Ok(if verification.sound { Exit::Done } else { Exit::Refused })
}

fn verify_published(source: &str, token: Option<&str>, evidence: &Evidence) -> Result<Verification, Failure> {
    let logs = audit::published(source, token)?;
    let progress = output::progress("verify");
    let audited = audit::audit_published(logs, evidence, &mut |status| {
        progress.set_length(status.of);
        progress.set_position(status.records);
    });
    progress.finish_and_clear();
    Ok(Verification::new(audited?, None, evidence.tsa_roots.is_some()))
}

fn verify_data(config: &Config, evidence: &Evidence) -> Result<Verification, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let verification = verify(&opened, config, evidence);
    opened.close();
    let verification = verification?;
    // A log that is at fault takes no record of it: the service notes it once the folder is sound.
    for violation in &verification.log.violations {
        upkeep::keep_fault(config.data()?, &code(&violation.rule));
    }
    for violation in verification.proofs.iter().flat_map(|proof| &proof.violations) {
        upkeep::keep_fault(config.data()?, &code(&violation.rule));
    }
    for file in verification.data.iter().flat_map(|data| &data.files_faulty) {
        upkeep::keep_fault(config.data()?, &file.fault);
    }
    Ok(verification)
}

/// The code of a rule, as in JSON: `ChainBroken` is `CHAIN_BROKEN`.
fn code(rule: &impl std::fmt::Debug) -> String {
    let name = format!("{rule:?}");
    name.char_indices().fold(String::new(), |mut text, (place, letter)| {
        if place > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
        text
    })
}

/// Goes through the logs of a data folder and what was published of them, and rebuilds the read models.
pub(crate) fn verify(opened: &Opened, config: &Config, evidence: &Evidence) -> Result<Verification, Failure> {
    let publishing = config.publishing()?;
    let published = audit::in_folder(&publishing.folder)?;
    let progress = output::progress("verify");
    let audited =
        audit::audit_data(opened.ledger.log(), &published, &publishing.promises, evidence, &mut |status| {
            progress.set_length(status.of);
            progress.set_position(status.records);
        });
    progress.finish_and_clear();
    let audited = audited?;
    // Read models of a broken log would only repeat that it is broken.
    let (compared, differing) = if audited.log.is_sound() { compare(opened)? } else { (0, Vec::new()) };
    let (checked, faulty) = check_files(opened)?;
    let data = DataChecked {
        projections_compared: compared,
        projections_differing: differing,
        files_checked: checked,
        files_faulty: faulty,
    };
    Ok(Verification::new(audited, Some(data), evidence.tsa_roots.is_some()))
}

/// Read models fed from the first event on, without snapshots, against the live ones.
fn compare(opened: &Opened) -> Result<(u64, Vec<Difference>), Failure> {
    let rebuilt = Projections::start(opened.ledger.clone(), Options::default())?;
    let mut compared = 0;
    let mut differing = Vec::new();
    for organisation in rebuilt.organisations() {
        let live = digests(&opened.projections, &opened.ledger, organisation);
        let anew = digests(&rebuilt, &opened.ledger, organisation);
        for digest in &anew {
            compared += 1;
            let counterpart = live.iter().find(|live| live.name == digest.name);
            if counterpart != Some(digest) {
                differing.push(Difference {
                    organisation: organisation.to_string(),
                    projection: digest.name,
                    live: counterpart.map(|live| live.digest.to_string()).unwrap_or_default(),
                    rebuilt: digest.digest.to_string(),
                });
            }
        }
    }
    rebuilt.close();
    Ok((compared, differing))
}

/// Reads every file that is kept with a settlement and compares it with the hash that its event states.
fn check_files(opened: &Opened) -> Result<(u64, Vec<FaultyFile>), Failure> {
    let (mut checked, mut faulty) = (0, Vec::new());
    for organisation in opened.projections.organisations() {
        let named: Vec<(NamedFile, String)> = opened.view(organisation, |views| {
            views.deals.files().map(|file| (file, views.catalogue.reference(file.show))).collect()
        })?;
        for (file, show) in named {
            let FileOf::Settlement { version, kind, bytes } = file.of else { continue };
            checked += 1;
            let fault = match opened.ledger.files().read(organisation, file.hash) {
                Ok(kept) if kept.len() as u64 == bytes => continue,
                Ok(kept) => format!("FILE_LENGTH: {} bytes where the event states {bytes}", kept.len()),
                Err(error) => error.to_string(),
            };
            let path = opened.ledger.files().path(organisation, file.hash);
            faulty.push(FaultyFile {
                organisation: organisation.to_string(),
                show,
                version,
                kind: format!("{kind:?}").to_lowercase(),
                hash: file.hash.to_string(),
                path: path.map(|path| path.display().to_string()).unwrap_or_default(),
                fault,
            });
        }
    }
    Ok((checked, faulty))
}

/// Digests at the end of the log: nothing is written to it meanwhile.
fn digests(
    projections: &Projections,
    ledger: &Ledger,
    organisation: OrganisationId,
) -> Vec<ProjectionDigest> {
    let last = ledger.head(organisation).map_or(0, |head| head.length.saturating_sub(1));
    projections.wait_for_blocking(organisation, last, std::time::Duration::from_secs(60));
    projections.digests(organisation).map(|(_, digests)| digests).unwrap_or_default()
}

impl Verification {
    fn new(audited: Audited, data: Option<DataChecked>, has_roots: bool) -> Self {
        let is_data_sound =
            |data: &DataChecked| data.projections_differing.is_empty() && data.files_faulty.is_empty();
        Self {
            sound: audited.is_sound() && data.as_ref().is_none_or(is_data_sound),
            log: audited.log,
            proofs: audited.proofs,
            settlements: audited.settlements,
            evidence_unused: audited.evidence_unused,
            data,
            not_checked: if has_roots { Vec::new() } else { vec!["TIMESTAMP"] },
        }
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// Prints what was checked to standard output and what is wrong to standard error.
    pub(crate) fn tell(&self) -> Result<(), Failure> {
        self.tell_violations();
        let mut table = Columns::new("<>>><");
        table.row(["Log", "Records", "Size", "Rung", "Root"]);
        for proof in &self.proofs {
            table.row([
                proof.log.clone(),
                proof.records.to_string(),
                proof.size.to_string(),
                proof.rung.map_or("none".to_owned(), |rung| rung.to_string()),
                proof.root.map_or("unknown".to_owned(), |root| root.to_string()),
            ]);
        }
        let mut text = table.render();
        for proof in &self.proofs {
            text.push_str(&ladder_text(proof));
        }
        text.push_str(&format!(
            "Checked: {} records, {} bytes ({} records/s): format, positions, links, times, commands, payloads, \
             heads, trees\n",
            self.log.records, self.log.bytes, self.log.records_per_second
        ));
        text.push_str(&self.settlements.text());
        if let Some(data) = &self.data {
            text.push_str(&format!(
                "Checked: {} read models rebuilt and compared with the live ones\nChecked: {} kept files of settlements\n",
                data.projections_compared, data.files_checked
            ));
        }
        text.push_str(if self.sound { "Result: sound\n" } else { "Result: VIOLATED\n" });
        output::text_out(&text)
    }

    fn tell_violations(&self) {
        for violation in &self.log.violations {
            eprintln!(
                "VIOLATION: organisation {} position {}: {:?}: {}",
                violation.organisation, violation.position, violation.rule, violation.detail
            );
        }
        for proof in &self.proofs {
            for violation in &proof.violations {
                eprintln!(
                    "VIOLATION: log {} position {}: {}: {}",
                    proof.log,
                    violation.position,
                    code(&violation.rule),
                    violation.detail
                );
            }
        }
        let listed =
            self.log.violations.len() + self.proofs.iter().map(|proof| proof.violations.len()).sum::<usize>();
        let total =
            self.log.violations_total + self.proofs.iter().map(|proof| proof.violations_total).sum::<u64>();
        if total > listed as u64 {
            eprintln!("VIOLATION: {} further violations are not listed", total - listed as u64);
        }
        for unused in &self.evidence_unused {
            eprintln!("VIOLATION: evidence that was not used: {unused}");
        }
        for difference in self.data.iter().flat_map(|data| &data.projections_differing) {
            eprintln!(
                "VIOLATION: organisation {}: read model {} differs from its rebuild: {} is not {}",
                difference.organisation, difference.projection, difference.live, difference.rebuilt
            );
        }
        for file in self.data.iter().flat_map(|data| &data.files_faulty) {
            eprintln!(
                "VIOLATION: organisation {} file {} ({} of version {} of the settlement of {}): {}",
                file.organisation, file.path, file.kind, file.version, file.show, file.fault
            );
        }
    }
}

/// The rungs of one log, and what is not proved.
fn ladder_text(proof: &LogProof) -> String {
    let mut text = format!("Log {}:\n", proof.log);
    for rung in &proof.rungs {
        let until = if rung.size > 0 { format!(", up to record {}", rung.size) } else { String::new() };
        text.push_str(&format!("  {} {}: {}{until}\n", rung.rung, rung.name, rung.state.text()));
    }
    for rests in &proof.rests_on_operator {
        text.push_str(&format!("  Rests on the operator: {rests}\n"));
    }
    text
}
