//! A show at an earlier moment: folds the show's events and the organisation's definitions up to there, nothing else.

use std::sync::Arc;

use soticket_ledger::Entry;
use soticket_ledger::law::OwnRates;
use soticket_schema::{Hash, OrganisationId, ShowId, Timestamp};

use super::Projections;
use super::remembered::Remembered;
use super::source::Source;
use crate::attendance::{Attendance, ShowAttendance};
use crate::availability::{Availability, ShowAvailability};
use crate::catalogue::{Catalogue, OrganisationInfo, ShowInfo};
use crate::deals::{Deals, Draft, DraftError, ShowDeal, draft};
use crate::partition::Projection;
use crate::settlement::{Settlement, ShowFigures, ShowSettlement};

/// A moment of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// After the event at this position; after the last event if the log is shorter.
    Position(u64),
    /// After the last event recorded at or before this instant.
    Recorded(Timestamp),
}

/// A show and its organisation at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsOfView {
    /// Position of the last event of the log that was taken into account.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Places then; none when the show was not yet scheduled.
    pub availability: Option<ShowAvailability>,
    /// Statement then; none when the show was not yet scheduled.
    pub settlement: Option<ShowSettlement>,
    /// What settlements and returns were worked out on then; none when the show was not yet scheduled.
    pub figures: Option<ShowFigures>,
    /// Rates that the organisation had set then.
    pub rates: OwnRates,
    /// Settlement by the show's deal then; none when the show was not yet scheduled.
    pub draft: Option<Result<Draft, DraftError>>,
    /// Its deal then, with costs, advances and sealed versions; none when the show was not yet scheduled.
    pub deal: Option<ShowDeal>,
    /// Who came, by the scans recorded until then; none when the show was not yet scheduled. Codes of other shows are
    /// unknown codes here.
    pub attendance: Option<Arc<ShowAttendance>>,
    /// The show then, with its tariffs; none when it was not yet scheduled.
    pub show: Option<ShowInfo>,
    /// The organisation then.
    pub organisation: Option<OrganisationInfo>,
    /// Position of the first event about the show; none when it was not yet scheduled.
    pub first: Option<u64>,
}

/// Why there is no view of an earlier moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AsOfError {
    /// No organisation has this id.
    #[error("ORGANISATION_UNKNOWN: check the organisation's id")]
    OrganisationUnknown,
    /// The organisation has no such show.
    #[error("SHOW_UNKNOWN: check the show's number")]
    ShowUnknown,
    /// The log begins after that moment.
    #[error("BEFORE_LOG: the log begins after that moment")]
    BeforeLog,
    /// The log cannot be read; the text says what to do.
    #[error("{0}")]
    Unreadable(String),
}

/// Entries that are read at a time.
const STEP: usize = 1_000;

impl Projections {
    /// Availability and settlement of a show at an earlier moment.
    ///
    /// Reads only the events that name the show and the organisation's own definitions: a large log costs nothing. At
    /// the last position nothing is read: the live views have the answer, whatever the size of the show. The moments that
    /// were asked for last are remembered.
    ///
    /// # Errors
    /// See [`AsOfError`].
    pub fn as_of(&self, organisation: OrganisationId, show: ShowId, at: AsOf) -> Result<AsOfView, AsOfError> {
        let indexed = self.view(organisation, |views| {
            let first = views.index.positions(show)?.next();
            Some((first, views.position()?))
        });
        let (first, last) = indexed.ok_or(AsOfError::OrganisationUnknown)?.ok_or(AsOfError::ShowUnknown)?;
        let log = Log { source: self.running.source.as_ref(), organisation };
        let end = log.resolve(at, last)?;
        let moment = Moment { show, at, end: &end, first };
        if end.envelope.position == last
            && let Some(live) = self.live(organisation, &moment)
        {
            return Ok(live);
        }
        let key = Remembered::key(organisation, show, end.envelope.position, at);
        if let Some(known) = self.earlier.find(&key) {
            return Ok(known);
        }
        let view = self.folded(&log, &moment)?;
        self.earlier.keep(key, &view);
        Ok(view)
    }

    /// What the live views have, if they still stand at the moment.
    fn live(&self, organisation: OrganisationId, moment: &Moment<'_>) -> Option<AsOfView> {
        self.view(organisation, |views| {
            (views.position() == Some(moment.end.envelope.position)).then(|| {
                moment.view(
                    &views.availability,
                    &views.settlement,
                    &views.deals,
                    &views.attendance,
                    &views.catalogue,
                )
            })
        })?
    }

