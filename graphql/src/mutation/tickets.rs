//! What happens to tickets and payments after the sale.

use async_graphql::{Context, Object, Result};

use super::payload::{
    PaymentAnnouncePayload, PaymentConfirmPayload, PaymentFailPayload, PaymentReversePayload,
    TicketDuplicatePayload, TicketTransferPayload, TicketsExchangePayload,
};
use super::submit;
use crate::input::{
    PaymentAnnounceInput, PaymentConfirmInput, PaymentFailInput, PaymentReverseInput, TicketDuplicateInput,
    TicketTransferInput, TicketsExchangeInput,
};

/// What happens to tickets and payments after the sale.
#[derive(Default)]
pub(super) struct TicketsMutation;

#[Object]
impl TicketsMutation {
    /// Gives tickets of an order back for others, in one step.
    async fn tickets_exchange(
        &self,
        context: &Context<'_>,
        input: TicketsExchangeInput,
    ) -> Option<Result<TicketsExchangePayload>> {
        submit(context, input).await
    }

    /// Prints a ticket again: a numbered copy with the same code, which gives no second entry.
    async fn ticket_duplicate(
        &self,
        context: &Context<'_>,
        input: TicketDuplicateInput,
    ) -> Option<Result<TicketDuplicatePayload>> {
        submit(context, input).await
    }

    /// Hands a ticket to another person. It gets a new code; those before open no gate any more.
    async fn ticket_transfer(
        &self,
        context: &Context<'_>,
        input: TicketTransferInput,
    ) -> Option<Result<TicketTransferPayload>> {
        submit(context, input).await
    }

    /// Tells of a payment on its way, such as a transfer or direct debit.
    async fn payment_announce(
        &self,
        context: &Context<'_>,
        input: PaymentAnnounceInput,
    ) -> Option<Result<PaymentAnnouncePayload>> {
        submit(context, input).await
    }

    /// Records that a payment on its way has come in.
    async fn payment_confirm(
        &self,
        context: &Context<'_>,
        input: PaymentConfirmInput,
    ) -> Option<Result<PaymentConfirmPayload>> {
        submit(context, input).await
    }

    /// Records that a payment on its way does not come.
    async fn payment_fail(
        &self,
        context: &Context<'_>,
        input: PaymentFailInput,
    ) -> Option<Result<PaymentFailPayload>> {
        submit(context, input).await
    }

    /// Records that money which had come in went away again: the order owes it again.
    async fn payment_reverse(
        &self,
        context: &Context<'_>,
        input: PaymentReverseInput,
    ) -> Option<Result<PaymentReversePayload>> {
        submit(context, input).await
    }
}
