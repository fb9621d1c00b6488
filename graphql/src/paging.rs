//! Pages of connections: keyset cursors, forward and backward, stable while the log grows.

use async_graphql::connection::{Connection, CursorType, Edge};
use async_graphql::{OutputType, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{ErrorCode, field_error};
use crate::limits::{PAGE_DEFAULT, PAGE_MAX};

/// Longest cursor that is looked at.
const CURSOR_BYTES_MAX: usize = 128;

/// What a connection is ordered by.
pub(crate) trait Key: Ord + Copy {
    /// Prefix that tells this connection's cursors from others'.
    const KIND: &'static str;
    /// The key as text.
    fn write(self) -> String;
    /// The key of a text.
    fn read(text: &str) -> Option<Self>;
}

macro_rules! number_keys {
    ($($(#[doc = $doc:literal])+ $name:ident $kind:literal;)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(pub(crate) u64);

        impl Key for $name {
            const KIND: &'static str = $kind;

            fn write(self) -> String {
                self.0.to_string()
            }

            fn read(text: &str) -> Option<Self> {
                text.parse().ok().map(Self)
            }
        }
    )+};
}

number_keys! {
    /// Shows, by number.
    ShowKey "show";
    /// Orders, by number.
    OrderKey "order";
    /// Tickets of the organisation, by number.
    TicketKey "ticket";
    /// Till sessions, by number.
    TillSessionKey "till-session";
    /// Accounting entries, by number.
    AccountingEntryKey "accounting-entry";
    /// Events, by position.
    EventKey "event";
}

/// A cursor as clients hold it.
#[derive(Debug, Clone)]
pub(crate) struct Cursor(String);

impl CursorType for Cursor {
    type Error = std::convert::Infallible;

    fn decode_cursor(text: &str) -> Result<Self, Self::Error> {
        Ok(Self(text.to_owned()))
    }

    fn encode_cursor(&self) -> String {
        self.0.clone()
    }
}

/// The nodes of a page with their cursors.
pub(crate) type Nodes<T> = Connection<Cursor, T>;

/// Which page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page<K> {
    after: Option<K>,
    before: Option<K>,
    limit: usize,
    backward: bool,
}

impl<K: Key> Page<K> {
    /// The page of these arguments.
    pub(crate) fn new(
        first: Option<i32>,
        after: Option<String>,
        last: Option<i32>,
        before: Option<String>,
    ) -> Result<Self> {
        let (size, backward) = match (first, last) {
            (Some(_), Some(_)) => return Err(bad("State `first` or `last`, not both.".to_owned())),
            (None, Some(last)) => (Some(last), true),
            (first, None) => (first, false),
        };
        let limit = match size.map(usize::try_from) {
            None => PAGE_DEFAULT,
            Some(Ok(size)) if (1..=PAGE_MAX).contains(&size) => size,
            Some(_) => return Err(bad(format!("A page has 1 to {PAGE_MAX} nodes."))),
        };
        Ok(Self { after: key(after)?, before: key(before)?, limit, backward })
    }

    /// Fills the page. `forward` gives what lies after a key, ascending; `backward` what lies before one, descending;
    /// each at most as much as it is asked for.
    pub(crate) fn fill<T: OutputType>(
        &self,
        forward: impl FnOnce(Option<K>, usize) -> Vec<(K, T)>,
        backward: impl FnOnce(Option<K>, usize) -> Vec<(K, T)>,
    ) -> Nodes<T> {
        // One more than asked for tells whether there is another page.
        let wanted = self.limit + 1;
        let rows = if self.backward { backward(self.before, wanted) } else { forward(self.after, wanted) };
        self.cut(rows)
    }

    /// As [`Self::fill`], for what may fail.
    pub(crate) fn try_fill<T: OutputType>(
        &self,
        forward: impl FnOnce(Option<K>, usize) -> Result<Vec<(K, T)>>,
        backward: impl FnOnce(Option<K>, usize) -> Result<Vec<(K, T)>>,
    ) -> Result<Nodes<T>> {
        let wanted = self.limit + 1;
        let rows = if self.backward { backward(self.before, wanted)? } else { forward(self.after, wanted)? };
        Ok(self.cut(rows))
    }

    fn cut<T: OutputType>(&self, mut rows: Vec<(K, T)>) -> Nodes<T> {
        let within = |key: K| {
            self.after.is_none_or(|after| key > after) && self.before.is_none_or(|before| key < before)
        };
        let found = rows.len();
        rows.retain(|(key, _)| within(*key));
        let cut_by_other_end = rows.len() < found;
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let (previous, next) = if self.backward {
            rows.reverse();
            (more || cut_by_other_end, self.before.is_some())
        } else {
            (self.after.is_some(), more || cut_by_other_end)
        };
        let mut connection = Connection::new(previous, next);
        connection.edges.extend(rows.into_iter().map(|(key, node)| Edge::new(cursor(key), node)));
        connection
    }
}

fn cursor<K: Key>(key: K) -> Cursor {
    Cursor(URL_SAFE_NO_PAD.encode(format!("{}:{}", K::KIND, key.write())))
}

/// Reads a cursor; an empty one is none.
fn key<K: Key>(cursor: Option<String>) -> Result<Option<K>> {
    let Some(cursor) = cursor.filter(|cursor| !cursor.is_empty()) else { return Ok(None) };
    let read = || {
        let bytes =
            (cursor.len() <= CURSOR_BYTES_MAX).then(|| URL_SAFE_NO_PAD.decode(&cursor).ok()).flatten()?;
        let text = String::from_utf8(bytes).ok()?;
        K::read(text.strip_prefix(K::KIND)?.strip_prefix(':')?)
    };
    read().map(Some).ok_or_else(|| bad("The cursor is not one of this connection's.".to_owned()))
}

fn bad(message: String) -> async_graphql::Error {
    field_error(ErrorCode::BadUserInput, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(page: &Page<OrderKey>) -> (Vec<i32>, bool, bool) {
        let all: Vec<(OrderKey, i32)> = (1..=10).map(|n| (OrderKey(n), i32::try_from(n).unwrap())).collect();
        let nodes = page.fill(
            |after, limit| {
                all.iter().filter(|row| after.is_none_or(|key| row.0 > key)).take(limit).copied().collect()
            },
            |before, limit| {
                all.iter()
                    .rev()
                    .filter(|row| before.is_none_or(|key| row.0 < key))
                    .take(limit)
                    .copied()
                    .collect()
            },
        );
        (nodes.edges.iter().map(|edge| edge.node).collect(), nodes.has_previous_page, nodes.has_next_page)
    }

    fn at(number: u64) -> Option<String> {
        Some(cursor(OrderKey(number)).0)
    }

    #[test]
    fn pages_go_forward_and_backward() {
        let page = |first, after, last, before| numbers(&Page::new(first, after, last, before).unwrap());
        assert_eq!(page(Some(3), None, None, None), (vec![1, 2, 3], false, true));
        assert_eq!(page(Some(3), at(3), None, None), (vec![4, 5, 6], true, true));
        assert_eq!(page(Some(3), at(8), None, None), (vec![9, 10], true, false));
        assert_eq!(page(Some(3), at(10), None, None), (vec![], true, false));
        assert_eq!(page(Some(5), at(3), None, at(6)), (vec![4, 5], true, true));
        assert_eq!(page(None, None, Some(3), None), (vec![8, 9, 10], true, false));
        assert_eq!(page(None, None, Some(3), at(3)), (vec![1, 2], false, true));
        assert_eq!(page(None, Some(String::new()), None, None).0.len(), 10);
    }

    #[test]
    fn pages_that_cannot_be_are_refused() {
        let refused = |first, after, last| Page::<OrderKey>::new(first, after, last, None).is_err();
        assert!(refused(Some(1), None, Some(1)));
        assert!(refused(Some(0), None, None));
        assert!(refused(Some(-1), None, None));
        assert!(refused(Some(101), None, None));
        assert!(refused(None, Some(cursor(ShowKey(1)).0), None));
        assert!(refused(None, Some("x".repeat(1_000_000)), None));
        assert!(!refused(Some(100), at(1), None));
    }
}