    /// What the show's events up to the moment fold to.
    fn folded(&self, log: &Log<'_>, moment: &Moment<'_>) -> Result<AsOfView, AsOfError> {
        let indexed = self.view(log.organisation, |views| {
            let mut positions: Vec<u64> = views.index.positions(moment.show)?.collect();
            positions.extend(views.index.own());
            Some(positions)
        });
        let positions = indexed.ok_or(AsOfError::OrganisationUnknown)?.ok_or(AsOfError::ShowUnknown)?;
        let (mut availability, mut settlement) = (Availability::default(), Settlement::default());
        let mut deals = Deals::default();
        let (mut attendance, mut catalogue) = (Attendance::default(), Catalogue::default());
        log.read_up_to(moment.end, positions, |entry| {
            availability.fold(entry);
            settlement.fold(entry);
            deals.fold(entry);
            attendance.fold(entry);
            catalogue.fold(entry);
        })?;
        Ok(moment.view(&availability, &settlement, &deals, &attendance, &catalogue))
    }
}

/// A show at a moment of the log.
struct Moment<'a> {
    show: ShowId,
    at: AsOf,
    /// The last entry that counts.
    end: &'a Entry,
    /// Position of the first event about the show.
    first: Option<u64>,
}

impl Moment<'_> {
    /// What read models that stand there have.
    fn view(
        &self,
        availability: &Availability,
        settlement: &Settlement,
        deals: &Deals,
        attendance: &Attendance,
        catalogue: &Catalogue,
    ) -> AsOfView {
        let (show, end) = (self.show, self.end);
        let figures = settlement.figures(show);
        let known = deals.show(show).zip(figures.as_ref());
        AsOfView {
            position: end.envelope.position,
            hash: end.hash,
            recorded_at: end.envelope.recorded_at,
            availability: match self.at {
                AsOf::Position(_) => availability.show(show),
                AsOf::Recorded(instant) => availability.show_at(show, instant),
            },
            settlement: settlement.show(show),
            draft: known.map(|(deal, figures)| draft(deal, figures, deals.rates())),
            figures,
            rates: deals.rates().clone(),
            deal: deals.show(show).cloned(),
            attendance: attendance.show_alone(show),
            show: catalogue.show(show).cloned(),
            organisation: catalogue.organisation().cloned(),
            first: self.first.filter(|first| *first <= end.envelope.position),
        }
    }
}

pub(super) struct Log<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) organisation: OrganisationId,
}

impl Log<'_> {
    /// Visits the entries at these positions up to the last one that counts, in order and each once.
    pub(super) fn read_up_to(
        &self,
        end: &Entry,
        mut positions: Vec<u64>,
        mut visit: impl FnMut(&Entry),
    ) -> Result<(), AsOfError> {
        positions.sort_unstable();
        positions.dedup();
        positions.truncate(positions.partition_point(|position| *position <= end.envelope.position));
        for step in positions.chunks(STEP) {
            self.read_at(step)?.iter().for_each(&mut visit);
        }
        Ok(())
    }

    fn read_at(&self, positions: &[u64]) -> Result<Vec<Entry>, AsOfError> {
        let entries = self.source.read_at(self.organisation, positions).map_err(AsOfError::Unreadable)?;
        if entries.iter().map(|entry| &entry.envelope.position).eq(positions) {
            Ok(entries)
        } else {
            Err(AsOfError::Unreadable(
                "ENTRY_MISSING: the log does not have what was folded; run verify".into(),
            ))
        }
    }

    fn entry(&self, position: u64) -> Result<Entry, AsOfError> {
        let entries = self.read_at(&[position])?;
        entries.into_iter().next().ok_or(AsOfError::BeforeLog)
    }

    /// The last entry at the moment. Times of recording never decrease: an instant is found by halving.
    pub(super) fn resolve(&self, at: AsOf, last: u64) -> Result<Entry, AsOfError> {
        let instant = match at {
            AsOf::Position(position) => return self.entry(position.min(last)),
            AsOf::Recorded(instant) => instant,
        };
        let first = self.entry(0)?;
        if first.envelope.recorded_at > instant {
            return Err(AsOfError::BeforeLog);
        }
        let (mut known, mut beyond) = (first, last.saturating_add(1));
        while beyond - known.envelope.position > 1 {
            let middle = self.entry(known.envelope.position + (beyond - known.envelope.position) / 2)?;
            if middle.envelope.recorded_at <= instant {
                known = middle;
            } else {
                beyond = middle.envelope.position;
            }
        }
        Ok(known)
    }
}
