//! Orders, reported sales and scans.

use async_graphql::{Context, Object, Result};

use super::payload::{CancellationReportPayload, OrderPlacePayload, SaleReportPayload, ScanReportPayload};
use super::submit;
use crate::input::{CancellationReportInput, OrderPlaceInput, SaleReportInput, ScanReportInput};

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
