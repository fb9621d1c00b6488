//! Till sessions: opened with a float, cash moved in and out, closed with a count.

use std::collections::BTreeMap;

use soticket_schema::command::{CloseTill, MoveTillCash, OpenTill};
use soticket_schema::event::v1::{ChannelKind, MethodKind, TillCashMoved, TillClosed, TillOpened};
use soticket_schema::limits::{REFERENCE_BYTES_MAX, TILL_COUNTS_MAX};
use soticket_schema::{Event, Rejection, RejectionCode, TillSessionId};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When};
use crate::state::{Drawer, State};

impl Decide for OpenTill {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.till, REFERENCE_BYTES_MAX, field("till"));
        checks.amount(self.float, field("float"));
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        checks.ensure(state.knows_actor(self.operator), RejectionCode::ActorUnknown, field("operator"));
        let assigned = state.sellers.assignment(self.operator);
        let allowed = assigned.is_none_or(|assigned| assigned.covers(self.channel));
        checks.ensure(allowed, RejectionCode::ChannelNotAllowed, field("operator"));
        let channel = state.channels.get(self.channel.0);
        if let Some(channel) = checks.found(channel, RejectionCode::ChannelUnknown, field("channel")) {
            checks.ensure(!channel.closed, RejectionCode::ChannelClosed, field("channel"));
            let has_tills = matches!(channel.kind, ChannelKind::BoxOffice | ChannelKind::RemoteBoxOffice);
            checks.ensure(has_tills, RejectionCode::ChannelKindMismatch, field("channel"));
        }
        let method = state.methods.get(self.cash.0);
        if let Some(kind) = checks.found(method, RejectionCode::MethodUnknown, field("cash")) {
            checks.ensure(*kind == MethodKind::Cash, RejectionCode::MethodNotCash, field("cash"));
        }
        let closed = state.tills.desk.open_session(self.channel, &self.till).is_none();
        checks.ensure(closed, RejectionCode::TillAlreadyOpen, field("till"));
        let opened = TillOpened {
            session: state.tills.desk.next(),
            channel: self.channel,
            till: self.till.clone(),
            operator: self.operator,
            cash: self.cash,
            float: self.float,
        };
        Ok(vec![opened.into()])
    }
}

impl Decide for MoveTillCash {
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.amount_above_zero(self.amount, field("amount"));
    }

    /// What was forgotten until after the closing is recorded as a fact, and corrects the session's figures.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        check_known(context.state, self.session, checks);
        let open = context.is_fact() || context.state.tills.desk.is_open(self.session);
        checks.ensure(open, RejectionCode::TillSessionClosed, field("session"));
        let Self { session, direction, reason, amount } = *self;
        Ok(vec![TillCashMoved { session, direction, reason, amount }.into()])
    }
}

impl Decide for CloseTill {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let at = field("counts");
        checks.list(&self.counts, TILL_COUNTS_MAX, at);
        let methods = self.counts.iter().take(TILL_COUNTS_MAX).map(|count| count.method).enumerate();
        checks.distinct(methods, |index| at.item(index).field("method").to_string());
        for (index, count) in self.counts.iter().enumerate().take(TILL_COUNTS_MAX) {
            checks.amount(count.counted, at.item(index).field("counted"));
        }
    }

    /// The closing states what the log expects, so that what is recorded later shows as a correction.
    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let at = field("counts");
        for (index, count) in self.counts.iter().enumerate() {
            let known = state.methods.get(count.method.0).is_some();
            checks.ensure(known, RejectionCode::MethodUnknown, at.item(index).field("method"));
        }
        check_known(state, self.session, checks);
        let drawer = state.tills.drawer(self.session);
        let drawer: &Drawer = checks.need(drawer, RejectionCode::TillSessionClosed, field("session"))?;
        let counted: BTreeMap<_, _> = self.counts.iter().map(|count| (count.method, count.counted)).collect();
        checks.ensure(counted.contains_key(&drawer.cash), RejectionCode::CashNotCounted, at);
        Ok(vec![TillClosed { session: self.session, lines: drawer.lines(&counted) }.into()])
    }
}

fn check_known(state: &State, session: TillSessionId, checks: &mut Checks) {
    let known = state.tills.desk.till_of(session).is_some();
    checks.ensure(known, RejectionCode::TillSessionUnknown, field("session"));
}
