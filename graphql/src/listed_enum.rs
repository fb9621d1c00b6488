//! GraphQL enumerations whose values come from a list elsewhere instead of from a Rust enum.

use async_graphql::OutputType;
use async_graphql::indexmap::IndexMap;
use async_graphql::registry::{EnumBuilder, MetaEnumValue, MetaTypeId, Registry};

/// Registers `T` as an enumeration of `values`: name and description each. Returns the qualified type name.
pub(crate) fn register<T: OutputType>(
    registry: &mut Registry,
    description: &str,
    values: impl Iterator<Item = (String, Option<String>)>,
) -> String {
    let values: IndexMap<String, MetaEnumValue> = values
        .map(|(name, description)| {
            let mut value = MetaEnumValue::new(name.clone());
            value.description = description;
            (name, value)
        })
        .collect();
    registry.create_output_type::<T, _>(MetaTypeId::Enum, |_| {
        EnumBuilder::new(T::type_name(), values.clone())
            .description(Some(description.to_owned()))
            .rust_typename(std::any::type_name::<T>())
            .build()
    })
}
