//! Many sales at once. Every line is a command of its own: those that can be sold are, the others say why not; or all are
//! sold or none is.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use soticket_ledger::{Receipt, SubmitError};
use soticket_schema::{Rejection, RejectionCode};

use crate::access::Principal;
use crate::core::Core;
use crate::error::{ErrorCode, coded};
use crate::ids;
use crate::input::{LINES_MAX, OrdersPlaceInput, Scope, line_path};
use crate::scalar::{Counter, Hash, LogPosition};
use crate::types::Order;
use crate::user_error::UserError;

use super::{accepted, acting, scope};

/// What `ordersPlace` did.
#[derive(SimpleObject)]
pub(super) struct OrdersPlacePayload {
    /// What became of each line, in the order of the lines; empty if none was looked at.
    lines: Vec<PlacedLine>,
    /// Lines that are sold, those of a repetition included.
    placed: Counter,
    /// Lines that are not sold, each with its reason.
    refused: Counter,
    /// Position of the last event of all lines; null if nothing is in the log. Pass it as `minPosition` to read what the
    /// request did.
    position: Option<LogPosition>,
    /// Why no line was looked at.
    user_errors: Vec<UserError>,
}

/// What became of a line.
pub(super) struct PlacedLine {
    scope: Scope,
    reference: String,
    answer: std::result::Result<Receipt, UserError>,
}

/// What became of a line.
#[Object]
impl PlacedLine {
    /// The name of the line.
    async fn reference(&self) -> &str {
        &self.reference
    }

    /// Global id of the order.
    async fn order_id(&self) -> Option<ID> {
        let order = self.answer.as_ref().ok()?.entries().iter().find_map(|entry| match &entry.event {
            soticket_schema::Event::OrderPlaced(placed) => Some(placed.lines.order),
            _ => None,
        });
        order.map(|order| ids::global(self.scope.organisation, order))
    }

    /// The order. Of many lines ask for its id only.
    #[graphql(complexity = "1 + child_complexity")]
    async fn order(&self) -> Option<Order> {
        Order::placed(self.scope, self.answer.as_ref().ok()?.entries())
    }

    /// Position of the line's last event; null if it is not sold.
    async fn position(&self) -> Option<LogPosition> {
        self.answer.as_ref().ok().map(|receipt| LogPosition(receipt.position()))
    }

    /// Hash of the line's last event; null if it is not sold.
    async fn hash(&self) -> Option<Hash> {
        self.answer.as_ref().ok().map(|receipt| Hash(receipt.hash()))
    }

    /// Whether the line had been sold before: nothing was added now.
    async fn replayed(&self) -> bool {
        self.answer.as_ref().is_ok_and(|receipt| receipt.replayed)
    }

    /// Why it is not sold.
    async fn user_errors(&self) -> Vec<UserError> {
        self.answer.as_ref().err().cloned().into_iter().collect()
    }
}

fn other_refused() -> Rejection {
    Rejection::new(RejectionCode::OtherLineRefused, "")
}

/// Sells what can be sold.
pub(super) async fn place(context: &Context<'_>, input: OrdersPlaceInput) -> Result<OrdersPlacePayload> {
    let (core, principal) = (Core::of(context)?, Principal::of(context)?);
    let refused = |rejection: Rejection| {
        let user_errors = vec![rejection.into()];
        Ok(OrdersPlacePayload {
            lines: Vec::new(),
            placed: Counter(0),
            refused: Counter(0),
            position: None,
            user_errors,
        })
    };
    let known =
        scope(core, principal, &input.caller).filter(|scope| core.currency(scope.organisation).is_some());
    let Some(scope) = known else {
        return refused(Rejection::new(RejectionCode::OrganisationUnknown, "organisation"));
    };
    let actor = match acting(core, principal, &input.caller, &scope) {
        Ok(actor) => actor,
        Err(rejection) => return refused(rejection),
    };
    if input.lines.is_empty() {
        return refused(Rejection::new(RejectionCode::ListEmpty, "lines"));
    }
    if input.lines.len() > LINES_MAX {
        return refused(Rejection::new(RejectionCode::ListTooLong, "lines"));
    }
    let together = input.all_or_nothing;
    let (mut references, mut answers, mut commands) = (Vec::new(), Vec::new(), Vec::new());
    for (reference, command) in input.commands(scope, actor) {
        references.push(reference);
        // What cannot be asked takes no place in the queue; the others keep their order.
        answers.push(command.map(|command| commands.push(command)).err());
    }
    let unasked = answers.iter().any(Option::is_some);
    let mut submitted = match together {
        false => core.ledger.submit_all(commands).await,
        // One that cannot even be asked keeps all others from being sold.
        true if unasked => vec![Err(SubmitError::Rejected(other_refused())); commands.len()],
        true => core.ledger.submit_together(commands).await,
    }
    .into_iter();
    let mut lines = Vec::with_capacity(references.len());
    for (place, (reference, wrong)) in references.into_iter().zip(answers).enumerate() {
        let answer = match wrong {
            Some(rejection) => Err(SubmitError::Rejected(rejection)),
            None => submitted.next().unwrap_or(Err(SubmitError::Overloaded)),
        };
        let answer = accepted(answer)?.map_err(|rejection| {
            UserError::from(Rejection { field: line_path(place, &rejection.field), ..rejection })
        });
        lines.push(PlacedLine { scope, reference, answer });
    }
    let sold = lines.iter().filter_map(|line| line.answer.as_ref().ok());
    let position = sold.clone().map(Receipt::position).max().map(LogPosition);
    let placed = sold.count();
    let refused = lines.len() - placed;
    let count =
        |count: usize| u64::try_from(count).map(Counter).map_err(|_| coded(ErrorCode::InternalServerError));
    Ok(OrdersPlacePayload {
        lines,
        placed: count(placed)?,
        refused: count(refused)?,
        position,
        user_errors: Vec::new(),
    })
}
