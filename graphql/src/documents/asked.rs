//! What a request for a file may say.

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use jiff::civil::Date;
use serde::Deserialize;
use soticket_exports::{CsvOptions, Language, Period};
use soticket_projections::AsOf;
use soticket_schema::Timestamp;
use soticket_schema::ids::OrganisationId;

use crate::gate::Fault;

/// Parameters of a file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Asked {
    /// `fr` or `en`.
    lang: Option<String>,
    /// A position, or an RFC 3339 instant.
    as_of: Option<String>,
    /// A sealed version of a settlement.
    pub(super) version: Option<u32>,
    /// The organisation of a list or a file.
    organisation: Option<String>,
    /// The purpose that a file of customers is for, by its id.
    pub(super) purpose: Option<String>,
    /// Which customers, as JSON.
    pub(super) criteria: Option<String>,
    /// One customer, by their id.
    pub(super) customer: Option<String>,
    /// One table of a statement as CSV, by its key.
    pub(super) table: Option<String>,
    /// `semicolon`, `comma` or `tab`.
    separator: Option<String>,
    /// `comma` or `point`.
    decimal: Option<String>,
    /// Whether CSV begins with a byte order mark.
    mark: Option<bool>,
    /// First day of the shows of a return.
    from: Option<String>,
    /// Last day.
    to: Option<String>,
}

impl Asked {
    pub(super) fn read(query: Result<Query<Self>, QueryRejection>) -> Result<Self, Fault> {
        query.map(|Query(asked)| asked).map_err(|error| Fault::bad(error.body_text()))
    }

    pub(super) fn language(&self) -> Result<Language, Fault> {
        let code = self.lang.as_deref().unwrap_or("fr");
        Language::from_code(code).ok_or_else(|| Fault::bad("lang: send fr or en."))
    }

    pub(super) fn moment(&self) -> Result<Option<AsOf>, Fault> {
        let Some(text) = &self.as_of else { return Ok(None) };
        let position = text.parse().map(AsOf::Position).ok();
        let moment = position.or_else(|| Timestamp::parse(text).map(AsOf::Recorded).ok());
        moment.map(Some).ok_or_else(|| Fault::bad("asOf: send a position, or an RFC 3339 instant."))
    }

    pub(super) fn organisation(&self) -> Result<OrganisationId, Fault> {
        let id = self.organisation.as_deref().and_then(OrganisationId::parse);
        id.ok_or_else(|| Fault::bad("organisation: send the organisation's id, a UUID."))
    }

    /// The days that a return is of.
    pub(super) fn period(&self) -> Result<Period, Fault> {
        let day = |name: &str, text: &Option<String>| {
            let read = text.as_deref().and_then(|text| text.parse::<Date>().ok());
            read.ok_or_else(|| Fault::bad(format!("{name}: send a day as 2026-03-14.")))
        };
        let (from, to) = (day("from", &self.from)?, day("to", &self.to)?);
        Period::new(from, to).map_err(|error| Fault::bad(format!("to: {error}")))
    }

    /// How CSV is to be written: as the language's spreadsheets want it, unless the request says otherwise.
    pub(super) fn csv(&self, language: Language) -> Result<CsvOptions, Fault> {
        let mut options = CsvOptions::of(language);
        options.separator = match self.separator.as_deref() {
            None => options.separator,
            Some("semicolon") => b';',
            Some("comma") => b',',
            Some("tab") => b'\t',
            Some(_) => return Err(Fault::bad("separator: send semicolon, comma or tab.")),
        };
        options.decimal_comma = match self.decimal.as_deref() {
            None => options.decimal_comma,
            Some("comma") => true,
            Some("point") => false,
            Some(_) => return Err(Fault::bad("decimal: send comma or point.")),
        };
        options.mark = self.mark.unwrap_or(options.mark);
        Ok(options)
    }
}
