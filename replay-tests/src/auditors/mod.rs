//! A published log before verifiers that this project did not write: `signed_note` and `tlog_tiles` in Rust, and
//! `golang.org/x/mod/sumdb` in Go. They accept it as it is and refuse every copy that was tampered with.

mod go;
mod rust;
mod tamper;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use soticket_ledger::proof::{PublishOptions, Publisher};
use soticket_ledger::{Ledger, Options};
use soticket_schema::ids::OrganisationId;

use crate::random::Random;
use crate::workload::{Load, Venue};
pub use go::Go;
use tamper::TAMPERINGS;

/// What is audited.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Records that the log has at least.
    pub records: u64,
    /// Seed of every choice.
    pub seed: u64,
}

/// What was found.
#[derive(Debug)]
pub struct Report {
    /// Records in the log.
    pub records: u64,
    /// Proof files that were accepted.
    pub proofs: usize,
    /// What each verifier said of the folder as it is.
    pub accepted: Vec<String>,
    /// Tampered copies, each refused by every verifier.
    pub refused: Vec<String>,
}

/// A folder as an auditor has it.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// The published folder of the log.
    pub(crate) folder: PathBuf,
    /// The key of the log, from elsewhere.
    pub(crate) key: String,
    /// A checkpoint that was kept from earlier.
    pub(crate) earlier: PathBuf,
    /// Receipts.
    pub(crate) proofs: Vec<PathBuf>,
}

/// A verifier of others.
trait Verifier {
    fn name(&self) -> &'static str;
    /// What it says when it accepts, or why it refuses.
    fn audit(&self, evidence: &Evidence) -> Result<String>;
}

/// Publishes a log in `folder` and has it audited; without Go by the others only.
///
/// # Errors
/// A verifier refuses what is right or accepts what was tampered with, or a file cannot be used.
pub fn run(plan: &Plan, folder: &Path, go: Option<Go>) -> Result<Report> {
    let (evidence, records) = publish(plan, folder)?;
    let mut verifiers: Vec<Box<dyn Verifier>> = vec![Box::new(rust::Rust)];
    if let Some(go) = go {
        verifiers.push(Box::new(go));
    }
    let mut accepted = Vec::new();
    for verifier in &verifiers {
        let said = verifier.audit(&evidence).with_context(|| format!("{} refused", verifier.name()))?;
        accepted.push(format!("{}: {said}", verifier.name()));
    }
    let mut refused = Vec::new();
    for tampering in TAMPERINGS {
        let copy = tampering.copy(&evidence, &folder.join("tampered"))?;
        for verifier in &verifiers {
            let name = verifier.name();
            let said = verifier.audit(&copy);
            ensure!(said.is_err(), "{name} accepted a copy whose {} was altered", tampering.name);
        }
        refused.push(tampering.name.to_owned());
    }
    Ok(Report { records, proofs: evidence.proofs.len(), accepted, refused })
}

/// A log of random sales, published, with a checkpoint kept half way and a few receipts.
fn publish(plan: &Plan, folder: &Path) -> Result<(Evidence, u64)> {
    let (data, keys) = (folder.join("data"), folder.join("keys"));
    let options = Options { keys: Some(keys.clone()), ..Options::default() };
    let ledger = Ledger::open(&data, options).map_err(anyhow::Error::new)?;
    let (published, promises) = (folder.join("published"), keys.join("promises"));
    let origin = "ledger.example.org".to_owned();
    let publisher = Publisher::new(ledger.clone(), PublishOptions { folder: published, promises, origin });
    let venue = Venue::set_up(&ledger, 1)?;
    let organisation = venue.organisation;
    let mut load = Load::new(venue, "auditors", Random::new(plan.seed));
    let mut sell = |until: u64| -> Result<()> {
        while length(&ledger, organisation) < until {
            let command = load.next(ledger.now());
            if let Ok(receipt) = ledger.submit_blocking(command) {
                load.learn(&receipt);
            }
        }
        Ok(())
    };
    sell(plan.records / 2 + 77)?;
    let earlier = folder.join("earlier-checkpoint");
    fs::write(&earlier, publisher.publish(organisation)?.to_string())?;
    sell(plan.records)?;
    publisher.publish(organisation)?;
    let records = length(&ledger, organisation);
    let mut proofs = Vec::new();
    for position in [0, 255, 256, records / 3, records - 1] {
        let path = folder.join(format!("{position}.tlog-proof"));
        fs::write(&path, publisher.inclusion(organisation, position)?.to_string())?;
        proofs.push(path);
    }
    let key = publisher.keys(organisation).first().context("the log has no key")?.to_string();
    ledger.close();
    Ok((Evidence { folder: publisher.folder(organisation).path().to_owned(), key, earlier, proofs }, records))
}

fn length(ledger: &Ledger, organisation: OrganisationId) -> u64 {
    ledger.head(organisation).map_or(0, |head| head.length)
}
