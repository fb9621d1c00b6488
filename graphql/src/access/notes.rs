//! What the audit journal is told of those who ask: what they were refused, and that they read what is known of persons.
//! One event per principal, reason and minute, with a count, once the minute is over: whoever floods the service with
//! requests does not flood the log. A crash loses the notes of the present minute.

use std::collections::BTreeMap;

use parking_lot::Mutex;
use soticket_ledger::Ledger;
use soticket_schema::command::NoteAccess;
use soticket_schema::event::v1::{AccessDenied, DenialReason, PersonalDataRead};
use soticket_schema::ids::{ActorId, OrganisationId, TokenId};
use soticket_schema::{Command, CommandBody, Timestamp};

use super::meter::minute;

/// Most notes of one command.
const NOTES_MAX: usize = 500;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Denied(DenialReason),
    Read,
}

/// By organisation first: what is noted together is consecutive.
type Note = (OrganisationId, Timestamp, ActorId, Option<TokenId>, What);

/// Notes whose minute is not over, or that are on their way.
#[derive(Default)]
pub(crate) struct Notes(Mutex<BTreeMap<Note, u32>>);

impl Notes {
    /// Somebody was refused something.
    pub(crate) fn denied(
        &self,
        organisation: OrganisationId,
        asker: ActorId,
        token: Option<TokenId>,
        reason: DenialReason,
        now: Timestamp,
    ) {
        self.add((organisation, minute(now), asker, token, What::Denied(reason)));
    }

    /// Somebody read what is known of persons.
    pub(crate) fn read(
        &self,
        organisation: OrganisationId,
        reader: ActorId,
        token: Option<TokenId>,
        now: Timestamp,
    ) {
        self.add((organisation, minute(now), reader, token, What::Read));
    }

    fn add(&self, note: Note) {
        let mut notes = self.0.lock();
        let count = notes.entry(note).or_default();
        *count = count.saturating_add(1);
    }

    /// Records notes: those whose minute is over, or all.
    pub(crate) async fn record(&self, ledger: &Ledger, all: bool) {
        let present = minute(ledger.now());
        let due: Vec<(Note, u32)> = {
            let mut notes = self.0.lock();
            let (due, left) =
                std::mem::take(&mut *notes).into_iter().partition(|(note, _)| all || note.1 < present);
            *notes = left;
            due.into_iter().collect()
        };
        for of_one in due.chunk_by(|left, right| left.0.0 == right.0.0) {
            for notes in of_one.chunks(NOTES_MAX) {
                record(ledger, notes).await;
            }
        }
    }
}

async fn record(ledger: &Ledger, notes: &[(Note, u32)]) {
    let Some(((organisation, ..), _)) = notes.first().copied() else { return };
    let (mut denials, mut reads) = (Vec::new(), Vec::new());
    for ((_, minute, actor, token, what), count) in notes.iter().copied() {
        match what {
            What::Denied(reason) => {
                denials.push(AccessDenied { asker: actor, token, reason, minute, count });
            }
            What::Read => reads.push(PersonalDataRead { reader: actor, token, minute, count }),
        }
    }
    let body = CommandBody::NoteAccess(NoteAccess { denials, reads });
    let key = format!("access {}", uuid::Uuid::new_v4());
    let command = Command { organisation, actor: ActorId(0), key, occurred_at: None, body };
    if let Err(error) = ledger.submit(command).await {
        tracing::warn!(%organisation, %error, notes = notes.len(), "the audit journal was not told who asked");
    }
}
