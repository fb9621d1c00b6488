//! The templates that the program brings.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::DealTextError;

macro_rules! files {
    ($($name:literal)+) => {
        [$(include_str!(concat!("../../../../data/deals/", $name, ".json"))),+]
    };
}

/// The files, in the order in which they are listed.
const FILES: [&str; 11] = files! {
    "cession" "cession-share" "corealisation" "corealisation-producer-guarantee"
    "corealisation-organiser-guarantee" "coproduction" "location" "guarantee-plus" "versus" "door"
    "promoter-profit"
};

// A file that cannot be read would be a fault of the program, which a test finds before it is shipped.
static TEMPLATES: LazyLock<Vec<Template>> =
    LazyLock::new(|| FILES.into_iter().filter_map(|text| serde_json::from_str(text).ok()).collect());

static CATEGORIES: LazyLock<Vec<Category>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../../data/deals/categories.json")).unwrap_or_default()
});

/// A deal with parameters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// What deals name it by.
    #[serde(rename = "template")]
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it is, in a sentence.
    pub about: String,
    /// What has to be stated.
    pub parameters: Vec<Parameter>,
    /// Who takes part.
    pub parties: Vec<PartyRole>,
    /// The steps, with `"{parameter}"` where values go.
    pub steps: Vec<Value>,
}

/// A parameter of a template.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What its value is.
    pub kind: ParameterKind,
    /// What it is, in words.
    pub about: String,
    /// Its value unless another is stated.
    #[serde(default)]
    pub default: Option<String>,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParameterKind {
    /// An amount without VAT.
    Amount,
    /// A percentage, or the key of a dated rate.
    Rate,
    /// A unit price, which may be finer than the minor unit.
    Price,
    /// A number.
    Count,
}

/// Someone who takes part in a deal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyRole {
    /// What the steps call them.
    pub name: String,
    /// Who they are, in words.
    pub about: String,
    /// Whether the deal can do without a registered party.
    pub optional: bool,
}

/// A category of costs, as it may be printed. Others can be used: they are printed as they are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its key in costs and deals.
    pub key: String,
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// The templates, in the order in which they are listed.
pub fn templates() -> &'static [Template] {
    &TEMPLATES
}

/// The template of this name.
pub fn template(key: &str) -> Option<&'static Template> {
    templates().iter().find(|template| template.key == key)
}

/// Categories of costs that have names in both languages.
pub fn categories() -> &'static [Category] {
    &CATEGORIES
}

impl Template {
    /// The steps with values in the place of parameters.
    pub(super) fn filled(
        &self,
        values: &BTreeMap<String, String>,
        parties: &BTreeMap<String, String>,
    ) -> Result<Vec<Value>, DealTextError> {
        let parameter = |name: &String| self.parameters.iter().any(|parameter| &parameter.name == name);
        let party = |name: &String| self.parties.iter().any(|party| &party.name == name);
        let strange = values.keys().find(|name| !parameter(name));
        if let Some(name) = strange.or_else(|| parties.keys().find(|name| !party(name))) {
            return Err(DealTextError::Unknown(name.clone()));
        }
        let mut filled = BTreeMap::new();
        for parameter in &self.parameters {
            let value = values.get(&parameter.name).or(parameter.default.as_ref());
            let value = value.ok_or_else(|| DealTextError::Missing(parameter.name.clone()))?;
            filled.insert(format!("{{{}}}", parameter.name), value.clone());
        }
        let mut steps = self.steps.clone();
        steps.iter_mut().for_each(|step| fill(step, &filled));
        Ok(steps)
    }
}

fn fill(value: &mut Value, values: &BTreeMap<String, String>) {
    match value {
        Value::String(text) => {
            if let Some(value) = values.get(text.as_str()) {
                text.clone_from(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, values)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_read_whole() {
        for text in FILES {
            let read = serde_json::from_str::<Template>(text);
            assert!(read.is_ok(), "{read:?}");
        }
        assert_eq!(templates().len(), FILES.len());
        assert!(categories().len() > 4);
    }
}
