//! What the cores and the memory can do.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use soticket_schema::{Hash, RecordView};

/// Bytes that are copied at once: more than any cache holds.
const COPY_BYTES: usize = 64 << 20;

/// Hashes of `records` per second on `threads` threads together.
pub(super) fn hashes(records: &[u8], threads: usize, limit: Duration) -> Result<f64> {
    let views = split(records)?;
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(|| hash_for(&views, limit))).collect();
        let rates: Option<Vec<f64>> = running.into_iter().map(|thread| thread.join().ok()).collect();
        rates.map(|rates| rates.iter().sum()).ok_or_else(|| anyhow!("a hashing thread ended by a panic"))
    })
}

/// Bytes of `records` per second that `hash` takes in on `threads` threads together.
pub(crate) fn hashed_bytes(
    records: &[u8],
    threads: usize,
    limit: Duration,
    hash: impl Fn(&[u8]) + Copy + Send + Sync,
) -> Result<f64> {
    let views = split(records)?;
    let bytes: usize = views.iter().map(|record| record.len()).sum();
    let run = || {
        let (start, mut rounds) = (Instant::now(), 0_u64);
        while start.elapsed() < limit {
            views.iter().for_each(|record| hash(record));
            rounds += 1;
        }
        rounds as f64 * bytes as f64 / start.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let rates: Option<Vec<f64>> = running.into_iter().map(|thread| thread.join().ok()).collect();
        rates.map(|rates| rates.iter().sum()).ok_or_else(|| anyhow!("a hashing thread ended by a panic"))
    })
}

fn hash_for(records: &[&[u8]], limit: Duration) -> f64 {
    let start = Instant::now();
    let mut count = 0_usize;
    while start.elapsed() < limit {
        for record in records {
            black_box(Hash::of_record(record));
        }
        count += records.len();
    }
    count as f64 / start.elapsed().as_secs_f64()
}

/// Mean length of a record.
pub(super) fn mean_bytes(records: &[u8]) -> Result<f64> {
    Ok(records.len() as f64 / split(records)?.len().max(1) as f64)
}

fn split(records: &[u8]) -> Result<Vec<&[u8]>> {
    let mut views = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        let (record, after) = RecordView::split(rest)?;
        views.push(record.bytes);
        rest = after;
    }
    Ok(views)
}

/// Bytes that one core copies per second.
pub(super) fn copy_bytes_per_second(limit: Duration) -> u64 {
    let from = vec![1_u8; COPY_BYTES];
    let mut to = vec![2_u8; COPY_BYTES];
    let start = Instant::now();
    let mut copied = 0_u64;
    while start.elapsed() < limit {
        black_box(&mut to).copy_from_slice(black_box(&from));
        copied += COPY_BYTES as u64;
    }
    (copied as f64 / start.elapsed().as_secs_f64()) as u64
}
