//! Amounts of rules that build on earlier steps or on counts: one each.

use soticket_schema::event::v1::{BonusBasis, BonusThreshold, DealRule, DealStep, DealTier, DealUnit};
use soticket_schema::{Amount, Rate};

use super::{Basis, EvaluationError, Evidence, UsedRate};
use crate::settlement::WHOLE_PAYMENT;

/// What a rule comes to, and on what.
pub(super) struct Worked {
    pub(super) basis: Amount,
    pub(super) rate: Rate,
    pub(super) amount: Amount,
    pub(super) evidence: Evidence,
}

impl Worked {
    /// Figures of earlier steps: no events of its own.
    fn of_steps(basis: Amount, amount: Amount) -> Self {
        Self { basis, rate: Rate::ZERO, amount, evidence: Evidence::default() }
    }
}

impl Basis<'_> {
    /// The amount of a rule that gives a single line.
    pub(super) fn worked(&self, step: &DealStep, rate: Option<&UsedRate>) -> Result<Worked, EvaluationError> {
        let amount = |name: &String| self.amount(step, name);
        let sum = |names: &[String]| names.iter().map(amount).sum::<Result<Amount, _>>();
        let all = |names: &[String]| names.iter().map(amount).collect::<Result<Vec<_>, _>>();
        let whole = |amount: Amount| self.round(i128::from(amount.0), 1, step.rounding);
        Ok(match &step.rule {
            DealRule::Share { of, .. } => {
                let (basis, rate) = (amount(of)?, rate.map_or(Rate::ZERO, |used| used.rate));
                let share = self.round(i128::from(basis.0) * i128::from(rate.0), 1_000_000, step.rounding);
                Worked { basis, rate, amount: share, evidence: Evidence::default() }
            }
            DealRule::Sum { add, less } => {
                let basis = sum(add)?;
                Worked::of_steps(basis, whole(basis - sum(less)?))
            }
            DealRule::Difference { of, less } => {
                let basis = amount(of)?;
                // Never rounded: it closes the deal.
                Worked::of_steps(basis, basis - sum(less)?)
            }
            DealRule::Excess { of, over } => {
                let basis = amount(of)?;
                Worked::of_steps(basis, whole((basis - amount(over)?).max(Amount::ZERO)))
            }
            DealRule::Greatest { of } => {
                let most = all(of)?.into_iter().max().unwrap_or_default();
                Worked::of_steps(most, whole(most))
            }
            DealRule::Least { of } => {
                let least = all(of)?.into_iter().min().unwrap_or_default();
                Worked::of_steps(least, whole(least))
            }
            DealRule::Fixed { amount } => Worked::of_steps(*amount, whole(*amount)),
            DealRule::Tiers { of, tiers } => {
                let basis = amount(of)?;
                Worked::of_steps(basis, self.round(tiered(basis, tiers), 1_000_000, step.rounding))
            }
            DealRule::Bonus { on, thresholds } => self.bonus(step, on, thresholds)?,
            DealRule::Units { unit, price } => self.units(step, unit, price.0),
            // These give lines of their own.
            DealRule::Receipts(_) | DealRule::Commissions { .. } | DealRule::Costs { .. } => {
                Worked::of_steps(Amount::ZERO, Amount::ZERO)
            }
        })
    }

    fn units(&self, step: &DealStep, unit: &DealUnit, price: i64) -> Worked {
        let whole = |count: u64| i128::from(count) * i128::from(WHOLE_PAYMENT);
        let counted = |count: u64| (whole(count), count, super::lines::SALES.to_vec());
        let (exact, count, kinds) = match unit {
            DealUnit::Payments { methods, channel_kinds } => {
                let payments = self.figures.payments.iter().filter(|payment| {
                    (methods.is_empty() || methods.contains(&payment.method_kind))
                        && (channel_kinds.is_empty() || channel_kinds.contains(&payment.channel_kind))
                });
                // Of payments for orders over several shows this show has a part.
                let (mut exact, mut count) = (0, 0_u64);
                for payment in payments {
                    exact += whole(payment.payments) + i128::from(payment.share);
                    count = count.saturating_add(payment.payments).saturating_add(payment.shared);
                }
                (exact, count, vec!["PaymentRecorded"])
            }
            DealUnit::PaidTickets => counted(self.paid_tickets()),
            DealUnit::FreeTickets => counted(self.figures.free),
            DealUnit::Entries => counted(self.entries()),
        };
        let minor = 10_i128.pow(self.figures.currency.digits());
        let amount = i128::from(price).saturating_mul(exact).saturating_mul(minor);
        Worked {
            basis: Amount::ZERO,
            rate: Rate::ZERO,
            amount: self.round(amount, 1_000_000 * i128::from(WHOLE_PAYMENT), step.rounding),
            evidence: Evidence { kinds, count, positions: Vec::new() },
        }
    }

    fn bonus(
        &self,
        step: &DealStep,
        on: &BonusBasis,
        thresholds: &[BonusThreshold],
    ) -> Result<Worked, EvaluationError> {
        let (reached, basis, kinds) = match on {
            BonusBasis::Entries => (signed(self.entries()), Amount::ZERO, super::lines::SALES.to_vec()),
            BonusBasis::PaidTickets => {
                (signed(self.paid_tickets()), Amount::ZERO, super::lines::SALES.to_vec())
            }
            BonusBasis::Step(name) => {
                let amount = self.amount(step, name)?;
                (amount.0, amount, Vec::new())
            }
        };
        let due = thresholds.iter().filter(|threshold| reached >= threshold.from);
        let amount: Amount = due.map(|threshold| threshold.amount).sum();
        let count = if kinds.is_empty() { 0 } else { reached.unsigned_abs() };
        let amount = self.round(i128::from(amount.0), 1, step.rounding);
        let evidence = Evidence { kinds, count, positions: Vec::new() };
        Ok(Worked { basis, rate: Rate::ZERO, amount, evidence })
    }

    fn paid_tickets(&self) -> u64 {
        self.figures.lines.iter().map(|line| line.tickets).fold(0, u64::saturating_add)
    }

    fn entries(&self) -> u64 {
        self.paid_tickets().saturating_add(self.figures.free)
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Each rate on the part from its threshold to the next, in millionths of a minor unit; nothing of a loss.
fn tiered(basis: Amount, tiers: &[DealTier]) -> i128 {
    let ends = tiers.iter().skip(1).map(|tier| tier.from.0).chain(std::iter::once(i64::MAX));
    let parts = tiers.iter().zip(ends).map(|(tier, end)| {
        let part = basis.0.min(end).saturating_sub(tier.from.0).max(0);
        i128::from(part) * i128::from(tier.rate.0)
    });
    parts.sum()
}
