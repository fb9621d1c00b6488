//! Subscriber cards, gift cards and vouchers.

use async_graphql::{ID, InputObject, OneofObject};
use soticket_schema::command::{
    CardChoice, ChangeCardType, DefineCardType, Entitlements, ExpireRights, NewRight, ReturnToStoredValue,
    RightToIssue, SpendStoredValue, TicketOnCard, ValueToSpend,
};
use soticket_schema::event::v1::{CardTerms, CardValidity};
use soticket_schema::{CommandBody, Rejection, RejectionCode};

use super::{Caller, CommandInput, Scope};
use crate::scalar::{DateTime, Decimal};
use crate::types::enums::StoredValueKind;

/// All that defines a kind of subscriber card.
#[derive(InputObject)]
pub(crate) struct CardTermsInput {
    /// Its name.
    name: String,
    /// The product that it is sold as.
    product: ID,
    /// Its price, with VAT.
    price: Decimal,
    /// When its cards may be used.
    validity: CardValidityInput,
    /// Reduced tickets per show, at least one.
    per_show: i32,
    /// Reduced tickets in total; absent for no limit.
    in_total: Option<i32>,
}

/// When cards may be used.
#[derive(OneofObject)]
pub(crate) enum CardValidityInput {
    /// A season: the same for every card.
    Season(SeasonInput),
    /// So many days from the sale on.
    Days(i32),
}

/// A span of time.
#[derive(InputObject)]
pub(crate) struct SeasonInput {
    /// From this instant on.
    from: DateTime,
    /// Up to and without this instant.
    until: DateTime,
}

impl CardTermsInput {
    fn terms(self, scope: &Scope) -> Result<CardTerms, Rejection> {
        let validity = match &self.validity {
            CardValidityInput::Season(season) => {
                CardValidity::Season { from: season.from.0, until: season.until.0 }
            }
            CardValidityInput::Days(days) => CardValidity::Days(small(*days, "terms.validity.days")?),
        };
        Ok(CardTerms {
            name: self.name,
            product: scope.id(&self.product),
            price: scope.amount(&self.price, || "terms.price".into())?,
            validity,
            per_show: small(self.per_show, "terms.per_show")?,
            in_total: self.in_total.map(|total| small(total, "terms.in_total")).transpose()?,
        })
    }
}

/// A count of 16 bits. Below zero the decision refuses it as zero.
fn small(count: i32, field: &str) -> Result<u16, Rejection> {
    u16::try_from(count.max(0)).map_err(|_| Rejection::new(RejectionCode::QuantityTooLarge, field))
}

/// A place in a list of the input. Beyond the range there is none: the decision refuses it.
fn place(place: i32) -> u16 {
    u16::try_from(place).unwrap_or(u16::MAX)
}

/// Input of `cardTypeDefine`.
#[derive(InputObject)]
pub(crate) struct CardTypeDefineInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Its terms.
    terms: CardTermsInput,
}

impl CommandInput for CardTypeDefineInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::DefineCardType(DefineCardType { terms: self.terms.terms(scope)? }))
    }
}

/// Input of `cardTypeChange`.
#[derive(InputObject)]
pub(crate) struct CardTypeChangeInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The kind of card.
    card_type: ID,
    /// All terms, changed or not; for cards sold later.
    terms: CardTermsInput,
}

impl CommandInput for CardTypeChangeInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let (card_type, terms) = (scope.id(&self.card_type), self.terms.terms(scope)?);
        Ok(CommandBody::ChangeCardType(ChangeCardType { card_type, terms }))
    }
}

/// Input of `rightsExpire`.
#[derive(InputObject)]
pub(crate) struct RightsExpireInput {
    #[graphql(flatten)]
    caller: Caller,
    /// Most cards, and most stored values, to account for at once: 1 to 500.
    at_most: i32,
}

impl CommandInput for RightsExpireInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        let at_most = scope.count(self.at_most, || "at_most".into())?;
        Ok(CommandBody::ExpireRights(ExpireRights { at_most }))
    }
}

/// What an order uses of what was paid before, and what it issues besides tickets.
#[derive(InputObject, Default)]
pub(crate) struct EntitlementsInput {
    /// Tickets sold on subscriber cards.
    #[graphql(default)]
    cards: Vec<TicketOnCardInput>,
    /// Gift cards and vouchers that pay: together what the payment's legs of their kind come to.
    #[graphql(default)]
    values: Vec<ValueToSpendInput>,
    /// Cards, gift cards and vouchers sold, each as an item.
    #[graphql(default)]
    issues: Vec<RightToIssueInput>,
}

