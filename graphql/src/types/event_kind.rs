//! Kinds of events, from the catalogue of the schema.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned,
    ServerResult, Value,
};
use soticket_schema::Event;
use soticket_schema::event::CATALOGUE;

use crate::listed_enum;

/// A kind of event by its name in the catalogue, so that the enumeration cannot drift from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventKind(pub(super) &'static str);

impl EventKind {
    /// The kind of an event.
    pub(crate) fn of(event: &Event) -> Self {
        Self(event.name())
    }

    /// Whether an event is of this kind.
    pub(crate) fn is(self, event: &Event) -> bool {
        self == Self::of(event)
    }

    /// Its name in lower case, such as `order_placed`.
    pub(crate) fn lower_case(self) -> String {
        screaming(self.0).to_ascii_lowercase()
    }

    /// Its number in the catalogue.
    pub(crate) fn number(self) -> u16 {
        CATALOGUE.iter().find(|(_, name, _)| *name == self.0).map_or(0, |(number, _, _)| *number)
    }

    /// The kind of this number.
    pub(crate) fn of_number(number: u16) -> Option<Self> {
        CATALOGUE.iter().find(|(known, _, _)| *known == number).map(|(_, name, _)| Self(name))
    }

    /// The kind of this GraphQL name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        let names = CATALOGUE.iter().map(|(_, known, _)| *known);
        names.into_iter().find(|known| screaming(known) == name).map(Self)
    }

    fn create(registry: &mut Registry) -> String {
        let values = CATALOGUE
            .iter()
            .map(|(number, name, _)| (screaming(name), Some(format!("Number {number} of the catalogue."))));
        listed_enum::register::<Self>(registry, "Kinds of events.", values)
    }
}

/// `OrderPlaced` as `ORDER_PLACED`.
fn screaming(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

impl OutputType for EventKind {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("EventKind")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::create(registry)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(screaming(self.0))))
    }
}

impl InputType for EventKind {
    type RawValueType = Self;

    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("EventKind")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        Self::create(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        let value = value.unwrap_or_default();
        let kind = match &value {
            Value::Enum(name) => Self::find(name),
            Value::String(name) => Self::find(name),
            _ => None,
        };
        kind.ok_or_else(|| InputValueError::expected_type(value))
    }

    fn to_value(&self) -> Value {
        Value::Enum(Name::new(screaming(self.0)))
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        Some(self)
    }
}
