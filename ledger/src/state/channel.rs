//! What decisions know of channels.

use serde::{Deserialize, Serialize};
use soticket_schema::event::v1::{ChannelKind, ChannelOpened, InsideCommission};
use soticket_schema::money::share;
use soticket_schema::{Amount, ChannelId, Rate};

use super::State;

/// A sales channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Channel {
    pub(crate) closed: bool,
    pub(crate) kind: ChannelKind,
    pub(crate) fee_on_top: Amount,
    pub(crate) fee_vat: Rate,
    pub(crate) commission: Option<InsideCommission>,
}

impl Channel {
    /// What the channel takes for a ticket at this price by itself, no rules considered: its fee on top, and its
    /// commission inside.
    pub(crate) fn takes(&self, face: Amount, fee: Amount) -> Amount {
        fee + self.commission.map_or(Amount::ZERO, |commission| share(face, commission.rate))
    }
}

impl State {
    pub(super) fn channel_opened(&mut self, event: &ChannelOpened) {
        let (fee_on_top, fee_vat, commission) = (event.fee_on_top, event.fee_vat, event.commission);
        let channel = Channel { closed: false, kind: event.kind, fee_on_top, fee_vat, commission };
        self.channels.push(event.channel.0, channel);
    }

    /// A closed channel's quotas end in every show: what it has not sold goes to the pools.
    pub(super) fn channel_closed(&mut self, id: ChannelId) {
        if let Some(channel) = self.channels.get_mut(id.0) {
            channel.closed = true;
        }
        self.shows.iter_mut().for_each(|show| show.close_quotas(id));
    }
}
