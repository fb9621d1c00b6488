//! Where the content of an archive comes from: the log up to the year's closing.

use std::ops::ControlFlow;

use soticket_ledger::books::YearSpan;
use soticket_ledger::{Entry, Ledger};
use soticket_schema::event::v1::{Mode, OrganisationParameters, Period};
use soticket_schema::{Currency, Event, Hash, OrganisationId};

use super::file::Listed;
use super::manifest::{FORMAT, KIND, Manifest};
use super::sheets::Sheets;
use crate::failure::{Exit, Failure};

/// What the manifest says beside the files.
#[derive(Default)]
pub(super) struct Source {
    parameters: Option<(Mode, Currency, OrganisationParameters)>,
    previous: Option<Hash>,
    head: Hash,
    closing: Hash,
}

/// Reads the log up to the year's closing, and hands the year's own records to the sheets.
pub(super) fn read(
    ledger: &Ledger,
    organisation: OrganisationId,
    year: YearSpan,
    source: &mut Source,
    sheets: &mut Sheets,
) -> Result<(), Failure> {
    let mut outcome = Ok(());
    let read = ledger.log().read(organisation, 0, &mut |record| {
        outcome = Entry::read(&record).map_err(Failure::unexpected).and_then(|entry| {
            source.take(&entry, year);
            sheets.note(&entry);
            match record.envelope.position >= year.first {
                true => sheets.take(record.bytes, &entry),
                false => Ok(()),
            }
        });
        let goes_on = outcome.is_ok() && record.envelope.position < year.last;
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    read.map_err(|error| Failure::new(Exit::Data, error.code(), error.to_string()))?;
    outcome
}

impl Source {
    fn take(&mut self, entry: &Entry, year: YearSpan) {
        match &entry.event {
            Event::OrganisationOpened(event) => {
                self.parameters = Some((event.mode, event.currency, event.parameters.clone()));
            }
            Event::OrganisationChanged(event) => {
                if let Some((_, _, parameters)) = &mut self.parameters {
                    parameters.clone_from(&event.parameters);
                }
            }
            Event::PeriodClosed(event) if event.period == Period::Year => {
                self.closing = event.hash().unwrap_or_default();
            }
            _ => {}
        }
        if entry.envelope.position >= year.first {
            self.previous.get_or_insert(entry.envelope.previous);
            self.head = entry.hash;
        }
    }

    pub(super) fn manifest(
        self,
        organisation: OrganisationId,
        year: YearSpan,
        files: Vec<Listed>,
    ) -> Result<Manifest, Failure> {
        let (mode, currency, parameters) = self
            .parameters
            .ok_or_else(|| Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: its log has not begun"))?;
        let mode = match mode {
            Mode::Live => "live",
            Mode::Training => "training",
            Mode::Demo => "demo",
        };
        Ok(Manifest {
            kind: KIND.to_owned(),
            format: FORMAT,
            organisation: organisation.to_string(),
            name: parameters.name,
            siret: parameters.siret,
            mode: mode.to_owned(),
            currency: currency.code().to_owned(),
            year: year.number,
            from: year.from.to_string(),
            until: year.until.to_string(),
            first: year.first,
            last: year.last,
            previous: self.previous.unwrap_or_else(|| Hash::genesis(organisation)),
            head: self.head,
            closing: self.closing,
            files,
        })
    }
}
