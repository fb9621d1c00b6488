//! Who may sell what where, read again from the assignments.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use soticket_schema::event::v1::SellerRole;
use soticket_schema::{ActorId, ChannelId, Event};

/// Actors that are bound to channels.
#[derive(Debug, Default)]
pub(super) struct Sellers {
    assigned: BTreeMap<ActorId, (SellerRole, BTreeSet<ChannelId>)>,
}

/// What a seller's command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    Selling,
    Reporting,
    GivingBack,
    KeepingTill,
    Other,
}

fn doing(events: &[Event]) -> Doing {
    // Quotas and holds whose time is over end with whatever command comes next.
    let own = events.iter().find(|event| !matches!(event, Event::QuotasExpired(_) | Event::HoldExpired(_)));
    match own {
        Some(Event::ExternalSaleReported(_) | Event::ExternalSaleCancelled(_)) => Doing::Reporting,
        Some(Event::QuotaReturned(_)) => Doing::GivingBack,
        Some(Event::TillOpened(_) | Event::TillCashMoved(_) | Event::TillClosed(_)) => Doing::KeepingTill,
        Some(
            Event::HoldPlaced(_)
            | Event::HoldReleased(_)
            | Event::OrderPlaced(_)
            | Event::TicketsCancelled(_)
            | Event::PriceReduced(_)
            | Event::TicketDuplicated(_)
            | Event::TicketTransferred(_)
            | Event::PaymentRecorded(_)
            | Event::MoneyReturned(_)
            | Event::PaymentAnnounced(_)
            | Event::PaymentFailed(_)
            | Event::PaymentReversed(_)
            | Event::StoredValueUsed(_)
            | Event::StoredValueRestored(_),
        ) => Doing::Selling,
        _ => Doing::Other,
    }
}

impl Sellers {
    pub(super) fn book(&mut self, event: &Event) {
        if let Event::ActorAssigned(event) = event {
            self.assigned.insert(event.actor, (event.role, event.channels.iter().copied().collect()));
        }
    }

    /// Whether an actor has the places of its channels' quotas and no others.
    pub(super) fn is_remote(&self, actor: ActorId) -> bool {
        self.assigned.get(&actor).is_some_and(|(role, _)| *role == SellerRole::RemoteBoxOffice)
    }

    /// What an actor has done is what its role does, on its channels.
    pub(super) fn check(
        &self,
        actor: ActorId,
        events: &[Event],
        channels: &BTreeSet<ChannelId>,
    ) -> Result<()> {
        let Some((role, own)) = self.assigned.get(&actor) else { return Ok(()) };
        let doing = doing(events);
        let allowed: &[Doing] = match role {
            SellerRole::WebShop => &[Doing::Selling],
            SellerRole::BoxOffice => {
                &[Doing::Selling, Doing::Reporting, Doing::GivingBack, Doing::KeepingTill]
            }
            SellerRole::RemoteBoxOffice => &[Doing::Selling, Doing::GivingBack, Doing::KeepingTill],
            SellerRole::Network => &[Doing::Selling, Doing::Reporting, Doing::GivingBack],
        };
        ensure!(allowed.contains(&doing), "a {role:?} was {doing:?}");
        let foreign = channels.iter().find(|channel| !own.contains(channel));
        ensure!(foreign.is_none(), "a {role:?} of {own:?} acted on channel {foreign:?}");
        Ok(())
    }
}
