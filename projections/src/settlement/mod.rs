//! Settlement: the box-office statement of each show, and the organisation's money.

mod commissions;
mod debits;
mod figures;
mod items;
mod money;
mod products;
mod receipts;
mod statement;
mod tax;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use soticket_ledger::Entry;
use soticket_schema::event::v1::{
    Cancellation, ChannelKind, InsideCommission, Leg, MethodKind, OrderLines, PriceReduced,
};
use soticket_schema::money::allocate;
use soticket_schema::{Amount, ChannelId, Currency, Event, MethodId, OrderId, ProductId, Rounding, ShowId};

pub(crate) use self::debits::WHOLE_PAYMENT;
pub use self::figures::{ChannelFigures, FigureLine, PaymentFigures, ShowFigures};
use self::items::Items;
use self::money::Methods;
use self::receipts::Receipts;
pub use self::view::*;
use crate::event;
use crate::partition::{OWN, PartitionKey, Partitions, Projection, decode, encode};

/// Box-office statements and money.
#[derive(Debug, Default)]
pub struct Settlement {
    own: Own,
    shows: Partitions<Receipts>,
}

/// What belongs to no single show.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Own {
    currency: Currency,
    /// For items without a show; shows keep their own.
    rounding: Rounding,
    products: BTreeMap<ProductId, String>,
    channels: BTreeMap<ChannelId, Channel>,
    methods: BTreeMap<MethodId, MethodKind>,
    items: Items,
    money: Methods,
    /// What the orders come to, less what was cancelled.
    orders: Amount,
    /// What orders over several shows were sold for, by show: what their payments are shared by.
    spread: BTreeMap<OrderId, Vec<(ShowId, Amount)>>,
}

/// What a channel is, and what it keeps by its own terms.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Channel {
    kind: ChannelKind,
    commission: Option<InsideCommission>,
}

const SHOWS: u8 = 1;

impl Projection for Settlement {
    const NAME: &'static str = "settlement";
    const VERSION: u16 = 4;

    fn fold(&mut self, entry: &Entry) {
        if let Some(lines) = event::sold(&entry.event) {
            self.sell(lines);
        } else if let Some(money) = event::money(&entry.event) {
            self.own.money.record(&money);
            match money.shows {
                [show] => {
                    if let Some(receipts) = self.shows.get_mut(show.0) {
                        receipts.money.record(&money);
                        receipts.debits.record(&money);
                    }
                }
                shows if !money.refund => self.share(shows, money.order, money.legs),
                _ => {}
            }
        } else if let Some(cancellation) = event::cancelled(&entry.event) {
            self.cancel(cancellation);
        } else {
            self.define(&entry.event);
        }
    }

    fn save(&self, out: &mut dyn FnMut(PartitionKey, Vec<u8>)) {
        out(OWN, encode(&self.own));
        self.shows.save(SHOWS, out);
    }

    fn load(&mut self, key: PartitionKey, bytes: &[u8]) -> Option<()> {
        match key {
            OWN => self.own = decode(bytes)?,
            PartitionKey { family: SHOWS, id } => self.shows.load(id, bytes).map(|_| ())?,
            _ => return None,
        }
        Some(())
    }
}

impl Settlement {
    fn sell(&mut self, lines: &OrderLines) {
        self.spread(lines);
        for tickets in lines.tickets.chunk_by(|left, right| left.show == right.show) {
            let Some(show) = tickets.first().and_then(|line| self.shows.get_mut(line.show.0)) else {
                continue;
            };
            show.debits.placed(lines.order, lines.channel);
            for line in tickets {
                self.own.orders += show.sell(lines.channel, line);
            }
        }
        for item in &lines.items {
            if let Some(items) = self.items(item.show) {
                let price = items.sell(item);
                self.own.orders += price;
            }
        }
    }

