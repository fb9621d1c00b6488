//! Takes commands in order and decides each against the state including all before it, a round at a time.

use std::sync::Arc;

use soticket_schema::ids::{CommandId, Fingerprint, OrganisationId, SubjectRef};
use soticket_schema::limits::KEY_BYTES_MAX;
use soticket_schema::{Command, CommandBody, Envelope, Event, Hash, Rejection, RejectionCode, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::round::{Encoded, Replay, Round, encode};
use super::{Answer, OrganisationWriter, Organisations, Request, Shared};
use crate::decide::{Material, decide, erasure};
use crate::receipt::SubmitError;
use crate::state::State;
use crate::vault::{Erasure, Prepared, VaultError};

/// Most commands of one round: bounds the latency of the first and the memory of all.
const ROUND_COMMANDS_MAX: usize = 4_096;

pub(super) struct Decider {
    pub(super) shared: Arc<Shared>,
    pub(super) organisations: Organisations,
    requests: mpsc::Receiver<Request>,
    /// Commands of the round being decided; empty between rounds.
    taken: Vec<Request>,
}

/// Why a command does not become events.
pub(super) enum Refusal {
    /// The caller is told.
    Rejected(Rejection),
    /// The ledger must stop.
    Fatal(VaultError),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        Self::Rejected(rejection)
    }
}

impl From<VaultError> for Refusal {
    fn from(error: VaultError) -> Self {
        Self::Fatal(error)
    }
}

/// What becomes of a command that is not refused.
enum Outcome {
    /// It was recorded before, from this position on.
    Known(CommandId, Fingerprint, u64),
    /// It is recorded now.
    New(Envelope, Vec<Encoded>),
}

/// A decision, and what it was made with.
pub(super) struct Decided {
    pub(super) events: Vec<Event>,
    pub(super) prepared: Prepared,
    pub(super) now: Timestamp,
}

/// What a command is known by.
#[derive(Clone, Copy)]
pub(super) struct Identity {
    pub(super) command: CommandId,
    pub(super) fingerprint: Fingerprint,
}

impl Decider {
    pub(super) fn new(
        shared: Arc<Shared>,
        organisations: Organisations,
        requests: mpsc::Receiver<Request>,
    ) -> Self {
        Self { shared, organisations, requests, taken: Vec::with_capacity(ROUND_COMMANDS_MAX) }
    }

    pub(super) fn into_organisations(self) -> Organisations {
        self.organisations
    }

    /// Waits for commands and decides them; none when nobody can send any more. A round has something to commit or to
    /// answer: commands that are rejected are answered here.
    ///
    /// # Errors
    /// The vault cannot be read: the ledger must stop.
    pub(super) fn next_round(&mut self) -> Result<Option<Round>, VaultError> {
        let mut taken = std::mem::take(&mut self.taken);
        let mut round = Round::default();
        while round.is_empty() {
            if self.requests.blocking_recv_many(&mut taken, ROUND_COMMANDS_MAX) == 0 {
                return Ok(None);
            }
            taken.drain(..).try_for_each(|request| self.take(request, &mut round))?;
        }
        self.taken = taken;
        Ok(Some(round))
    }

    fn take(&mut self, request: Request, round: &mut Round) -> Result<(), VaultError> {
        let (command, answer) = match request {
            Request::Record { command, answer } => (command, answer),
            Request::Together { commands } => return self.take_together(commands, round),
            Request::Try { command, answer } => return self.try_out(&command, answer),
            Request::Open { organisation, subject, answer } => {
                drop(answer.send(self.open_matters(organisation, subject)));
                return Ok(());
            }
        };
        let organisation = command.organisation;
        match self.decide(&command, round) {
            Ok(Outcome::Known(command, fingerprint, position)) => {
                round.replays.push(Replay { organisation, command, fingerprint, position, answer });
            }
            Ok(Outcome::New(envelope, events)) => self.record(envelope, events, answer, round),
            // A rejection is not remembered and waits for nothing: it changed nothing.
            Err(Refusal::Rejected(rejection)) => drop(answer.send(Err(SubmitError::Rejected(rejection)))),
            Err(Refusal::Fatal(error)) => return Err(error),
        }
        Ok(())
    }

    /// Decides a command and forgets it: state, vault and key stay as they are.
    fn try_out(
        &self,
        command: &Command,
        answer: oneshot::Sender<Result<Vec<Event>, SubmitError>>,
    ) -> Result<(), VaultError> {
        let events = match self.organisations.get(&command.organisation) {
            Some(known) => self.decide_on(known, command).map(|decided| decided.events),
            None => Err(Rejection::new(RejectionCode::OrganisationUnknown, "organisation").into()),
        };
        match events {
            Err(Refusal::Fatal(error)) => return Err(error),
            Err(Refusal::Rejected(rejection)) => drop(answer.send(Err(SubmitError::Rejected(rejection)))),
            Ok(events) => drop(answer.send(Ok(events))),
        }
        Ok(())
    }

