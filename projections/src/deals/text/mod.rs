//! Deals as people write them: JSON, with amounts and rates as decimal strings, and parties, channels and rates by name.
//!
//! A template is a deal with parameters: every string `"{guarantee}"` stands for the value of that parameter. A deal file
//! names a template and gives it values and parties, or has steps of its own.

mod step;
mod template;

use serde::Deserialize;
use soticket_schema::event::v1::DealTerms;
use soticket_schema::{ChannelId, Currency, PartyId};

use self::step::StepText;
pub use self::template::{
    Category, Parameter, ParameterKind, PartyRole, Template, categories, template, templates,
};

/// Why a text is no deal: a code, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DealTextError {
    /// Not the JSON of a deal.
    #[error("DEAL_UNREADABLE: {0}")]
    Syntax(String),
    /// No template has this name.
    #[error("TEMPLATE_UNKNOWN: there is no template {0}; list the templates")]
    Template(String),
    /// A parameter of the template has no value.
    #[error("VALUE_MISSING: state a value for {0}")]
    Missing(String),
    /// The template has no such parameter or party.
    #[error("VALUE_UNKNOWN: the template has no {0}")]
    Unknown(String),
    /// A value of a step is none of what it should be.
    #[error("DEAL_UNREADABLE: step {step}: {field} {value} is no {what}")]
    Value {
        /// Name of the step.
        step: String,
        /// The field.
        field: &'static str,
        /// What it says.
        value: String,
        /// What it should be.
        what: &'static str,
    },
    /// A step has no rule, or several.
    #[error("DEAL_UNREADABLE: step {0} needs exactly one rule, such as share or sum")]
    Rules(String),
    /// A party of the deal is not known by this name.
    #[error("PARTY_UNKNOWN: register the party {0} first")]
    Party(String),
    /// A channel of the deal is not known by this name.
    #[error("CHANNEL_UNKNOWN: there is no channel {0}")]
    Channel(String),
}

/// What names stand for.
pub struct Names<'a> {
    /// The currency of amounts.
    pub currency: Currency,
    /// Finds a party by its name.
    pub party: &'a dyn Fn(&str) -> Option<PartyId>,
    /// Finds a channel by its name.
    pub channel: &'a dyn Fn(&str) -> Option<ChannelId>,
}

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Names").field("currency", &self.currency).finish_non_exhaustive()
    }
}

/// A deal file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealFile {
    /// Name of the deal, such as the contract's.
    pub name: String,
    /// The template; none where the steps are here.
    #[serde(default)]
    pub template: Option<String>,
    /// Values of the template's parameters, by their names.
    #[serde(default)]
    pub values: std::collections::BTreeMap<String, String>,
    /// Parties by what they are called in the steps.
    #[serde(default)]
    pub parties: std::collections::BTreeMap<String, String>,
    /// Steps of a deal of its own.
    #[serde(default)]
    pub steps: Option<Vec<serde_json::Value>>,
}

impl DealFile {
    /// Reads a deal file.
    ///
    /// # Errors
    /// The text is no such JSON.
    pub fn read(text: &str) -> Result<Self, DealTextError> {
        serde_json::from_str(text).map_err(|error| DealTextError::Syntax(error.to_string()))
    }

    /// The terms that it states.
    ///
    /// # Errors
    /// See [`DealTextError`]. Whether the steps make a deal is for the decision.
    pub fn terms(&self, names: &Names<'_>) -> Result<DealTerms, DealTextError> {
        let (steps, label) = match (&self.template, &self.steps) {
            (Some(name), None) => {
                let template = template(name).ok_or_else(|| DealTextError::Template(name.clone()))?;
                (template.filled(&self.values, &self.parties)?, name.clone())
            }
            (None, Some(steps)) => {
                if let Some(value) = self.values.keys().next() {
                    return Err(DealTextError::Unknown(value.clone()));
                }
                (steps.clone(), String::new())
            }
            _ => return Err(DealTextError::Syntax("state a template or steps".to_owned())),
        };
        let party = |role: &str| match self.parties.get(role) {
            Some(name) => (names.party)(name).map(Some).ok_or_else(|| DealTextError::Party(name.clone())),
            None if self.is_optional(role) => Ok(None),
            None => Err(DealTextError::Missing(role.to_owned())),
        };
        let steps = steps.into_iter().map(|step| {
            let text: StepText =
                serde_json::from_value(step).map_err(|error| DealTextError::Syntax(error.to_string()))?;
            text.read(names, &party)
        });
        let steps = steps.collect::<Result<Vec<_>, _>>()?;
        Ok(DealTerms { name: self.name.clone(), template: label, steps })
    }

    /// Whether a template goes without this party.
    fn is_optional(&self, role: &str) -> bool {
        let template = self.template.as_deref().and_then(template);
        template.is_some_and(|known| known.parties.iter().any(|party| party.name == role && party.optional))
    }
}
