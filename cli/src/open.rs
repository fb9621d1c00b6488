//! A data folder, open: the ledger and the read models that follow it.

use std::sync::Arc;

use soticket_ledger::Ledger;
use soticket_ledger::clock::{Clock, system_clock};
use soticket_projections::{OrganisationViews, Projections};
use soticket_schema::{OrganisationId, ShowId};

use crate::config::Config;
use crate::failure::{Exit, Failure};

/// An open data folder.
pub(crate) struct Opened {
    /// The ledger.
    pub(crate) ledger: Ledger,
    /// Its read models.
    pub(crate) projections: Arc<Projections>,
}

/// Whether a folder that does not exist yet may be created.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum IfAbsent {
    /// Yes.
    Create,
    /// No: a command that only reads would leave an empty ledger where somebody misspelt a name.
    Refuse,
}

/// Opens the ledger of a data folder.
pub(crate) fn ledger(config: &Config, if_absent: IfAbsent) -> Result<Ledger, Failure> {
    ledger_with(config, if_absent, system_clock())
}

fn ledger_with(config: &Config, if_absent: IfAbsent, clock: Clock) -> Result<Ledger, Failure> {
    let data = config.data()?;
    if if_absent == IfAbsent::Refuse && !data.is_dir() {
        let message = format!("{} is no folder: check --data", data.display());
        return Err(Failure::new(Exit::Data, "DATA_ABSENT", message));
    }
    let options = soticket_ledger::Options {
        cache_bytes: config.cache_mib << 20,
        queue: config.queue,
        keys: config.keys.clone(),
        clock,
    };
    Ok(Ledger::open(data, options)?)
}

impl Opened {
    /// Opens the ledger of a data folder and brings its read models up to date.
    pub(crate) fn new(config: &Config, if_absent: IfAbsent) -> Result<Self, Failure> {
        Self::with_clock(config, if_absent, system_clock())
    }

    /// As [`Self::new`], under another clock than the system's.
    pub(crate) fn with_clock(config: &Config, if_absent: IfAbsent, clock: Clock) -> Result<Self, Failure> {
        let ledger = ledger_with(config, if_absent, clock)?;
        let options = soticket_projections::Options {
            snapshots: Some(config.data()?.join("snapshots")),
            ..soticket_projections::Options::default()
        };
        let projections = Projections::start(ledger.clone(), options)?;
        Ok(Self { ledger, projections })
    }

    /// Writes snapshots and lets go of the folder.
    pub(crate) fn close(self) {
        self.projections.close();
        self.ledger.close();
    }

    /// Looks at one organisation's read models.
    pub(crate) fn view<R>(
        &self,
        organisation: OrganisationId,
        look: impl FnOnce(&OrganisationViews) -> R,
    ) -> Result<R, Failure> {
        self.projections
            .view(organisation, look)
            .ok_or_else(|| Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: check the organisation's id"))
    }

    /// The show that a reference or number names, in the named organisation or the only one that has it.
    pub(crate) fn show(
        &self,
        name: &str,
        organisation: Option<OrganisationId>,
    ) -> Result<(OrganisationId, ShowId), Failure> {
        let mut found = Vec::new();
        for candidate in self.projections.organisations() {
            if organisation.is_some_and(|wanted| wanted != candidate) {
                continue;
            }
            let show = self.view(candidate, |views| {
                let by_number = || views.catalogue.show(ShowId(name.parse().ok()?));
                views.catalogue.show_by_reference(name).or_else(by_number).map(|show| show.show())
            })?;
            found.extend(show.map(|show| (candidate, show)));
        }
        match found.as_slice() {
            [only] => Ok(*only),
            [] => {
                let message =
                    format!("no show has the reference or number {name}: check it, or --organisation");
                Err(Failure::new(Exit::Refused, "SHOW_UNKNOWN", message))
            }
            several => {
                let ids: Vec<String> =
                    several.iter().map(|(organisation, _)| organisation.to_string()).collect();
                let message =
                    format!("{name} is a show of {}: name one with --organisation", ids.join(" and "));
                Err(Failure::new(Exit::Refused, "SHOW_AMBIGUOUS", message))
            }
        }
    }
}
