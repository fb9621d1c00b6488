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
/// Sockets open at once; others are told to come back.
pub(crate) const SOCKETS_MAX: usize = 2_500;
/// Event streams open at once; others are told to come back. They hold connections, of which requests need some, too.
pub(crate) const STREAMS_MAX: usize = 1_024;
/// Operations that run at once on one socket.
pub(crate) const OPERATIONS_PER_SOCKET_MAX: usize = 50;
/// Subscriptions that read the log at once; others wait for their turn.
pub(crate) const FOLLOWERS_READING_MAX: usize = 8;
/// Nodes of a page that states no size.
pub(crate) const PAGE_DEFAULT: usize = 20;
/// Most nodes of a page.
pub(crate) const PAGE_MAX: usize = 100;
