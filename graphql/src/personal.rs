//! The one entrance to personal data that are given out, shown in an answer or as files: who reads what of how many is in the
//! audit journal before a byte of it leaves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_graphql::{Context, Result as FieldResult};
use parking_lot::Mutex;
use soticket_ledger::{Ledger, SubmitError};
use soticket_schema::command::NotePersonalDataRead;
use soticket_schema::event::v1::PersonalAccess;
use soticket_schema::ids::{ActorId, OrganisationId, PurposeId, SubjectRef, TokenId};
use soticket_schema::{Command, CommandBody, Hash};

use crate::access::Principal;
use crate::error::internal;
use crate::input::Scope;

/// Somebody who reads personal data.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The organisation whose customers they are.
    pub organisation: OrganisationId,
    /// Who reads.
    pub actor: ActorId,
    /// By which token of the log; none for a token of the settings, and for who reads where the ledger is.
    pub token: Option<TokenId>,
}

impl Reader {
    /// Who a request comes from, reading of an organisation.
    pub(crate) fn of(principal: &Principal, organisation: OrganisationId) -> Self {
        Self { organisation, actor: principal.actor, token: principal.token }
    }
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
    let Reader { organisation, actor, token } = reader;
    let many = |subjects| u32::try_from(subjects).unwrap_or(u32::MAX);
    let (access, purpose, subject, subjects) = match reading {
        Reading::Viewed(subjects, subject) => (PersonalAccess::Viewed, None, subject, many(subjects)),
        Reading::Segment(purpose, subjects) => (PersonalAccess::Segment, Some(purpose), None, many(subjects)),
        Reading::Portability(subject) => (PersonalAccess::Portability, None, Some(subject), 1),
    };
    let body = NotePersonalDataRead { access, purpose, subject, subjects, token };
    // Every reading is one of its own, also two of the same at one place of the log.
    let key = format!("read {}", Hash(ledger.device_secret(organisation).0));
    Command { organisation, actor, key, occurred_at: None, body: CommandBody::NotePersonalDataRead(body) }
}

/// Persons whose data an answer shows. Noted once the answer is made and before it is sent: one note for all of them.
#[derive(Default)]
pub(crate) struct Shown(Mutex<BTreeMap<OrganisationId, BTreeSet<SubjectRef>>>);

impl Shown {
    /// Has a person noted whose data the answer of this request is about to show.
    ///
    /// # Errors
    /// The request keeps no account of it: nothing is shown then.
    pub(crate) fn add(context: &Context<'_>, scope: Scope, subject: SubjectRef) -> FieldResult<()> {
        let shown = context.data::<Arc<Self>>().map_err(|error| internal(error.message))?;
        shown.0.lock().entry(scope.organisation).or_default().insert(subject);
        Ok(())
    }

    /// Notes all of them.
    ///
    /// # Errors
    /// The ledger refuses, or has stopped: the answer must not be sent.
    pub(crate) async fn note(&self, ledger: &Ledger, principal: &Principal) -> Result<(), SubmitError> {
        let shown = std::mem::take(&mut *self.0.lock());
        for (organisation, subjects) in shown {
            let only = if subjects.len() == 1 { subjects.first().copied() } else { None };
            let reader = Reader::of(principal, organisation);
            note(ledger, reader, Reading::Viewed(subjects.len(), only)).await?;
        }
        Ok(())
    }
}
