//! Errors of a request or a field: stable codes in `extensions.code`. Business rejections are no errors of this kind:
//! they are `userErrors` in the payload of a mutation.

use std::sync::Arc;

use async_graphql::{ErrorExtensionValues, Pos};

macro_rules! error_codes {
    ($($(#[doc = $doc:literal])+ $name:ident $code:literal $retryable:literal $meaning:literal;)+) => {
        /// Stable code of an error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode {$($(#[doc = $doc])+ $name,)+}

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as clients see it.
            pub fn code(self) -> &'static str {
                match self {$(Self::$name => $code,)+}
            }

            /// Whether the same request may succeed later.
            pub fn retryable(self) -> bool {
                match self {$(Self::$name => $retryable,)+}
            }

            /// What it means and what to do.
            pub fn meaning(self) -> &'static str {
                match self {$(Self::$name => $meaning,)+}
            }
        }
    };
}

error_codes! {
    /// The HTTP request holds no GraphQL request.
    BadRequest "BAD_REQUEST" false "The HTTP request holds no GraphQL request.";
    /// An array of requests.
    BatchingNotSupported "BATCHING_NOT_SUPPORTED" false "Send one request per body.";
    /// The wrong content type.
    UnsupportedMediaType "UNSUPPORTED_MEDIA_TYPE" false "Send application/json in UTF-8.";
    /// No response type is accepted.
    NotAcceptable "NOT_ACCEPTABLE" false "Accept application/graphql-response+json or application/json.";
    /// The wrong method.
    MethodNotAllowed "METHOD_NOT_ALLOWED" false "Use POST, or GET for queries.";
    /// The body is over the limit.
    BodyTooLarge "BODY_TOO_LARGE" false "Shorten the body.";
    /// The body did not arrive in time.
    RequestTimeout "REQUEST_TIMEOUT" true "The body did not arrive in time.";
    /// The document does not parse.
    GraphqlParseFailed "GRAPHQL_PARSE_FAILED" false "The document is not GraphQL.";
    /// The document does not fit the schema.
    GraphqlValidationFailed "GRAPHQL_VALIDATION_FAILED" false "The document or its variables do not fit the schema.";
    /// No operation is selected.
    OperationUnknown "OPERATION_UNKNOWN" false "Name an operation of the document.";
    /// Nobody told the document that is named by its hash.
    PersistedQueryNotFound "PERSISTED_QUERY_NOT_FOUND" true "Send the document's text with its hash once.";
    /// The hash is that of another document.
    PersistedQueryMismatch "PERSISTED_QUERY_MISMATCH" false "Send the SHA-256 of the document's text.";
    /// The service runs only documents that its operator trusts.
    DocumentNotTrusted "DOCUMENT_NOT_TRUSTED" false "Have the document added to the operator's manifest.";
    /// A subscription where there is one answer only.
    SubscriptionTransport "SUBSCRIPTION_TRANSPORT" false "Subscribe over a WebSocket (graphql-transport-ws) or accept text/event-stream.";
    /// Too many operations on one socket.
    TooManySubscriptions "TOO_MANY_SUBSCRIPTIONS" false "Complete others first, or open another socket.";
    /// The document nests too deep.
    QueryTooDeep "QUERY_TOO_DEEP" false "Ask for less in depth.";
    /// The document asks for too much.
    QueryTooComplex "QUERY_TOO_COMPLEX" false "Ask for fewer fields or smaller pages.";
    /// Too many aliases.
    TooManyAliases "TOO_MANY_ALIASES" false "Use fewer aliases.";
    /// Too many directives on a field.
    TooManyDirectives "TOO_MANY_DIRECTIVES" false "Use fewer directives.";
    /// An argument cannot be used.
    BadUserInput "BAD_USER_INPUT" false "Correct the argument.";
    /// It is not known who asks.
    Unauthenticated "UNAUTHENTICATED" false "Send a token that is in force as `Authorization: Bearer …`.";
    /// A cookie on a request that no page of the service asked for.
    CrossSite "CROSS_SITE" false "Sign in and ask from a page of this service; programs send a token.";
    /// The role does not allow this.
    Forbidden "FORBIDDEN" false "The role does not allow this; one that sells sees what is of its own channels only.";
    /// Too much was asked within a minute.
    RateLimited "RATE_LIMITED" true "Too much was asked within a minute: wait as long as `Retry-After` says.";
    /// The read models have not reached the position that was asked for.
    StaleRead "STALE_READ" true "The read models have not reached that position yet; try again.";
    /// Too much to do.
    Overloaded "OVERLOADED" true "Too much to do: nothing was recorded; try again.";
    /// Execution ran past its deadline.
    DeadlineExceeded "DEADLINE_EXCEEDED" true "Whether a mutation was recorded is unknown: repeat it with the same key.";
    /// The ledger has stopped.
    LedgerStopped "LEDGER_STOPPED" true "Whether a mutation was recorded is unknown: repeat it with the same key.";
    /// The log is not the one that checkpoints were signed for.
    CheckpointRefused "CHECKPOINT_REFUSED" false "The log was cut or replaced since a checkpoint was signed: nothing is signed.";
    /// Anything else; the log has the details under the request id.
    InternalServerError "INTERNAL_SERVER_ERROR" false "Something went wrong; the service's log has it under the request id.";
}

/// An error before execution: the document was not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestError {
    /// Stable code.
    pub(crate) code: ErrorCode,
    /// What happened.
    pub(crate) message: String,
    /// Where in the document.
    pub(crate) locations: Vec<Pos>,
}

/// What the log says of a masked error; never sent to a client.
pub(crate) struct Internal(pub(crate) String);

/// An error of a field.
pub(crate) fn field_error(code: ErrorCode, message: impl Into<String>) -> async_graphql::Error {
    let mut extensions = ErrorExtensionValues::default();
    extensions.set("code", code.code());
    if code.retryable() {
        extensions.set("retryable", true);
    }
    async_graphql::Error { message: message.into(), source: None, extensions: Some(extensions) }
}

/// An error of a field with its code's own words.
pub(crate) fn coded(code: ErrorCode) -> async_graphql::Error {
    field_error(code, code.meaning())
}

/// An error of a field whose details stay in the log.
pub(crate) fn internal(details: impl std::fmt::Display) -> async_graphql::Error {
    let mut error = coded(ErrorCode::InternalServerError);
    error.source = Some(Arc::new(Internal(details.to_string())));
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_derive_from_their_names() {
        let codes: BTreeSet<&str> = ErrorCode::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert_eq!(code.code().replace('_', "").to_lowercase(), format!("{code:?}").to_lowercase());
            assert!(code.meaning().ends_with('.'));
        }
    }
}
