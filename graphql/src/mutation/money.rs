//! Payments and refunds.

use async_graphql::{Context, Object, Result};

use super::payload::{MoneyReturnPayload, PaymentRecordPayload, PriceReducePayload, TicketsCancelPayload};
use super::submit;
use crate::input::{MoneyReturnInput, PaymentRecordInput, PriceReduceInput, TicketsCancelInput};

/// Payments and refunds.
#[derive(Default)]
pub(super) struct MoneyMutation;

#[Object]
impl MoneyMutation {
    /// Records money that came in for an order.
    async fn payment_record(
        &self,
        context: &Context<'_>,
        input: PaymentRecordInput,
    ) -> Option<Result<PaymentRecordPayload>> {
        submit(context, input).await
    }

    /// Cancels tickets, products and fees of an order, and may return money with it.
    async fn tickets_cancel(
        &self,
        context: &Context<'_>,
        input: TicketsCancelInput,
    ) -> Option<Result<TicketsCancelPayload>> {
        submit(context, input).await
    }

    /// Reduces a ticket's price; the ticket stays valid.
    async fn price_reduce(
        &self,
        context: &Context<'_>,
        input: PriceReduceInput,
    ) -> Option<Result<PriceReducePayload>> {
        submit(context, input).await
    }

    /// Records money that went back for an order.
    async fn money_return(
        &self,
        context: &Context<'_>,
        input: MoneyReturnInput,
    ) -> Option<Result<MoneyReturnPayload>> {
        submit(context, input).await
    }
}
