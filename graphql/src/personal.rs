//! The one entrance to personal data that are given out, shown in an answer or as files: who reads what of how many is in the
//! audit journal before a byte of it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_graphql::{Context, Result as FieldResult};
use parking_lot::Mutex;
use soticket_ledger::{Ledger, SubmitError};
use soticket_schema::command::NotePersonalDataRead;
use soticket_schema::event::v1::PersonalAccess;
use soticket_schema::ids::{ActorId, OrganisationId, PurposeId, SubjectRef};
use soticket_schema::{Command, CommandBody, Hash};

use crate::error::internal;
use crate::input::Scope;

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
    /// So many persons, in an answer; the person, where it is one.
    Viewed(usize, Option<SubjectRef>),
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
        Reading::Viewed(subjects, subject) => NotePersonalDataRead {
            access: PersonalAccess::Viewed,
            purpose: None,
            subject,
            subjects: u32::try_from(subjects).unwrap_or(u32::MAX),
        },
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

/// Persons whose data an answer shows. Noted once the answer is made and before it is sent: one note for all of them.
#[derive(Default)]
pub(crate) struct Shown(Mutex<BTreeMap<(OrganisationId, ActorId), BTreeSet<SubjectRef>>>);

impl Shown {
    /// Has a person noted whose data the answer of this request is about to show.
    ///
    /// # Errors
    /// The request keeps no account of it: nothing is shown then.
    pub(crate) fn add(context: &Context<'_>, scope: Scope, subject: SubjectRef) -> FieldResult<()> {
        let shown = context.data::<Arc<Self>>().map_err(|error| internal(error.message))?;
        let key = (scope.organisation, scope.viewer.unwrap_or(ActorId(0)));
        shown.0.lock().entry(key).or_default().insert(subject);
        Ok(())
    }

    /// Notes all of them.
    ///
    /// # Errors
    /// The ledger refuses, or has stopped: the answer must not be sent.
    pub(crate) async fn note(&self, ledger: &Ledger) -> Result<(), SubmitError> {
        let shown = std::mem::take(&mut *self.0.lock());
        for ((organisation, actor), subjects) in shown {
            let only = if subjects.len() == 1 { subjects.first().copied() } else { None };
            note(ledger, Reader { organisation, actor }, Reading::Viewed(subjects.len(), only)).await?;
        }
        Ok(())
    }
}
