//! Commands that are recorded together or not at all.
//!
//! They are decided one after the other on a copy of the decision state, so that one that is refused leaves nothing behind.
//! The copy costs as much memory as the state for as long as it takes.

use std::ops::ControlFlow;

use rustc_hash::FxHashMap;
use soticket_schema::ids::{CommandId, Fingerprint, OrganisationId, SubjectRef};
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};
use soticket_schema::{Command, Envelope, Rejection, RejectionCode};

use super::decider::{Decided, Decider, Identity, Refusal, envelope};
use super::round::{Encoded, Replay, Round, Section, encode};
use super::{Answer, OrganisationWriter};
use crate::entry::Entry;
use crate::receipt::SubmitError;
use crate::vault::{Prepared, VaultError};

/// What becomes of one of them if all are recorded.
enum Line {
    /// It was recorded before, or is the same as one before it.
    Known(Identity),
    /// It is recorded now.
    New(Box<New>),
}

/// What is recorded of one.
struct New {
    envelope: Envelope,
    events: Vec<Encoded>,
    prepared: Prepared,
}

/// The copy that they are tried on.
struct Trial {
    writer: OrganisationWriter,
    section: Section,
    /// Whose e-mails are new with them: the vault does not know these persons yet.
    persons: FxHashMap<[u8; 16], SubjectRef>,
    /// What each of them is known by.
    identities: FxHashMap<CommandId, Fingerprint>,
}

impl Decider {
    /// Decides commands of one organisation together: records all of them, or answers each with why not.
    pub(super) fn take_together(
        &mut self,
        commands: Vec<(Command, Answer)>,
        round: &mut Round,
    ) -> Result<(), VaultError> {
        let Some(organisation) = commands.first().map(|(command, _)| command.organisation) else {
            return Ok(());
        };
        let (lines, refused) = self.tried(organisation, &commands)?;
        if refused {
            for ((_, answer), line) in commands.into_iter().zip(lines) {
                let other = || Rejection::new(RejectionCode::OtherLineRefused, "");
                let rejection = line.err().unwrap_or_else(other);
                drop(answer.send(Err(SubmitError::Rejected(rejection))));
            }
            return Ok(());
        }
        let lines: Vec<Line> = lines.into_iter().flatten().collect();
        let (records, bytes) = size(&lines);
        if let Some(known) = self.organisations.get(&organisation).filter(|_| records > 0) {
            round.section(organisation, known.head).make_room(records, bytes);
        }
        for ((command, answer), line) in commands.into_iter().zip(lines) {
            self.record_line(command, answer, line, round)?;
        }
        Ok(())
    }

    /// What would become of each, and whether any is refused.
    fn tried(
        &self,
        organisation: OrganisationId,
        commands: &[(Command, Answer)],
    ) -> Result<(Vec<Result<Line, Rejection>>, bool), VaultError> {
        let Some(known) = self.organisations.get(&organisation) else {
            let unknown = || Rejection::new(RejectionCode::OrganisationUnknown, "organisation");
            return Ok((commands.iter().map(|_| Err(unknown())).collect(), true));
        };
        let mut trial = Trial {
            writer: OrganisationWriter {
                state: known.state.clone(),
                head: known.head,
                commands: FxHashMap::default(),
            },
            section: Section::onto(organisation, known.head),
            persons: FxHashMap::default(),
            identities: FxHashMap::default(),
        };
        let (mut lines, mut sum, mut refused) = (Vec::with_capacity(commands.len()), (0, 0), false);
        for (command, _) in commands {
            let mut line = match self.tried_on(&mut trial, known, command) {
                Ok(line) => Ok(line),
                Err(Refusal::Rejected(rejection)) => Err(rejection),
                Err(Refusal::Fatal(error)) => return Err(error),
            };
            if let Ok(line) = &line {
                let (records, bytes) = size(std::slice::from_ref(line));
                sum = (sum.0 + records, sum.1 + bytes);
            }
            if sum.0 > APPEND_RECORDS_MAX || sum.1 > APPEND_BYTES_MAX {
                line = Err(Rejection::new(RejectionCode::CommandTooLarge, ""));
            }
            refused |= line.is_err();
            lines.push(line);
        }
        Ok((lines, refused))
    }

    fn tried_on(
        &self,
        trial: &mut Trial,
        known: &OrganisationWriter,
        command: &Command,
    ) -> Result<Line, Refusal> {
        if command.organisation != trial.section.organisation {
            return Err(Rejection::new(RejectionCode::OrganisationUnknown, "organisation").into());
        }
        let identity = self.identify(command)?;
        let recorded = known.commands.get(&identity.command);
        let earlier = match recorded {
            Some(position) => self.fingerprint(command.organisation, *position)?,
            None => trial.identities.insert(identity.command, identity.fingerprint),
        };
        if earlier.is_some_and(|earlier| earlier != identity.fingerprint) {
            return Err(Rejection::new(RejectionCode::IdempotencyKeyReused, "idempotencyKey").into());
        }
        if recorded.is_some() || earlier.is_some() {
            return Ok(Line::Known(identity));
        }
        let mut prepared = self.shared.vault.prepare(command)?;
        if let (Some(buyer), Some(subject)) = (command.body.buyer(), prepared.subject)
            && !buyer.email.trim().is_empty()
        {
            let email = self.shared.vault.keys().email(command.organisation, &buyer.email);
            prepared.subject = Some(*trial.persons.entry(email).or_insert(subject));
        }
        let Decided { events, prepared, now } = self.decide_with(&trial.writer, command, prepared)?;
        let events = encode(events, identity.fingerprint)?;
        let envelope = envelope(command, identity.command, now, &events);
        let range = trial.section.push(envelope, events.clone());
        let range = range.map_err(|_| Rejection::new(RejectionCode::CommandTooLarge, ""))?;
        for entry in &trial.section.entries[range] {
            trial.writer.apply(entry);
        }
        Ok(Line::New(Box::new(New { envelope, events, prepared })))
    }

    /// What a recorded command's parameters are known by; none for one that is on its way to the log, of which the answer will
    /// tell.
    fn fingerprint(
        &self,
        organisation: OrganisationId,
        position: u64,
    ) -> Result<Option<Fingerprint>, VaultError> {
        let mut found = None;
        self.shared.log.read(organisation, position, &mut |record| {
            found = Entry::read(&record).ok().and_then(|entry| entry.fingerprint);
            ControlFlow::Break(())
        })?;
        Ok(found)
    }

    fn record_line(
        &mut self,
        command: Command,
        answer: Answer,
        line: Line,
        round: &mut Round,
    ) -> Result<(), VaultError> {
        match line {
            Line::New(new) => {
                let New { envelope, events, prepared } = *new;
                let recorded = events.iter().map(|encoded| &encoded.event);
                self.shared.vault.keep(&command, prepared, recorded, &mut round.writes)?;
                self.record(envelope, events, answer, round);
            }
            Line::Known(Identity { command: id, fingerprint }) => {
                let organisation = command.organisation;
                let known = self.organisations.get(&organisation);
                // One that is the same as another before it is known by now.
                if let Some(position) = known.and_then(|known| known.commands.get(&id).copied()) {
                    round.replays.push(Replay { organisation, command: id, fingerprint, position, answer });
                }
            }
        }
        Ok(())
    }
}

/// Records and bytes of lines.
fn size(lines: &[Line]) -> (usize, usize) {
    let events = lines.iter().filter_map(|line| match line {
        Line::New(new) => Some(&new.events),
        Line::Known(_) => None,
    });
    events.flatten().fold((0, 0), |(records, bytes), event| (records + 1, bytes + event.record_bytes()))
}
