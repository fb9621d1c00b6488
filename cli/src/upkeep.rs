//! What the service does by itself: it closes days that are over, finishes what erasures leave to do, and notes in the audit journal when it starts and stops,
//! when the clock goes backwards, and what was wrong before.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use soticket_ledger::proof::{COOPERATIVE, Publisher};
use soticket_ledger::{Ledger, SubmitError, close_due_days, keep_vault};
use soticket_projections::Projections;
use soticket_schema::command::NoteTechnicalEvent;
use soticket_schema::event::v1::TechnicalKind;
use soticket_schema::limits::REFERENCE_BYTES_MAX;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId, Timestamp};
use tokio::time::{Instant, MissedTickBehavior};

use crate::attest::Attestors;
use crate::config::Config;
use crate::failure::Failure;
use crate::open::Opened;
use crate::retention::{self, Outcome};

/// How often the service looks whether a day is over.
const TICK: Duration = Duration::from_secs(15);
/// How often the service looks whose data may be kept no longer.
const RETENTION: Duration = Duration::from_secs(24 * 60 * 60);
/// A clock that is this much behind has gone backwards: less is the correction of a time server.
const BACKWARDS: i64 = 1_000_000;
/// File of the data folder, outside the store, with the codes of faults that could not be noted when they were found: a
/// log that is at fault takes no more records.
const FAULTS: &str = "faults";

/// Looks after the organisations of a data folder.
pub(crate) struct Upkeep {
    ledger: Ledger,
    projections: Arc<Projections>,
    publisher: Publisher,
    checkpoint_every: Duration,
    attestors: Attestors,
    published: PathBuf,
    /// Others being asked to attest: a witness that is slow keeps no day from being closed.
    attesting: Option<JoinHandle<()>>,
    faults: PathBuf,
    /// How long backups are kept.
    backup_window: Duration,
    /// Whether persons are erased once their time is over.
    erases: bool,
    /// The latest that the clock has shown.
    latest: Timestamp,
}

impl Upkeep {
    /// Of a data folder that is open.
    pub(crate) fn new(opened: &Opened, publisher: Publisher, config: &Config) -> Result<Self, Failure> {
        let (ledger, projections) = (opened.ledger.clone(), Arc::clone(&opened.projections));
        let latest = ledger.now();
        let checkpoint_every = Duration::from_secs(config.checkpoint_seconds);
        let faults = config.data()?.join(FAULTS);
        let (attestors, published) = (Attestors::of(config)?, config.publishing()?.folder);
        let attesting = None;
        Ok(Self {
            ledger,
            projections,
            publisher,
            checkpoint_every,
            attestors,
            published,
            attesting,
            faults,
            backup_window: config.backup_window(),
            erases: config.retention,
            latest,
        })
    }

    /// The service starts: what happened before is noted, and every day that is over is closed.
    pub(crate) async fn begin(&mut self) {
        let faults = pending(&self.faults);
        for organisation in self.projections.organisations() {
            let head = self.ledger.head(organisation).map(|head| head.recorded_at).unwrap_or_default();
            let now = self.ledger.now();
            if went_back(head, now) {
                self.note(organisation, TechnicalKind::ClockWentBack, &now.to_string()).await;
            }
            for fault in &faults {
                self.note(organisation, TechnicalKind::IntegrityFault, fault).await;
            }
            if self.ledger.unreadable_key_slots() > 0 {
                self.note(organisation, TechnicalKind::IntegrityFault, "KEY_SLOTS_UNREADABLE").await;
            }
            self.note(organisation, TechnicalKind::Started, &version()).await;
            self.close(organisation).await;
            self.keep_vault(organisation).await;
        }
        if !faults.is_empty()
            && let Err(error) = fs::remove_file(&self.faults)
        {
            tracing::warn!(%error, file = %self.faults.display(), "faults that were noted could not be removed");
        }
    }

    /// Goes on for ever.
    pub(crate) async fn run(&mut self) {
        let mut ticks = tokio::time::interval_at(Instant::now() + TICK, TICK);
        let mut checkpoints = tokio::time::interval(self.checkpoint_every);
        checkpoints.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut retention = tokio::time::interval(RETENTION);
        loop {
            tokio::select! {
                _ = ticks.tick() => self.tick().await,
                _ = retention.tick() => self.retain().await,
                _ = checkpoints.tick() => {
                    self.publish().await;
                    self.attest();
                }
            }
        }
    }

