//! Messages of graphql-transport-ws.

use async_graphql::Variables;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::close::Close;
use crate::http::request::{GraphqlRequest, digest};

/// What a client says.
#[derive(Debug)]
pub(super) enum Incoming {
    /// The first thing to say, with whatever tells who it is.
    Init(Option<Value>),
    /// Are you there?
    Ping(Option<Value>),
    /// I am here.
    Pong,
    /// Run an operation under this id.
    Subscribe(String, Box<GraphqlRequest>),
    /// No more of this.
    Complete(String),
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    payload: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Option<Map<String, Value>>,
    #[serde(default)]
    document_id: Option<String>,
    #[serde(default)]
    extensions: Option<Map<String, Value>>,
}

impl Incoming {
    /// Reads a message; anything else closes the socket.
    pub(super) fn read(text: &str) -> Result<Self, Close> {
        let envelope: Envelope =
            serde_json::from_str(text).map_err(|_| malformed("Not a JSON object with a `type`"))?;
        match envelope.kind.as_str() {
            "connection_init" => object_or_none(envelope.payload).map(Self::Init),
            "ping" => object_or_none(envelope.payload).map(Self::Ping),
            "pong" => object_or_none(envelope.payload).map(|_| Self::Pong),
            "subscribe" => Ok(Self::Subscribe(id(envelope.id)?, Box::new(operation(envelope.payload)?))),
            "complete" => id(envelope.id).map(Self::Complete),
            _ => Err(malformed("Unknown message type")),
        }
    }
}

fn malformed(what: &'static str) -> Close {
    Close::Malformed(what.into())
}

fn id(id: Option<Value>) -> Result<String, Close> {
    match id {
        Some(Value::String(id)) if !id.is_empty() => Ok(id),
        _ => Err(malformed("The message needs an `id`: a string that is not empty")),
    }
}

fn object_or_none(payload: Option<Value>) -> Result<Option<Value>, Close> {
    match payload {
        None | Some(Value::Null) => Ok(None),
        Some(payload @ Value::Object(_)) => Ok(Some(payload)),
        Some(_) => Err(malformed("The `payload` is not an object")),
    }
}

fn operation(payload: Option<Value>) -> Result<GraphqlRequest, Close> {
    let no_request = || malformed("The `payload` is no GraphQL request");
    let payload = payload.ok_or_else(no_request)?;
    // A struct would also be read from an array, field by field.
    if !payload.is_object() {
        return Err(no_request());
    }
    let operation: Operation = serde_json::from_value(payload).map_err(|_| no_request())?;
    let variables = operation.variables.map(Value::Object).map(Variables::from_json).unwrap_or_default();
    let digest = digest(operation.document_id.as_deref(), operation.extensions.as_ref());
    let digest = digest.map_err(|_| no_request())?;
    GraphqlRequest::new(operation.query, digest, operation.operation_name, variables)
        .map_err(|_| no_request())
}

/// What the service says. Payloads are JSON already: they are written once.
pub(super) enum Outgoing<'a> {
    /// You are in.
    ConnectionAck,
    /// I am here, with what came with the ping.
    Pong(Option<&'a Value>),
    /// An answer: of which operation, and the GraphQL response.
    Next(&'a str, &'a str),
    /// The operation was not run, or broke off: which, and the GraphQL errors.
    Error(&'a str, &'a str),
    /// There is no more of this operation.
    Complete(&'a str),
}

impl Outgoing<'_> {
    /// The message as text.
    pub(super) fn text(&self) -> String {
        let id = |id: &str| Value::from(id).to_string();
        match self {
            Self::ConnectionAck => r#"{"type":"connection_ack"}"#.to_owned(),
            Self::Pong(None) => r#"{"type":"pong"}"#.to_owned(),
            Self::Pong(Some(payload)) => format!(r#"{{"type":"pong","payload":{payload}}}"#),
            Self::Next(operation, payload) => {
                format!(r#"{{"type":"next","id":{},"payload":{payload}}}"#, id(operation))
            }
            Self::Error(operation, errors) => {
                format!(r#"{{"type":"error","id":{},"payload":{errors}}}"#, id(operation))
            }
            Self::Complete(operation) => format!(r#"{{"type":"complete","id":{}}}"#, id(operation)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_written_as_the_protocol_has_them() {
        assert_eq!(Outgoing::ConnectionAck.text(), r#"{"type":"connection_ack"}"#);
        assert_eq!(Outgoing::Pong(None).text(), r#"{"type":"pong"}"#);
        assert_eq!(
            Outgoing::Next("1", r#"{"data":{"a":1}}"#).text(),
            r#"{"type":"next","id":"1","payload":{"data":{"a":1}}}"#
        );
        assert_eq!(Outgoing::Complete("é\"").text(), r#"{"type":"complete","id":"é\""}"#);
    }

    #[test]
    fn what_is_no_message_is_4400() {
        let bad = [
            "",
            "null",
            "[]",
            "\"ping\"",
            "{}",
            r#"{"type":1}"#,
            r#"{"type":"start"}"#,
            r#"{"type":"next","id":"1"}"#,
            r#"{"type":"connection_ack"}"#,
            r#"{"type":"connection_init","payload":1}"#,
            r#"{"type":"connection_init","payload":[]}"#,
            r#"{"type":"ping","payload":"x"}"#,
            r#"{"type":"subscribe"}"#,
            r#"{"type":"subscribe","id":"1"}"#,
            r#"{"type":"subscribe","id":1,"payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"","payload":{"query":"{a}"}}"#,
            r#"{"type":"subscribe","id":"1","payload":["{a}"]}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":""}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","extensions":1}}"#,
            r#"{"type":"complete"}"#,
            r#"{"type":"complete","id":""}"#,
            r#"{"type":"ping"} x"#,
        ];
        for text in bad {
            let close = Incoming::read(text).unwrap_err();
            assert_eq!(close.code(), 4400, "{text}");
        }
        let good = [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":null}"#,
            r#"{"type":"pong","payload":{}}"#,
            r#"{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":null,"operationName":null,"extensions":{}}}"#,
            r#"{"type":"complete","id":"1"}"#,
        ];
        for text in good {
            assert!(Incoming::read(text).is_ok(), "{text}");
        }
    }
}
