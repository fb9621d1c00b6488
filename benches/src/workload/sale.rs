//! Sales as the workload asks for them: paid at once, at the tariffs' prices.

use soticket_schema::command::{CommandBody, Entitlements, Person, PlaceOrder, TicketRequest};
use soticket_schema::event::v1::Leg;
use soticket_schema::{Amount, Command};

use super::world::{Show, World};
use super::{ORGANISATION, Random};

/// Who buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Buyer {
    /// Nobody is named: the vault keeps the codes only.
    Anonymous,
    /// The person with this number: the vault keeps them too.
    Named(u64),
}

/// A sale to be asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sale<'a> {
    pub(crate) show: &'a Show,
    pub(crate) tickets: usize,
    pub(crate) buyer: Buyer,
}

impl Sale<'_> {
    /// The command, with a random zone, channel, tariffs and way of paying.
    pub(crate) fn command(self, world: &World, random: &mut Random, key: String) -> Command {
        let channel = *random.choose(&world.channels);
        let zone = *random.choose(&self.show.zones);
        let mut total = Amount::ZERO;
        let tickets = (0..self.tickets)
            .map(|_| {
                let tariff = *random.choose(&self.show.tariffs);
                total += tariff.price + channel.fee;
                TicketRequest {
                    show: self.show.id,
                    zone,
                    seat: None,
                    tariff: tariff.id,
                    price: Some(tariff.price),
                    comp: None,
                }
            })
            .collect();
        let order = PlaceOrder {
            channel: channel.id,
            seller: "till-1".to_owned(),
            buyer: self.buyer.person(),
            holds: Vec::new(),
            tickets,
            items: Vec::new(),
            payment: vec![Leg { method: *random.choose(&world.methods), amount: total }],
            packs: Vec::new(),
            entitlements: Entitlements::default(),
        };
        let body = CommandBody::PlaceOrder(order);
        Command { organisation: ORGANISATION, actor: world.actor, key, occurred_at: None, body }
    }
}

impl Buyer {
    fn person(self) -> Option<Person> {
        match self {
            Self::Anonymous => None,
            Self::Named(number) => Some(Person {
                email: format!("{number:015}@example.org"),
                name: format!("Camille Martin {number}"),
                telephone: "+33 6 12 34 56 78".to_owned(),
            }),
        }
    }
}
