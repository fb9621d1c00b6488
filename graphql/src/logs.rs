//! Structured logs: one JSON object per line on standard error.
//!
//! Log lines name positions, numbers, codes and request ids. Variables, e-mails, names, ticket codes and idempotency
//! keys never get into one.

use std::io;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

/// Installs the process's log writer; does nothing when there is one. `filter` is as in `RUST_LOG`, such as `info` or
/// `soticket_graphql=debug,warn`; one that cannot be read gives `info`.
pub fn install(filter: &str) {
    let asked = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    // The engine traces once more when its threads end, where what the writer keeps for a thread is gone already: a panic.
    let engine = "sled=debug".parse().ok().filter(|_| !filter.contains("sled"));
    let filter = match engine {
        Some(quieter) if asked.max_level_hint() == Some(LevelFilter::TRACE) => asked.add_directive(quieter),
        _ => asked,
    };
    // Failing means that a writer is installed already, which is what was wanted.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .try_init();
}
