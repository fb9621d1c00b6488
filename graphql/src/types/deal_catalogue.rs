//! What deals are made of: templates, dated rates, works.

use async_graphql::{ID, SimpleObject};
use soticket_ledger::law;
use soticket_projections::deals::WorkView;
use soticket_projections::deals::text::{self, ParameterKind};

use crate::ids;
use crate::input::Scope;
use crate::scalar::{Counter, DateTime, Decimal};

/// A deal with parameters, which the program brings.
#[derive(SimpleObject)]
pub(crate) struct DealTemplate {
    /// What deals name it by.
    key: String,
    /// What people call it.
    name: String,
    /// What it is, in a sentence.
    about: String,
    /// What has to be stated.
    parameters: Vec<DealParameter>,
    /// Who takes part.
    parties: Vec<DealPartyRole>,
    /// Its steps, as a JSON list.
    steps: String,
}

/// A parameter of a template.
#[derive(SimpleObject)]
struct DealParameter {
    /// Its name.
    name: String,
    /// What its value is: `amount`, `rate`, `price` or `count`.
    kind: &'static str,
    /// What it is, in words.
    about: String,
    /// Its value unless another is stated.
    default: Option<String>,
}

/// Someone who takes part in a deal.
#[derive(SimpleObject)]
struct DealPartyRole {
    /// What the steps call them.
    name: String,
    /// Who they are, in words.
    about: String,
    /// Whether the deal can do without a registered party.
    optional: bool,
}

impl DealTemplate {
    /// All of them.
    pub(crate) fn all() -> Vec<Self> {
        text::templates().iter().map(Self::of).collect()
    }

    fn of(template: &text::Template) -> Self {
        let parameter = |parameter: &text::Parameter| DealParameter {
            name: parameter.name.clone(),
            kind: match parameter.kind {
                ParameterKind::Amount => "amount",
                ParameterKind::Rate => "rate",
                ParameterKind::Price => "price",
                ParameterKind::Count => "count",
            },
            about: parameter.about.clone(),
            default: parameter.default.clone(),
        };
        let party = |party: &text::PartyRole| DealPartyRole {
            name: party.name.clone(),
            about: party.about.clone(),
            optional: party.optional,
        };
        Self {
            key: template.key.clone(),
            name: template.name.clone(),
            about: template.about.clone(),
            parameters: template.parameters.iter().map(parameter).collect(),
            parties: template.parties.iter().map(party).collect(),
            steps: serde_json::Value::Array(template.steps.clone()).to_string(),
        }
    }
}

/// A rate of law or of a society from a date on.
#[derive(SimpleObject)]
pub(crate) struct LawRate {
    /// Its key.
    key: String,
    /// Its name; empty for one that an organisation has set.
    name: String,
    /// Tax territory as shows name it; empty for all.
    territory: String,
    /// The rate, in percent.
    rate: Decimal,
    /// First begin of a show that it holds for.
    valid_from: DateTime,
    /// From when on it holds no more, if known.
    valid_until: Option<DateTime>,
    /// Where it was found.
    source: String,
    /// The text that it rests on; empty for one that an organisation has set.
    legal_basis: String,
    /// Whether the source is not sure of it.
    uncertain: bool,
    /// Performances of a work that it holds for, if it is limited to the first.
    performances: Option<Counter>,
    /// What else is to be known of it.
    note: String,
}

impl LawRate {
    /// The rates that the program brings.
    pub(crate) fn shipped() -> Vec<Self> {
        law::shipped().rates.iter().map(Self::of).collect()
    }

    fn of(rate: &law::LawRate) -> Self {
        Self {
            key: rate.key.clone(),
            name: rate.name.clone(),
            territory: rate.territory.clone(),
            rate: Decimal::percent(rate.rate),
            valid_from: DateTime(rate.valid_from),
            valid_until: rate.valid_until.map(DateTime),
            source: rate.source.clone(),
            legal_basis: rate.legal_basis.clone(),
            uncertain: rate.uncertain,
            performances: rate.performances.map(|count| Counter(count.into())),
            note: rate.note.clone(),
        }
    }

    /// A rate that an organisation has set.
    pub(super) fn own(own: &law::OwnRate) -> Self {
        Self {
            key: own.set.key.clone(),
            name: String::new(),
            territory: own.set.territory.clone(),
            rate: Decimal::percent(own.set.rate),
            valid_from: DateTime(own.set.valid_from),
            valid_until: own.set.valid_until.map(DateTime),
            source: own.set.source.clone(),
            legal_basis: String::new(),
            uncertain: false,
            performances: None,
            note: String::new(),
        }
    }
}

/// A work in one staging, whose paid performances are counted.
#[derive(SimpleObject)]
pub(super) struct Work {
    /// Global id.
    id: ID,
    /// Its number in the log.
    number: Counter,
    /// Its title.
    title: String,
    /// Paid performances before those of this log.
    performances_before: Counter,
    /// What proves them.
    source: String,
}

impl Work {
    pub(super) fn new(scope: Scope, work: &WorkView) -> Self {
        Self {
            id: ids::global(scope.organisation, work.work),
            number: Counter(work.work.0.into()),
            title: work.title.clone(),
            performances_before: Counter(work.performances_before.into()),
            source: work.source.clone(),
        }
    }
}
