//! The decision at a gate. It is always recorded: a person stands there, and what the gate told them is a fact.

use soticket_schema::command::RedeemTicket;
use soticket_schema::event::v1::{Direction, GateDecision, ScanJudged, ScanReason, TicketScanned};
use soticket_schema::limits::SCAN_SHOWS_MAX;
use soticket_schema::ticket_code::{self, CodeFault};
use soticket_schema::{CodeHash, Event, Rejection, RejectionCode, ShowId, TicketId, Timestamp};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When, scan};
use crate::admission;
use crate::state::{ShowStatus, State};

impl Decide for RedeemTicket {
    /// A gate that could not reach the ledger for a moment states its own time.
    fn timing(&self) -> Timing {
        Timing::Either
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        scan::check_code(&self.code, checks);
        let shows = field("shows");
        checks.list_with_one(&self.shows, SCAN_SHOWS_MAX, shows);
        let named = self.shows.iter().take(SCAN_SHOWS_MAX).copied().enumerate();
        checks.distinct(named, |index| shows.item(index).to_string());
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        checks.ensure(state.knows_actor(self.device), RejectionCode::ActorUnknown, field("device"));
        for (index, show) in self.shows.iter().enumerate() {
            let known = state.shows.get(show.0).is_some();
            checks.ensure(known, RejectionCode::ShowUnknown, field("shows").item(index));
        }
        checks.ensure(state.gates.knows(self.gate.0), RejectionCode::GateUnknown, field("gate"));
        let first = checks.need(self.shows.first(), RejectionCode::ListEmpty, field("shows"))?;

        let hash = context.codes.first().map_or_else(CodeHash::default, |code| code.hash);
        let at = context.occurred_at.unwrap_or(context.now);
        let verdict = Judge { command: self, state, at }.judge(*first, hash);
        let passes = matches!(verdict.reason, ScanReason::Valid | ScanReason::NotInside);
        let scanned = TicketScanned {
            show: verdict.show,
            code: hash,
            ticket: verdict.ticket,
            gate: self.gate,
            device: self.device,
            nonce: self.nonce,
            direction: self.direction,
            offline: false,
            decision: if passes { GateDecision::Admitted } else { GateDecision::Refused },
        };
        let judged = ScanJudged {
            show: verdict.show,
            device: self.device,
            nonce: self.nonce,
            ticket: verdict.ticket,
            reason: verdict.reason,
        };
        Ok(vec![scanned.into(), judged.into()])
    }
}

struct Verdict {
    show: ShowId,
    ticket: Option<TicketId>,
    reason: ScanReason,
}

struct Judge<'a> {
    command: &'a RedeemTicket,
    state: &'a State,
    at: Timestamp,
}

impl Judge<'_> {
    fn judge(&self, first: ShowId, hash: CodeHash) -> Verdict {
        let state = self.state;
        let verdict = |show, ticket, reason| Verdict { show, ticket, reason };
        if self.is_forged() {
            return verdict(first, None, ScanReason::Forged);
        }
        let meant: Vec<(ShowId, TicketId)> =
            self.command.shows.iter().filter_map(|show| Some((*show, own(state, hash, *show)?))).collect();
        let valid = |(_, ticket): &&(ShowId, TicketId)| !is_cancelled(state, *ticket);
        let mut candidates = meant.iter().filter(valid);
        match (candidates.next(), candidates.next()) {
            (Some((show, ticket)), None) => {
                verdict(*show, Some(*ticket), self.judge_ticket(*show, *ticket, hash))
            }
            (Some((show, _)), Some(_)) => verdict(*show, None, ScanReason::Ambiguous),
            (None, _) => match meant.first() {
                Some((show, ticket)) => verdict(*show, Some(*ticket), ScanReason::Cancelled),
                None => match state.ticket_by_code(hash, first) {
                    Some(ticket) => verdict(first, Some(ticket), ScanReason::WrongShow),
                    None => verdict(first, None, ScanReason::UnknownCode),
                },
            },
        }
    }

    /// A text that has the form of a signed code must be signed by this organisation.
    fn is_forged(&self) -> bool {
        let Some(code) = ticket_code::read(&self.command.code) else { return false };
        let Some(key) = self.state.access.key(code.key) else { return true };
        let organisation = self.state.organisation();
        let checked = ticket_code::check(organisation, &[(code.key, key.public)], &self.command.code);
        checked.is_err_and(|fault| fault != CodeFault::NotSigned)
    }

    /// Cancelled, then money, then time and place, then where the ticket is: what the person can do least about first.
    fn judge_ticket(&self, show: ShowId, ticket: TicketId, hash: CodeHash) -> ScanReason {
        let Self { command, state, at } = *self;
        let access = &state.access;
        if access.is_replaced(ticket, hash) {
            return ScanReason::CodeReplaced;
        }
        let ticket_at = access.whereabouts(show, ticket);
        if command.direction == Direction::Exit {
            return if ticket_at.inside { ScanReason::Valid } else { ScanReason::NotInside };
        }
        let rules = access.rules(show);
        let view = state.ticket(ticket);
        let unpaid = || view.is_some_and(|view| !access.is_network(view.channel) && state.owes(view.order));
        if !command.ignore_unpaid && !rules.admit_unpaid && unpaid() {
            return ScanReason::Unpaid;
        }
        if let Some(outside) = admission::outside(&rules, access.times(show), at) {
            return outside;
        }
        if view.is_some_and(|view| !access.admits(command.gate, show, view.zone)) {
            return ScanReason::WrongZone;
        }
        admission::entered_before(&rules, ticket_at, at).unwrap_or(ScanReason::Valid)
    }
}

/// The show's own ticket that a code stands for.
fn own(state: &State, hash: CodeHash, show: ShowId) -> Option<TicketId> {
    let ticket = state.ticket_by_code(hash, show)?;
    state.tickets.get(ticket).is_some_and(|known| known.show() == show).then_some(ticket)
}

/// Whether a ticket is cancelled, or its show was called off.
fn is_cancelled(state: &State, ticket: TicketId) -> bool {
    let called_off = |show: ShowId| matches!(state.show_status(show), Some(ShowStatus::Cancelled(_)));
    state.tickets.get(ticket).is_none_or(|known| known.cancelled || called_off(known.show()))
}
