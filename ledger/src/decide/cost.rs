//! Costs of shows and advances to parties: recorded with a voucher, taken out of account by another event.

use soticket_schema::command::{RecordAdvance, RecordCost, WithdrawAdvance, WithdrawCost};
use soticket_schema::event::v1::{
    AdvanceRecorded, AdvanceWithdrawn, CostRecorded, CostTerms, CostWithdrawn, Voucher,
};
use soticket_schema::limits::REFERENCE_BYTES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::deal::{check_party, check_show};
use super::{Context, Decide, Timing, When};

impl Decide for RecordCost {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_cost(&self.terms, checks);
    }

    /// Also after a settlement was sealed: the cost goes into its next version.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("terms");
        check_show(self.show, context.state, checks);
        check_party(self.terms.supplier, context.state, at.field("supplier"), checks);
        check_party(self.terms.borne_by, context.state, at.field("borne_by"), checks);
        let cost = context.state.deals.next_cost();
        Ok(vec![CostRecorded { cost, show: self.show, terms: self.terms.clone() }.into()])
    }
}

impl Decide for WithdrawCost {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("cost");
        let cost = context.state.deals.cost(self.cost);
        let cost = checks.need(cost, RejectionCode::CostUnknown, at)?;
        checks.ensure(!cost.withdrawn, RejectionCode::CostWithdrawn, at);
        Ok(vec![CostWithdrawn { cost: self.cost, show: cost.show }.into()])
    }
}

impl Decide for RecordAdvance {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.amount_above_zero(self.amount, field("amount"));
        check_voucher(&self.voucher, field("voucher"), checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_show(self.show, context.state, checks);
        check_party(Some(self.party), context.state, field("party"), checks);
        let method = context.state.methods.get(self.method.0).is_some();
        checks.ensure(method, RejectionCode::MethodUnknown, field("method"));
        let event = AdvanceRecorded {
            advance: context.state.deals.next_advance(),
            show: self.show,
            party: self.party,
            amount: self.amount,
            method: self.method,
            voucher: self.voucher.clone(),
        };
        Ok(vec![event.into()])
    }
}

impl Decide for WithdrawAdvance {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("advance");
        let advance = context.state.deals.advance(self.advance);
        let advance = checks.need(advance, RejectionCode::AdvanceUnknown, at)?;
        checks.ensure(!advance.withdrawn, RejectionCode::AdvanceWithdrawn, at);
        Ok(vec![AdvanceWithdrawn { advance: self.advance, show: advance.show }.into()])
    }
}

/// A cost below zero is a credit note.
fn check_cost(terms: &CostTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.category, REFERENCE_BYTES_MAX, at.field("category"));
    checks.signed_amount(terms.net, at.field("net"));
    checks.rate(terms.vat_rate, at.field("vat_rate"));
    checks.signed_amount(terms.vat, at.field("vat"));
    check_voucher(&terms.voucher, at.field("voucher"), checks);
}

fn check_voucher(voucher: &Voucher, at: Path<'_>, checks: &mut Checks) {
    checks.text(&voucher.reference, REFERENCE_BYTES_MAX, at.field("reference"));
}
