//! Closings (Z) and readings (X) as they are printed.

mod text;

use std::collections::BTreeMap;

use serde::Serialize;
use soticket_ledger::books::{Reading, Totals};
use soticket_projections::OrganisationViews;
use soticket_projections::closings::Closing;
use soticket_schema::event::v1::{Mode, PeriodClosed, Perpetual};
use soticket_schema::{Currency, MethodId};

/// What is printed on every report: whose it is, and names that its numbers stand for.
#[derive(Clone, Debug)]
pub(crate) struct Letterhead {
    name: String,
    siret: String,
    mode: Mode,
    pub(crate) currency: Currency,
    methods: BTreeMap<MethodId, String>,
}

impl Letterhead {
    /// As the read models have it; none before the organisation is open.
    pub(crate) fn of(views: &OrganisationViews) -> Option<Self> {
        let info = views.catalogue.organisation()?;
        Some(Self {
            name: info.parameters.name.clone(),
            siret: info.parameters.siret.clone(),
            mode: info.mode,
            currency: info.currency,
            methods: views.catalogue.methods().map(|(method, info)| (method, info.name.clone())).collect(),
        })
    }

    /// The name of a way of paying.
    pub(crate) fn method(&self, method: MethodId) -> String {
        self.methods.get(&method).cloned().unwrap_or_else(|| method.to_string())
    }
}

/// A reading of an open day, or a closing.
pub(crate) enum Report<'a> {
    /// X.
    Reading(&'a Reading),
    /// Z.
    Closing(&'a ClosingShown<'a>),
}

/// A closing with what it can be proved by.
#[derive(Serialize)]
pub(crate) struct ClosingShown<'a> {
    #[serde(flatten)]
    pub(crate) closing: &'a Closing,
    /// Name of the log, number of records up to and with the closing, and the root over them; none before the first
    /// checkpoint.
    pub(crate) checkpoint: Option<String>,
}

impl Report<'_> {
    fn totals(&self) -> Totals {
        match self {
            Self::Reading(reading) => reading.totals.clone(),
            Self::Closing(shown) => totals(&shown.closing.event),
        }
    }

    fn perpetual(&self) -> Perpetual {
        match self {
            Self::Reading(reading) => reading.perpetual,
            Self::Closing(shown) => shown.closing.event.perpetual,
        }
    }
}

/// What a closing says, as totals.
pub(crate) fn totals(event: &PeriodClosed) -> Totals {
    Totals {
        first: event.first,
        last: event.last,
        records: event.records,
        orders: event.orders,
        sales: event.sales.clone(),
        money: event.money.clone(),
        prepaid: event.prepaid,
        floats: event.floats,
    }
}

/// A reading for programs.
#[derive(Serialize)]
pub(crate) struct ReadingShown<'a> {
    pub(crate) day: String,
    pub(crate) opened_at: String,
    pub(crate) ends_at: String,
    pub(crate) totals: &'a Totals,
    pub(crate) perpetual: Perpetual,
}

impl<'a> ReadingShown<'a> {
    pub(crate) fn new(reading: &'a Reading) -> Self {
        Self {
            day: reading.day.to_string(),
            opened_at: reading.opened_at.to_string(),
            ends_at: reading.ends_at.to_string(),
            totals: &reading.totals,
            perpetual: reading.perpetual,
        }
    }
}
