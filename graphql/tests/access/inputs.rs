//! The least input that every mutation takes, made from the schema itself.

use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, Type, TypeKind, TypeSystemDefinition};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The schema's input types, enumerations and mutations.
pub(crate) struct Inputs {
    kinds: HashMap<String, TypeKind>,
    /// Inputs that take exactly one of their fields.
    choices: HashSet<String>,
}

impl Inputs {
    pub(crate) fn of_schema() -> Self {
        let document = parse_schema(soticket_graphql::sdl()).unwrap();
        let mut choices = HashSet::new();
        for definition in &document.definitions {
            if let TypeSystemDefinition::Type(kind) = definition
                && kind.node.directives.iter().any(|directive| directive.node.name.node == "oneOf")
            {
                choices.insert(kind.node.name.node.to_string());
            }
        }
        let kinds = document.definitions.into_iter().filter_map(|definition| match definition {
            TypeSystemDefinition::Type(kind) => Some((kind.node.name.node.to_string(), kind.node.kind)),
            _ => None,
        });
        Self { kinds: kinds.collect(), choices }
    }

    /// Every mutation with the type of its input.
    pub(crate) fn mutations(&self) -> Vec<(String, String)> {
        let TypeKind::Object(mutation) = &self.kinds["Mutation"] else { panic!("no mutations") };
        let input = |field: &async_graphql::parser::types::FieldDefinition| {
            let BaseType::Named(name) = &field.arguments[0].node.ty.node.base else { panic!("a list") };
            (field.name.node.to_string(), name.to_string())
        };
        mutation.fields.iter().map(|field| input(&field.node)).collect()
    }

    /// The least value of an input type.
    pub(crate) fn least(&self, kind: &str) -> Value {
        match self.kinds.get(kind) {
            Some(TypeKind::InputObject(object)) if self.choices.contains(kind) => {
                let first = &object.fields[0].node;
                json!({ first.name.node.to_string(): self.of(&first.ty.node) })
            }
            Some(TypeKind::InputObject(object)) => {
                let demanded = object.fields.iter().map(|field| &field.node);
                let demanded =
                    demanded.filter(|field| !field.ty.node.nullable && field.default_value.is_none());
                let fields: Map<String, Value> =
                    demanded.map(|field| (field.name.node.to_string(), self.of(&field.ty.node))).collect();
                Value::Object(fields)
            }
            Some(TypeKind::Enum(choices)) => json!(choices.values[0].node.value.node.to_string()),
            _ => match kind {
                "Int" => json!(1),
                "Boolean" => json!(true),
                "DateTime" => json!("2026-03-08T12:00:00Z"),
                "Date" => json!("2026-03-08"),
                "Decimal" | "Counter" | "LogPosition" => json!("1"),
                "Hash" => json!("0".repeat(64)),
                "CurrencyCode" => json!("EUR"),
                _ => json!("x"),
            },
        }
    }

    fn of(&self, kind: &Type) -> Value {
        match &kind.base {
            BaseType::Named(name) => self.least(name),
            BaseType::List(inner) => json!([self.of(inner)]),
        }
    }
}
