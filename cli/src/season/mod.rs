//! A demonstration season: three halls, 24 shows, every kind of channel, some 30,000 tickets, the same every time.
//!
//! The season lies in the past and the ledger's clock runs through it, so that live sales are decided as they would have
//! been: windows open and close, quotas run out, cards are used up.

mod agree;
mod chance;
mod changes;
mod commissions;
mod days;
mod desk;
mod driver;
mod gates;
mod happened;
mod moves;
mod orders;
mod sales;
mod terms;
mod tills;
mod venue;

pub(crate) use agree::{Agreement, agreement};
use driver::Driver;
pub(crate) use driver::SeasonClock;

use indicatif::ProgressBar;
use soticket_ledger::Ledger;

use crate::failure::Failure;
use chance::Chance;
use days::{DAYS, Slot};
use venue::Venue;

/// The organisation that the season belongs to.
pub(crate) fn organisation() -> soticket_schema::OrganisationId {
    crate::import::identity::organisation(&["soticket", "demonstration season", "2025-2026"])
}

/// What a run added.
#[derive(Debug, Default, Clone, Copy, serde::Serialize)]
pub(crate) struct Added {
    /// Commands sent.
    pub(crate) commands: u64,
    /// Events that were not in the log before.
    pub(crate) events: u64,
    /// Commands that the ledger refused, such as sales of what was sold out.
    pub(crate) refused: u64,
}

/// Fills the ledger with the season; what is there already stays as it is.
///
/// # Errors
/// The ledger stopped, or something that the season needs was refused.
pub(crate) fn fill(ledger: &Ledger, clock: &SeasonClock, progress: &ProgressBar) -> Result<Added, Failure> {
    let mut driver = Driver::new(ledger, organisation())?;
    clock.set(days::opening());
    let venue = Venue::open(&mut driver)?;
    progress.set_length(DAYS);
    let mut chance = Chance::new("season 2025-2026");
    let mut sales = sales::Sales::new(venue);
    for day in 0..DAYS {
        for slot in Slot::ALL {
            clock.set(days::instant(day, slot));
            sales.slot(&mut driver, &mut chance, day, slot)?;
        }
        progress.inc(1);
    }
    Ok(driver.added)
}
