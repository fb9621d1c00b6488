//! Shows of a span of days at a moment: what periodic returns are made of.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use soticket_ledger::law::OwnRates;
use soticket_schema::{Hash, OrganisationId, Timestamp};

use super::as_of::Log;
use super::{AsOf, AsOfError, Projections};
use crate::catalogue::{Catalogue, OrganisationInfo, ShowInfo};
use crate::deals::{Deals, Draft, ShowDeal, draft};
use crate::partition::Projection;
use crate::settlement::{Settlement, ShowFigures, ShowSettlement};

/// Shows of a span of days, and their organisation, at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeriodView {
    /// Position of the last event of the log that was taken into account.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The organisation then.
    pub organisation: Option<OrganisationInfo>,
    /// Rates that it had set then.
    pub rates: OwnRates,
    /// The shows, by their begin.
    pub shows: Vec<ShowAt>,
}

/// A show at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowAt {
    /// The show, with its tariffs.
    pub show: ShowInfo,
    /// The day on which it begins, in the organisation's time zone.
    pub day: Date,
    /// Its box-office statement.
    pub settlement: ShowSettlement,
    /// What settlements and returns are worked out on.
    pub figures: ShowFigures,
    /// Its deal, with its costs.
    pub deal: ShowDeal,
    /// The settlement by its deal; none while there is none to be worked out.
    pub draft: Option<Draft>,
}

impl Projections {
    /// Shows that begin on one of these days, both ends included, at a moment: after the last event if that is asked for.
    ///
    /// Reads only the events that name one of them and the organisation's own definitions.
    ///
    /// # Errors
    /// See [`AsOfError`].
    pub fn period(
        &self,
        organisation: OrganisationId,
        (from, to): (Date, Date),
        at: AsOf,
    ) -> Result<PeriodView, AsOfError> {
        let indexed = self.view(organisation, |views| {
            let mut positions: Vec<u64> = views.index.own().collect();
            // A show that was moved may have stood elsewhere then.
            let near = |show: &&ShowInfo| {
                show.postponed_from.is_some() || is_near(show.scheduled.starts_at, from, to)
            };
            for show in views.catalogue.shows().filter(near) {
                positions.extend(views.index.positions(show.show())?);
            }
            Some((positions, views.position()?))
        });
        let (positions, last) =
            indexed.ok_or(AsOfError::OrganisationUnknown)?.ok_or(AsOfError::OrganisationUnknown)?;
        let log = Log { source: self.running.source.as_ref(), organisation };
        let end = log.resolve(at, last)?;
        let mut folded = Folded::default();
        log.read_up_to(&end, positions, |entry| {
            folded.settlement.fold(entry);
            folded.deals.fold(entry);
            folded.catalogue.fold(entry);
        })?;
        Ok(PeriodView {
            position: end.envelope.position,
            hash: end.hash,
            recorded_at: end.envelope.recorded_at,
            organisation: folded.catalogue.organisation().cloned(),
            rates: folded.deals.rates().clone(),
            shows: folded.shows(from, to),
        })
    }
}

/// The read models that returns are made of.
#[derive(Default)]
struct Folded {
    settlement: Settlement,
    deals: Deals,
    catalogue: Catalogue,
}

impl Folded {
    fn shows(&self, from: Date, to: Date) -> Vec<ShowAt> {
        let organisation = self.catalogue.organisation();
        let zone = organisation.map_or("", |info| &info.parameters.time_zone);
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let shows = self.catalogue.shows().filter_map(|info| self.show(info, &zone));
        let mut shows: Vec<ShowAt> = shows.filter(|show| (from..=to).contains(&show.day)).collect();
        shows.sort_by_key(|show| (show.show.scheduled.starts_at, show.show.show()));
        shows
    }

    fn show(&self, info: &ShowInfo, zone: &TimeZone) -> Option<ShowAt> {
        let show = info.show();
        let begin = jiff::Timestamp::from_microsecond(info.scheduled.starts_at.0).ok()?;
        let (figures, deal) = (self.settlement.figures(show)?, self.deals.show(show)?.clone());
        Some(ShowAt {
            show: info.clone(),
            day: zone.to_datetime(begin).date(),
            settlement: self.settlement.show(show)?,
            draft: draft(&deal, &figures, self.deals.rates()).ok(),
            figures,
            deal,
        })
    }
}

/// Whether an instant may lie on one of these days in some time zone.
fn is_near(instant: Timestamp, from: Date, to: Date) -> bool {
    let Ok(instant) = jiff::Timestamp::from_microsecond(instant.0) else { return false };
    let day = TimeZone::UTC.to_datetime(instant).date();
    let next = |day: Date| day.tomorrow().unwrap_or(Date::MAX);
    let before = |day: Date| day.yesterday().unwrap_or(Date::MIN);
    (before(from)..=next(to)).contains(&day)
}
