//! `soticket publish`: logs as plain files with signed checkpoints.

use clap::Args;
use serde::Serialize;
use soticket_exports::NamedCheckpoint;
use soticket_ledger::proof::{Note, PublishError, Publisher, checkpoint_of};
use soticket_schema::OrganisationId;

use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// What to publish.
#[derive(Args, Debug)]
pub struct Arguments {
    /// One organisation; all of them, and the log of the cooperative, if absent
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

/// A published log.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) origin: String,
    pub(super) size: u64,
    pub(super) root: String,
    folder: String,
    keys: Vec<String>,
    checkpoint: String,
}

/// Publishes, and prints the checkpoints.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let published = publish(config, &opened, arguments.organisation);
    opened.close();
    let published = published?;
    if json {
        output::json(&published)?;
    } else {
        output::text_out(&published.iter().map(Shown::text).collect::<String>())?;
    }
    Ok(Exit::Done)
}

/// The publisher of a data folder.
pub(crate) fn publisher(config: &Config, opened: &Opened) -> Result<Publisher, Failure> {
    Ok(Publisher::new(opened.ledger.clone(), config.publishing()?))
}

/// The checkpoint that a document names.
pub(super) fn checkpoint(
    publisher: &Publisher,
    organisation: OrganisationId,
    size: u64,
) -> Option<NamedCheckpoint> {
    let checkpoint = publisher.named(organisation, size)?;
    Some(NamedCheckpoint { origin: checkpoint.origin, size, root: checkpoint.root.to_string() })
}

fn publish(
    config: &Config,
    opened: &Opened,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Shown>, Failure> {
    let publisher = publisher(config, opened)?;
    let wanted = organisation.map_or_else(|| opened.projections.organisations(), |one| vec![one]);
    let mut published = Vec::new();
    for organisation in wanted {
        let note = publisher.publish(organisation).map_err(|error| refused(&error))?;
        let keys = publisher.keys(organisation).iter().map(ToString::to_string).collect();
        published.extend(Shown::of(&note, publisher.folder(organisation).path(), keys));
    }
    if organisation.is_none()
        && let Some(note) = publisher.publish_cooperative().map_err(|error| refused(&error))?
    {
        let folder = publisher.cooperative_folder();
        let keys = folder.keys()?.iter().map(ToString::to_string).collect();
        published.extend(Shown::of(&note, folder.path(), keys));
    }
    Ok(published)
}

/// Why nothing is published.
pub(crate) fn refused(error: &PublishError) -> Failure {
    let exit = match error {
        PublishError::OrganisationUnknown | PublishError::BeyondLog { .. } => Exit::Refused,
        _ => Exit::Data,
    };
    Failure::new(exit, error.code(), error.to_string())
}

impl Shown {
    fn of(note: &Note, folder: &std::path::Path, keys: Vec<String>) -> Option<Self> {
        let checkpoint = checkpoint_of(note)?;
        Some(Self {
            origin: checkpoint.origin,
            size: checkpoint.size,
            root: checkpoint.root.to_string(),
            folder: folder.display().to_string(),
            keys,
            checkpoint: note.to_string(),
        })
    }

    fn text(&self) -> String {
        let keys: String = self.keys.iter().map(|key| format!("  key     {key}\n")).collect();
        let Self { origin, size, root, folder, .. } = self;
        format!("{origin}\n  records {size}\n  root    {root}\n{keys}  folder  {folder}\n")
    }
}
