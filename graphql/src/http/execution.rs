//! From a GraphQL request to its answers, whatever carries them: the same parsing, limits and proofs for all.

use std::sync::Arc;

use async_graphql::parser::types::{OperationDefinition, OperationType, Selection};
use futures_util::StreamExt as _;
use futures_util::stream::{BoxStream, once};
use soticket_ledger::SubmitError;
use soticket_schema::event::v1::DenialReason;

use super::documents::{Document, selected};
use super::refusal::Refusal;
use super::request::GraphqlRequest;
use super::variables;
use crate::access::{self, Charge, Need, Principal};
use crate::core::Core;
use crate::error::{ErrorCode, RequestError};
use crate::limits::DEADLINE;
use crate::personal::Shown;
use crate::schema::ApiSchema;
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
    principal: Arc<Principal>,
    asked: GraphqlRequest,
    document: Arc<Document>,
    /// What kind of operation would run; none when the name selects none.
    pub(crate) kind: Option<OperationType>,
}

/// A request that can be run.
pub(crate) struct Ready {
    principal: Arc<Principal>,
    request: async_graphql::Request,
    document: Arc<Document>,
    /// Whether it is known to pass the rules.
    proven: bool,
    /// Whether nothing of it is withheld from its principal.
    whole: bool,
    kind: Option<OperationType>,
    /// Persons whose data its answers show.
    shown: Arc<Shown>,
}

impl Parsed {
    /// Parses the document, or finds it.
    pub(crate) fn new(
        service: &Service,
        principal: Arc<Principal>,
        asked: GraphqlRequest,
    ) -> Result<Self, RequestError> {
        let text = service.persisted.text(&asked)?;
        let document = service.documents.parse(&text, &service.core.permissions)?;
        service.persisted.told(&asked);
        let kind = selected(&document.parsed, asked.operation.as_deref()).map(|operation| operation.ty);
        Ok(Self { principal, asked, document, kind })
    }

    /// Takes what it costs, and checks what its principal may ask and what the library would find too late.
    pub(crate) fn ready(self, service: &Service) -> Result<Ready, Unanswered> {
        let charge = self.charge(&service.core)?;
        let need = self.permitted(&service.core)?;
        let Self { principal, asked, document, kind } = self;
        let operation = selected(&document.parsed, asked.operation.as_deref());
        if let Some(operation) = operation {
            variables::check(operation, &asked.variables)?;
        }
        if let Some(subscription) = operation.filter(|operation| operation.ty == OperationType::Subscription)
        {
            one_field(subscription)?;
        }
        let proven = document.proven(&service.inputs, asked.operation.as_deref(), &asked.variables);
        let whole = need.is_none_or(|need| need.whole.has(principal.role));
        let shown = Arc::new(Shown::default());
        let mut request = async_graphql::Request::new(asked.query)
            .variables(asked.variables)
            .data(Arc::clone(&principal))
            .data(charge)
            .data(Arc::clone(&shown));
        request.operation_name = asked.operation;
        request.set_parsed_query(document.parsed.clone());
        Ok(Ready { principal, request, document, proven, whole, kind, shown })
    }

    /// Takes what the request costs from what its principal may spend.
    fn charge(&self, core: &Core) -> Result<Charge, Refusal> {
        let Self { principal, asked, document, .. } = self;
        let name = asked.operation.as_deref();
        let cost = access::cost(&document.parsed, name, &asked.variables, &core.permissions);
        let limit = core.access.points_per_minute();
        principal.meter.take(cost, limit, core.ledger.now()).map_err(|seconds| {
            principal.denied(core, DenialReason::RateExceeded);
            Refusal::rate_limited(seconds)
        })
    }

    /// Refuses a document with a field that is not for the principal's role.
    fn permitted(&self, core: &Core) -> Result<Option<Need>, Refusal> {
        let Self { principal, asked, document, .. } = self;
        let name = asked.operation.as_deref();
        // Without an operation that is selected nothing will be executed.
        let need = document.needs.selected(name);
        if need.is_none_or(|need| need.roles.has(principal.role)) {
            return Ok(need);
        }
        principal.denied(core, DenialReason::RoleNotAllowed);
        let field = selected(&document.parsed, name).and_then(|operation| {
            access::refused_field(&document.parsed, operation, &core.permissions, principal.role)
        });
        Err(Refusal::forbidden(&field.unwrap_or_default(), principal.role))
    }
}

impl Ready {
    fn schema<'a>(&self, service: &'a Service) -> &'a ApiSchema {
        match (self.whole, self.proven) {
            (false, _) => &service.withholding_schema,
            (true, true) => &service.proven_schema,
            (true, false) => &service.schema,
        }
    }

    /// The one answer of a query or mutation. The caller holds a place among the requests that run.
    pub(crate) async fn execute(self, service: &Service) -> Result<async_graphql::Response, Refusal> {
        let schema = self.schema(service);
        // Past the deadline the answer is given up, not the command: what was handed to the ledger may still be recorded.
        let answer = tokio::time::timeout(DEADLINE, schema.execute(self.request))
            .await
            .map_err(|_| Refusal::deadline())?;
        note(&self.shown, &self.principal, service).await?;
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
            let answers = self.schema(&service).execute_stream(self.request);
            let (shown, principal) = (self.shown, self.principal);
            let noted = move |answer| {
                let (shown, principal, service) =
                    (Arc::clone(&shown), Arc::clone(&principal), Arc::clone(&service));
                async move {
                    note(&shown, &principal, &service)
                        .await
                        .map_err(Into::into)
                        .and_then(|()| unbroken(answer))
                }
            };
            return answers.then(noted).boxed();
        }
        let answer = async move {
            let Ok(_slot) = service.slots.try_acquire() else { return Err(Refusal::overloaded().into()) };
            self.execute(&service).await.map_err(Into::into)
        };
        once(answer).boxed()
    }
}

/// Nothing is shown of persons that the audit journal does not have.
async fn note(shown: &Shown, principal: &Principal, service: &Service) -> Result<(), Refusal> {
    shown.note(&service.core.ledger, principal).await.map_err(|error| match error {
        SubmitError::Overloaded => Refusal::overloaded(),
        _ => Refusal::internal(),
    })
}

fn unbroken(answer: async_graphql::Response) -> Result<async_graphql::Response, Unanswered> {
    let broken = !answer.errors.is_empty() && answer.data == async_graphql::Value::Null;
    if broken { Err(Unanswered::Broken(Box::new(answer))) } else { Ok(answer) }
}

/// A subscription has one root field: with more, one document would be many subscriptions. The library also passes over
/// fragments there.
fn one_field(operation: &OperationDefinition) -> Result<(), RequestError> {
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
