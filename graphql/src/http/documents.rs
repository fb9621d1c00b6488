//! Parsed documents by their text: tills and dashboards send the same few over and over.

use std::sync::{Arc, OnceLock};

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;

use super::coercion::InputTypes;
use super::nesting;
use super::proof::Proof;
use crate::access::{Needs, Permissions};
use crate::error::{ErrorCode, RequestError};

/// Documents kept at most. Beyond it all are dropped: whoever floods the cache only costs everyone a parse.
const DOCUMENTS_MAX: usize = 512;
/// Longest document that is kept, in bytes.
const KEPT_BYTES_MAX: usize = 16 * 1024;

/// A parsed document, and whether the rules hold for it.
pub(crate) struct Document {
    /// The document.
    pub(crate) parsed: ExecutableDocument,
    /// What is left to check once a request with it has been valid; none inside if everything always is.
    proof: OnceLock<Option<Proof>>,
    /// What it takes to be answered.
    pub(crate) needs: Needs,
}

impl Document {
    /// Whether a request with this document is sure to be valid. If not, it may be valid all the same.
    pub(crate) fn proven(&self, types: &InputTypes, name: Option<&str>, variables: &Variables) -> bool {
        let proof = self.proof.get().and_then(Option::as_ref);
        proof.is_some_and(|proof| proof.holds(types, name, variables))
    }

    /// Remembers that a request with this document was valid.
    pub(crate) fn was_valid(&self, types: &InputTypes) {
        self.proof.get_or_init(|| Proof::of(&self.parsed, types));
    }
}

/// The cache.
#[derive(Default)]
pub(crate) struct Documents(RwLock<FxHashMap<Box<str>, Arc<Document>>>);

impl Documents {
    /// The document of this text, parsed now or before.
    pub(crate) fn parse(&self, text: &str, permissions: &Permissions) -> Result<Arc<Document>, RequestError> {
        if let Some(known) = self.0.read().get(text) {
            return Ok(Arc::clone(known));
        }
        nesting::check(text)?;
        let parsed = parse_query(text).map_err(|error| RequestError {
            code: ErrorCode::GraphqlParseFailed,
            message: error.to_string(),
            locations: error.positions().collect(),
        })?;
        let needs = Needs::of(&parsed, permissions);
        let document = Arc::new(Document { parsed, proof: OnceLock::new(), needs });
        if text.len() <= KEPT_BYTES_MAX {
            let mut cache = self.0.write();
            if cache.len() >= DOCUMENTS_MAX {
                cache.clear();
            }
            cache.insert(text.into(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// The operation that would run; none when the name selects none, which the executor refuses.
///
/// A document with a single *named* operation is held as a list of one: it must not pass for a query.
pub(crate) fn selected<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => operation,
        (DocumentOperations::Single(_), Some(_)) => return None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name)?,
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values();
            match (operations.next(), operations.next()) {
                (Some(only), None) => only,
                _ => return None,
            }
        }
    };
    Some(&operation.node)
}
