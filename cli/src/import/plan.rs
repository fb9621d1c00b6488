//! A source that has been read: what it asks of the ledger and what of it cannot be taken.

use serde::Serialize;
use soticket_schema::OrganisationId;
use soticket_schema::command::OpenOrganisation;

use super::refusal::{Place, Refusal};
use super::step::Step;

/// What an import is going to do.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The organisation, derived from the source.
    pub(crate) organisation: OrganisationId,
    /// How its log is opened if it is not.
    pub(crate) opening: OpenOrganisation,
    /// Where the source describes the organisation.
    pub(crate) place: Place,
    /// The steps, in order.
    pub(crate) steps: Vec<Step>,
    /// Lines of each file.
    pub(crate) files: Vec<FileLines>,
    /// Lines that change nothing in the ledger, with the reason.
    pub(crate) explained: Vec<Explained>,
    /// What a reader of the report should know.
    pub(crate) notes: Vec<String>,
    /// What cannot be taken.
    pub(crate) refused: Vec<Refusal>,
}

/// How many lines a file has.
#[derive(Clone, Debug)]
pub(crate) struct FileLines {
    /// Its name.
    pub(crate) file: String,
    /// Lines with content after the header.
    pub(crate) lines: u64,
}

/// A line that is understood and changes nothing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub struct Explained {
    /// Where it stands.
    #[serde(flatten)]
    pub place: Place,
    /// Why it changes nothing.
    pub reason: &'static str,
}
