//! Where the commissions of a ticket would come to more than the cap: a warning for whoever defines them.

use soticket_ledger::fees::{Cascade, Priced, Selling};
use soticket_schema::event::v1::ZonePrice;
use soticket_schema::money::{share, share_of};
use soticket_schema::{Amount, ChannelId, CommissionId, Rate, TariffId, ZoneId};

use super::{Catalogue, ChannelInfo, ShowState, TariffInfo};

/// Most warnings that are told at a time.
const WARNINGS_MAX: usize = 100;

/// Tickets of one price whose commissions would come to more than the cap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverCap {
    /// The channel that would sell them.
    pub channel: ChannelId,
    /// The point of sale; empty for any other.
    pub seller: String,
    /// The tariff.
    pub tariff: TariffId,
    /// The zone.
    pub zone: ZoneId,
    /// Their face price.
    pub face: Amount,
    /// All commissions of one ticket, with what the channel takes by itself.
    pub total: Amount,
    /// Which share of the face price that is.
    pub share: Rate,
}

impl Catalogue {
    /// Where the commissions of a ticket would come to more than the cap once the latest version of this one is in
    /// force: by channel, point of sale that it names, and price of the shows that are not closed. At most a hundred.
    pub fn over_cap(&self, commission: CommissionId) -> Vec<OverCap> {
        let Some(version) = self.commissions().get(commission).and_then(|rule| rule.latest()) else {
            return Vec::new();
        };
        let sellers = std::iter::once("").chain(version.terms.sellers.iter().map(String::as_str));
        let places = sellers.flat_map(|seller| {
            let open = self.channels().filter(|channel| !channel.closed);
            open.map(move |channel| (channel, seller))
        });
        let mut warnings = Vec::new();
        for (channel, seller) in places {
            let selling = Selling { at: version.valid_from, channel: channel.opened.channel, seller };
            self.add_over_cap(commission, channel, selling, &mut warnings);
        }
        warnings
    }

    fn add_over_cap(
        &self,
        commission: CommissionId,
        channel: &ChannelInfo,
        selling: Selling<'_>,
        warnings: &mut Vec<OverCap>,
    ) {
        let rules = self.commissions();
        let applicable = rules.applicable(selling);
        let Some(own) = applicable.iter().position(|one| one.commission == commission) else { return };
        for (tariff, price) in self.prices_on(channel) {
            if warnings.len() >= WARNINGS_MAX {
                return;
            }
            let ticket = Priced {
                tariff: tariff.tariff,
                kind: tariff.terms.kind,
                face: price.price,
                vat: tariff.terms.vat,
                channel_fee: channel.opened.fee_on_top,
            };
            let cascade = Cascade::of(&applicable, &ticket);
            let inside = channel.opened.commission.map(|inside| share(price.price, inside.rate));
            let of_channel = channel.opened.fee_on_top + inside.unwrap_or_default();
            let concerned = cascade.charges.iter().any(|charge| charge.index == own);
            if concerned && cascade.over(rules.cap(), price.price, of_channel) {
                let total = cascade.total + of_channel;
                warnings.push(OverCap {
                    channel: channel.opened.channel,
                    seller: selling.seller.to_owned(),
                    tariff: tariff.tariff,
                    zone: price.zone,
                    face: price.price,
                    total,
                    share: share_of(total, price.price),
                });
            }
        }
    }

    /// Prices that a channel sells at, of shows that are not closed.
    fn prices_on(&self, channel: &ChannelInfo) -> impl Iterator<Item = (&TariffInfo, &ZonePrice)> {
        let number = channel.opened.channel;
        let shows = self.shows().filter(|show| show.state != ShowState::Closed);
        let tariffs = shows.flat_map(|show| &show.tariffs).filter(move |tariff| {
            tariff.terms.channels.is_empty() || tariff.terms.channels.contains(&number)
        });
        tariffs.flat_map(|tariff| tariff.terms.prices.iter().map(move |price| (tariff, price)))
    }
}
