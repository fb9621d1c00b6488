//! Prometheus metrics. The recorder is the process's only one: the ledger and the read models report to it, too.

use std::sync::OnceLock;
use std::time::Duration;

use axum::http::StatusCode;
use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Bounds of the histograms of times, in seconds.
const SECONDS: [f64; 14] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// Bounds of the histograms of sizes.
const SIZES: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 1024.0];

/// How often the samples of histograms are folded into their buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder, once per process. Call it before the ledger is opened: what is counted earlier is lost.
pub fn install() {
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(metrics_exporter_prometheus::Matcher::Suffix("_seconds".into()), &SECONDS)
            .and_then(|builder| {
                let sizes = metrics_exporter_prometheus::Matcher::Suffix("_records".into());
                builder.set_buckets_for_metric(sizes, &SIZES)
            })
            .map(PrometheusBuilder::build_recorder);
        let recorder = recorder.inspect_err(|error| tracing::warn!(%error, "metrics are off")).ok()?;
        let handle = recorder.handle();
        // Another recorder may be in place, in a test or in a program that embeds the service: then it has the metrics.
        metrics::set_global_recorder(recorder).ok()?;
        describe_counter!("soticket_http_requests_total", "Requests to /graphql by status.");
        describe_histogram!("soticket_http_request_seconds", "Time to answer a request to /graphql.");
        Some(handle)
    });
}

/// The metrics as text; empty when another recorder has them.
pub(crate) fn render() -> String {
    let Some(Some(handle)) = RECORDER.get() else { return String::new() };
    // Histograms keep their samples until they are folded into the buckets.
    handle.run_upkeep();
    handle.render()
}

/// Folds samples into the buckets for ever: where nobody reads the metrics they would pile up.
pub(crate) async fn keep_up() {
    let mut due = tokio::time::interval(UPKEEP);
    loop {
        due.tick().await;
        if let Some(Some(handle)) = RECORDER.get() {
            handle.run_upkeep();
        }
    }
}

/// Counters of `/graphql`, looked up once instead of per request.
pub(crate) struct RequestMetrics {
    succeeded: Counter,
    refused: Counter,
    failed: Counter,
    seconds: Histogram,
}

impl RequestMetrics {
    /// Handles on the process's metrics.
    pub(crate) fn new() -> Self {
        let status = |class: &'static str| counter!("soticket_http_requests_total", "path" => "/graphql", "status" => class);
        Self {
            succeeded: status("2xx"),
            refused: status("4xx"),
            failed: status("5xx"),
            seconds: histogram!("soticket_http_request_seconds", "path" => "/graphql"),
        }
    }

    /// Counts one answer.
    pub(crate) fn count(&self, status: StatusCode, elapsed: Duration) {
        let counter = match status.as_u16() {
            500.. => &self.failed,
            400.. => &self.refused,
            _ => &self.succeeded,
        };
        counter.increment(1);
        self.seconds.record(elapsed);
    }
}
