//! Numbers for requests: what a client quotes and the log is searched for.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

static PROCESS: LazyLock<u32> = LazyLock::new(|| uuid::Uuid::new_v4().as_fields().0);
static NEXT: AtomicU64 = AtomicU64::new(1);

/// A new request id: random per process, counted within it.
pub(crate) fn next() -> String {
    format!("{:08x}-{:x}", *PROCESS, NEXT.fetch_add(1, Ordering::Relaxed))
}
