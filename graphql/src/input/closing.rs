//! Closings, archives and the audit journal.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{CloseDueDays, ClosePeriod, NoteTechnicalEvent, RecordArchive, SetFiscalYear};
use soticket_schema::{CommandBody, CommercialDay, Rejection, Timestamp};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{Counter, Date, DateTime, Hash};
use crate::types::closing_enums::{ClosingPeriod, TechnicalEventKind};

/// Input of `periodClose`.
#[derive(InputObject)]
pub(crate) struct PeriodCloseInput {
    #[graphql(flatten)]
    caller: Caller,
    /// What to close: a commercial day, a calendar month or a fiscal year.
    period: ClosingPeriod,
    /// A day of it.
    day: Date,
}

impl CommandInput for PeriodCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        let day = CommercialDay::of(self.day.0);
        Ok(CommandBody::ClosePeriod(ClosePeriod { period: self.period.into(), day }))
    }
}

/// Input of `dueDaysClose`.
#[derive(InputObject)]
pub(crate) struct DueDaysCloseInput {
    #[graphql(flatten)]
    caller: Caller,
}

impl CommandInput for DueDaysCloseInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::CloseDueDays(CloseDueDays {}))
    }
}

/// Input of `fiscalYearSet`.
#[derive(InputObject)]
pub(crate) struct FiscalYearSetInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The month in which fiscal years begin, from 1.
    first_month: i32,
}

impl CommandInput for FiscalYearSetInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        // No month is a number that the command cannot hold: 0 and 255 are refused by it.
        let first_month = u8::try_from(self.first_month.max(0)).unwrap_or(u8::MAX);
        Ok(CommandBody::SetFiscalYear(SetFiscalYear { first_month }))
    }
}

/// Input of `technicalEventNote`.
#[derive(InputObject)]
pub(crate) struct TechnicalEventNoteInput {
    #[graphql(flatten)]
    caller: Caller,
    /// When it happened, if it is a fact that is recorded later.
    occurred_at: Option<DateTime>,
    /// What happened.
    what: TechnicalEventKind,
    /// Whom it is about, if not the one who notes it.
    about: Option<ID>,
    /// A version, code or file name, at most 64 bytes. Nothing about people.
    #[graphql(default)]
    reference: String,
}

impl CommandInput for TechnicalEventNoteInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn occurred_at(&self) -> Option<Timestamp> {
        self.occurred_at.map(|time| time.0)
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::NoteTechnicalEvent(NoteTechnicalEvent {
            what: self.what.into(),
            about: self.about.map(|about| scope.id(&about)),
            reference: self.reference,
        }))
    }
}

/// Input of `archiveRecord`.
#[derive(InputObject)]
pub(crate) struct ArchiveRecordInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Number of the year's closing.
    year: Counter,
    /// Version of the archive's format.
    format: i32,
    /// Files, the manifest not counted.
    files: i32,
    /// Bytes of these files.
    bytes: Counter,
    /// BLAKE3 of the manifest.
    manifest: Hash,
    /// SHA-256 of the manifest.
    manifest_sha256: Hash,
}

impl CommandInput for ArchiveRecordInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, _: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::RecordArchive(RecordArchive {
            year: self.year.0,
            format: u16::try_from(self.format).unwrap_or(0),
            files: u32::try_from(self.files).unwrap_or(0),
            bytes: self.bytes.0,
            manifest: self.manifest.0,
            manifest_sha256: self.manifest_sha256.0,
        }))
    }
}
