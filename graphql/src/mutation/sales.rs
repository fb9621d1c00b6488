//! Orders, reported sales and scans.

use async_graphql::{Context, Object, Result};

use super::bulk::{self, OrdersPlacePayload};
use super::payload::{CancellationReportPayload, OrderPlacePayload, SaleReportPayload, ScanReportPayload};
use super::submit;
use crate::input::{
    CancellationReportInput, OrderPlaceInput, OrdersPlaceInput, SaleReportInput, ScanReportInput,
};

/// Orders, reported sales and scans.
#[derive(Default)]
pub(super) struct SalesMutation;

#[Object]
impl SalesMutation {
    /// Sells. The order may stay unpaid.
    async fn order_place(
        &self,
        context: &Context<'_>,
        input: OrderPlaceInput,
    ) -> Option<Result<OrderPlacePayload>> {
        submit(context, input).await
    }

    /// Sells many orders: each line is sold or refused by itself, and answered by itself. A line is known by the
    /// idempotency key and its reference together, so that the whole request can be repeated.
    #[graphql(complexity = "100 + child_complexity")]
    async fn orders_place(
        &self,
        context: &Context<'_>,
        input: OrdersPlaceInput,
    ) -> Option<Result<OrdersPlacePayload>> {
        Some(bulk::place(context, input).await)
    }

    /// Records a sale that happened elsewhere: never refused for quota, capacity or sale window.
    async fn sale_report(
        &self,
        context: &Context<'_>,
        input: SaleReportInput,
    ) -> Option<Result<SaleReportPayload>> {
        submit(context, input).await
    }

    /// Records a cancellation that happened elsewhere.
    async fn cancellation_report(
        &self,
        context: &Context<'_>,
        input: CancellationReportInput,
    ) -> Option<Result<CancellationReportPayload>> {
        submit(context, input).await
    }

    /// Records that a code was presented at a gate.
    async fn scan_report(
        &self,
        context: &Context<'_>,
        input: ScanReportInput,
    ) -> Option<Result<ScanReportPayload>> {
        submit(context, input).await
    }
}
