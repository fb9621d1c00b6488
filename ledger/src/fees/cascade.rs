//! The commissions of one ticket, level by level.
//!
//! Each commission of a ticket is rounded by itself, half away from zero, to the minor unit. What is kept back inside
//! the face price never exceeds what is left of it, so that face price = commissions inside + residual, always.

use soticket_schema::event::v1::{CommissionBasis, CommissionTerms, OnFree, TariffKind};
use soticket_schema::limits::AMOUNT_MAX;
use soticket_schema::money::{share, vat_of_gross};
use soticket_schema::{Amount, Rate, TariffId};

use super::rules::Applicable;

/// What commissions are worked out on: a ticket with its price.
#[derive(Clone, Copy, Debug)]
pub struct Priced {
    /// Its tariff.
    pub tariff: TariffId,
    /// What the tariff is.
    pub kind: TariffKind,
    /// Its face price, with VAT.
    pub face: Amount,
    /// VAT rate of the face price.
    pub vat: Rate,
    /// What the channel itself puts on top, with VAT.
    pub channel_fee: Amount,
}

/// A commission as it comes out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    /// Its place among those applicable.
    pub index: usize,
    /// What it was worked out on.
    pub basis: Amount,
    /// What it comes to.
    pub amount: Amount,
}

/// The commissions of one ticket, but for those of the whole order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Cascade {
    /// By level and number. Those that come to nothing are left out.
    pub charges: Vec<Charge>,
    /// What they leave of the face price.
    pub residual: Amount,
    /// What they put on top of it for the buyer.
    pub on_top: Amount,
    /// All of them together, whoever pays.
    pub total: Amount,
}

impl Cascade {
    /// Works out the commissions of a ticket.
    pub fn of(applicable: &[Applicable<'_>], ticket: &Priced) -> Self {
        let mut cascade = Self { residual: ticket.face, ..Self::default() };
        let mut index = 0;
        for level in applicable.chunk_by(|one, next| one.terms.level == next.terms.level) {
            // All of one level see what the levels before left.
            let (residual, on_top) = (cascade.residual, cascade.on_top);
            for one in level {
                if !one.is_per_order() && charged_on(one.terms, ticket) {
                    let basis = match one.terms.basis {
                        CommissionBasis::FaceWithoutVat => vat_of_gross(ticket.face, ticket.vat).net,
                        CommissionBasis::Paid => ticket.face + ticket.channel_fee + on_top,
                        CommissionBasis::Residual => residual,
                        CommissionBasis::Face | CommissionBasis::PerTicket | CommissionBasis::PerOrder => {
                            ticket.face
                        }
                    };
                    cascade.add(one, index, basis, charge(one.terms, basis), ticket.channel_fee);
                }
                index += 1;
            }
        }
        cascade
    }

    fn add(
        &mut self,
        one: &Applicable<'_>,
        index: usize,
        basis: Amount,
        mut amount: Amount,
        channel_fee: Amount,
    ) {
        if one.is_inside() {
            amount = amount.min(self.residual);
            self.residual -= amount;
        } else if one.is_on_buyer() {
            // A line's fee has the same limit as any amount of a line.
            amount = amount.min(Amount(AMOUNT_MAX) - channel_fee - self.on_top).max(Amount::ZERO);
            self.on_top += amount;
        }
        self.total += amount;
        if amount > Amount::ZERO {
            self.charges.push(Charge { index, basis, amount });
        }
    }

    /// Whether the commissions, with what the channel takes by itself, come to more than this share of the face price.
    /// Nothing is told of free tickets.
    pub fn over(&self, cap: Rate, face: Amount, of_channel: Amount) -> bool {
        let total = i128::from((self.total + of_channel).0) * 1_000_000;
        face > Amount::ZERO && total > i128::from(face.0) * i128::from(cap.0)
    }
}

/// Whether a commission is charged on tickets like this one.
pub(crate) fn charged_on(terms: &CommissionTerms, ticket: &Priced) -> bool {
    let tariff = terms.tariffs.is_empty() || terms.tariffs.contains(&ticket.tariff);
    let kind = terms.kinds.is_empty() || terms.kinds.contains(&ticket.kind);
    tariff && kind && (ticket.face > Amount::ZERO || terms.on_free == OnFree::Charged)
}

/// What a commission comes to on a basis: the tier's share and fixed amount, within minimum and maximum.
pub(crate) fn charge(terms: &CommissionTerms, basis: Amount) -> Amount {
    let tier = terms.tiers.iter().rev().find(|tier| tier.from <= basis);
    let (rate, fixed) = tier.map_or((terms.rate, terms.fixed), |tier| (tier.rate, tier.fixed));
    let amount = share(basis, rate) + fixed;
    let amount = terms.minimum.map_or(amount, |minimum| amount.max(minimum));
    let amount = terms.maximum.map_or(amount, |maximum| amount.min(maximum));
    amount.clamp(Amount::ZERO, Amount(AMOUNT_MAX))
}
