//! Kinds of subscriber cards, and what is past its time.

use soticket_schema::command::{ChangeCardType, DefineCardType, ExpireRights};
use soticket_schema::event::v1::{
    CardTerms, CardTypeChanged, CardTypeDefined, CardValidity, CardsExpired, ExpiredCard, ExpiredValue,
    StoredValuesExpired,
};
use soticket_schema::limits::{CARD_DAYS_MAX, EXPIRED_RIGHTS_MAX, NAME_BYTES_MAX};
use soticket_schema::{Event, Rejection, RejectionCode, Timestamp};

use super::checks::{Checks, field};
use super::{Context, Decide, When};
use crate::state::State;

const DAY_MICROS: i64 = 86_400_000_000;

impl Decide for DefineCardType {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_product(&self.terms, context.state, checks);
        let card_type = context.state.cards.next_type();
        Ok(vec![CardTypeDefined { card_type, terms: self.terms.clone() }.into()])
    }
}

impl Decide for ChangeCardType {
    fn shape(&self, _when: When, checks: &mut Checks) {
        check_terms(&self.terms, checks);
    }

    /// Cards that were sold keep their rights: they are in the events that issued them.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let known = context.state.cards.terms(self.card_type).is_some();
        checks.ensure(known, RejectionCode::CardTypeUnknown, field("card_type"));
        check_product(&self.terms, context.state, checks);
        Ok(vec![CardTypeChanged { card_type: self.card_type, terms: self.terms.clone() }.into()])
    }
}

fn check_terms(terms: &CardTerms, checks: &mut Checks) {
    let at = field("terms");
    checks.text(&terms.name, NAME_BYTES_MAX, at.field("name"));
    checks.amount(terms.price, at.field("price"));
    let validity = at.field("validity");
    match terms.validity {
        CardValidity::Season { from, until } => {
            checks.instant(from, validity.field("from"));
            checks.instant(until, validity.field("until"));
            checks.ensure(from < until, RejectionCode::TimeOrder, validity.field("until"));
        }
        CardValidity::Days(days) => {
            checks.count(u32::from(days), u32::from(CARD_DAYS_MAX), validity.field("days"));
        }
    }
    checks.count(u32::from(terms.per_show), u32::from(u16::MAX), at.field("per_show"));
    if let Some(total) = terms.in_total {
        checks.count(u32::from(total), u32::from(u16::MAX), at.field("in_total"));
    }
}

fn check_product(terms: &CardTerms, state: &State, checks: &mut Checks) {
    let known = state.products.knows(terms.product.0);
    let at = field("terms");
    checks.ensure(known, RejectionCode::ProductUnknown, at.field("product"));
}

/// From when until when a card that is sold now can be used.
pub(super) fn validity(terms: &CardTerms, now: Timestamp) -> (Timestamp, Timestamp) {
    match terms.validity {
        CardValidity::Season { from, until } => (from, until),
        CardValidity::Days(days) => {
            (now, Timestamp(now.0.saturating_add(i64::from(days).saturating_mul(DAY_MICROS))))
        }
    }
}

impl Decide for ExpireRights {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.count(self.at_most, EXPIRED_RIGHTS_MAX, field("at_most"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let (state, most) = (context.state, self.at_most as usize);
        let cards = state.cards.past(context.now).take(most).map(|card| {
            let unused = state.cards.get(card).and_then(|known| known.unused());
            ExpiredCard { card, unused }
        });
        let values = state.stored_values.past(context.now).take(most).map(|value| {
            let left = state.stored_values.get(value).map(|known| known.left).unwrap_or_default();
            ExpiredValue { value, left }
        });
        let (cards, values): (Vec<_>, Vec<_>) = (cards.collect(), values.collect());
        let something = !cards.is_empty() || !values.is_empty();
        checks.ensure(something, RejectionCode::NothingExpired, field("at_most"));
        let cards = (!cards.is_empty()).then(|| CardsExpired { cards }.into());
        let values = (!values.is_empty()).then(|| StoredValuesExpired { values }.into());
        Ok(cards.into_iter().chain(values).collect())
    }
}
