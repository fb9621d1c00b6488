//! What an import did: lines read, taken, known before, explained and refused, with every refusal.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use soticket_schema::OrganisationId;

use super::plan::{Explained, Plan};
use super::reconciliation::Reconciliation;
use super::refusal::{Place, Refusal};
use super::run::Outcome;
use super::step::Step;

/// The report of an import.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Id of the organisation, derived from the source.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// References of the shows.
    pub shows: Vec<String>,
    /// Lines of each file.
    pub files: Vec<FileReport>,
    /// Events that this run added to the log.
    pub events_added: u64,
    /// Lines that change nothing, with the reason.
    pub explained: Vec<Explained>,
    /// What a reader should know.
    pub notes: Vec<String>,
    /// Recorded lines of a network's file that break something.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub flagged: Vec<Flagged>,
    /// Everything that was not taken.
    pub refused: Vec<Refusal>,
    /// The comparison with what the source itself says, where it says something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reconciliation: Option<Reconciliation>,
}

/// A line that was recorded and breaks something.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Flagged {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// What it breaks, by the names of the flags.
    pub flags: Vec<String>,
}

/// Lines of a file and what became of them: `read` is the sum of the other four.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FileReport {
    /// Its name.
    pub file: String,
    /// Lines with content after the header.
    pub read: u64,
    /// Recorded by this run.
    pub taken: u64,
    /// Recorded by an earlier run.
    pub known: u64,
    /// Understood, and nothing to record.
    pub explained: u64,
    /// Not taken.
    pub refused: u64,
}

/// One of the counts of a file.
type Counter = fn(&mut FileReport) -> &mut u64;

/// Collects outcomes while steps land.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    taken: BTreeSet<Place>,
    known: BTreeSet<Place>,
    refused: Vec<Refusal>,
    events_added: u64,
}

impl Tally {
    /// Notes what became of a step.
    pub(crate) fn note(&mut self, step: &Step, outcome: Outcome<'_>) {
        match outcome {
            Outcome::Taken(entries) => {
                self.events_added += entries.len() as u64;
                self.taken.extend(step.places.iter().map(line));
            }
            Outcome::Known(_) => self.known.extend(step.places.iter().map(line)),
            Outcome::Refused(refusal) => {
                // A sale of several lines is refused whole: each of its lines is told.
                let others = step.places.iter().skip(1);
                self.refused.extend(others.map(|place| Refusal { place: place.clone(), ..refusal.clone() }));
                self.refused.push(refusal);
            }
        }
    }

    /// Notes lines that the log was found to have already.
    pub(crate) fn known_before(&mut self, places: Vec<Place>) {
        self.known.extend(places);
    }

    /// The report of the plan that the outcomes belong to.
    pub(crate) fn report(self, plan: Plan, shows: Vec<String>) -> Report {
        let mut refused = plan.refused;
        refused.extend(self.refused);
        refused.sort();
        refused.dedup();
        let refused_lines: BTreeSet<Place> = refused.iter().map(|refusal| line(&refusal.place)).collect();
        let explained_lines: BTreeSet<Place> =
            plan.explained.iter().map(|explained| line(&explained.place)).collect();
        // A line can stand for several commands: it counts once, as the worst of what became of them.
        let mut of_file: BTreeMap<&str, FileReport> = BTreeMap::new();
        let mut counted: BTreeSet<&Place> = BTreeSet::new();
        let outcomes: [(&BTreeSet<Place>, Counter); 4] = [
            (&refused_lines, |report| &mut report.refused),
            (&self.taken, |report| &mut report.taken),
            (&self.known, |report| &mut report.known),
            (&explained_lines, |report| &mut report.explained),
        ];
        for (places, count) in outcomes {
            for place in places.iter().filter(|place| place.line.is_some()) {
                if counted.insert(place) {
                    *count(of_file.entry(&place.file).or_default()) += 1;
                }
            }
        }
        let files = plan.files.iter().map(|lines| {
            let counts = of_file.remove(lines.file.as_str()).unwrap_or_default();
            FileReport { file: lines.file.clone(), read: lines.lines, ..counts }
        });
        Report {
            organisation: organisation_text(plan.organisation),
            name: plan.opening.parameters.name,
            shows,
            files: files.collect(),
            events_added: self.events_added,
            explained: plan.explained,
            notes: plan.notes,
            flagged: Vec::new(),
            refused,
            reconciliation: None,
        }
    }
}

impl FileReport {
    /// Lines that the report does not account for: none, unless the importer has a defect.
    pub fn unexplained(&self) -> u64 {
        self.read.saturating_sub(self.taken + self.known + self.explained + self.refused)
    }
}

fn organisation_text(organisation: OrganisationId) -> String {
    organisation.to_string()
}

/// The whole line that a column belongs to.
fn line(place: &Place) -> Place {
    Place { column: String::new(), ..place.clone() }
}
