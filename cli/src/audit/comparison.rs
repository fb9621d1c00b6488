//! What was published of each log, and at which sizes its root and at which positions its records are asked for.

use std::collections::BTreeMap;

use soticket_ledger::proof::{PublishedLog, PublishedOf};
use soticket_ledger::verify::Published;
use soticket_schema::OrganisationId;

use super::evidence::{Evidence, Seen};
use super::matches;

/// What the trees of a run are compared with.
pub(crate) struct Comparison {
    logs: BTreeMap<OrganisationId, Compared>,
    has_copies: bool,
}

#[derive(Default)]
struct Compared {
    published: Option<PublishedLog>,
    sizes: Vec<u64>,
    leaves: Vec<u64>,
}

impl Comparison {
    /// For these logs of organisations. `has_copies` where the published bundles are not the log that is verified.
    pub(crate) fn new(
        logs: impl IntoIterator<Item = (OrganisationId, Option<PublishedLog>)>,
        evidence: &Evidence,
        noted: &[Seen],
        has_copies: bool,
    ) -> Self {
        let logs = logs.into_iter().map(|(organisation, published)| {
            let name = organisation.to_string();
            (organisation, Compared::new(&name, published, evidence, noted))
        });
        Self { logs: logs.collect(), has_copies }
    }

    /// For the cooperative's log alone, whose place is that of no organisation.
    pub(crate) fn cooperative(log: &PublishedLog, evidence: &Evidence) -> Self {
        let compared = Compared::new(&log.name(), Some(log.clone()), evidence, &[]);
        Self { logs: BTreeMap::from([(OrganisationId::default(), compared)]), has_copies: false }
    }
}

impl Compared {
    fn new(name: &str, published: Option<PublishedLog>, evidence: &Evidence, noted: &[Seen]) -> Self {
        let of_log = |seen: &&Seen| matches(published.as_ref(), name, &seen.checkpoint.origin);
        let receipts = || evidence.receipts.iter().filter(|receipt| of_log(&&receipt.seen));
        let seen = evidence.seen.iter().chain(noted).filter(of_log).map(|seen| seen.checkpoint.size);
        let mut sizes: Vec<u64> =
            seen.chain(receipts().map(|receipt| receipt.seen.checkpoint.size)).collect();
        let mut leaves: Vec<u64> = receipts().map(|receipt| receipt.proof.index).collect();
        if let Some(published) = &published {
            sizes.extend_from_slice(&published.kept);
            sizes.push(published.size);
        }
        for numbers in [&mut sizes, &mut leaves] {
            numbers.sort_unstable();
            numbers.dedup();
        }
        Self { published, sizes, leaves }
    }
}

impl Published for Comparison {
    fn size(&self, organisation: OrganisationId) -> Option<u64> {
        self.logs.get(&organisation)?.published.as_ref().map(|log| log.size)
    }

    fn sizes(&self, organisation: OrganisationId) -> &[u64] {
        self.logs.get(&organisation).map(|log| log.sizes.as_slice()).unwrap_or_default()
    }

    fn leaves(&self, organisation: OrganisationId) -> &[u64] {
        self.logs.get(&organisation).map(|log| log.leaves.as_slice()).unwrap_or_default()
    }

    fn has_copies(&self) -> bool {
        self.has_copies
    }

    fn file(&self, organisation: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        let log = self.logs.get(&organisation).and_then(|log| log.published.as_ref());
        log.map_or(Ok(None), |log| log.files.read(path))
    }

    fn longer(&self, organisation: OrganisationId, path: &str) -> Result<Option<Vec<u8>>, String> {
        let log = self.logs.get(&organisation).and_then(|log| log.published.as_ref());
        log.map_or(Ok(None), |log| log.files.longer(path))
    }
}

/// The published log of an organisation among several.
pub(crate) fn of_organisation(logs: &[PublishedLog], organisation: OrganisationId) -> Option<&PublishedLog> {
    logs.iter().find(|log| log.of == PublishedOf::Organisation(organisation))
}