    /// Has the newest checkpoints attested, unless others are being asked still. Not waited for: who has not answered when
    /// the service stops is asked again after its next start.
    fn attest(&mut self) {
        if self.attestors.is_empty() || self.attesting.as_ref().is_some_and(|asked| !asked.is_finished()) {
            return;
        }
        let (attestors, published) = (self.attestors.clone(), self.published.clone());
        let mut logs: Vec<String> =
            self.projections.organisations().iter().map(ToString::to_string).collect();
        logs.push(COOPERATIVE.to_owned());
        // A thread of its own: the runtime would wait for one of its own before the process could end.
        self.attesting = Some(thread::spawn(move || {
            for log in logs {
                attestors.attest(&published, &log);
            }
        }));
    }

    /// Signs a checkpoint over what is new in every log, and the cooperative's over those.
    async fn publish(&self) {
        let (publisher, organisations) = (self.publisher.clone(), self.projections.organisations());
        let published = tokio::task::spawn_blocking(move || {
            let mut failed = Vec::new();
            for organisation in organisations {
                failed.extend(
                    publisher.publish(organisation).err().map(|error| (organisation.to_string(), error)),
                );
            }
            failed.extend(publisher.publish_cooperative().err().map(|error| (COOPERATIVE.to_owned(), error)));
            failed
        });
        for (log, error) in published.await.unwrap_or_default() {
            // Sales go on: what is not signed now is signed once the fault is mended.
            tracing::error!(log, code = error.code(), %error, "no checkpoint was signed");
        }
    }

    async fn tick(&mut self) {
        let now = self.ledger.now();
        let back = went_back(self.latest, now);
        // Told once: what comes after is measured against the clock as it is now.
        self.latest = if back { now } else { self.latest.max(now) };
        for organisation in self.projections.organisations() {
            if back {
                self.note(organisation, TechnicalKind::ClockWentBack, &now.to_string()).await;
            }
            if self.is_due(organisation, now) {
                self.close(organisation).await;
            }
            let due = self.projections.view(organisation, |views| views.customers.vault_is_due());
            if due.unwrap_or(false) {
                self.keep_vault(organisation).await;
            }
        }
    }

    /// Erases whose time is over, or tells how many are due. What it begins the vault's next epoch for follows at the next
    /// tick.
    async fn retain(&self) {
        for organisation in self.projections.organisations() {
            let (ledger, projections) = (self.ledger.clone(), Arc::clone(&self.projections));
            let erases = self.erases;
            let work = move || {
                let due = retention::due(&ledger, &projections, organisation);
                if !erases {
                    return Ok((due.len(), 0));
                }
                let mut erased = 0;
                for person in &due {
                    if retention::erase(&ledger, organisation, person)? == Outcome::Erased {
                        erased += 1;
                    }
                }
                Ok::<_, SubmitError>((due.len(), erased))
            };
            match tokio::task::spawn_blocking(work).await {
                Ok(Ok((0, _))) => {}
                Ok(Ok((due, erased))) => {
                    tracing::info!(%organisation, due, erased, "looked whose data may be kept no longer");
                }
                Ok(Err(error)) => tracing::error!(%organisation, %error, "persons could not be erased"),
                Err(error) => tracing::error!(%organisation, %error, "persons could not be erased"),
            }
        }
    }

    /// Begins the vault's next epoch after erasures, and destroys keys that only older backups need.
    async fn keep_vault(&self, organisation: OrganisationId) {
        let (ledger, window) = (self.ledger.clone(), self.backup_window);
        // Wrapping many keys takes its time, and the disk's.
        let kept = tokio::task::spawn_blocking(move || keep_vault(&ledger, organisation, window)).await;
        match kept {
            Ok(Ok(kept)) => {
                if let Some(epoch) = kept.begun {
                    tracing::info!(%organisation, epoch, "began an epoch of the vault");
                }
                if let Some(before) = kept.destroyed_before {
                    tracing::info!(%organisation, before, "keys of earlier epochs of the vault are destroyed");
                }
            }
            Ok(Err(error)) => tracing::error!(%organisation, %error, "the vault could not be looked after"),
            Err(error) => tracing::error!(%organisation, %error, "the vault could not be looked after"),
        }
    }

