//! Tariffs, read again: what they cost where and when, to whom they sell, and what VAT rate they have at a sale.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::{
    DatedRate, Eligibility, OrderLines, ShowRelocated, TariffKind, TariffRules, TariffTerms, TicketLine,
};
use soticket_schema::{Amount, Event, Rate, ShowId, TariffId, TicketId, Timestamp, ZoneId};

/// Every tariff.
#[derive(Debug, Default)]
pub(super) struct Tariffs {
    tariffs: BTreeMap<TariffId, Tariff>,
}

#[derive(Debug)]
struct Tariff {
    show: ShowId,
    terms: TariffTerms,
    prices: BTreeMap<ZoneId, Amount>,
    rules: TariffRules,
    rates: Vec<DatedRate>,
}

impl Tariff {
    fn vat(&self, at: Timestamp) -> Rate {
        let mut rate = self.terms.vat;
        for dated in &self.rates {
            if dated.from <= at {
                rate = dated.rate;
            }
        }
        rate
    }

    fn sells(&self, starts_at: Timestamp, at: Timestamp) -> bool {
        let rules = &self.rules;
        let begun = rules.from.is_none_or(|from| from <= at);
        let over = rules.until.is_some_and(|until| until <= at);
        let minutes = rules.deadline_minutes;
        let late = minutes.is_some_and(|minutes| starts_at.0 - i64::from(minutes) * 60_000_000 <= at.0);
        begun && !over && !late
    }

    /// Whether a sale may have so many.
    fn number_fits(&self, count: u32) -> bool {
        let few = matches!(self.rules.eligibility, Eligibility::Group(least) if count < least);
        let many = self.rules.order_max.is_some_and(|most| count > most);
        !few && !many
    }

    fn price_fits(&self, zone: ZoneId, price: Amount) -> bool {
        match self.rules.free_price {
            None => self.prices.get(&zone) == Some(&price),
            Some(free) => free.floor <= price && free.ceiling.is_none_or(|most| price <= most),
        }
    }
}

impl Tariffs {
    pub(super) fn book(&mut self, event: &Event) -> Result<()> {
        match event {
            Event::TariffDefined(event) => {
                let prices = event.terms.prices.iter().map(|price| (price.zone, price.price)).collect();
                let (show, terms) = (event.show, event.terms.clone());
                let tariff = Tariff { show, terms, prices, rules: TariffRules::default(), rates: Vec::new() };
                self.tariffs.insert(event.tariff, tariff);
            }
            Event::TariffRulesSet(event) => self.get(event.tariff)?.rules = event.rules.clone(),
            Event::TariffVatSet(event) => {
                let ascending = event.rates.windows(2).all(|pair| pair[0].from < pair[1].from);
                ensure!(ascending, "VAT rates of tariff {} without order", event.tariff);
                self.get(event.tariff)?.rates = event.rates.clone();
            }
            Event::ShowRelocated(event) => self.relocate(event),
            _ => {}
        }
        Ok(())
    }

    fn get(&mut self, tariff: TariffId) -> Result<&mut Tariff> {
        self.tariffs.get_mut(&tariff).ok_or_else(|| anyhow::anyhow!("no tariff {tariff}"))
    }

    /// Prices go where the zones go; where two go to one zone, the first that the tariff names.
    fn relocate(&mut self, event: &ShowRelocated) {
        for tariff in self.tariffs.values_mut().filter(|tariff| tariff.show == event.show) {
            let mut prices = BTreeMap::new();
            let mut order = Vec::new();
            for zone in tariff.terms.prices.iter().map(|price| price.zone) {
                let to = event.moves.iter().find(|moved| moved.from == zone).map(|moved| moved.to);
                if let (Some(to), Some(price)) = (to, tariff.prices.get(&zone).copied())
                    && !prices.contains_key(&to)
                {
                    prices.insert(to, price);
                    order.push(soticket_schema::event::v1::ZonePrice { zone: to, price });
                }
            }
            (tariff.prices, tariff.terms.prices) = (prices, order);
        }
    }

    /// What a tariff is.
    pub(super) fn kind(&self, tariff: TariffId) -> TariffKind {
        self.tariffs.get(&tariff).map_or(TariffKind::Full, |tariff| tariff.terms.kind)
    }

    /// What a tariff costs in a zone.
    pub(super) fn price(&self, tariff: TariffId, zone: ZoneId) -> Option<Amount> {
        self.tariffs.get(&tariff)?.prices.get(&zone).copied()
    }

    /// A live sale keeps to every rule of its tariffs.
    pub(super) fn check_live(
        &self,
        lines: &OrderLines,
        on_cards: &BTreeSet<TicketId>,
        starts_at: impl Fn(ShowId) -> Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        for line in &lines.tickets {
            let id = line.tariff;
            let tariff = self.tariffs.get(&id).ok_or_else(|| anyhow::anyhow!("no tariff {id}"))?;
            ensure!(tariff.show == line.show, "tariff {id} of another show");
            let channels = &tariff.terms.channels;
            let sold = channels.is_empty() || channels.contains(&lines.channel);
            ensure!(sold, "tariff {id} is not sold on channel {}", lines.channel);
            ensure!(tariff.sells(starts_at(line.show), now), "tariff {id} was not on sale");
            let count = count_of(&lines.tickets, id);
            ensure!(tariff.number_fits(count), "{count} of tariff {id} in one order");
            let needs_card = tariff.rules.eligibility == Eligibility::Card;
            ensure!(!needs_card || on_cards.contains(&line.ticket), "tariff {id} without a card");
            let priced = line.pack.is_some() || tariff.price_fits(line.zone, line.price);
            ensure!(priced, "tariff {id} at {:?} in zone {}", line.price, line.zone);
            let vat = tariff.vat(now);
            ensure!(line.vat == vat, "ticket {} has {:?} VAT, not {vat:?}", line.ticket, line.vat);
            let free = tariff.terms.kind == TariffKind::Free;
            let reason = line.comp.is_none_or(|reason| tariff.terms.reasons.contains(&reason));
            ensure!(free == line.comp.is_some() && reason, "ticket {} free for {:?}", line.ticket, line.comp);
        }
        Ok(())
    }

    /// Whether a reported sale is against the rules of a tariff, and whether it has a price that is none of its tariff's.
    pub(super) fn against(
        &self,
        lines: &OrderLines,
        starts_at: impl Fn(ShowId) -> Timestamp,
        at: Timestamp,
    ) -> (bool, bool) {
        let known = lines.tickets.iter().filter_map(|line| Some((line, self.tariffs.get(&line.tariff)?)));
        let (mut rule, mut price) = (false, false);
        for (line, tariff) in known {
            let count = count_of(&lines.tickets, line.tariff);
            rule |= !tariff.sells(starts_at(line.show), at) || !tariff.number_fits(count);
            price |= !tariff.price_fits(line.zone, line.price);
        }
        (rule, price)
    }
}

fn count_of(lines: &[TicketLine], tariff: TariffId) -> u32 {
    u32::try_from(lines.iter().filter(|line| line.tariff == tariff).count()).unwrap_or(u32::MAX)
}
