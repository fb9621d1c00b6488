//! What the system says of itself.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};

pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

pub(super) fn processor() -> String {
    field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

pub(super) fn memory_bytes() -> u64 {
    field("/proc/meminfo", "MemTotal").map_or(0, |text| kibibytes(&text))
}

pub(super) fn kernel() -> String {
    fs::read_to_string("/proc/sys/kernel/osrelease")
        .map_or_else(|_| "?".to_owned(), |text| text.trim().to_owned())
}

pub(super) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// Bytes of this process that are in memory.
pub(crate) fn resident_bytes() -> u64 {
    field("/proc/self/status", "VmRSS").map_or(0, |text| kibibytes(&text))
}

/// The most bytes of this process that were in memory since [`reset_peak`], or since it began.
pub(crate) fn peak_bytes() -> u64 {
    field("/proc/self/status", "VmHWM").map_or(0, |text| kibibytes(&text))
}

/// Begins to look for the peak anew. Where the system does not allow it, the peak is that of the whole process.
pub(crate) fn reset_peak() {
    let _ = fs::write("/proc/self/clear_refs", "5");
}

/// Processor time that this process has used on all cores: unlike the clock, it does not run on while others compute.
pub(crate) fn cpu_time() -> Duration {
    const TICKS_PER_SECOND: u64 = 100;
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name in parentheses may hold spaces; user and system time are fields 14 and 15.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}

/// Processor time that this thread has used.
pub(crate) fn thread_cpu_time() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split_whitespace().next().and_then(|field| field.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

/// Whether the process runs as root, which PostgreSQL refuses.
pub(crate) fn is_root() -> bool {
    field("/proc/self/status", "Uid").is_some_and(|text| text.split_whitespace().next() == Some("0"))
}

/// Type of the file system that holds `folder`: that of the longest mount point above it.
pub(super) fn file_system(folder: &Path) -> Result<String> {
    let folder = folder.canonicalize().with_context(|| folder.display().to_string())?;
    let mounts = fs::read_to_string("/proc/self/mounts").context("/proc/self/mounts")?;
    let mounted = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        words.next().zip(words.next())
    });
    let holding = mounted.filter(|(point, _)| folder.starts_with(point));
    let longest = holding.max_by_key(|(point, _)| point.len());
    Ok(longest.map_or_else(|| "?".to_owned(), |(_, kind)| kind.to_owned()))
}

/// The value of the first line `name : value`.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let mut pairs = text.lines().filter_map(|line| line.split_once(':'));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned())
}

fn kibibytes(text: &str) -> u64 {
    text.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024
}
