//! The audit of logs: from a data folder, a folder of published logs or a server, with what the auditor has kept.

mod comparison;
mod evidence;
mod http;
mod ladder;
mod payloads;
mod proof;
mod settlements;
mod source;

use std::path::Path;

use soticket_ledger::log::Log;
use soticket_ledger::proof::{Checkpoint, PublishedLog, TileLog};
use soticket_ledger::verify::{Rule, VerifyReport, VerifyStatus, verify_entries, verify_log_and_trees};
use soticket_schema::OrganisationId;

use self::comparison::{Comparison, of_organisation};
use self::evidence::Seen;
pub(crate) use self::evidence::{Evidence, EvidenceArguments};
use self::payloads::Payloads;
pub(crate) use self::proof::LogProof;
use self::proof::{Known, ProofRule, ProofViolation, prove};
pub(crate) use self::settlements::SettlementsChecked;
pub(crate) use self::source::{in_folder, published};
use crate::failure::Failure;

/// What an audit found.
pub(crate) struct Audited {
    /// The records.
    pub(crate) log: VerifyReport,
    /// What is proved of each log.
    pub(crate) proofs: Vec<LogProof>,
    /// Settlements that were worked out anew.
    pub(crate) settlements: SettlementsChecked,
    /// Evidence that is of none of the logs.
    pub(crate) evidence_unused: Vec<String>,
}

impl Audited {
    /// Whether nothing is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        self.log.is_sound()
            && self.proofs.iter().all(|proof| proof.violations_total == 0)
            && self.evidence_unused.is_empty()
    }
}

/// Told how far the audit is.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(VerifyStatus);

/// Audits published logs by themselves: their bundles are the records.
pub(crate) fn audit_published(
    logs: Vec<PublishedLog>,
    evidence: &Evidence,
    progress: Progress<'_>,
) -> Result<Audited, Failure> {
    let tiles = TileLog::new(logs.iter().cloned());
    audit(&tiles, &logs, None, evidence, progress)
}

/// Audits the logs of a data folder, and what was published of them as a second copy. `promises` is where the keys
/// folder says what was promised.
pub(crate) fn audit_data(
    log: &dyn Log,
    logs: &[PublishedLog],
    promises: &Path,
    evidence: &Evidence,
    progress: Progress<'_>,
) -> Result<Audited, Failure> {
    audit(log, logs, Some(promises), evidence, progress)
}

fn audit(
    log: &dyn Log,
    logs: &[PublishedLog],
    promises: Option<&Path>,
    evidence: &Evidence,
    progress: Progress<'_>,
) -> Result<Audited, Failure> {
    let (mut proofs, mut noted) = (Vec::new(), Vec::new());
    for cooperative in logs.iter().filter(|log| source::is_cooperative(log)) {
        let (proof, seen) = audit_cooperative(cooperative, evidence);
        proofs.push(proof);
        noted.extend(seen);
    }
    let organisations: Vec<OrganisationId> = log.heads().into_iter().map(|(id, _)| id).collect();
    let promised = |organisation: OrganisationId| {
        promises.and_then(|promises| promise(&promises.join(organisation.to_string())))
    };
    let mut wanted = Vec::new();
    for organisation in &organisations {
        wanted.extend(promised(*organisation).map(|checkpoint| Seen::promised(*organisation, checkpoint)));
    }
    let published = organisations.iter().map(|id| (*id, of_organisation(logs, *id).cloned()));
    let asked: Vec<Seen> = noted.iter().chain(&wanted).cloned().collect();
    let comparison = Comparison::new(published, evidence, &asked, promises.is_some());
    let payloads = Payloads::default();
    let (report, trees) = verify_log_and_trees(log, &|record| payloads.check(record), &comparison, progress);
    let found = payloads.found();
    let settlements = settlements::rederive_all(log, &report, found.seals);
    for (organisation, tree) in report.organisations.iter().zip(&trees) {
        let id = organisation.organisation;
        let registered = found.keys.iter().filter(|(of, _)| *of == id).map(|(_, key)| key.clone());
        let known = Known {
            name: id.to_string(),
            published: of_organisation(logs, id),
            tree,
            records: organisation.records,
            is_chained: organisation.violations == 0,
            registered: registered.collect(),
            noted: &noted,
            promised: promised(id),
        };
        proofs.push(prove(&known, evidence, settlements.violations_of(id)));
    }
    let evidence_unused = unused(evidence, &proofs);
    Ok(Audited { log: report, proofs, settlements, evidence_unused })
}

