//! One operation of a client: from what was asked to the payloads that answer it.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Serialize;

use crate::access::Principal;
use crate::http::execution::{Parsed, Unanswered};
use crate::http::refusal::Refusal;
use crate::http::request::GraphqlRequest;
use crate::http::response::Answer;
use crate::http::status::Progress;
use crate::request_id;
use crate::service::Service;

/// What an operation gives.
pub(super) enum Payload {
    /// An answer.
    Next(String),
    /// It was not run, or broke off; nothing follows. The whole answer, and its errors alone.
    Error {
        /// As a GraphQL response.
        answer: String,
        /// Its `errors`.
        errors: String,
    },
    /// There is no more.
    Complete,
}

/// Runs an operation. The stream ends with `Error` or `Complete`; dropping it gives the operation up.
pub(super) fn run(
    service: &Arc<Service>,
    principal: Arc<Principal>,
    asked: GraphqlRequest,
) -> BoxStream<'static, Payload> {
    let begun = Arc::clone(service);
    let answers = stream::once(async move {
        let ready = Parsed::new(&begun, principal, asked)?.ready(&begun)?;
        Ok::<_, Unanswered>(ready.answers(&begun))
    })
    .try_flatten();
    // A resolver that panics ends its own operation, not the socket with everything on it.
    let answers = AssertUnwindSafe(answers.boxed()).catch_unwind();
    let payloads = answers.map(|answer| payload(answer.unwrap_or_else(|panic| Err(panicked(&*panic)))));
    stream::unfold(Some(payloads), |payloads| async move {
        let mut payloads = payloads?;
        let payload = payloads.next().await.unwrap_or(Payload::Complete);
        let more = matches!(payload, Payload::Next(_));
        Some((payload, more.then_some(payloads)))
    })
    .boxed()
}

/// One error in place of everything.
pub(super) fn refused(refusal: &Refusal) -> Payload {
    error(&Answer::refused(refusal, &request_id::next()))
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Unanswered {
    let details = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(details, "an operation panicked");
    Refusal::internal().into()
}

fn payload(answer: Result<async_graphql::Response, Unanswered>) -> Payload {
    let request_id = request_id::next();
    match &answer {
        Ok(answer) => match Answer::executed(answer, &request_id) {
            (Progress::Executed, answer) => Payload::Next(text(&answer)),
            (Progress::NotExecuted, refused) => error(&refused),
        },
        Err(Unanswered::Broken(answer)) => error(&Answer::executed(answer, &request_id).1),
        Err(Unanswered::Invalid(invalid)) => error(&Answer::not_executed(invalid, &request_id)),
        Err(Unanswered::Refused(refusal)) => error(&Answer::refused(refusal, &request_id)),
    }
}

fn error(answer: &Answer<'_>) -> Payload {
    Payload::Error { answer: text(answer), errors: text(&answer.errors) }
}

fn text(value: &impl Serialize) -> String {
    // Serialising plain values to memory cannot fail; an empty text would be no message.
    serde_json::to_string(value).unwrap_or_default()
}
