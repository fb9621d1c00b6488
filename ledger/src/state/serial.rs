//! The last serial number of every series.

use soticket_schema::event::v1::{SerialScope, TicketLine};
use soticket_schema::{ShowId, TariffId, ZoneId};

use super::State;

/// Within what a ticket's serial has no gaps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Series {
    /// All shows that were scheduled with one series for the organisation.
    Organisation,
    /// One show.
    Show(ShowId),
    /// A tariff, which is of one show, in a zone.
    Tariff(TariffId, ZoneId),
}

impl State {
    /// The series that a ticket's serial comes from: the show keeps the scope that it was scheduled under.
    pub(crate) fn series(&self, show: ShowId, tariff: TariffId, zone: ZoneId) -> Series {
        match self.shows.get(show.0).map(|show| show.serial_scope) {
            Some(SerialScope::Organisation) => Series::Organisation,
            Some(SerialScope::Show) => Series::Show(show),
            Some(SerialScope::ShowTariffZone) | None => Series::Tariff(tariff, zone),
        }
    }

    /// The last serial given in a series; 0 if none was.
    pub(crate) fn last_serial(&self, series: Series) -> u64 {
        match series {
            Series::Organisation => self.serial,
            Series::Show(show) => self.shows.get(show.0).map_or(0, |show| show.serial),
            Series::Tariff(tariff, zone) => self.tariffs.get(tariff.0).map_or(0, |tariff| {
                tariff.serials.iter().find(|(of, _)| *of == zone).map_or(0, |(_, serial)| *serial)
            }),
        }
    }

    pub(super) fn serial_given(&mut self, line: &TicketLine) {
        let last = match self.series(line.show, line.tariff, line.zone) {
            Series::Organisation => Some(&mut self.serial),
            Series::Show(show) => self.shows.get_mut(show.0).map(|show| &mut show.serial),
            Series::Tariff(tariff, zone) => self.tariffs.get_mut(tariff.0).and_then(|tariff| {
                if !tariff.serials.iter().any(|(of, _)| *of == zone) {
                    tariff.serials.push((zone, 0));
                }
                tariff.serials.iter_mut().find(|(of, _)| *of == zone).map(|(_, serial)| serial)
            }),
        };
        if let Some(last) = last {
            *last = line.serial.max(*last);
        }
    }
}