/// A ticket sold on a card.
#[derive(InputObject)]
pub(crate) struct TicketOnCardInput {
    /// Its place among the input's tickets, from 0.
    ticket: i32,
    /// The card.
    card: CardChoiceInput,
}

/// The card that a ticket is sold on.
#[derive(OneofObject)]
pub(crate) enum CardChoiceInput {
    /// A card that was sold before.
    Id(ID),
    /// A card that the same order issues: its place among what it issues, from 0.
    Issued(i32),
}

/// What an order takes from a gift card or voucher.
#[derive(InputObject)]
pub(crate) struct ValueToSpendInput {
    /// The gift card or voucher.
    value: ID,
    /// How much, above zero.
    amount: Decimal,
}

/// A right that an order issues.
#[derive(InputObject)]
pub(crate) struct RightToIssueInput {
    /// The item that it is sold as: its place among the input's items, from 0.
    item: i32,
    /// What it is.
    right: NewRightInput,
}

/// What is issued.
#[derive(OneofObject)]
pub(crate) enum NewRightInput {
    /// A subscriber card of this kind.
    CardType(ID),
    /// A gift card or voucher, worth the item's price.
    StoredValue(NewStoredValueInput),
}

/// A gift card or voucher to be sold.
#[derive(InputObject)]
pub(crate) struct NewStoredValueInput {
    /// What it is.
    kind: StoredValueKind,
    /// Spent before this instant.
    until: DateTime,
}

/// Tickets on cards of a sale or exchange.
pub(super) fn on_cards(cards: &[TicketOnCardInput], scope: &Scope) -> Vec<TicketOnCard> {
    let on_card = |on_card: &TicketOnCardInput| TicketOnCard {
        ticket: place(on_card.ticket),
        card: match &on_card.card {
            CardChoiceInput::Id(card) => CardChoice::Card(scope.id(card)),
            CardChoiceInput::Issued(issue) => CardChoice::Issued(place(*issue)),
        },
    };
    cards.iter().map(on_card).collect()
}

/// Values to spend; `at` is the command's path to the list.
fn values(values: &[ValueToSpendInput], scope: &Scope, at: &str) -> Result<Vec<ValueToSpend>, Rejection> {
    let value = |(place, spent): (usize, &ValueToSpendInput)| {
        let amount = scope.amount(&spent.amount, || format!("{at}.{place}.amount"))?;
        Ok(ValueToSpend { value: scope.id(&spent.value), amount })
    };
    values.iter().enumerate().map(value).collect()
}

impl EntitlementsInput {
    pub(super) fn entitlements(&self, scope: &Scope) -> Result<Entitlements, Rejection> {
        let issue = |issue: &RightToIssueInput| RightToIssue {
            item: place(issue.item),
            right: match &issue.right {
                NewRightInput::CardType(card_type) => NewRight::Card(scope.id(card_type)),
                NewRightInput::StoredValue(value) => {
                    NewRight::StoredValue { kind: value.kind.into(), until: value.until.0 }
                }
            },
        };
        Ok(Entitlements {
            cards: on_cards(&self.cards, scope),
            values: values(&self.values, scope, "entitlements.values")?,
            issues: self.issues.iter().map(issue).collect(),
        })
    }
}

/// Input of `storedValueSpend`.
#[derive(InputObject)]
pub(crate) struct StoredValueSpendInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The order to pay.
    order: ID,
    /// The way of paying that the accounts know it by: of kind gift card or voucher.
    method: ID,
    /// What is taken from which.
    values: Vec<ValueToSpendInput>,
}

impl CommandInput for StoredValueSpendInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::SpendStoredValue(SpendStoredValue {
            order: scope.id(&self.order),
            method: scope.id(&self.method),
            values: values(&self.values, scope, "values")?,
        }))
    }
}

/// Input of `storedValueReturn`.
#[derive(InputObject)]
pub(crate) struct StoredValueReturnInput {
    #[graphql(flatten)]
    caller: Caller,
    /// The order whose money goes back.
    order: ID,
    /// The way of paying that the accounts know it by: of kind gift card.
    method: ID,
    /// The gift card.
    value: ID,
    /// How much.
    amount: Decimal,
}

impl CommandInput for StoredValueReturnInput {
    fn caller(&self) -> &Caller {
        &self.caller
    }

    fn body(self, scope: &Scope) -> Result<CommandBody, Rejection> {
        Ok(CommandBody::ReturnToStoredValue(ReturnToStoredValue {
            order: scope.id(&self.order),
            method: scope.id(&self.method),
            value: scope.id(&self.value),
            amount: scope.amount(&self.amount, || "amount".into())?,
        }))
    }
}
