//! Live sales as they are asked for.

use bincode::Encode;
use bincode::enc::Encoder;
use bincode::error::EncodeError;
use serde::Serialize;

use super::{Entitlements, PackRequest, Person};
use crate::event::v1::{CompReason, ItemKind, Leg};
use crate::ids::{ChannelId, HoldId, SeatId, ShowId, TariffId, ZoneId};
use crate::money::{Amount, Rate};

/// See [`super::CommandBody::PlaceOrder`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlaceOrder {
    /// Where it is sold.
    pub channel: ChannelId,
    /// Till or point of sale; may be empty.
    pub seller: String,
    /// Who buys, if known.
    pub buyer: Option<Person>,
    /// Holds to use up, whole: the tickets must take exactly their places.
    pub holds: Vec<HoldId>,
    /// Tickets, one each.
    pub tickets: Vec<TicketRequest>,
    /// Products and fees.
    pub items: Vec<ItemRequest>,
    /// How it is paid now; empty for an order that stays unpaid, else exactly the total.
    pub payment: Vec<Leg>,
    /// Packs, one each.
    pub packs: Vec<PackRequest>,
    /// What it uses of what was paid before, and what it issues besides tickets.
    pub entitlements: Entitlements,
}

impl PlaceOrder {
    /// How many tickets are asked for, those of packs included.
    pub fn ticket_count(&self) -> usize {
        self.tickets.len() + self.packs.iter().map(|pack| pack.choices.len()).sum::<usize>()
    }
}

/// An order without packs or entitlements has the parameters that it had before there were any: a retry of a command from
/// that time is still recognised by its fingerprint.
impl Encode for PlaceOrder {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let Self { channel, seller, buyer, holds, tickets, items, payment, packs, entitlements } = self;
        (channel, seller, buyer, holds, tickets, items, payment).encode(encoder)?;
        if !packs.is_empty() || !entitlements.is_empty() {
            packs.encode(encoder)?;
        }
        if entitlements.is_empty() { Ok(()) } else { entitlements.encode(encoder) }
    }
}

/// A ticket to be sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct TicketRequest {
    /// The show.
    pub show: ShowId,
    /// The zone.
    pub zone: ZoneId,
    /// The seat, where they are numbered.
    pub seat: Option<SeatId>,
    /// The tariff.
    pub tariff: TariffId,
    /// The price that the buyer was shown, if it is to be checked against the tariff's.
    pub price: Option<Amount>,
    /// Why it is free, for a free tariff.
    pub comp: Option<CompReason>,
}

/// A product or fee to be sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Encode)]
pub struct ItemRequest {
    /// What it is.
    pub kind: ItemKind,
    /// The show that it belongs to, if any.
    pub show: Option<ShowId>,
    /// Price with VAT.
    pub price: Amount,
    /// VAT rate.
    pub vat: Rate,
    /// VAT of the price as the system that sold it worked it out; none where the ledger works it out.
    pub stated_vat: Option<Amount>,
    /// The ticket that it came with: its place among the command's tickets, from 0.
    pub ticket: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PackId;

    /// A live sale as it was before there were packs.
    #[derive(Encode)]
    struct Before {
        channel: ChannelId,
        seller: String,
        buyer: Option<Person>,
        holds: Vec<HoldId>,
        tickets: Vec<TicketRequest>,
        items: Vec<ItemRequest>,
        payment: Vec<Leg>,
    }

    #[test]
    fn an_order_without_packs_keeps_the_parameters_of_before() {
        let order = PlaceOrder {
            channel: ChannelId(3),
            seller: "till 1".into(),
            buyer: Some(Person { email: "a@example.org".into(), ..Person::default() }),
            holds: vec![HoldId(9)],
            tickets: Vec::new(),
            items: Vec::new(),
            payment: Vec::new(),
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        };
        let PlaceOrder { channel, seller, buyer, holds, tickets, items, payment, .. } = order.clone();
        let before = Before { channel, seller, buyer, holds, tickets, items, payment };
        let bytes = crate::codec::encode(&order).unwrap();
        assert_eq!(bytes, crate::codec::encode(&before).unwrap());
        let pack = PackRequest { pack: PackId(1), price: None, choices: Vec::new() };
        let with = PlaceOrder { packs: vec![pack], ..order };
        assert_ne!(bytes, crate::codec::encode(&with).unwrap());
    }
}