    /// Whether the first open day is over, by the read model.
    fn is_due(&self, organisation: OrganisationId, now: Timestamp) -> bool {
        let ends = self.projections.view(organisation, |views| views.closings.first_open_ends_at());
        ends.flatten().is_some_and(|ends| ends <= now)
    }

    async fn close(&self, organisation: OrganisationId) {
        match close_due_days(&self.ledger, organisation).await {
            Ok(closings) if closings.is_empty() => {}
            Ok(closings) => tracing::info!(%organisation, closings = closings.len(), "closed what was over"),
            Err(error) => tracing::error!(%organisation, %error, "days that are over could not be closed"),
        }
    }

    /// The service stops.
    pub(crate) async fn end(&self) {
        for organisation in self.projections.organisations() {
            self.note(organisation, TechnicalKind::Stopped, &version()).await;
        }
        self.publish().await;
    }

    async fn note(&self, organisation: OrganisationId, what: TechnicalKind, reference: &str) {
        if let Err(error) = self.ledger.submit(noted(&self.ledger, organisation, what, reference)).await {
            tracing::warn!(%organisation, ?what, %error, "a technical event was not noted");
        }
    }
}

/// Notes a technical event of an organisation.
///
/// # Errors
/// The ledger stopped, or refuses.
pub(crate) fn note(
    ledger: &Ledger,
    organisation: OrganisationId,
    what: TechnicalKind,
    reference: &str,
) -> Result<(), Failure> {
    let command = noted(ledger, organisation, what, reference);
    ledger.submit_blocking(command).map(drop).map_err(crate::command::close::refusal)
}

fn noted(ledger: &Ledger, organisation: OrganisationId, what: TechnicalKind, reference: &str) -> Command {
    // What happens at one place of the log happens once.
    let length = ledger.head(organisation).map_or(0, |head| head.length);
    let end = reference.floor_char_boundary(REFERENCE_BYTES_MAX);
    let reference: String =
        reference.get(..end).unwrap_or_default().chars().filter(|char| !char.is_control()).collect();
    Command {
        organisation,
        actor: ActorId(0),
        key: format!("note {what:?} {reference} at {length}"),
        occurred_at: None,
        body: CommandBody::NoteTechnicalEvent(NoteTechnicalEvent { what, about: None, reference }),
    }
}

/// The program and its version.
fn version() -> String {
    format!("soticket {}", env!("CARGO_PKG_VERSION"))
}

fn went_back(before: Timestamp, now: Timestamp) -> bool {
    now.0.saturating_add(BACKWARDS) < before.0
}

/// Refusals that say nothing about the data.
const NO_FAULTS: [&str; 3] = ["LOG_LOCKED", "LOG_IO", "DATA_ABSENT"];

/// Keeps the code of a fault until a sound ledger can note it.
pub(crate) fn keep_fault(data: &Path, fault: &str) {
    let code: String = fault.chars().take_while(|char| char.is_ascii_uppercase() || *char == '_').collect();
    let mut faults = pending(&data.join(FAULTS));
    if code.is_empty() || NO_FAULTS.contains(&code.as_str()) || faults.contains(&code) || !data.is_dir() {
        return;
    }
    faults.push(code);
    if let Err(error) = fs::write(data.join(FAULTS), faults.join("\n")) {
        tracing::warn!(%error, "a fault could not be kept for the audit journal");
    }
}

fn pending(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap_or_default().lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_kept_once_by_its_code() {
        let folder = tempfile::tempdir().unwrap();
        keep_fault(folder.path(), "CHAIN_BROKEN: position 7");
        keep_fault(folder.path(), "CHAIN_BROKEN: position 8");
        keep_fault(folder.path(), "SYNC_FAILED: no space");
        keep_fault(folder.path(), "no code");
        keep_fault(folder.path(), "LOG_LOCKED: another process");
        assert_eq!(pending(&folder.path().join(FAULTS)), ["CHAIN_BROKEN", "SYNC_FAILED"]);
    }

    #[test]
    fn a_correction_of_a_time_server_is_no_clock_going_backwards() {
        assert!(!went_back(Timestamp(5_000_000), Timestamp(4_500_000)));
        assert!(went_back(Timestamp(5_000_000), Timestamp(3_900_000)));
        assert!(!went_back(Timestamp(5_000_000), Timestamp(6_000_000)));
    }
}
