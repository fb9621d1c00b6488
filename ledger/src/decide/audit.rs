//! The audit journal, and archives of closed years.

use soticket_schema::command::{NoteTechnicalEvent, RecordArchive};
use soticket_schema::event::v1::{ArchiveMade, TechnicalEventNoted};
use soticket_schema::limits::REFERENCE_BYTES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When};

impl Decide for NoteTechnicalEvent {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text_or_empty(&self.reference, REFERENCE_BYTES_MAX, field("reference"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = self.about.is_none_or(|about| context.state.knows_actor(about));
        checks.ensure(known, RejectionCode::ActorUnknown, field("about"));
        let noted =
            TechnicalEventNoted { what: self.what, about: self.about, reference: self.reference.clone() };
        Ok(vec![noted.into()])
    }
}

impl Decide for RecordArchive {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.ensure(self.files > 0, RejectionCode::QuantityZero, field("files"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let year = context.state.books.years().iter().find(|year| year.number == self.year).copied();
        let year = checks.need(year, RejectionCode::ClosingUnknown, field("year"))?;
        let made = ArchiveMade {
            year: self.year,
            from: year.from,
            until: year.until,
            first: year.first,
            last: year.last,
            format: self.format,
            files: self.files,
            bytes: self.bytes,
            manifest: self.manifest,
            manifest_sha256: self.manifest_sha256,
        };
        Ok(vec![made.into()])
    }
}
