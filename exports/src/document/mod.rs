//! What a statement says, as data.

mod cell;
mod check;
mod table;

pub use cell::{Cell, Fact, Text};
pub use check::Inconsistent;
use soticket_ledger::proof::Checkpoint;
use soticket_schema::event::v1::Mode;
use soticket_schema::{Hash, OrganisationId, Timestamp};
pub use table::{Column, ColumnKind, Explanation, Role, Row, Sum, Table};

use crate::language::Term;
use crate::words;

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// What it is, which is also its heading.
    pub kind: Term,
    /// Its number, which it keeps through all versions.
    pub number: String,
    /// Its version, from 1; none for what is only looked at, which its log position identifies.
    pub version: Option<u32>,
    /// Whether its figures can still change.
    pub state: State,
    /// Who makes it.
    pub issuer: Issuer,
    /// What it is about: show, hall, date, parties.
    pub subject: Vec<Fact>,
    /// Its parts, in order.
    pub sections: Vec<Section>,
    /// Remarks that hold for the whole: rounding policy, legal sources.
    pub notes: Vec<Text>,
    /// Who signs; empty where nobody does.
    pub signatures: Vec<Signatory>,
    /// What it rests on.
    pub log: LogRange,
    /// IANA name of the zone in which its instants are shown.
    pub time_zone: String,
    /// The checkpoint over the log up to the last of these events, where the log is published.
    pub checkpoint: Option<NamedCheckpoint>,
    /// Where it can be fetched again and compared, if the service has a public address: printed as a QR code together
    /// with its hash.
    pub address: Option<String>,
}

/// Whether the figures of a document can still change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Sales or refunds can still change it.
    Provisional,
    /// Not yet agreed upon.
    Draft,
    /// The show or the period is over.
    Closed,
    /// Recorded in the log with its hash.
    Sealed,
    /// Agreed upon by the parties.
    SignedOff,
    /// Agreed upon and paid.
    Paid,
}

impl State {
    /// Whether nothing of it changes any more.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Provisional | Self::Draft)
    }
}

/// The organisation that makes a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Its id.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
    /// SIRET number; may be empty, as the next two.
    pub siret: String,
    /// VAT number.
    pub vat_number: String,
    /// Licence of a live-performance entrepreneur.
    pub licence: String,
    /// Live, or training or demonstration, which is marked on every page.
    pub mode: Mode,
}

/// The events that a document rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogRange {
    /// Position of the first event about its subject.
    pub first: u64,
    /// Position of the last event of the log that was taken into account.
    pub last: u64,
    /// Hash of that event, which covers the log up to it.
    pub hash: Hash,
    /// When that event was recorded: the date of the document.
    pub recorded_at: Timestamp,
}

/// The checkpoint over the records that a document rests on: whoever holds it signed can prove what they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCheckpoint {
    /// The name of the log.
    pub origin: String,
    /// How many records: those up to the last one that was taken into account.
    pub size: u64,
    /// The root over them (RFC 6962, SHA-256) in base64.
    pub root: String,
}

/// Gives the checkpoint over the first so many records of an organisation's log, where that is published.
pub type Checkpoints<'a> = &'a dyn Fn(OrganisationId, u64) -> Option<NamedCheckpoint>;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: Term,
    /// What stands under it, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Rows and columns.
    Table(Table),
    /// Names and values.
    Facts(Vec<Fact>),
    /// Paragraphs.
    Notes(Vec<Text>),
}

/// Who signs a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// As what: organiser, producer.
    pub role: Term,
    /// Name of the party.
    pub name: String,
}

impl Document {
    /// The same with the checkpoint over what it rests on.
    #[must_use]
    pub fn naming(mut self, checkpoints: Checkpoints<'_>) -> Self {
        self.checkpoint = checkpoints(self.issuer.id, self.log.last.saturating_add(1));
        self
    }

    /// Its tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter_map(|block| match block {
            Block::Table(table) => Some(table),
            Block::Facts(_) | Block::Notes(_) => None,
        })
    }

    /// The table with this key.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.tables().find(|table| table.title.code == key)
    }
}

impl Issuer {
    /// The numbers that it has, with their names.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (Term, &str)> {
        let all = [
            (words::SIRET, &self.siret),
            (words::VAT_NUMBER, &self.vat_number),
            (words::LICENCE, &self.licence),
        ];
        all.into_iter().filter(|(_, number)| !number.is_empty()).map(|(term, number)| (term, number.as_str()))
    }
}

impl From<Checkpoint> for NamedCheckpoint {
    fn from(checkpoint: Checkpoint) -> Self {
        let Checkpoint { origin, size, root, .. } = checkpoint;
        Self { origin, size, root: root.to_string() }
    }
}

impl NamedCheckpoint {
    /// What it says, in one line.
    pub fn text(&self) -> String {
        format!("{} {} {}", self.origin, self.size, self.root)
    }
}

impl LogRange {
    /// First and last position, in words.
    pub(crate) fn positions(&self) -> Text {
        Text::Filled(words::POSITIONS, vec![Cell::Number(self.first), Cell::Number(self.last)])
    }
}
