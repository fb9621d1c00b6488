//! Latencies, and how fast something went.

use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

use crate::report::Value;

/// Latencies with three significant digits.
pub(crate) struct Latencies(Histogram<u64>);

impl Latencies {
    pub(crate) fn new() -> Result<Self> {
        Ok(Self(Histogram::new(3)?))
    }

    pub(crate) fn record(&mut self, latency: Duration) {
        // The histogram grows with its largest value and refuses none below 2^63 ns.
        let _ = self.0.record(u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX));
    }

    pub(crate) fn add(&mut self, other: &Self) -> Result<()> {
        Ok(self.0.add(&other.0)?)
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.len()
    }

    /// The latency that this share of all, in percent, does not exceed.
    pub(crate) fn percentile(&self, percent: f64) -> Value {
        Value::Time(self.at(percent))
    }

    /// As [`Self::percentile`], to calculate with.
    pub(crate) fn at(&self, percent: f64) -> Duration {
        Duration::from_nanos(self.0.value_at_percentile(percent))
    }
}

/// `count` per second since `start`.
pub(crate) fn rate(count: u64, start: Instant) -> f64 {
    per_second(count, start.elapsed())
}

/// `count` in `time`, per second.
pub(crate) fn per_second(count: u64, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(1e-9)
}

/// Repeats `work` until `limit` has passed; how often it ran and how long that took.
pub(crate) fn repeat(limit: Duration, mut work: impl FnMut(u64) -> Result<()>) -> Result<(u64, Duration)> {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < limit {
        work(count)?;
        count += 1;
    }
    Ok((count, start.elapsed()))
}
