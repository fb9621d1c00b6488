//! A document as canonical JSON: what its hash is taken of, and what programs read.
//!
//! UTF-8, keys sorted, no blanks, no line end. Amounts and rates are decimal strings, counts and numbers are integers,
//! days and instants ISO 8601. Words of a dictionary stand as their codes, so that there is one JSON for all languages.

use serde::Serialize;
use serde_json::{Map, Value, json};
use soticket_schema::{Currency, Hash};

use crate::document::{
    Block, Cell, Column, ColumnKind, Document, Explanation, Fact, NamedCheckpoint, Role, Row, Section, Sum,
    Table, Text,
};
use crate::words;

/// Name and version of this layout.
const FORMAT: &str = "soticket-document/1";

impl Document {
    /// The canonical JSON.
    pub fn json(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        write(&self.json_value(), &mut bytes);
        bytes
    }

    /// The hash of the document: BLAKE3 of its canonical JSON.
    pub fn hash(&self) -> Hash {
        Hash(*blake3::hash(&self.json()).as_bytes())
    }

    fn json_value(&self) -> Value {
        let issuer = &self.issuer;
        let sections = self.sections.iter().map(|section| self.section(section));
        let signatures =
            self.signatures.iter().map(|party| json!({ "role": party.role.code, "name": party.name }));
        let mut value = json!({
            "format": FORMAT,
            "kind": self.kind.code,
            "number": self.number,
            "version": self.version,
            "state": words::state(self.state).code,
            "organisation": {
                "id": issuer.id.to_string(),
                "name": issuer.name,
                "siret": issuer.siret,
                "vat_number": issuer.vat_number,
                "licence": issuer.licence,
                "mode": words::mode(issuer.mode).code,
            },
            "subject": facts(&self.subject),
            "sections": sections.collect::<Vec<_>>(),
            "notes": self.notes.iter().map(text).collect::<Vec<_>>(),
            "signatures": signatures.collect::<Vec<_>>(),
            "log": {
                "first": self.log.first,
                "last": self.log.last,
                "hash": self.log.hash.to_string(),
                "recorded_at": self.log.recorded_at.to_string(),
            },
            "time_zone": self.time_zone,
        });
        if let Some(NamedCheckpoint { origin, size, root }) = &self.checkpoint {
            value["log"]["checkpoint"] = json!({ "origin": origin, "size": size, "root": root });
        }
        value
    }

    fn section(&self, section: &Section) -> Value {
        let mut object = Map::new();
        object.insert("key".into(), section.title.code.into());
        let (mut tables, mut named, mut remarks) = (Map::new(), Map::new(), Vec::new());
        for block in &section.blocks {
            match block {
                Block::Table(part) => {
                    tables.insert(part.title.code.into(), table(part));
                }
                Block::Facts(part) => named.extend(entries(part)),
                Block::Notes(part) => remarks.extend(part.iter().map(text)),
            }
        }
        object.insert("tables".into(), tables.into());
        object.insert("facts".into(), named.into());
        object.insert("notes".into(), remarks.into());
        object.into()
    }
}

fn table(table: &Table) -> Value {
    let rows: Vec<Value> = table.rows.iter().map(|line| row(table, line)).collect();
    json!({ "columns": table.columns.iter().map(column).collect::<Vec<_>>(), "rows": rows })
}

fn column(column: &Column) -> Value {
    let mut object = Map::new();
    object.insert("key".into(), column.title.code.into());
    let kind = match column.kind {
        ColumnKind::Text => "text",
        ColumnKind::Count => "count",
        ColumnKind::Amount(currency) => {
            object.insert("currency".into(), currency.code().into());
            "amount"
        }
        ColumnKind::Rate => "rate",
        ColumnKind::Number => "number",
        ColumnKind::Date => "date",
        ColumnKind::Instant => "instant",
    };
    object.insert("kind".into(), kind.into());
    if let Some(computed) = &column.computed {
        object.insert("computed".into(), sum(computed));
    }
    object.into()
}

/// The name of a role in files.
pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Heading => "heading",
        Role::Line => "line",
        Role::Subtotal => "subtotal",
        Role::Total => "total",
    }
}

fn row(table: &Table, row: &Row) -> Value {
    let mut cells = Map::new();
    for (column, cell) in table.columns.iter().zip(&row.cells) {
        if *cell != Cell::Empty {
            cells.insert(column.title.code.into(), value(cell, column.kind));
        }
    }
    let mut object = Map::new();
    object.insert("role".into(), role(row.role).into());
    object.insert("cells".into(), cells.into());
    if let Some(rows) = &row.sum {
        object.insert("sum".into(), sum(rows));
    }
    if let Some(explanation) = &row.explanation {
        object.insert("explanation".into(), explained(explanation));
    }
    object.into()
}

fn sum<T: Serialize>(sum: &Sum<T>) -> Value {
    json!({ "plus": sum.plus, "minus": sum.minus })
}

fn explained(explanation: &Explanation) -> Value {
    json!({
        "rule": text(&explanation.rule),
        "inputs": facts(&explanation.inputs),
        "events": explanation.events,
    })
}

fn facts(facts: &[Fact]) -> Value {
    Value::Object(entries(facts).collect())
}

fn entries(facts: &[Fact]) -> impl Iterator<Item = (String, Value)> {
    facts.iter().map(|fact| (fact.label.code.to_owned(), value(&fact.value, ColumnKind::Text)))
}

fn text(text: &Text) -> Value {
    match text {
        Text::Plain(text) => text.as_str().into(),
        Text::Term(term) => term.code.into(),
        Text::Both { french, english } => json!({ "fr": french, "en": english }),
        Text::Filled(term, values) => {
            let values: Vec<Value> = values.iter().map(|cell| value(cell, ColumnKind::Text)).collect();
            json!({ "term": term.code, "values": values })
        }
    }
}

/// A value; the kind tells the currency of an amount.
pub(crate) fn value(cell: &Cell, kind: ColumnKind) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(content) => text(content),
        Cell::Count(count) => (*count).into(),
        Cell::Amount(amount) => match kind {
            ColumnKind::Amount(currency) => amount.display(currency).into(),
            _ => amount.display(Currency::EUR).into(),
        },
        Cell::Money(amount, currency) => {
            json!({ "amount": amount.display(*currency), "currency": currency.code() })
        }
        Cell::Rate(rate) => rate.percent().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Range(first, last) => json!([first, last]),
        Cell::Date(day) => day.to_string().into(),
        Cell::Instant(instant) => instant.to_string().into(),
    }
}

impl Cell {
    /// The value as the canonical JSON has it, as text: amounts and rates as decimals, days and instants in ISO 8601, words
    /// by their codes. The kind tells the currency of an amount; none for an empty cell.
    pub fn canonical(&self, kind: ColumnKind) -> Option<String> {
        match value(self, kind) {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => {
                let mut bytes = Vec::new();
                write(&other, &mut bytes);
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
        }
    }
}

/// Writes a value with sorted keys, whatever order the map keeps.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Array(values) => {
            out.push(b'[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                write(value, out);
            }
            out.push(b']');
        }
        Value::Object(map) => {
            let mut entries: Vec<(&String, &Value)> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            out.push(b'{');
            for (index, (key, value)) in entries.into_iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                scalar(&Value::String(key.clone()), out);
                out.push(b':');
                write(value, out);
            }
            out.push(b'}');
        }
        other => scalar(other, out),
    }
}

fn scalar(value: &Value, out: &mut Vec<u8>) {
    out.extend_from_slice(value.to_string().as_bytes());
}
