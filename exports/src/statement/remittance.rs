//! What each network has to remit: its receipts less the commission inside and the VAT on it.

use std::collections::BTreeMap;

use soticket_projections::settlement::{CommissionTotal, SettlementLine};
use soticket_schema::ChannelId;
use soticket_schema::event::v1::{Beneficiary, ChannelKind, CommissionMode, InsideCommission, Payer};
use soticket_schema::money::{Taxed, share, vat_on_net};

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
    }
    networks
}

/// What a channel keeps, and why.
struct Kept {
    total: Taxed,
    explanation: Option<Explanation>,
}

/// Commissions that sales froze, or the rate under which the channel was opened where no rule applied.
fn kept(frame: &Frame<'_>, channel: ChannelId, sales: &Sales) -> Kept {
    let currency = frame.settlement.currency;
    let rows: Vec<&CommissionTotal> =
        frame.settlement.commissions.iter().filter(|row| row.channel == channel && is_kept(row)).collect();
    if !rows.is_empty() {
        let inputs = rows.iter().map(|row| Fact::new(words::BASIS, Cell::Money(row.basis, currency)));
        let names: Vec<String> = rows.iter().map(|row| frame.names.commission(row)).collect();
        let explanation =
            Explanation { rule: names.join(", ").into(), inputs: inputs.collect(), events: Vec::new() };
        return Kept { total: rows.iter().map(|row| row.taxed).sum(), explanation: Some(explanation) };
    }
    let opened = frame.views().catalogue.channel(channel).and_then(|channel| channel.opened.commission);
    let Some(InsideCommission { rate, vat }) = opened else {
        return Kept { total: Taxed::default(), explanation: None };
    };
    let gross = sales.taxed.gross;
    let rule = Text::Filled(words::RULE_SHARE, vec![rate.into(), Cell::Money(gross, currency), vat.into()]);
    let explanation = Explanation { rule, inputs: Vec::new(), events: Vec::new() };
    Kept { total: vat_on_net(share(gross, rate), vat), explanation: Some(explanation) }
}

/// Whether the channel takes the commission out of what it remits.
fn is_kept(row: &CommissionTotal) -> bool {
    row.mode == CommissionMode::Inside
        && row.payer == Payer::Organiser
        && row.beneficiary == Beneficiary::Channel
}
