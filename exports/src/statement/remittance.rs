//! What each network has to remit: its receipts less the commission inside and the VAT on it.

use std::collections::BTreeMap;

use soticket_projections::settlement::{CommissionTotal, SettlementLine};
use soticket_schema::event::v1::{ChannelKind, InsideCommission};
use soticket_schema::money::{Taxed, share, vat_on_net};
use soticket_schema::{Amount, ChannelId};

use super::{Frame, section, words};
use crate::document::{Block, Cell, Column, Explanation, Fact, Section, Sum, Table, Text};

pub(super) fn sections(frame: &Frame<'_>) -> Vec<Section> {
    let currency = frame.settlement.currency;
    let columns = vec![
        Column::text(words::CHANNEL),
        Column::count(words::TICKETS),
        Column::amount(words::GROSS, currency),
        Column::amount(words::COMMISSION_NET, currency),
        Column::amount(words::COMMISSION_VAT, currency),
        Column::amount(words::TO_REMIT, currency).computed(
            Sum::of(&[words::GROSS.code]).less(&[words::COMMISSION_NET.code, words::COMMISSION_VAT.code]),
        ),
    ];
    let mut table = Table::new(words::BY_NETWORK, columns);
    for (channel, sales) in networks(frame) {
        let kept = kept(frame, channel, &sales);
        let row = table.line(vec![
            frame.names.channel(channel).into(),
            Cell::count(sales.tickets),
            sales.taxed.gross.into(),
            kept.total.net.into(),
            kept.total.vat.into(),
        ]);
        if let Some(explanation) = kept.explanation {
            table.explain(row, explanation);
        }
    }
    table.total_of_lines(words::TOTAL);
    section(words::BY_NETWORK, vec![Block::Table(table)]).into_iter().collect()
}

/// What one channel sold, net of cancellations.
#[derive(Default)]
struct Sales {
    tickets: u64,
    taxed: Taxed,
    /// Face prices of tickets that no rule charged for.
    under_own_terms: Amount,
}

/// Sales of the channels that collect the money: networks and remote box offices.
fn networks(frame: &Frame<'_>) -> BTreeMap<ChannelId, Sales> {
    let collects = |line: &&SettlementLine| {
        let channel = frame.views().catalogue.channel(line.channel);
        let kind = channel.map(|channel| channel.opened.kind);
        matches!(kind, Some(ChannelKind::Network | ChannelKind::RemoteBoxOffice))
    };
    let mut networks: BTreeMap<ChannelId, Sales> = BTreeMap::new();
    for line in frame.settlement.lines.iter().filter(collects) {
        let sales = networks.entry(line.channel).or_default();
        sales.tickets += line.net;
        sales.taxed = sales.taxed + line.taxed;
        sales.under_own_terms += line.under_own_terms();
    }
    networks
}

/// What a channel keeps, and why.
struct Kept {
    total: Taxed,
    explanation: Option<Explanation>,
}

/// Commissions that sales froze, and the rate under which the channel was opened for tickets that no rule charged for.
fn kept(frame: &Frame<'_>, channel: ChannelId, sales: &Sales) -> Kept {
    let currency = frame.settlement.currency;
    let rows: Vec<&CommissionTotal> = frame
        .settlement
        .commissions
        .iter()
        .filter(|row| row.channel == channel && row.is_kept_by_channel())
        .collect();
    let inputs = rows.iter().map(|row| Fact::new(words::BASIS, Cell::Money(row.basis, currency))).collect();
    let names: Vec<String> = rows.iter().map(|row| frame.names.commission(row)).collect();
    let of_rules: Taxed = rows.iter().map(|row| row.taxed).sum();
    let opened = frame.views().catalogue.channel(channel).and_then(|channel| channel.opened.commission);
    let Some(InsideCommission { rate, vat }) = opened.filter(|_| sales.under_own_terms != Amount::ZERO)
    else {
        let explained = !rows.is_empty();
        let explanation = Explanation { rule: names.join(", ").into(), inputs, events: Vec::new() };
        return Kept { total: of_rules, explanation: explained.then_some(explanation) };
    };
    let gross = sales.under_own_terms;
    let share_of = [rate.into(), Cell::Money(gross, currency), vat.into()];
    let rule = if rows.is_empty() {
        Text::Filled(words::RULE_SHARE, share_of.to_vec())
    } else {
        let [rate, gross, vat] = share_of;
        Text::Filled(words::RULES_AND_SHARE, vec![names.join(", ").into(), rate, gross, vat])
    };
    let total = of_rules + vat_on_net(share(gross, rate), vat);
    Kept { total, explanation: Some(Explanation { rule, inputs, events: Vec::new() }) }
}
