//! Transactions as the access control writes them.
//!
//! An element `Transaction` (or `TransactionRecord`) holds its fields as elements or attributes. Fields that are not
//! named here are passed over, so that a newer interface can still be read.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A transaction, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Transaction {
    /// Its number: unique within the access control.
    pub(super) id: String,
    /// The code.
    pub(super) utid: String,
    /// When, by the access control's clock.
    pub(super) at: String,
    /// Where.
    pub(super) checkpoint: String,
    /// Which way; in if nothing is said.
    pub(super) direction: String,
    /// 0 for a passage.
    pub(super) status: String,
    /// 1 when the reader decided without the server.
    pub(super) validated: String,
}

const ELEMENTS: [&str; 2] = ["Transaction", "TransactionRecord"];

impl Transaction {
    fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "TransactionId" | "TransactionID" | "ID" | "Id" => &mut self.id,
            "UTID" => &mut self.utid,
            "DateTime" | "Timestamp" | "Time" => &mut self.at,
            "Checkpoint" | "CheckpointId" | "CheckpointID" => &mut self.checkpoint,
            "Direction" => &mut self.direction,
            "Status" => &mut self.status,
            "Validated" => &mut self.validated,
            _ => return None,
        })
    }

    fn take_attributes(&mut self, element: &BytesStart<'_>) -> Result<(), String> {
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = quick_xml::escape::unescape(&attribute.value).map_err(|error| error.to_string())?;
            if let Some(field) = self.field(attribute.key.local_name().as_ref()) {
                *field = value.into_owned();
            }
        }
        Ok(())
    }
}

/// Reads every transaction of a document, in UTF-8 or UTF-16 as the interface sends it.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Transaction>, String> {
    let text = decoded(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut transactions = Vec::new();
    let mut open: Option<Transaction> = None;
    let mut field = String::new();
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) if is_transaction(&element) => open = Some(opened(&element)?),
            Event::Empty(element) if is_transaction(&element) => transactions.push(opened(&element)?),
            Event::Start(element) => field = element.local_name().as_ref().to_owned(),
            Event::Text(text) => {
                let value = text.xml10_content();
                add(open.as_mut(), &field, value.trim());
            }
            Event::GeneralRef(reference) => {
                let value = quick_xml::escape::unescape(&format!("&{};", &*reference))
                    .map(|value| value.into_owned());
                add(open.as_mut(), &field, &value.map_err(|error| error.to_string())?);
            }
            Event::End(element) => {
                field.clear();
                if ELEMENTS.contains(&element.local_name().as_ref()) {
                    transactions.extend(open.take());
                }
            }
            // A document that breaks off has lost transactions.
            Event::Eof if open.is_some() => return Err("the file breaks off within a transaction".to_owned()),
            Event::Eof => return Ok(transactions),
            _ => {}
        }
    }
}

fn add(transaction: Option<&mut Transaction>, field: &str, value: &str) {
    if let Some(field) = transaction.and_then(|transaction| transaction.field(field)) {
        field.push_str(value);
    }
}

fn is_transaction(element: &BytesStart<'_>) -> bool {
    ELEMENTS.contains(&element.local_name().as_ref())
}

fn opened(element: &BytesStart<'_>) -> Result<Transaction, String> {
    let mut transaction = Transaction::default();
    transaction.take_attributes(element)?;
    Ok(transaction)
}

fn decoded(bytes: &[u8]) -> Result<String, String> {
    let (little, bytes) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        [0xef, 0xbb, 0xbf, rest @ ..] | rest => {
            return String::from_utf8(rest.to_vec())
                .map_err(|_| "neither UTF-8 nor marked UTF-16".to_owned());
        }
    };
    let unit = |pair: &[u8]| match pair {
        [first, second] if little => u16::from_le_bytes([*first, *second]),
        [first, second] => u16::from_be_bytes([*first, *second]),
        _ => 0,
    };
    let units: Vec<u16> = bytes.chunks(2).map(unit).collect();
    String::from_utf16(&units).map_err(|_| "damaged UTF-16".to_owned())
}
