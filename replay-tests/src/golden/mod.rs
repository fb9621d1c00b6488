//! Golden replays: frozen event bytes go in, and what the projections make of them is compared with what it was.

mod events;
mod render;

use std::path::Path;

use anyhow::{Context, Result};
use soticket_ledger::log::{Append, Head, Log as _, SledLog, SledOptions};
use soticket_ledger::{Ledger, Options};
use soticket_projections::Projections;
use soticket_schema::limits::{APPEND_BYTES_MAX, APPEND_RECORDS_MAX};
use soticket_schema::{OrganisationId, RecordView};

pub use events::{dump, parse};

/// Replays records into an empty ledger in `folder` and says what its projections hold.
///
/// # Errors
/// The records are no log, or their projections do not start.
pub fn replay(records: &[Vec<u8>], folder: &Path) -> Result<String> {
    let log = SledLog::open(folder, &SledOptions::default())?;
    for append in appends(records)? {
        log.commit(&[append])?;
    }
    drop(log);
    let ledger = Ledger::open(folder, Options::default())?;
    let projections = Projections::start(ledger.clone(), soticket_projections::Options::default())?;
    let mut text = String::new();
    for organisation in projections.organisations() {
        render::organisation(&projections, organisation, &mut text).context("nothing to write to")?;
    }
    projections.close();
    ledger.close();
    Ok(text)
}

/// The records as appends of consecutive ones, as large as they may be.
fn appends(records: &[Vec<u8>]) -> Result<Vec<Append>> {
    let mut appends: Vec<Append> = Vec::new();
    for record in records {
        let view = RecordView::parse(record)?;
        let organisation = view.envelope.organisation;
        let continues = appends.last().is_some_and(|last| {
            last.organisation == organisation
                && (last.count as usize) < APPEND_RECORDS_MAX
                && last.records.len() + record.len() <= APPEND_BYTES_MAX
        });
        if !continues {
            appends.push(Append::onto(organisation, head_of(&appends, organisation)));
        }
        if let Some(last) = appends.last_mut() {
            // Stored bytes are kept as they are: that they still mean the same is what is tested.
            last.records.extend_from_slice(record);
            last.next = Head::after(&view);
            last.count += 1;
        }
    }
    Ok(appends)
}

fn head_of(appends: &[Append], organisation: OrganisationId) -> Head {
    let earlier = appends.iter().rev().find(|append| append.organisation == organisation);
    earlier.map_or_else(|| Head::genesis(organisation), |append| append.next)
}
