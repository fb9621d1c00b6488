//! Events of a log in the form of CloudEvents 1.0, which other systems read: for the feed and for webhooks alike.

use serde::Serialize;
use soticket_ledger::Entry;
use soticket_projections::{About, about};
use soticket_schema::ids::OrganisationId;
use soticket_schema::{Hash, Timestamp};

use crate::types::{EventKind, EventPayload};

/// Media type of one event.
pub(crate) const ONE: &str = "application/cloudevents+json; charset=utf-8";
/// Media type of a list of events.
pub(crate) const BATCH: &str = "application/cloudevents-batch+json; charset=utf-8";

/// What types of events begin with.
const TYPES: &str = "coop.soticket";

/// One event in the JSON format of CloudEvents. The same record gives the same bytes, always.
#[derive(Serialize)]
pub(crate) struct CloudEvent {
    specversion: &'static str,
    id: String,
    source: String,
    #[serde(rename = "type")]
    kind: String,
    time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    record: Option<Record>,
}

/// What only an event of the log has. CloudEvents' whole numbers end at 2^31: a position is text.
#[derive(Serialize)]
struct Record {
    position: String,
    hash: Hash,
    recordedat: String,
    datacontenttype: &'static str,
    data: EventPayload,
}

impl CloudEvent {
    /// The event of a record.
    pub(crate) fn of(entry: &Entry) -> Self {
        let (envelope, event) = (&entry.envelope, &entry.event);
        let position = envelope.position.to_string();
        let about = about(event).map(|about| match about {
            About::Order(order) => format!("order/{order}"),
            About::Show(show) => format!("show/{show}"),
        });
        Self {
            specversion: "1.0",
            id: format!("{}/{position}", envelope.organisation),
            source: source(envelope.organisation),
            // The payload is brought up to the present version, whatever it was recorded in.
            kind: format!("{TYPES}.{}.v{}", EventKind::of(event).lower_case(), event.version()),
            time: envelope.occurred_at.to_string(),
            subject: about,
            record: Some(Record {
                position,
                hash: entry.hash,
                recordedat: envelope.recorded_at.to_string(),
                datacontenttype: "application/json",
                data: EventPayload::of(event),
            }),
        }
    }

    /// An event that is in no log: whoever receives it knows that others would arrive.
    pub(crate) fn test(organisation: OrganisationId, name: &Hash, now: Timestamp) -> Self {
        Self {
            specversion: "1.0",
            id: format!("{organisation}/test/{name}"),
            source: source(organisation),
            kind: format!("{TYPES}.webhook_test.v1"),
            time: now.to_string(),
            subject: None,
            record: None,
        }
    }

    /// What is the same whenever the event is sent, and of no other event.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// The event as bytes.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Plain values always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The log is the organisation's: an id of that never changes, unlike the name that the log is published under.
fn source(organisation: OrganisationId) -> String {
    format!("urn:uuid:{organisation}")
}
