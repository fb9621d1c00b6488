//! Packs.

use async_graphql::{ID, InputObject};
use soticket_schema::command::{ChangePack, DefinePack, PackChoice, PackRequest};
use soticket_schema::event::v1::{PackShow, PackTerms};
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::places::seat_id;
use super::{Caller, CommandInput, Scope};
use crate::scalar::{Counter, DateTime, Decimal};

/// All that defines a pack.
#[derive(InputObject)]
pub(crate) struct PackTermsInput {
    /// Its name.
    name: String,
    /// Price of the whole pack, with VAT.
    price: Decimal,
    /// Its shows, each once.
    shows: Vec<PackShowInput>,
    /// How many of the shows the buyer chooses; absent for all of them.
    pick: Option<i32>,
    /// Channels that sell it; empty for all.
    #[graphql(default)]
    channels: Vec<ID>,
    /// When its sale ends, if before that of its shows.
    sale_until: Option<DateTime>,
}

/// One of the shows of a pack.
#[derive(InputObject)]
pub(crate) struct PackShowInput {
    /// The show.
    show: ID,
    /// The zone that the pack gives a place in.
    zone: ID,
    /// The tariff, of kind pack, that its tickets are of.
    tariff: ID,
    /// Its weight, above zero, such as its reference price in cents: the shows share the price in proportion.
    weight: Counter,
}

impl PackTermsInput {
    fn terms(self, scope: &Scope) -> Result<PackTerms, Rejection> {
        let show = |show: &PackShowInput| PackShow {
            show: scope.id(&show.show),
            zone: scope.id(&show.zone),
            tariff: scope.id(&show.tariff),
            // Beyond the range no weight is valid: the decision refuses it.
            weight: i64::try_from(show.weight.0).unwrap_or(i64::MAX),
        };
        let pick = self.pick.map(|pick| {
            u16::try_from(pick.max(0))
                .map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, "terms.pick"))
        });
        Ok(PackTerms {
            name: self.name,
            price: scope.amount(&self.price, || "terms.price".into())?,
            shows: self.shows.iter().map(show).collect(),
            pick: pick.transpose()?,
            channels: scope.list(&self.channels),
            sale_until: self.sale_until.map(|until| until.0),
        })
    }
}

/// Input of `packDefine`.
#[derive(InputObject)]
pub(crate) struct PackDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its terms.
    terms: PackTermsInput,
}

impl CommandInput for PackDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefinePack(DefinePack { terms: self.terms.terms(scope)? }))
    }
}

/// Input of `packChange`.
#[derive(InputObject)]
pub(crate) struct PackChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The pack.
    pack: ID,
    /// All terms, changed or not; for later sales.
    terms: PackTermsInput,
}

impl CommandInput for PackChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (pack, terms) = (scope.id(&self.pack), self.terms.terms(scope)?);
        Ok(CommandBody::ChangePack(ChangePack { pack, terms }))
    }
}

/// A pack to be sold.
#[derive(InputObject)]
pub(crate) struct PackInput {
    /// The pack.
    pack: ID,
    /// The price that the buyer was shown, if it is to be checked against the pack's.
    price: Option<Decimal>,
    /// The shows that are chosen: as many as the pack has the buyer choose, or all of them.
    choices: Vec<PackChoiceInput>,
}

/// A show of a pack that is chosen.
#[derive(InputObject)]
pub(crate) struct PackChoiceInput {
    /// The show.
    show: ID,
    /// The seat where they are numbered, by its index in the zone's list of seats.
    seat: Option<i32>,
}

impl PackInput {
    pub(super) fn request(&self, place: usize, scope: &Scope) -> Result<PackRequest, Rejection> {
        let price = match &self.price {
            Some(price) => Some(scope.amount(price, || format!("packs.{place}.price"))?),
            None => None,
        };
        let choice = |choice: &PackChoiceInput| PackChoice {
            show: scope.id(&choice.show),
            seat: choice.seat.map(seat_id),
        };
        let choices = self.choices.iter().map(choice).collect();
        Ok(PackRequest { pack: scope.id(&self.pack), price, choices })
    }
}
