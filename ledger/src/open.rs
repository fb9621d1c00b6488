//! Opening a data folder: log, vault, every organisation's decision state, then the writer.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use soticket_schema::Timestamp;
use soticket_schema::ids::{CommandId, OrganisationId};

use crate::files::Files;
use crate::ledger::{Ledger, OpenError, Options};
use crate::log::{Log, LogError, SledLog, SledOptions};
use crate::snapshot::{self, SnapshotKind};
use crate::state::State;
use crate::vault::{Erasure, Vault, VaultError};
use crate::writer::{OrganisationWriter, Shared, Upkeep};

/// Raised whenever the decision state or what is kept with it changes its meaning.
const SNAPSHOT: SnapshotKind = SnapshotKind { name: "decisions", version: 8 };

/// Records after which closing keeps a new snapshot: fewer are quickly taken in again.
const SNAPSHOT_RECORDS: u64 = 10_000;

/// Bytes of small pages that one turn of upkeep looks at.
const UPKEEP_BYTES: usize = 1 << 20;

impl Ledger {
    /// Opens the data folder, or creates it when there is nothing.
    ///
    /// # Errors
    /// A named refusal whenever anything acknowledged is missing, damaged or unaccounted for, or keys are not right.
    pub fn open(data: &Path, options: Options) -> Result<Self, OpenError> {
        let sled = SledOptions { cache_bytes: options.cache_bytes, ..SledOptions::default() };
        let log = Arc::new(SledLog::open(data, &sled)?);
        let keys = options.keys.unwrap_or_else(|| keys_beside(data));
        let vault = Arc::new(Vault::open(data, &keys, Arc::new(log.side_store()))?);
        let snapshots = data.join("snapshots");
        let mut organisations = FxHashMap::default();
        let mut kept = FxHashMap::default();
        for (organisation, _) in log.heads() {
            let (writer, length) = load(&snapshots, organisation, log.as_ref())?;
            organisations.insert(organisation, writer);
            kept.insert(organisation, length);
        }
        finish_erasures(&vault, &organisations, (options.clock)())?;

        let files = Files::open(data.join("files"))?;
        let shared = Arc::new(Shared::new(Arc::clone(&log) as Arc<dyn Log>, vault, files, options.clock));
        for (organisation, writer) in &organisations {
            shared.load_checkpoint_keys(*organisation, &writer.state.checkpoint_keys);
        }
        let closing = Arc::new(AtomicBool::new(false));
        let verifier = verify_in_background(Arc::clone(&log), Arc::clone(&shared), Arc::clone(&closing))?;
        let upkeep: Upkeep = Box::new(move || Ok(log.merge_small_pages(UPKEEP_BYTES)?.more));
        Self::start(shared, organisations, options.queue, upkeep, move |organisations| {
            closing.store(true, Ordering::Relaxed);
            save(&snapshots, organisations, &kept);
            drop(verifier.join());
        })
    }
}

/// Finishes what a crash may have left of erasures that are in the logs, before anything is served: persons whose keys
/// are still there, and an epoch that keys are not wrapped by yet.
fn finish_erasures(
    vault: &Vault,
    organisations: &FxHashMap<OrganisationId, OrganisationWriter>,
    now: Timestamp,
) -> Result<(), VaultError> {
    let mut left = Vec::new();
    for (organisation, writer) in organisations {
        let erasures = &writer.state.erasures;
        for subject in erasures.subjects() {
            vault.hide(subject);
            if vault.is_unfinished(*organisation, subject) {
                left.push(Erasure::of(&writer.state, subject));
            }
        }
        vault.recorded(erasures.begun());
    }
    vault.erase(&left)?;
    vault.turn(now)
}

/// Where a data folder's keys are unless they are put elsewhere: outside it, so that a copy of the data holds none.
pub fn keys_beside(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_os_string();
    name.push("-keys");
    data.with_file_name(name)
}

#[derive(Serialize, Deserialize)]
struct Kept {
    state: State,
    commands: Vec<(CommandId, u64)>,
}

fn path_of(snapshots: &Path, organisation: OrganisationId) -> PathBuf {
    snapshots.join(format!("decisions-{organisation}.snapshot"))
}

/// The organisation as of its snapshot, if that is of this log, and everything since; with the snapshot's length.
fn load(
    snapshots: &Path,
    organisation: OrganisationId,
    log: &dyn Log,
) -> Result<(OrganisationWriter, u64), LogError> {
    let mut writer = OrganisationWriter::new(organisation);
    if let Some((head, payload)) = snapshot::read(&path_of(snapshots, organisation), SNAPSHOT, organisation) {
        let kept = bincode::serde::decode_from_slice::<Kept, _>(&payload, bincode::config::standard());
        if let (Ok((kept, _)), true) = (kept, log_has(log, organisation, &head)?) {
            let commands = kept.commands.into_iter().collect();
            writer = OrganisationWriter { state: kept.state, head, commands };
        }
    }
    let length = writer.head.length;
    writer.catch_up(organisation, log)?;
    Ok((writer, length))
}

/// Whether the log went through this head: a snapshot of another log's past is of no use.
fn log_has(log: &dyn Log, organisation: OrganisationId, head: &crate::log::Head) -> Result<bool, LogError> {
    let Some(position) = head.length.checked_sub(1) else { return Ok(false) };
    let mut found = false;
    if log.head(organisation).is_some_and(|now| head.length <= now.length) {
        log.read(organisation, position, &mut |record| {
            found = record.hash() == head.hash;
            ControlFlow::Break(())
        })?;
    }
    Ok(found)
}

/// Keeps snapshots of what has moved on. They are a convenience: a failure is told and costs a longer opening.
fn save(
    snapshots: &Path,
    organisations: &FxHashMap<OrganisationId, OrganisationWriter>,
    kept: &FxHashMap<OrganisationId, u64>,
) {
    for (&organisation, writer) in organisations {
        let before = kept.get(&organisation).copied().unwrap_or(0);
        if writer.head.length < before + SNAPSHOT_RECORDS {
            continue;
        }
        let mut commands: Vec<(CommandId, u64)> = writer.commands.iter().map(|(id, at)| (*id, *at)).collect();
        commands.sort_unstable();
        let encoded = bincode::serde::encode_to_vec((&writer.state, &commands), bincode::config::standard());
        let Ok(payload) = encoded else { continue };
        let written =
            snapshot::write(&path_of(snapshots, organisation), SNAPSHOT, organisation, writer.head, &payload);
        if let Err(error) = written {
            tracing::warn!(%organisation, %error, "no snapshot was kept");
        }
    }
}

/// Checks the links that opening left out. A fault stops the ledger: nothing more is built on damaged history.
fn verify_in_background(
    log: Arc<SledLog>,
    shared: Arc<Shared>,
    closing: Arc<AtomicBool>,
) -> std::io::Result<std::thread::JoinHandle<()>> {
    std::thread::Builder::new().name("verifier".to_owned()).spawn(move || {
        let mut go_on = |_| match closing.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        };
        if let Err(error) = log.verify_rest(&mut go_on) {
            shared.fail(error.code(), &error.to_string());
        }
    })
}
