//! What the workload sells: halls, shows, tariffs, channels and quotas.

use anyhow::Result;
use soticket_schema::Amount;
use soticket_schema::event::v1::{ActorKind, ChannelKind, MethodKind};
use soticket_schema::ids::{ActorId, ChannelId, GateId, MethodId, ShowId, TariffId, ZoneId};

use super::Sink;
use super::setup::{Setup, open_organisation};

const HALLS: usize = 4;
/// Shows that sell at the same time; when one is sold out the next takes its place.
pub(crate) const SHOWS_ON_SALE: usize = 16;

/// How large the organisation is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Shows, over all halls.
    pub(crate) shows: usize,
    /// Places of each zone.
    pub(crate) zone_places: u32,
    /// Tickets after which the workload turns to the next show; far enough below the places that no quota runs out.
    pub(crate) show_tickets: u64,
}

impl Size {
    /// Shows of 8,000 tickets each, enough of them for `events` events.
    pub(crate) fn for_events(events: u64) -> Self {
        let shows = events as usize / 8_000 + SHOWS_ON_SALE + 1;
        Self { shows, zone_places: 10_000, show_tickets: 8_000 }
    }

    /// A few shows with as many places as there can be, for sales without end.
    pub(crate) fn endless() -> Self {
        Self { shows: SHOWS_ON_SALE, zone_places: 1_000_000, show_tickets: u64::MAX }
    }
}

/// A channel and what it adds to a price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Channel {
    pub(crate) id: ChannelId,
    pub(crate) fee: Amount,
    /// Whether it sells from a quota of its own.
    pub(crate) quota: bool,
}

/// A tariff and its price.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tariff {
    pub(crate) id: TariffId,
    pub(crate) price: Amount,
}

/// A show and what it sells.
#[derive(Debug, Clone)]
pub(crate) struct Show {
    pub(crate) id: ShowId,
    pub(crate) zones: Vec<ZoneId>,
    pub(crate) tariffs: Vec<Tariff>,
}

/// The organisation as it is set up.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) actor: ActorId,
    pub(crate) device: ActorId,
    pub(crate) gates: Vec<GateId>,
    pub(crate) methods: Vec<MethodId>,
    pub(crate) channels: Vec<Channel>,
    pub(crate) shows: Vec<Show>,
    pub(crate) size: Size,
}

impl World {
    /// Sets everything up through `sink` and learns the numbers that it gave.
    pub(crate) fn build(sink: &mut dyn Sink, size: Size) -> Result<Self> {
        let mut setup = Setup::new(sink);
        setup.submit(open_organisation())?;
        let actor = setup.actor(ActorKind::Token, "till")?;
        setup.actor = actor;
        let device = setup.actor(ActorKind::Device, "scanner")?;
        let gates = (1..=2).map(|number| setup.gate(number)).collect::<Result<_>>()?;
        let methods = [("card", MethodKind::Card), ("cash", MethodKind::Cash)];
        let methods =
            methods.into_iter().map(|(name, kind)| setup.method(name, kind)).collect::<Result<_>>()?;
        let channels = vec![
            setup.channel("own site", ChannelKind::OwnSite, 150, false)?,
            setup.channel("box office", ChannelKind::BoxOffice, 0, true)?,
            setup.channel("remote box office", ChannelKind::RemoteBoxOffice, 100, true)?,
        ];
        let halls = (0..HALLS).map(|number| setup.hall(number, size)).collect::<Result<Vec<_>>>()?;
        let shows = (0..size.shows)
            .map(|number| setup.show(number, &halls[number % HALLS], &channels, size))
            .collect::<Result<_>>()?;
        Ok(Self { actor, device, gates, methods, channels, shows, size })
    }
}