/// The cooperative's log: its entries are signed checkpoints of its members.
fn audit_cooperative(log: &PublishedLog, evidence: &Evidence) -> (LogProof, Vec<Seen>) {
    let comparison = Comparison::cooperative(log, evidence);
    let (mut noted, mut first, mut records) = (Vec::new(), Vec::new(), 0);
    let (tree, found) = verify_entries(&comparison, |take| {
        log.visit(|position, entry| {
            let read = entry.map(|bytes| soticket_ledger::proof::read_checkpoint(bytes).ok_or(()));
            let detail = match read {
                Ok(Ok((note, checkpoint))) => {
                    records += 1;
                    let name = format!("entry {position} of the cooperative's log");
                    noted.push(Seen { name, note, checkpoint });
                    return take(entry.ok());
                }
                Ok(Err(())) => format!("entry {position} is no signed checkpoint"),
                Err(reason) => reason.to_owned(),
            };
            first.push(ProofViolation { position, rule: ProofRule::Readable, detail });
            take(None);
        });
    });
    let is_chained = first.is_empty();
    first.extend(found.into_iter().map(|found| {
        debug_assert_eq!(found.rule, Rule::Tile);
        ProofViolation { position: found.position, rule: ProofRule::Tile, detail: found.detail }
    }));
    let known = Known {
        name: log.name(),
        published: Some(log),
        tree: &tree,
        records,
        is_chained,
        registered: Vec::new(),
        noted: &[],
        promised: None,
    };
    (prove(&known, evidence, first), noted)
}

/// Whether an origin names the log: that of its newest checkpoint, or one that ends with its name where it has none.
fn matches(published: Option<&PublishedLog>, name: &str, origin: &str) -> bool {
    match published.and_then(|log| log.newest.as_ref()) {
        Some((_, newest)) => newest.origin == origin,
        None => origin.rsplit('/').next() == Some(name),
    }
}

/// Evidence that is of none of the logs must not go unnoticed.
fn unused(evidence: &Evidence, proofs: &[LogProof]) -> Vec<String> {
    let is_of_none = |origin: &str| {
        !proofs.iter().any(|proof| match &proof.origin {
            Some(known) => known == origin,
            None => origin.rsplit('/').next() == Some(proof.log.as_str()),
        })
    };
    let keys = evidence.keys.iter().map(|key| (key.to_string(), key.name()));
    let receipts = evidence.receipts.iter().map(|receipt| &receipt.seen);
    let files = evidence.seen.iter().chain(receipts);
    let files = files.map(|seen| (seen.name.clone(), seen.checkpoint.origin.as_str()));
    let unused = keys.chain(files).filter(|(_, origin)| is_of_none(origin));
    unused.map(|(name, origin)| format!("{name}: it is of {origin}, which none of these logs is")).collect()
}

/// The checkpoint that the keys folder says was promised: a line with a checksum, then the checkpoint.
fn promise(path: &Path) -> Option<Checkpoint> {
    let text = std::fs::read_to_string(path).ok()?;
    text.split_once('\n')?.1.parse().ok()
}

impl Seen {
    /// A promise, so that its root is asked for.
    fn promised(organisation: OrganisationId, checkpoint: Checkpoint) -> Self {
        let note = soticket_ledger::proof::Note { text: checkpoint.to_string(), signatures: Vec::new() };
        Self { name: organisation.to_string(), note, checkpoint }
    }
}
