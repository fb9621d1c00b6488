//! Paths of files that can be downloaded from the service.

use async_graphql::{Enum, SimpleObject};
use soticket_schema::Hash;
use soticket_schema::ids::{OrganisationId, ShowId};

use crate::ids;
use crate::scalar::{Date, LogPosition};

/// Language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Enum)]
pub(crate) enum DocumentLanguage {
    /// French.
    #[default]
    Fr,
    /// English, with the French terms of accounting.
    En,
}

/// Path of a kept file.
pub(crate) fn kept_path(organisation: OrganisationId, hash: Hash) -> String {
    format!("/documents/file/{hash}?organisation={organisation}")
}

impl From<DocumentLanguage> for soticket_exports::Language {
    fn from(language: DocumentLanguage) -> Self {
        match language {
            DocumentLanguage::Fr => Self::French,
            DocumentLanguage::En => Self::English,
        }
    }
}

impl DocumentLanguage {
    fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// Paths of a statement in every format. The same path gives the same bytes.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct StatementFiles {
    /// PDF/A-3a with the JSON attached.
    pdf: String,
    /// Workbook with figures and formulas.
    xlsx: String,
    /// All tables as CSV; add `table=KEY` for the lines of one.
    csv: String,
    /// Canonical JSON, whose BLAKE3 is the statement's hash.
    json: String,
}

/// Paths of a list in every format, as of when it is downloaded.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ListFiles {
    /// Workbook.
    xlsx: String,
    /// CSV.
    csv: String,
    /// An object per line.
    json_lines: String,
}

/// Files of a show.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct ShowDocuments {
    /// The box-office statement (bordereau de recettes).
    statement: StatementFiles,
    /// What each network has to remit.
    remittance: StatementFiles,
    /// The settlement by the show's deal; refused while nothing is agreed.
    settlement: StatementFiles,
    /// Receipts and expenses for SACEM.
    sacem: StatementFiles,
    /// Accounts of the performance for SACD.
    sacd: StatementFiles,
    /// Return of the tax on live shows.
    cnm: StatementFiles,
    /// Orders that hold tickets or items of the show.
    orders: ListFiles,
    /// Tickets of the show.
    tickets: ListFiles,
}

/// Lists of an organisation as files.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct OrganisationFiles {
    /// All orders.
    orders: ListFiles,
    /// All tickets.
    tickets: ListFiles,
}

impl StatementFiles {
    fn new(path: impl Fn(&str) -> String) -> Self {
        Self { pdf: path("pdf"), xlsx: path("xlsx"), csv: path("csv"), json: path("json") }
    }

    /// Files of a return over the days from the first to the last, as of a position.
    pub(super) fn of_period(
        organisation: OrganisationId,
        name: &str,
        (from, to): (Date, Date),
        position: LogPosition,
        language: DocumentLanguage,
    ) -> Self {
        let (lang, position) = (language.code(), position.0);
        Self::new(|extension| {
            format!(
                "/accounts/{organisation}/{name}.{extension}?from={}&to={}&lang={lang}&asOf={position}",
                from.0, to.0
            )
        })
    }
}

impl ShowDocuments {
    /// Files of a show, its statements as of a position.
    pub(super) fn new(
        organisation: OrganisationId,
        show: ShowId,
        position: LogPosition,
        language: DocumentLanguage,
    ) -> Self {
        let base = format!("/documents/show/{}", ids::global(organisation, show).as_str());
        let lang = language.code();
        let statement = |name: &str| {
            StatementFiles::new(|extension| {
                format!("{base}/{name}.{extension}?lang={lang}&asOf={}", position.0)
            })
        };
        let list = |name: &str| list(|extension| format!("{base}/{name}.{extension}?lang={lang}"));
        Self {
            statement: statement("statement"),
            remittance: statement("remittance"),
            settlement: statement("settlement"),
            sacem: statement("sacem"),
            sacd: statement("sacd"),
            cnm: statement("cnm"),
            orders: list("orders"),
            tickets: list("tickets"),
        }
    }
}

impl OrganisationFiles {
    /// Lists of an organisation.
    pub(super) fn new(organisation: OrganisationId, language: DocumentLanguage) -> Self {
        let lang = language.code();
        let list = |name: &str| {
            list(|extension| format!("/documents/{name}.{extension}?organisation={organisation}&lang={lang}"))
        };
        Self { orders: list("orders"), tickets: list("tickets") }
    }
}

fn list(path: impl Fn(&str) -> String) -> ListFiles {
    ListFiles { xlsx: path("xlsx"), csv: path("csv"), json_lines: path("jsonl") }
}
