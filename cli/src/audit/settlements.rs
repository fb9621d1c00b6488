//! Sealed settlements, worked out anew from the events of the log.

use std::collections::BTreeMap;

use serde::Serialize;
use soticket_ledger::log::Log;
use soticket_ledger::read_entries;
use soticket_ledger::verify::VerifyReport;
use soticket_projections::deals::{Rederivation, Rederived, Seal};
use soticket_schema::OrganisationId;

use super::proof::{ProofRule, ProofViolation};

/// What became of the sealed settlements.
#[derive(Debug, Default, Serialize)]
pub(crate) struct SettlementsChecked {
    /// Those that are what the events give.
    pub(crate) equal: u64,
    /// Those that are not; each is a violation of its log.
    pub(crate) different: u64,
    /// Those that were sealed by rules of calculation that this program has not.
    pub(crate) other_calculation: u64,
    /// Those of logs that are not sound: nothing is worked out of them.
    pub(crate) unsound_log: u64,
    #[serde(skip)]
    violations: BTreeMap<OrganisationId, Vec<ProofViolation>>,
}

impl SettlementsChecked {
    /// The violations of one log.
    pub(super) fn violations_of(&self, organisation: OrganisationId) -> Vec<ProofViolation> {
        self.violations.get(&organisation).cloned().unwrap_or_default()
    }

    /// What was checked, for people.
    pub(crate) fn text(&self) -> String {
        let mut text =
            format!("Checked: {} sealed settlements worked out anew\n", self.equal + self.different);
        if self.other_calculation > 0 {
            let count = self.other_calculation;
            text.push_str(&format!(
                "Not checked: {count} settlements sealed by rules that this version has not\n"
            ));
        }
        if self.unsound_log > 0 {
            let count = self.unsound_log;
            text.push_str(&format!("Not checked: {count} settlements of logs that are not sound\n"));
        }
        text
    }

    fn add(&mut self, organisation: OrganisationId, seal: &Seal, result: Rederived) {
        let fault = match result {
            Rederived::Equal => {
                self.equal += 1;
                return;
            }
            Rederived::OtherCalculation(_) => {
                self.other_calculation += 1;
                return;
            }
            Rederived::Differs(fault) => fault,
        };
        self.different += 1;
        let sealed = &seal.sealed;
        let detail = format!("version {} of the settlement of show {}: {fault}", sealed.version, sealed.show);
        let violation = ProofViolation { position: seal.position, rule: ProofRule::Settlement, detail };
        self.violations.entry(organisation).or_default().push(violation);
    }
}

/// Works every seal out anew. A log whose records break a rule gives nothing to work anything out of.
pub(super) fn rederive_all(
    log: &dyn Log,
    report: &VerifyReport,
    seals: Vec<(OrganisationId, Seal)>,
) -> SettlementsChecked {
    let mut by_log: BTreeMap<OrganisationId, Vec<Seal>> = BTreeMap::new();
    for (organisation, seal) in seals {
        by_log.entry(organisation).or_default().push(seal);
    }
    let mut checked = SettlementsChecked::default();
    for (organisation, seals) in by_log {
        let reported = report.organisations.iter().find(|known| known.organisation == organisation);
        if reported.is_none_or(|known| known.violations > 0) {
            checked.unsound_log += seals.len() as u64;
            continue;
        }
        let mut rederivation = Rederivation::new(seals);
        let read = read_entries(log, organisation, &mut |entry| {
            rederivation.take(entry);
            rederivation.is_waiting()
        });
        if let Err(error) = read {
            let detail = format!("{}: {error}", error.code());
            let violation = ProofViolation { position: 0, rule: ProofRule::Settlement, detail };
            checked.violations.entry(organisation).or_default().push(violation);
        }
        for (seal, result) in rederivation.results() {
            checked.add(organisation, &seal, result);
        }
    }
    checked
}
