//! The figures of a show that deals are evaluated on: sums, however many tickets they are of.

use soticket_schema::event::v1::{Beneficiary, ChannelKind, InsideCommission, MethodKind, Payer, TariffKind};
use soticket_schema::money::Taxed;
use soticket_schema::{Amount, ChannelId, Currency, MethodId, PartyId, Rate, ShowId, Timestamp};

use super::Settlement;
use super::receipts::Receipts;
use super::view::SettlementLine;

/// What a show took, and what its sales cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowFigures {
    /// The show.
    pub show: ShowId,
    /// Currency of every amount.
    pub currency: Currency,
    /// Begin of the performance: the date that rates are looked up at.
    pub starts_at: Timestamp,
    /// Tax territory.
    pub territory: String,
    /// Paid tickets, rounded as the box-office statement is.
    pub lines: Vec<FigureLine>,
    /// Valid tickets that are free.
    pub free: u64,
    /// What channels keep back or charge the organiser.
    pub channels: Vec<ChannelFigures>,
    /// Payments of orders that hold tickets of this show.
    pub payments: Vec<PaymentFigures>,
}

/// Paid tickets of one tariff, zone, channel and price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FigureLine {
    /// What the tariff is.
    pub tariff_kind: TariffKind,
    /// The channel.
    pub channel: ChannelId,
    /// What the channel is.
    pub channel_kind: ChannelKind,
    /// VAT rate.
    pub rate: Rate,
    /// Valid tickets.
    pub tickets: u64,
    /// Their face prices.
    pub taxed: Taxed,
}

/// What one channel keeps back or has the organiser pay, for one earner at one VAT rate. Without VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChannelFigures {
    /// The channel.
    pub channel: ChannelId,
    /// Who earns it, if not whoever operates the channel.
    pub party: Option<PartyId>,
    /// What it was worked out on.
    pub basis: Amount,
    /// Share of the basis, for the channel's own terms; 0 for what rules charged sale by sale.
    pub rate: Rate,
    /// The amount.
    pub amount: Amount,
    /// VAT rate of the commission.
    pub vat: Rate,
    /// Tickets charged.
    pub tickets: u64,
}

/// Payments by one way of paying for orders of one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentFigures {
    /// The channel.
    pub channel: ChannelId,
    /// What the channel is.
    pub channel_kind: ChannelKind,
    /// The way of paying.
    pub method: MethodId,
    /// What it is.
    pub method_kind: MethodKind,
    /// Payments that came in for orders of this show alone.
    pub payments: u64,
    /// Payments that came in for orders over several shows.
    pub shared: u64,
    /// This show's part of these, in millionths of a payment.
    pub share: u64,
    /// Refunds that went back.
    pub refunds: u64,
}

impl Settlement {
    /// What a show took; none when it was never scheduled. The cost does not grow with the number of tickets.
    pub fn figures(&self, show: ShowId) -> Option<ShowFigures> {
        let receipts = self.shows.get(show.0)?;
        let lines = receipts.statement_lines();
        let free = lines.iter().filter(|line| line.price == Amount::ZERO).map(|line| line.net).sum();
        let channels = self.channels(receipts, &lines);
        let lines = lines.iter().filter(|line| line.price != Amount::ZERO).map(|line| FigureLine {
            tariff_kind: line.tariff_kind,
            channel: line.channel,
            channel_kind: self.channel_kind(line.channel),
            rate: line.rate,
            tickets: line.net,
            taxed: line.taxed,
        });
        Some(ShowFigures {
            show,
            currency: receipts.currency,
            starts_at: receipts.starts_at,
            territory: receipts.territory.clone(),
            channels,
            free,
            payments: self.payments(receipts),
            lines: lines.collect(),
        })
    }

    fn channel_kind(&self, channel: ChannelId) -> ChannelKind {
        self.own.channels.get(&channel).map_or(ChannelKind::OwnSite, |channel| channel.kind)
    }

    fn payments(&self, receipts: &Receipts) -> Vec<PaymentFigures> {
        let figures = receipts.debits.all().iter().map(|debit| PaymentFigures {
            channel: debit.channel,
            channel_kind: self.channel_kind(debit.channel),
            method: debit.method,
            method_kind: self.own.methods.get(&debit.method).copied().unwrap_or(MethodKind::Other),
            payments: debit.payments,
            shared: debit.shared,
            share: debit.share,
            refunds: debit.refunds,
        });
        figures.collect()
    }

    /// What rules charged the organiser, by channel; tickets that no rule charged for are under the channel's own terms.
    fn channels(&self, receipts: &Receipts, lines: &[SettlementLine]) -> Vec<ChannelFigures> {
        let mut figures: Vec<ChannelFigures> = Vec::new();
        for row in receipts.commissions.view() {
            if row.payer == Payer::Organiser && row.beneficiary != Beneficiary::Organisation {
                let party = match row.beneficiary {
                    Beneficiary::Party(party) => Some(party),
                    Beneficiary::Organisation | Beneficiary::Channel => None,
                };
                let known = figures
                    .iter_mut()
                    .find(|known| (known.channel, known.party, known.vat) == (row.channel, party, row.rate));
                let net = row.charged - row.reversed;
                let tickets = row.count.saturating_sub(row.reversed_count);
                if let Some(known) = known {
                    known.basis += row.basis;
                    known.amount += net;
                    known.tickets = known.tickets.saturating_add(tickets);
                } else {
                    let (channel, basis, vat) = (row.channel, row.basis, row.rate);
                    let rate = Rate::ZERO;
                    figures.push(ChannelFigures { channel, party, basis, rate, amount: net, vat, tickets });
                }
            }
        }
        for (id, channel) in &self.own.channels {
            figures.extend(channel.commission.and_then(|terms| own_terms(*id, terms, lines)));
        }
        figures.sort_by_key(|figure| (figure.channel, figure.party, figure.vat));
        figures
    }
}

/// A channel's own commission on the face prices that no rule charged for, rounded once; nothing where there are none.
fn own_terms(
    channel: ChannelId,
    terms: InsideCommission,
    lines: &[SettlementLine],
) -> Option<ChannelFigures> {
    let sold = lines.iter().filter(|line| line.channel == channel && line.price != Amount::ZERO);
    let (basis, tickets) = sold.fold((Amount::ZERO, 0_u64), |(basis, tickets), line| {
        let others = line.net.saturating_sub(line.charged);
        (basis + line.under_own_terms(), tickets.saturating_add(others))
    });
    (tickets > 0).then(|| ChannelFigures {
        channel,
        party: None,
        basis,
        rate: terms.rate,
        amount: soticket_schema::money::share(basis, terms.rate),
        vat: terms.vat,
        tickets,
    })
}
