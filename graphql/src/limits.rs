//! What a request may cost. High enough for the introspection query of every GraphQL client.

use std::time::Duration;

/// Deepest selection.
pub(crate) const DEPTH_MAX: usize = 15;
/// Most complexity: a field counts 1, a connection its page size times its node.
pub(crate) const COMPLEXITY_MAX: usize = 2_000;
/// Most aliases in a document.
pub(crate) const ALIASES_MAX: usize = 30;
/// Most directives on one field.
pub(crate) const DIRECTIVES_MAX: usize = 10;
/// Longest body, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 256 * 1024;
/// Longest execution.
pub(crate) const DEADLINE: Duration = Duration::from_secs(5);
/// Longest wait of a read for the position that it asks for.
pub(crate) const STALE_WAIT: Duration = Duration::from_secs(2);
/// Requests answered at once; others are told to come back.
pub(crate) const REQUESTS_MAX: usize = 1_024;
/// Connections open at once; others wait to be accepted.
pub(crate) const CONNECTIONS_MAX: usize = 2_048;
/// Nodes of a page that states no size.
pub(crate) const PAGE_DEFAULT: usize = 20;
/// Most nodes of a page.
pub(crate) const PAGE_MAX: usize = 100;
