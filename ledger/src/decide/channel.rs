//! Channels.

use soticket_schema::command::{CloseChannel, OpenChannel};
use soticket_schema::event::v1::{ChannelClosed, ChannelOpened};
use soticket_schema::limits::NAME_BYTES_MAX;
use soticket_schema::{ChannelId, Event, Rejection, RejectionCode};

use super::checks::{Checks, field, rejection};
use super::{Context, Decide, When};
use crate::state::{Channel, State};

impl Decide for OpenChannel {
    fn shape(&self, _when: When, checks: &mut Checks) {
        checks.text(&self.name, NAME_BYTES_MAX, field("name"));
        checks.amount(self.fee_on_top, field("fee_on_top"));
        checks.rate(self.fee_vat, field("fee_vat"));
        if let Some(commission) = self.commission {
            let at = field("commission");
            checks.rate(commission.rate, at.field("rate"));
            checks.rate(commission.vat, at.field("vat"));
        }
    }

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        let event = ChannelOpened {
            channel: ChannelId(context.state.channels.next_u32()),
            name: self.name.clone(),
            kind: self.kind,
            fee_on_top: self.fee_on_top,
            fee_vat: self.fee_vat,
            commission: self.commission,
        };
        Ok(vec![event.into()])
    }
}

impl Decide for CloseChannel {
    fn shape(&self, _when: When, _checks: &mut Checks) {}

    fn decide(&self, context: &Context<'_>, _checks: &mut Checks) -> Result<Vec<Event>, Rejection> {
        if channel(context.state, self.channel)?.closed {
            return Err(rejection(RejectionCode::ChannelClosed, field("channel")));
        }
        Ok(vec![ChannelClosed { channel: self.channel }.into()])
    }
}

/// The command's `channel`.
pub(super) fn channel(state: &State, id: ChannelId) -> Result<&Channel, Rejection> {
    state.channels.get(id.0).ok_or_else(|| rejection(RejectionCode::ChannelUnknown, field("channel")))
}
