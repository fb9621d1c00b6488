//! Scans: what gates report.

use soticket_schema::command::ReportScan;
use soticket_schema::event::v1::TicketScanned;
use soticket_schema::limits::CODE_BYTES_MAX;
use soticket_schema::{Event, Rejection, RejectionCode};

use super::checks::{Checks, field};
use super::{Context, Decide, Timing, When};

/// The code is whatever was held before the reader: only its length is looked at.
pub(super) fn check_code(code: &str, checks: &mut Checks) {
    checks.ensure(!code.is_empty(), RejectionCode::TextEmpty, field("code"));
    checks.ensure(code.len() <= CODE_BYTES_MAX, RejectionCode::TextTooLong, field("code"));
}

impl Decide for ReportScan {
    fn timing(&self) -> Timing {
        Timing::Fact
    }

    fn shape(&self, _when: When, checks: &mut Checks) {
        check_code(&self.code, checks);
    }

    fn decide(&self, context: &Context<'_>, checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let state = context.state;
        checks.ensure(state.knows_actor(self.device), RejectionCode::ActorUnknown, field("device"));
        checks.ensure(state.shows.get(self.show.0).is_some(), RejectionCode::ShowUnknown, field("show"));
        checks.ensure(state.gates.knows(self.gate.0), RejectionCode::GateUnknown, field("gate"));
        let code = context.codes.first().map(|code| code.hash);
        let event = TicketScanned {
            show: self.show,
            code: code.unwrap_or_default(),
            ticket: code.and_then(|code| state.ticket_by_code(code, self.show)),
            gate: self.gate,
            device: self.device,
            nonce: self.nonce,
            direction: self.direction,
            offline: self.offline,
            decision: self.decision,
        };
        Ok(vec![event.into()])
    }
}
