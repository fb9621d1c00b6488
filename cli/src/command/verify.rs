//! `soticket verify`: everything from its stored bytes.

use serde::Serialize;
use soticket_ledger::Ledger;
use soticket_ledger::verify::{VerifyReport, verify_log};
use soticket_projections::deals::{FileOf, NamedFile};
use soticket_projections::{Options, ProjectionDigest, Projections};
use soticket_schema::{Event, OrganisationId, RecordView};

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};
use crate::upkeep;

/// What was verified and what is wrong.
#[derive(Debug, Serialize)]
pub(crate) struct Verification {
    /// Whether nothing is wrong.
    sound: bool,
    /// The log.
    log: VerifyReport,
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

/// Verifies the data folder and prints every violation. Ends with 1 if there is any.
pub(crate) fn run(config: &Config, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let verification = verify(&opened);
    opened.close();
    let verification = verification?;
    // A log that is at fault takes no record of it: the service notes it once the folder is sound.
    for violation in &verification.log.violations {
        upkeep::keep_fault(config.data()?, screaming(&format!("{:?}", violation.rule)).as_str());
    }
    for file in &verification.files_faulty {
        upkeep::keep_fault(config.data()?, &file.fault);
    }
    if json {
        output::json(&verification)?;
    } else {
        verification.tell()?;
    }
    Ok(if verification.sound { Exit::Done } else { Exit::Refused })
}

/// `ChainBroken` as `CHAIN_BROKEN`.
fn screaming(name: &str) -> String {
    name.char_indices().fold(String::new(), |mut text, (place, letter)| {
        if place > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
        text
    })
}

/// Goes through the log and rebuilds the read models.
pub(crate) fn verify(opened: &Opened) -> Result<Verification, Failure> {
    let progress = output::progress("verify");
    let log = verify_log(opened.ledger.log(), &payload, &mut |status| {
        progress.set_length(status.of);
        progress.set_position(status.records);
    });
    progress.finish_and_clear();
    // Read models of a broken log would only repeat that it is broken.
    let (compared, differing) = if log.is_sound() { compare(opened)? } else { (0, Vec::new()) };
    let (checked, faulty) = check_files(opened)?;
    Ok(Verification {
        sound: log.is_sound() && differing.is_empty() && faulty.is_empty(),
        log,
        projections_compared: compared,
        projections_differing: differing,
        files_checked: checked,
        files_faulty: faulty,
    })
}

/// A payload must be an event of the catalogue, encoded in the one canonical way.
fn payload(record: &RecordView<'_>) -> Result<(), String> {
    let envelope = &record.envelope;
    Event::decode_canonical(envelope.kind, envelope.version, record.payload)
        .map(|_| ())
        .map_err(|error| error.to_string())
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
    /// Whether nothing is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.sound
    }

    /// Prints what was checked to standard output and what is wrong to standard error.
    pub(crate) fn tell(&self) -> Result<(), Failure> {
        for violation in &self.log.violations {
            eprintln!(
                "VIOLATION: organisation {} position {}: {:?}: {}",
                violation.organisation, violation.position, violation.rule, violation.detail
            );
        }
        let unlisted = self.log.violations_total - self.log.violations.len() as u64;
        if unlisted > 0 {
            eprintln!("VIOLATION: {unlisted} further violations are not listed");
        }
        for difference in &self.projections_differing {
            eprintln!(
                "VIOLATION: organisation {}: read model {} differs from its rebuild: {} is not {}",
                difference.organisation, difference.projection, difference.live, difference.rebuilt
            );
        }
        for file in &self.files_faulty {
            eprintln!(
                "VIOLATION: organisation {} file {} ({} of version {} of the settlement of {}): {}",
                file.organisation, file.path, file.kind, file.version, file.show, file.fault
            );
        }
        let mut table = Columns::new("<>><");
        table.row(["Organisation", "Records", "Head", "Hash"]);
        for organisation in &self.log.organisations {
            table.row([
                organisation.organisation.to_string(),
                organisation.records.to_string(),
                organisation.head.length.to_string(),
                organisation.head.hash.to_string(),
            ]);
        }
        output::text_out(&format!(
            "{}Checked: {} records, {} bytes ({} records/s): format, positions, links, times, commands, payloads, \
             heads\nChecked: {} read models rebuilt and compared with the live ones\nChecked: {} kept files of settlements\n\
             Result: {}\n",
            table.render(),
            self.log.records,
            self.log.bytes,
            self.log.records_per_second,
            self.projections_compared,
            self.files_checked,
            if self.sound { "sound" } else { "VIOLATED" }
        ))
    }
}