    /// A payment for an order over several shows counts for each of them in part: by what its tickets were sold for, with
    /// the largest remainder; all alike where they were sold for nothing.
    fn share(&mut self, shows: &[ShowId], order: OrderId, legs: &[Leg]) {
        let sold = self.own.spread.get(&order).map(Vec::as_slice).unwrap_or_default();
        let of =
            |show: &ShowId| sold.iter().find(|(known, _)| known == show).map_or(0, |(_, amount)| amount.0);
        let mut weights: Vec<i64> = shows.iter().map(of).collect();
        if weights.iter().all(|weight| *weight <= 0) {
            weights.fill(1);
        }
        let parts = allocate(Amount(WHOLE_PAYMENT), &weights);
        for leg in legs {
            for (show, part) in shows.iter().zip(&parts) {
                if let Some(receipts) = self.shows.get_mut(show.0) {
                    receipts.debits.share(order, leg.method, part.0.unsigned_abs());
                }
            }
        }
    }

    /// Notes what the tickets of an order over several shows were sold for.
    fn spread(&mut self, lines: &OrderLines) {
        let of_several = lines.tickets.windows(2).any(|pair| pair[0].show != pair[1].show);
        if !of_several && !self.own.spread.contains_key(&lines.order) {
            return;
        }
        let sold = self.own.spread.entry(lines.order).or_default();
        for line in &lines.tickets {
            let amount = line.price + line.fee;
            match sold.iter_mut().find(|(show, _)| *show == line.show) {
                Some((_, known)) => *known += amount,
                None => sold.push((line.show, amount)),
            }
        }
    }

    fn cancel(&mut self, cancellation: &Cancellation) {
        for cancelled in &cancellation.tickets {
            if let Some(show) = self.shows.get_mut(cancelled.show.0) {
                self.own.orders -= show.cancel(cancelled.ticket, cancelled.fee_kept);
            }
        }
        for cancelled in &cancellation.items {
            if let Some(items) = self.items(cancelled.show) {
                let price = items.cancel(cancelled.item);
                self.own.orders -= price;
            }
        }
    }

    /// Where items that name this show, or none, are counted.
    fn items(&mut self, show: Option<ShowId>) -> Option<&mut Items> {
        match show {
            Some(show) => self.shows.get_mut(show.0).map(|receipts| &mut receipts.items),
            None => Some(&mut self.own.items),
        }
    }

    fn reduce(&mut self, event: &PriceReduced) {
        if let Some(show) = self.shows.get_mut(event.show.0) {
            self.own.orders -= show.reprice(event.ticket, event.after, event.stated_vat);
        }
    }

    fn define(&mut self, event: &Event) {
        match event {
            Event::OrganisationOpened(event) => {
                self.own.currency = event.currency;
                self.own.rounding = event.parameters.rounding;
            }
            Event::OrganisationChanged(event) => self.own.rounding = event.parameters.rounding,
            Event::ProductDefined(event) => {
                self.own.products.entry(event.product).or_insert_with(|| event.name.clone());
            }
            Event::ChannelOpened(event) => {
                let channel = Channel { kind: event.kind, commission: event.commission };
                self.own.channels.entry(event.channel).or_insert(channel);
            }
            Event::MethodDefined(event) => {
                self.own.methods.entry(event.method).or_insert(event.kind);
            }
            Event::ShowPostponed(event) => {
                if let Some(show) = self.shows.get_mut(event.show.0) {
                    show.starts_at = event.starts_at;
                }
            }
            Event::ShowScheduled(event) => self.shows.add(event.show.0, || Receipts::new(event)),
            Event::TariffDefined(event) => {
                if let Some(show) = self.shows.get_mut(event.show.0) {
                    show.name_tariff(event.tariff, &event.terms.name, true);
                    show.kinds.entry(event.tariff).or_insert(event.terms.kind);
                }
            }
            Event::TariffChanged(event) => {
                if let Some(show) = self.shows.get_mut(event.show.0) {
                    show.name_tariff(event.tariff, &event.terms.name, false);
                }
            }
            Event::PriceReduced(event) => self.reduce(event),
            event => self.fold_commissions(event),
        }
    }

    /// The statement of a show; none when it was never scheduled.
    pub fn show(&self, show: ShowId) -> Option<ShowSettlement> {
        self.shows.get(show.0).map(|receipts| receipts.statement(show, &self.own.products))
    }
}
