//! Tokens that the service is asked with, and what the service notes of those who ask.

use soticket_schema::command::{IssueToken, NoteDenials, RevokeToken};
use soticket_schema::event::v1::{
    ActorAssigned, ActorKind, ActorRegistered, TokenIssued, TokenProof, TokenRevoked,
};
use soticket_schema::limits::{ACTOR_CHANNELS_MAX, APPEND_RECORDS_MAX, REFERENCE_BYTES_MAX};
use soticket_schema::{ActorId, Event, Rejection, RejectionCode};

use super::checks::{Checks, Path, field};
use super::seller::check_channels;
use super::{Context, Decide, When};
use crate::state::State;

impl Decide for IssueToken {
    fn shape(&self, when: When, checks: &mut Checks) {
        checks.text(&self.label, REFERENCE_BYTES_MAX, field("label"));
        let at = field("channels");
        checks.list(&self.channels, ACTOR_CHANNELS_MAX, at);
        let ids = self.channels.iter().take(ACTOR_CHANNELS_MAX).copied().enumerate();
        checks.distinct(ids, |index| at.item(index).to_string());
        if let Some(expires_at) = self.expires_at {
            checks.instant(expires_at, field("expires_at"));
            checks.ensure(expires_at > when.now, RejectionCode::TimeOrder, field("expires_at"));
        }
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        let begun = state.tokens.all().next().is_some();
        checks.ensure(!(self.first && begun), RejectionCode::TokenNotFirst, field("organisation"));
        let taken = self.proof == TokenProof::Password && state.tokens.signs_in(self.hash, context.now);
        checks.ensure(!taken, RejectionCode::LoginTaken, field("name"));
        let mut events = Vec::new();
        let holder = match self.holder {
            Some(holder) => check_holder(self, holder, state, checks),
            None => new_holder(self, state, checks, &mut events),
        };
        let issued = TokenIssued {
            token: state.tokens.next(),
            holder,
            role: self.role,
            label: self.label.clone(),
            proof: self.proof,
            hash: self.hash,
            expires_at: self.expires_at,
        };
        events.push(issued.into());
        Ok(events)
    }
}

/// An actor that is there keeps what it is assigned to.
fn check_holder(asked: &IssueToken, holder: ActorId, state: &State, checks: &mut Checks) -> ActorId {
    let known = holder != ActorId(0) && state.knows_actor(holder);
    checks.ensure(known, RejectionCode::ActorUnknown, field("holder"));
    checks.ensure(asked.channels.is_empty(), RejectionCode::RoleMismatch, field("channels"));
    let assigned = state.sellers.assignment(holder).map(|assigned| assigned.role);
    checks.ensure(assigned == asked.role.seller(), RejectionCode::RoleMismatch, field("role"));
    holder
}

/// A new holder that sells is assigned at once: an actor that never was could sell anywhere.
fn new_holder(asked: &IssueToken, state: &State, checks: &mut Checks, events: &mut Vec<Event>) -> ActorId {
    let actor = ActorId(state.next_actor());
    let label = asked.label.clone();
    events.push(ActorRegistered { actor, kind: ActorKind::Token, label }.into());
    let at = field("channels");
    match asked.role.seller() {
        None => checks.ensure(asked.channels.is_empty(), RejectionCode::RoleMismatch, at),
        Some(role) => {
            checks.ensure(!asked.channels.is_empty(), RejectionCode::RoleMismatch, at);
            check_channels(&asked.channels, role, state, checks);
            let mut channels = asked.channels.clone();
            channels.sort_unstable();
            events.push(ActorAssigned { actor, role, channels }.into());
        }
    }
    actor
}

impl Decide for RevokeToken {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let at = field("token");
        let token = checks.need(context.state.tokens.get(self.token), RejectionCode::TokenUnknown, at)?;
        checks.ensure(!token.revoked, RejectionCode::TokenEnded, at);
        Ok(vec![TokenRevoked { token: self.token, holder: token.holder }.into()])
    }
}

impl Decide for NoteDenials {
    fn shape(&self, _when: When, checks: &mut Checks) {
        let count = self.denials.len();
        checks.ensure(count > 0, RejectionCode::ListEmpty, Path::Command);
        checks.ensure(count <= APPEND_RECORDS_MAX, RejectionCode::ListTooLong, Path::Command);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        for denied in &self.denials {
            let known = context.state.knows_actor(denied.asker);
            checks.ensure(known, RejectionCode::ActorUnknown, field("denials"));
        }
        Ok(self.denials.iter().map(|denied| Event::from(*denied)).collect())
    }
}