    /// What would be in the way of a person's erasure.
    fn open_matters(&self, organisation: OrganisationId, subject: SubjectRef) -> Vec<RejectionCode> {
        let Some(known) = self.organisations.get(&organisation) else { return Vec::new() };
        let now = (self.shared.clock)().max(known.head.recorded_at);
        erasure::open_matters(&known.state, subject, now)
    }

    fn decide_on(&self, known: &OrganisationWriter, command: &Command) -> Result<Decided, Refusal> {
        self.decide_with(known, command, self.shared.vault.prepare(command)?)
    }

    /// Decides with what the vault has prepared.
    pub(super) fn decide_with(
        &self,
        known: &OrganisationWriter,
        command: &Command,
        mut prepared: Prepared,
    ) -> Result<Decided, Refusal> {
        let now = (self.shared.clock)().max(known.head.recorded_at);
        let material = Material {
            now,
            subject: prepared.subject,
            email_owner: prepared.email_owner,
            codes: std::mem::take(&mut prepared.codes),
            public_key: prepared.public_key(),
            epochs: prepared.epochs,
        };
        let events = decide(&known.state, command, &material)?;
        Ok(Decided { events, prepared, now })
    }

    /// What a command and its parameters are known by.
    pub(super) fn identify(&self, command: &Command) -> Result<Identity, Rejection> {
        if command.key.is_empty() || command.key.len() > KEY_BYTES_MAX {
            return Err(Rejection::new(RejectionCode::KeyInvalid, "idempotencyKey"));
        }
        let parameters =
            command.parameters().map_err(|_| Rejection::new(RejectionCode::CommandTooLarge, ""))?;
        let keys = self.shared.vault.keys();
        Ok(Identity {
            command: keys.command(command.organisation, &command.key),
            fingerprint: keys.fingerprint(command.organisation, &parameters),
        })
    }

    fn decide(&self, command: &Command, round: &mut Round) -> Result<Outcome, Refusal> {
        let Identity { command: id, fingerprint } = self.identify(command)?;
        let organisation = command.organisation;
        let new;
        let known = match self.organisations.get(&organisation) {
            Some(known) => known,
            None if matches!(command.body, CommandBody::OpenOrganisation(_)) => {
                new = OrganisationWriter::new(organisation);
                &new
            }
            None => return Err(Rejection::new(RejectionCode::OrganisationUnknown, "organisation").into()),
        };
        if let Some(position) = known.commands.get(&id) {
            return Ok(Outcome::Known(id, fingerprint, *position));
        }

        let Decided { events, prepared, now } = self.decide_on(known, command)?;
        let events = encode(events, fingerprint)?;
        self.shared.vault.keep(
            command,
            prepared,
            events.iter().map(|encoded| &encoded.event),
            &mut round.writes,
        )?;
        if matches!(command.body, CommandBody::EraseSubject(_) | CommandBody::BeginVaultEpoch(_)) {
            self.note_for_vault(&known.state, &events, round);
        }
        Ok(Outcome::New(envelope(command, id, now, &events), events))
    }

    /// Notes what the vault has to do once the events are durable. From here on nothing is kept for a person who is to be
    /// forgotten, and no other epoch gets the number.
    fn note_for_vault(&self, state: &State, events: &[Encoded], round: &mut Round) {
        for encoded in events {
            match &encoded.event {
                Event::SubjectErased(event) => {
                    self.shared.vault.hide(event.subject);
                    round.erasures.push(Erasure::of(state, event.subject));
                }
                Event::VaultEpochBegun(event) => {
                    self.shared.vault.decided(event.epoch);
                    round.epoch = Some(event.epoch);
                }
                _ => {}
            }
        }
    }

    /// Links the events and takes them into the state. They are not durable yet; if the commit fails the process
    /// stops, so that a state that is ahead of the log is never asked again.
    pub(super) fn record(
        &mut self,
        envelope: Envelope,
        events: Vec<Encoded>,
        answer: Answer,
        round: &mut Round,
    ) {
        let organisation = envelope.organisation;
        let writer =
            self.organisations.entry(organisation).or_insert_with(|| OrganisationWriter::new(organisation));
        let section = round.section(organisation, writer.head);
        match section.push(envelope, events) {
            Ok(range) => {
                section.entries[range.clone()].iter().for_each(|entry| writer.apply(entry));
                section.answers.push((answer, range));
            }
            // `encode` has checked every payload, so that this does not happen.
            Err(_) => {
                let rejection = Rejection::new(RejectionCode::CommandTooLarge, "");
                drop(answer.send(Err(SubmitError::Rejected(rejection))));
            }
        }
    }
}

/// What a command's events have in common; the round gives them their places.
pub(super) fn envelope(command: &Command, id: CommandId, now: Timestamp, events: &[Encoded]) -> Envelope {
    Envelope {
        organisation: command.organisation,
        position: 0,
        previous: Hash::default(),
        kind: 0,
        version: 0,
        recorded_at: now,
        occurred_at: command.occurred_at.unwrap_or(now),
        actor: command.actor,
        command: id,
        part: 0,
        parts: u16::try_from(events.len()).unwrap_or(u16::MAX),
    }
}
