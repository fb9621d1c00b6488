//! What the template is given: texts and figures as they are printed.

use serde_json::{Value, json};
use soticket_schema::event::v1::Mode;

use super::qr;
use crate::document::{Block, Column, ColumnKind, Document, Fact, Row, Section, Table, Text};
use crate::language::{Language, Term};
use crate::number::Style;
use crate::{json as canonical, words};

/// The program, as it signs what it makes.
pub(crate) const SOFTWARE: &str = concat!("SoTicket Ledger ", env!("CARGO_PKG_VERSION"));

/// Columns beyond which a page is turned.
const UPRIGHT_COLUMNS_MAX: usize = 9;

/// The data of a document in a language.
pub(super) fn data(document: &Document, language: Language) -> Value {
    let layout = Layout { document, style: Style::new(language, &document.time_zone) };
    let issuer = &document.issuer;
    let numbers: Vec<String> =
        issuer.numbers().map(|(term, number)| format!("{} {number}", layout.word(term))).collect();
    let parties = document
        .signatures
        .iter()
        .map(|party| json!({ "role": layout.word(party.role), "name": party.name }));
    json!({
        "lang": language.code(),
        "title": layout.word(document.kind),
        "number": document.number,
        "number-line": layout.number_line(),
        "state": layout.word(words::state(document.state)),
        "final": document.state.is_final(),
        "mark": (issuer.mode != Mode::Live).then(|| layout.word(words::mode(issuer.mode))),
        "landscape": document.tables().any(|table| table.columns.len() > UPRIGHT_COLUMNS_MAX),
        "date": layout.date(),
        "issuer": { "name": issuer.name, "lines": numbers },
        "subject": layout.facts(&document.subject),
        "sections": document.sections.iter().map(|section| layout.section(section)).collect::<Vec<_>>(),
        "notes": {
            "title": layout.word(words::NOTES),
            "items": document.notes.iter().map(|note| layout.style.text(note)).collect::<Vec<_>>(),
        },
        "signatures": {
            "title": layout.word(words::SIGNATURES),
            "hint": layout.word(words::SIGN_HERE),
            "parties": parties.collect::<Vec<_>>(),
        },
        "footer": layout.footer(),
        "proof": layout.proof(),
    })
}

struct Layout<'a> {
    document: &'a Document,
    style: Style,
}

impl Layout<'_> {
    fn word(&self, term: Term) -> &'static str {
        term.in_language(self.style.language)
    }

    fn number_line(&self) -> String {
        let number = format!("{}\u{A0}{}", self.word(words::NUMBER), self.document.number);
        match self.document.version {
            Some(version) => format!("{number} \u{00B7} {} {version}", self.word(words::VERSION)),
            None => number,
        }
    }

    /// Year to second of the document's date, local.
    fn date(&self) -> Value {
        let local = self.style.local(self.document.log.recorded_at).unwrap_or_default();
        json!([local.year(), local.month(), local.day(), local.hour(), local.minute(), local.second()])
    }

    fn facts(&self, facts: &[Fact]) -> Value {
        facts.iter().map(|fact| json!([self.word(fact.label), self.style.value(&fact.value)])).collect()
    }

    fn section(&self, section: &Section) -> Value {
        let blocks = section.blocks.iter().map(|block| match block {
            Block::Table(table) => self.table(table),
            Block::Facts(facts) => json!({ "kind": "facts", "facts": self.facts(facts) }),
            Block::Notes(notes) => {
                let notes: Vec<String> = notes.iter().map(|note| self.style.text(note)).collect();
                json!({ "kind": "notes", "notes": notes })
            }
        });
        json!({ "title": self.word(section.title), "blocks": blocks.collect::<Vec<_>>() })
    }

    fn table(&self, table: &Table) -> Value {
        let currency = table.columns.iter().find_map(|column| match column.kind {
            ColumnKind::Amount(currency) => Some(currency),
            _ => None,
        });
        let note = currency
            .map(|currency| self.style.text(&Text::Filled(words::AMOUNTS_IN, vec![currency.code().into()])));
        // The first column also holds the labels of totals: it stands to the left whatever it holds.
        let column = |(index, column): (usize, &Column)| {
            let text = column.kind == ColumnKind::Text;
            json!({ "title": self.word(column.title), "right": !text && index > 0, "wide": text })
        };
        json!({
            "kind": "table",
            "title": self.word(table.title),
            "note": note,
            "columns": table.columns.iter().enumerate().map(column).collect::<Vec<_>>(),
            "rows": table.rows.iter().map(|row| self.row(table, row)).collect::<Vec<_>>(),
        })
    }

    fn row(&self, table: &Table, row: &Row) -> Value {
        let cells = row.cells.iter().zip(&table.columns);
        let cells: Vec<String> = cells.map(|(cell, column)| self.style.cell(cell, column.kind)).collect();
        let explanation = row.explanation.as_ref().map(|explanation| self.style.explanation(explanation));
        json!({ "role": canonical::role(row.role), "cells": cells, "explanation": explanation })
    }

    fn footer(&self) -> Value {
        let log = &self.document.log;
        let version =
            self.document.version.map(|version| format!(" \u{00B7} {} {version}", self.word(words::VERSION)));
        json!({
            "identity": format!(
                "{} {}{} \u{00B7} {}",
                self.word(self.document.kind),
                self.document.number,
                version.unwrap_or_default(),
                self.word(words::state(self.document.state)),
            ),
            "page": self.word(words::PAGE),
            "head": format!(
                "{} {} \u{00B7} {} {}",
                self.word(words::POSITION),
                log.last,
                self.word(words::HEAD_HASH),
                log.hash
            ),
            "software": SOFTWARE,
        })
    }

    fn proof(&self) -> Value {
        let log = &self.document.log;
        let hash = self.document.hash();
        let fact = |term, value: String| json!([self.word(term), value]);
        let mut facts = vec![
            fact(words::DOCUMENT_HASH, hash.to_string()),
            fact(words::HEAD_HASH, log.hash.to_string()),
            fact(words::LOG_RANGE, self.style.text(&log.positions())),
            fact(words::RECORDED_AT, self.style.instant(log.recorded_at)),
        ];
        let checkpoint = self.document.checkpoint.as_ref();
        facts.extend(checkpoint.map(|checkpoint| fact(words::CHECKPOINT, checkpoint.text())));
        json!({
            "title": self.word(words::VERIFY),
            "attachment": self.word(words::ATTACHMENT),
            "facts": facts,
            "qr": qr::svg(&self.document.proof()),
        })
    }
}

impl Document {
    /// What the QR code says: where the document can be fetched and compared, or, without an address, what to compare.
    fn proof(&self) -> String {
        let hash = self.hash();
        match &self.address {
            Some(address) => format!("{address}#blake3={hash}"),
            None => format!(
                "soticket:{}?organisation={}&number={}&position={}&blake3={hash}",
                self.kind.code, self.issuer.id, self.number, self.log.last
            ),
        }
    }
}
