//! Shows: when they are, whether they sell, and what holders may ask for.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{Flag, OrderLines};
use soticket_schema::{Event, ShowId, Timestamp, ZoneId};

/// Every show.
#[derive(Debug, Default)]
pub(in super::super) struct Shows {
    shows: BTreeMap<ShowId, Show>,
}

#[derive(Debug)]
pub(in super::super) struct Show {
    pub(in super::super) starts_at: Timestamp,
    pub(in super::super) doors_at: Timestamp,
    sale: (Timestamp, Timestamp),
    open: bool,
    pub(in super::super) called_off: Option<Timestamp>,
    refunds_until: Option<Timestamp>,
    /// Zones on sale, with their numbered seats; 0 for free seating.
    pub(in super::super) zones: Vec<(ZoneId, u32)>,
    pub(super) authorised: i64,
}

impl Shows {
    pub(super) fn book(&mut self, event: &Event, at: Timestamp) -> Result<()> {
        match event {
            Event::ShowScheduled(event) => {
                ensure!(event.show.0 == self.shows.len() as u64 + 1, "show {} is out of turn", event.show);
                let show = Show {
                    starts_at: event.starts_at,
                    doors_at: event.doors_at,
                    sale: (event.sale_from, event.sale_until),
                    open: false,
                    called_off: None,
                    refunds_until: None,
                    zones: event
                        .zones
                        .iter()
                        .map(|zone| (zone.zone, super::super::house::seats_of(zone.zone)))
                        .collect(),
                    authorised: i64::from(event.authorised_capacity),
                };
                self.shows.insert(event.show, show);
            }
            Event::ShowOpened(event) => self.get(event.show)?.open = true,
            Event::ShowPostponed(event) => {
                let show = self.playing(event.show)?;
                (show.starts_at, show.doors_at) = (event.starts_at, event.doors_at);
                show.sale = (event.sale_from, event.sale_until);
                show.refunds_until = event.refunds_until;
            }
            Event::ShowRelocated(event) => {
                let show = self.playing(event.show)?;
                show.refunds_until = event.refunds_until;
                show.authorised = i64::from(event.authorised_capacity);
                let zones = event.zones.iter();
                show.zones =
                    zones.map(|zone| (zone.zone, super::super::house::seats_of(zone.zone))).collect();
            }
            Event::ShowCancelled(event) => self.playing(event.show)?.called_off = Some(at),
            _ => {}
        }
        Ok(())
    }

    pub(in super::super) fn show(&self, show: ShowId) -> Option<&Show> {
        self.shows.get(&show)
    }

    /// Where a show sells without numbers.
    pub(in super::super) fn free_zone(&self, show: ShowId) -> Option<ZoneId> {
        let zones = &self.shows.get(&show)?.zones;
        zones.iter().find(|(_, seats)| *seats == 0).map(|(zone, _)| *zone)
    }

    pub(super) fn starts_at(&self, show: ShowId) -> Timestamp {
        self.shows.get(&show).map_or(Timestamp(0), |show| show.starts_at)
    }

    pub(super) fn authorised(&self, show: ShowId) -> i64 {
        self.shows.get(&show).map_or(0, |show| show.authorised)
    }

    pub(super) fn is_called_off(&self, show: ShowId) -> bool {
        self.shows.get(&show).is_none_or(|show| show.called_off.is_some())
    }

    fn get(&mut self, show: ShowId) -> Result<&mut Show> {
        self.shows.get_mut(&show).ok_or_else(|| anyhow::anyhow!("no show {show}"))
    }

    fn playing(&mut self, id: ShowId) -> Result<&mut Show> {
        let show = self.get(id)?;
        ensure!(show.called_off.is_none(), "something happened to show {id}, which was called off");
        Ok(show)
    }

    /// A live sale is of shows that sell at this moment.
    pub(super) fn check_live(&self, lines: &OrderLines, now: Timestamp) -> Result<()> {
        for line in &lines.tickets {
            let show = self.shows.get(&line.show).ok_or_else(|| anyhow::anyhow!("no show {}", line.show))?;
            let sells = show.open && show.called_off.is_none() && show.sale.0 <= now && now < show.sale.1;
            ensure!(sells, "show {} was sold and does not sell", line.show);
        }
        Ok(())
    }

    /// What was given back because a show was moved was so in time.
    pub(super) fn check_refund_period(&self, show: ShowId, now: Timestamp) -> Result<()> {
        let until = self.shows.get(&show).and_then(|show| show.refunds_until);
        ensure!(until.is_some_and(|until| now < until), "show {show} is given back until {until:?}");
        Ok(())
    }

    /// The flags of a report say whether it was outside the sale.
    pub(super) fn check_flags(&self, lines: &OrderLines, flags: &[Flag], at: Timestamp) -> Result<()> {
        let outside = lines.tickets.iter().any(|line| {
            self.shows.get(&line.show).is_none_or(|show| {
                let over = show.called_off.is_some_and(|off| off <= at);
                !show.open || over || at < show.sale.0 || show.sale.1 <= at
            })
        });
        ensure!(flags.contains(&Flag::OutsideSale) == outside, "flags {flags:?}, outside the sale {outside}");
        Ok(())
    }
}
