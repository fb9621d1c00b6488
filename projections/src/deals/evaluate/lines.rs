//! Lines of a step: one, or one for each VAT rate, channel or category.

use std::collections::BTreeMap;

use soticket_schema::event::v1::{DealRule, DealStep, Measure, SettledRole, Takings};
use soticket_schema::money::{Taxed, share};
use soticket_schema::{Amount, ChannelId, PartyId, Rate};

use super::{Basis, EvaluatedLine, EvaluationError, Evidence, LineOf, UsedRate};
use crate::settlement::FigureLine;

/// Kinds of events that receipts are folded from.
pub(super) const SALES: [&str; 5] =
    ["OrderPlaced", "ExternalSaleReported", "TicketsCancelled", "ExternalSaleCancelled", "PriceReduced"];

impl Basis<'_> {
    pub(super) fn lines(
        &self,
        step: &DealStep,
        rate: Option<&UsedRate>,
        vat: Option<&UsedRate>,
    ) -> Result<Vec<EvaluatedLine>, EvaluationError> {
        match &step.rule {
            DealRule::Receipts(takings) => Ok(self.receipts(step, takings)),
            DealRule::Commissions { channels } => Ok(self.commissions(channels)),
            DealRule::Costs { categories, borne_by } => Ok(self.costs(step, categories, *borne_by)),
            _ => Ok(vec![self.single(step, rate, vat)?]),
        }
    }

    fn single(
        &self,
        step: &DealStep,
        rate: Option<&UsedRate>,
        vat: Option<&UsedRate>,
    ) -> Result<EvaluatedLine, EvaluationError> {
        let worked = self.worked(step, rate)?;
        let vat_rate = vat.map_or(Rate::ZERO, |used| used.rate);
        let mut evidence = worked.evidence;
        let dated = [rate, vat].into_iter().flatten().filter_map(|used| used.dated.as_ref());
        evidence.positions.extend(dated.filter_map(|found| found.position));
        Ok(EvaluatedLine {
            of: LineOf::Whole,
            party: step.party,
            channel: None,
            basis: worked.basis,
            rate: worked.rate,
            net: worked.amount,
            vat_rate,
            vat: share(worked.amount, vat_rate),
            evidence,
        })
    }

    /// The show's receipts have a line for each VAT rate; as a base they are one figure.
    fn receipts(&self, step: &DealStep, takings: &Takings) -> Vec<EvaluatedLine> {
        let mut sums: BTreeMap<Rate, (Taxed, u64)> = BTreeMap::new();
        for line in self.figures.lines.iter().filter(|line| is_of(line, takings)) {
            let by_rate = step.role == SettledRole::Receipts;
            let (taxed, tickets) = sums.entry(if by_rate { line.rate } else { Rate::ZERO }).or_default();
            *taxed = *taxed + line.taxed;
            *tickets = tickets.saturating_add(line.tickets);
        }
        if sums.is_empty() {
            sums.insert(Rate::ZERO, Default::default());
        }
        let lines = sums.into_iter().map(|(rate, (taxed, tickets))| {
            let (net, vat) = match takings.measure {
                Measure::WithoutVat if step.role == SettledRole::Receipts => (taxed.net, taxed.vat),
                Measure::WithoutVat => (taxed.net, Amount::ZERO),
                Measure::WithVat => (taxed.gross, Amount::ZERO),
                Measure::Vat => (taxed.vat, Amount::ZERO),
            };
            let evidence = Evidence { kinds: SALES.to_vec(), count: tickets, positions: Vec::new() };
            let (of, basis) = (LineOf::Receipts, taxed.gross);
            let (party, channel) = (None, only_channel(takings));
            EvaluatedLine { of, party, channel, basis, rate: Rate::ZERO, net, vat_rate: rate, vat, evidence }
        });
        lines.collect()
    }

    fn commissions(&self, channels: &[ChannelId]) -> Vec<EvaluatedLine> {
        let charged = self.figures.channels.iter();
        let charged = charged.filter(|figure| channels.is_empty() || channels.contains(&figure.channel));
        let lines = charged.map(|figure| EvaluatedLine {
            of: LineOf::Channel,
            party: figure.party,
            channel: Some(figure.channel),
            basis: figure.basis,
            rate: figure.rate,
            net: figure.amount,
            vat_rate: figure.vat,
            vat: share(figure.amount, figure.vat),
            evidence: Evidence {
                kinds: ["CommissionsCharged", "CommissionsReversed"].into_iter().chain(SALES).collect(),
                count: figure.tickets,
                positions: Vec::new(),
            },
        });
        lines.collect()
    }

    /// Costs by category, in the order in which the categories first came, and by VAT rate. VAT is as vouchers state it.
    fn costs(&self, step: &DealStep, categories: &[String], borne_by: Option<PartyId>) -> Vec<EvaluatedLine> {
        let mut lines: Vec<EvaluatedLine> = Vec::new();
        let costs = self.costs.iter().filter(|cost| {
            cost.terms.borne_by == borne_by
                && (categories.is_empty() || categories.contains(&cost.terms.category))
        });
        for cost in costs {
            let terms = &cost.terms;
            let of = LineOf::Category(terms.category.clone());
            let known = lines.iter_mut().find(|line| (&line.of, line.vat_rate) == (&of, terms.vat_rate));
            let line = match known {
                Some(line) => line,
                None => {
                    lines.push(EvaluatedLine {
                        of,
                        party: step.party,
                        channel: None,
                        basis: Amount::ZERO,
                        rate: Rate::ZERO,
                        net: Amount::ZERO,
                        vat_rate: terms.vat_rate,
                        vat: Amount::ZERO,
                        evidence: Evidence::default(),
                    });
                    let last = lines.len() - 1;
                    &mut lines[last]
                }
            };
            line.basis += terms.net;
            line.net += terms.net;
            line.vat += terms.vat;
            line.evidence.positions.push(cost.position);
        }
        lines
    }
}

fn is_of(line: &FigureLine, takings: &Takings) -> bool {
    (takings.channels.is_empty() || takings.channels.contains(&line.channel))
        && (takings.channel_kinds.is_empty() || takings.channel_kinds.contains(&line.channel_kind))
        && (takings.tariff_kinds.is_empty() || takings.tariff_kinds.contains(&line.tariff_kind))
}

/// The channel of receipts of one channel.
fn only_channel(takings: &Takings) -> Option<ChannelId> {
    match takings.channels.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}
