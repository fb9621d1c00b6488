//! The process that is killed: a ledger under the load of several callers, each noting what was acknowledged.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};
use soticket_ledger::{Ledger, Options};
use soticket_projections::Projections;

use crate::random::Random;
use crate::receipts::Notebook;
use crate::subject::ledger::{submit, with_snapshots};
use crate::workload::{Load, Venue};

/// Organisations that share the data folder.
const VENUES: u8 = 3;

/// Serves until it is killed. Says `open` on standard output once every venue is set up.
///
/// # Errors
/// The ledger does not open or stops.
pub fn run(data: &Path, notes: &Path, callers: u32, round: u32, mut random: Random) -> Result<()> {
    let ledger = Ledger::open(data, Options::default())?;
    // They follow live and keep snapshots, so that a kill strikes them too.
    let _projections = Projections::start(ledger.clone(), with_snapshots(data))?;
    let venues = (1..=VENUES).map(|number| Venue::set_up(&ledger, number)).collect::<Result<Vec<_>>>()?;
    let notes = Arc::new(Notebook::open(notes)?);
    writeln!(std::io::stdout(), "open")?;
    let threads: Vec<_> = (0..callers)
        .map(|caller| {
            let venue = venues[caller as usize % venues.len()].clone();
            let load = Load::new(venue, format!("round{round}-caller{caller}"), random.fork());
            let (ledger, notes) = (ledger.clone(), Arc::clone(&notes));
            std::thread::spawn(move || serve(&ledger, load, &notes))
        })
        .collect();
    for thread in threads {
        match thread.join() {
            Ok(stopped) => stopped?,
            Err(_) => bail!("a caller panicked"),
        }
    }
    Ok(())
}

fn serve(ledger: &Ledger, mut load: Load, notes: &Notebook) -> Result<()> {
    loop {
        submit(ledger, &mut load, notes)?;
    }
}
