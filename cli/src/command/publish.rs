//! `soticket publish`: logs as plain files with signed checkpoints.

use std::path::Path;

use clap::Args;
use serde::Serialize;
use soticket_ledger::proof::{Note, PublishError, Publisher, checkpoint_of};
use soticket_schema::OrganisationId;

use super::settle::organisation;
use crate::attest::{Attested, Attestors};
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
    /// Have the checkpoints cosigned and timestamped by those that the settings name
    #[arg(long)]
    pub submit: bool,
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
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attested: Vec<Attested>,
}

/// Publishes, and prints the checkpoints.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let mut published = publish(config, &opened, arguments.organisation);
    // While the data folder is ours: nobody else writes its published logs then.
    if arguments.submit
        && let Ok(published) = &mut published
        && let Err(failure) = attest(config, published)
    {
        opened.close();
        return Err(failure);
    }
    opened.close();
    let published = published?;
    if json {
        output::json(&published)?;
    } else {
        output::text_out(&published.iter().map(Shown::text).collect::<String>())?;
    }
    let given = published.iter().flat_map(|one| &one.attested).all(Attested::is_given);
    Ok(if given { Exit::Done } else { Exit::Refused })
}

/// Has others attest what was published.
fn attest(config: &Config, published: &mut [Shown]) -> Result<(), Failure> {
    let attestors = Attestors::of(config)?.demanded()?;
    for one in published {
        let folder = Path::new(&one.folder);
        if let (Some(logs), Some(log)) = (folder.parent(), folder.file_name().and_then(|name| name.to_str()))
        {
            one.attested = attestors.attest(logs, log);
        }
    }
    Ok(())
}

/// The publisher of a data folder.
pub(crate) fn publisher(config: &Config, opened: &Opened) -> Result<Publisher, Failure> {
    Ok(Publisher::new(opened.ledger.clone(), config.publishing()?))
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
    fn of(note: &Note, folder: &Path, keys: Vec<String>) -> Option<Self> {
        let checkpoint = checkpoint_of(note)?;
        Some(Self {
            origin: checkpoint.origin,
            size: checkpoint.size,
            root: checkpoint.root.to_string(),
            folder: folder.display().to_string(),
            keys,
            checkpoint: note.to_string(),
            attested: Vec::new(),
        })
    }

    fn text(&self) -> String {
        let keys: String = self.keys.iter().map(|key| format!("  key     {key}\n")).collect();
        let attested: String = self.attested.iter().map(|one| format!("  {one}\n")).collect();
        let Self { origin, size, root, folder, .. } = self;
        format!("{origin}\n  records {size}\n  root    {root}\n{keys}  folder  {folder}\n{attested}")
    }
}
