//! The one entrance to personal data that are given out as files: who reads what of how many is in the audit journal before
//! a byte of it leaves.

use soticket_ledger::{Ledger, SubmitError};
use soticket_schema::command::NotePersonalDataRead;
use soticket_schema::event::v1::PersonalAccess;
use soticket_schema::ids::{ActorId, OrganisationId, PurposeId, SubjectRef};
use soticket_schema::{Command, CommandBody, Hash};

/// Somebody who reads personal data.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The organisation whose customers they are.
    pub organisation: OrganisationId,
    /// Who reads.
    pub actor: ActorId,
}

/// What is read.
#[derive(Debug, Clone, Copy)]
pub enum Reading {
    /// Persons of a segment, for a purpose.
    Segment(PurposeId, usize),
    /// Everything about one person.
    Portability(SubjectRef),
}

/// Notes in the audit journal what is about to be read. Whoever gets an error gives nothing out.
///
/// # Errors
/// The ledger refuses, or has stopped.
pub(crate) async fn note(ledger: &Ledger, reader: Reader, reading: Reading) -> Result<(), SubmitError> {
    ledger.submit(noted(ledger, reader, reading)).await.map(drop)
}

/// As [`note`], for a thread outside any asynchronous runtime.
///
/// # Errors
/// As [`note`].
pub fn note_blocking(ledger: &Ledger, reader: Reader, reading: Reading) -> Result<(), SubmitError> {
    ledger.submit_blocking(noted(ledger, reader, reading)).map(drop)
}

fn noted(ledger: &Ledger, reader: Reader, reading: Reading) -> Command {
    let Reader { organisation, actor } = reader;
    let body = match reading {
        Reading::Segment(purpose, subjects) => NotePersonalDataRead {
            access: PersonalAccess::Segment,
            purpose: Some(purpose),
            subject: None,
            subjects: u32::try_from(subjects).unwrap_or(u32::MAX),
        },
        Reading::Portability(subject) => NotePersonalDataRead {
            access: PersonalAccess::Portability,
            purpose: None,
            subject: Some(subject),
            subjects: 1,
        },
    };
    // Every reading is one of its own, also two of the same at one place of the log.
    let key = format!("read {}", Hash(ledger.device_secret(organisation).0));
    Command { organisation, actor, key, occurred_at: None, body: CommandBody::NotePersonalDataRead(body) }
}
