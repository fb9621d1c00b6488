//! From a GraphQL request to its answers, whatever carries them: the same parsing, limits and proofs for all.

use std::sync::Arc;

use async_graphql::parser::types::{DocumentOperations, OperationDefinition, OperationType, Selection};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, once};

use super::documents::{Document, operation_kind};
use super::refusal::Refusal;
use super::request::GraphqlRequest;
use super::variables;
use crate::error::{ErrorCode, RequestError};
use crate::limits::DEADLINE;
use crate::service::Service;

/// Why there is no answer of the executor.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The document was not run.
    Invalid(RequestError),
    /// It came at a bad moment.
    Refused(Refusal),
    /// A subscription that could not begin, or that broke off: there is no data.
    Broken(Box<async_graphql::Response>),
}

impl From<RequestError> for Unanswered {
    fn from(error: RequestError) -> Self {
        Self::Invalid(error)
    }
}

impl From<Refusal> for Unanswered {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A request whose document was parsed.
pub(crate) struct Parsed {
    asked: GraphqlRequest,
    document: Arc<Document>,
    /// What kind of operation would run; none when the name selects none.
    pub(crate) kind: Option<OperationType>,
}

/// A request that can be run.
pub(crate) struct Ready {
    request: async_graphql::Request,
    document: Arc<Document>,
    proven: bool,
    kind: Option<OperationType>,
}

impl Parsed {
    /// Parses the document, or finds it.
    pub(crate) fn new(service: &Service, asked: GraphqlRequest) -> Result<Self, RequestError> {
        let document = service.documents.parse(&asked.query)?;
        let kind = operation_kind(&document.parsed, asked.operation.as_deref());
        Ok(Self { asked, document, kind })
    }

    /// Checks what the library would find too late.
    pub(crate) fn ready(self, service: &Service) -> Result<Ready, RequestError> {
        let Self { asked, document, kind } = self;
        variables::check(&document.parsed, asked.operation.as_deref(), &asked.variables)?;
        if kind == Some(OperationType::Subscription) {
            one_field(&document.parsed.operations, asked.operation.as_deref())?;
        }
        let proven = document.proven(&service.inputs, asked.operation.as_deref(), &asked.variables);
        let mut request = async_graphql::Request::new(asked.query).variables(asked.variables);
        request.operation_name = asked.operation;
        request.set_parsed_query(document.parsed.clone());
        Ok(Ready { request, document, proven, kind })
    }
}

impl Ready {
    /// The one answer of a query or mutation. The caller holds a place among the requests that run.
    pub(crate) async fn execute(self, service: &Service) -> Result<async_graphql::Response, Refusal> {
        let schema = if self.proven { &service.proven_schema } else { &service.schema };
        // Past the deadline the answer is given up, not the command: what was handed to the ledger may still be recorded.
        let answer = tokio::time::timeout(DEADLINE, schema.execute(self.request))
            .await
            .map_err(|_| Refusal::deadline())?;
        if !self.proven && answer.errors.is_empty() {
            self.document.was_valid(&service.inputs);
        }
        Ok(answer)
    }

    /// The answers of any operation: one of a query or mutation, as many as there are of a subscription.
    pub(crate) fn answers(
        self,
        service: &Arc<Service>,
    ) -> BoxStream<'static, Result<async_graphql::Response, Unanswered>> {
        let service = Arc::clone(service);
        if self.kind == Some(OperationType::Subscription) {
            let schema = if self.proven { &service.proven_schema } else { &service.schema };
            return schema.execute_stream(self.request).map(unbroken).boxed();
        }
        let answer = async move {
            let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded().into()) };
            self.execute(&service).await.map_err(Into::into)
        };
        once(answer).boxed()
    }
}

fn unbroken(answer: async_graphql::Response) -> Result<async_graphql::Response, Unanswered> {
    let broken = !answer.errors.is_empty() && answer.data == async_graphql::Value::Null;
    if broken { Err(Unanswered::Broken(Box::new(answer))) } else { Ok(answer) }
}

/// A subscription has one root field: with more, one document would be many subscriptions. The library also passes over
/// fragments there.
fn one_field(operations: &DocumentOperations, name: Option<&str>) -> Result<(), RequestError> {
    let Some(operation) = selected(operations, name) else { return Ok(()) };
    let items = &operation.selection_set.node.items;
    match items.as_slice() {
        [only] if matches!(only.node, Selection::Field(_)) => Ok(()),
        _ => Err(RequestError {
            code: ErrorCode::GraphqlValidationFailed,
            message: "A subscription selects exactly one field, outside any fragment.".to_owned(),
            locations: items.get(1).or(items.first()).map(|item| item.pos).into_iter().collect(),
        }),
    }
}

/// The operation that would run.
pub(super) fn selected<'a>(
    operations: &'a DocumentOperations,
    name: Option<&str>,
) -> Option<&'a OperationDefinition> {
    match operations {
        DocumentOperations::Single(operation) => Some(&operation.node),
        DocumentOperations::Multiple(operations) => match name {
            Some(name) => operations.get(name),
            None => operations.values().next(),
        }
        .map(|operation| &operation.node),
    }
}
