//! Whether variables are of the types that documents declare.
//!
//! What is accepted here must be accepted by the GraphQL library, too; what is not, the library decides and words.

use async_graphql::registry::{MetaType, MetaTypeName, Registry, ScalarValidatorFn};
use async_graphql::{OutputType, SubscriptionType, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::mutation::MutationRoot;
use crate::query::QueryRoot;
use crate::subscription::SubscriptionRoot;

/// The input types of the schema.
pub(crate) struct InputTypes {
    numbers: FxHashMap<String, usize>,
    types: Vec<InputType>,
}

/// A type as it stands beside an argument, an input field or a variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeRef {
    /// The type with this number, or null.
    Named(usize),
    /// A list, or null.
    List(Box<TypeRef>),
    /// Anything but null.
    NonNull(Box<TypeRef>),
}

enum InputType {
    Scalar(Option<ScalarValidatorFn>),
    Enum(FxHashSet<String>),
    Object {
        fields: FxHashMap<String, InputField>,
        demanded: usize,
    },
    /// Exactly one field, or something else that is left to the library.
    Other,
}

struct InputField {
    kind: TypeRef,
    /// Neither null nor absent.
    demanded: bool,
}

impl InputTypes {
    /// Every input type that arguments of the schema have.
    pub(crate) fn of_schema() -> Self {
        let mut registry = Registry::default();
        QueryRoot::create_type_info(&mut registry);
        MutationRoot::create_type_info(&mut registry);
        SubscriptionRoot::create_type_info(&mut registry);
        let inputs = registry.types.iter().filter(|(_, meta)| {
            matches!(meta, MetaType::Scalar { .. } | MetaType::Enum { .. } | MetaType::InputObject { .. })
        });
        let inputs: Vec<(&String, &MetaType)> = inputs.collect();
        let numbers =
            inputs.iter().enumerate().map(|(number, (name, _))| ((*name).clone(), number)).collect();
        let types = inputs.iter().map(|(_, meta)| InputType::new(meta, &numbers)).collect();
        Self { numbers, types }
    }

    /// The type of this notation, such as `[ID!]!`; none if there is no such input type.
    pub(crate) fn find(&self, notation: &str) -> Option<TypeRef> {
        TypeRef::parse(notation, &self.numbers)
    }

    /// Whether the value is sure to be of this type.
    pub(crate) fn accept(&self, kind: &TypeRef, value: &Value) -> bool {
        match (kind, value) {
            (TypeRef::NonNull(_), Value::Null) => false,
            (TypeRef::NonNull(inner), _) => self.accept(inner, value),
            (_, Value::Null) => true,
            (TypeRef::List(inner), Value::List(items)) => items.iter().all(|item| self.accept(inner, item)),
            // One value stands for a list of one.
            (TypeRef::List(inner), _) => self.accept(inner, value),
            (TypeRef::Named(number), _) => {
                self.types.get(*number).is_some_and(|kind| self.accept_named(kind, value))
            }
        }
    }

    fn accept_named(&self, kind: &InputType, value: &Value) -> bool {
        match (kind, value) {
            (InputType::Scalar(is_valid), _) => is_valid.as_ref().is_none_or(|is_valid| is_valid(value)),
            (InputType::Enum(names), Value::String(name)) => names.contains(name),
            (InputType::Enum(names), Value::Enum(name)) => names.contains(name.as_str()),
            (InputType::Object { fields, demanded }, Value::Object(values)) => {
                let mut met = 0;
                let known = values.iter().all(|(name, value)| {
                    fields.get(name.as_str()).is_some_and(|field| {
                        met += usize::from(field.demanded);
                        self.accept(&field.kind, value)
                    })
                });
                known && met == *demanded
            }
            _ => false,
        }
    }
}

impl InputType {
    fn new(meta: &MetaType, numbers: &FxHashMap<String, usize>) -> Self {
        match meta {
            MetaType::Scalar { is_valid, .. } => Self::Scalar(is_valid.clone()),
            MetaType::Enum { enum_values, .. } => Self::Enum(enum_values.keys().cloned().collect()),
            MetaType::InputObject { input_fields, oneof: false, .. } => {
                let field = |(name, field): (&String, &async_graphql::registry::MetaInputValue)| {
                    let kind = TypeRef::parse(&field.ty, numbers)?;
                    let demanded = matches!(kind, TypeRef::NonNull(_)) && field.default_value.is_none();
                    Some((name.clone(), InputField { kind, demanded }))
                };
                let fields: Option<FxHashMap<_, _>> = input_fields.iter().map(field).collect();
                fields.map_or(Self::Other, |fields| {
                    let demanded = fields.values().filter(|field| field.demanded).count();
                    Self::Object { fields, demanded }
                })
            }
            _ => Self::Other,
        }
    }
}

impl TypeRef {
    fn parse(notation: &str, numbers: &FxHashMap<String, usize>) -> Option<Self> {
        Some(match MetaTypeName::create(notation) {
            MetaTypeName::NonNull(inner) => Self::NonNull(Box::new(Self::parse(inner, numbers)?)),
            MetaTypeName::List(inner) => Self::List(Box::new(Self::parse(inner, numbers)?)),
            MetaTypeName::Named(name) => Self::Named(*numbers.get(name)?),
        })
    }
}
