//! What a valid request proves about the next one with the same document.
//!
//! Of the library's rules only one looks at the values of variables: they must be of the types of the arguments that
//! they stand for. A document that passed all rules once passes the others always. The limits are no rules: they are
//! checked for every request, since complexity depends on variables.

#[cfg(test)]
mod tests;

use std::convert::Infallible;

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Selection, SelectionSet, VariableDefinition,
};
use async_graphql::{Name, Positioned, Value, Variables};

use super::coercion::{InputTypes, TypeRef};

/// Whether an argument is a variable or holds none. Around a variable that is absent the library checks nothing, so
/// that one valid request would prove nothing.
macro_rules! whole {
    ($value:expr) => {{
        let mut variables = 0;
        let filled = $value.clone().into_const_with(|_| {
            variables += 1;
            Ok::<_, Infallible>(Value::Null)
        });
        variables == 0 || filled == Ok(Value::Null)
    }};
}

/// What is left to check for a document that was valid before.
pub(crate) struct Proof {
    operation: Option<Name>,
    variables: Vec<(Name, TypeRef)>,
}

impl Proof {
    /// What is left to check; none if that is not known, and everything must be.
    pub(crate) fn of(document: &ExecutableDocument, types: &InputTypes) -> Option<Self> {
        let mut operations = document.operations.iter();
        // Which variables count depends on the operation: those of a lone one always do.
        let ((name, operation), None) = (operations.next()?, operations.next()) else { return None };
        let mut sets = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
        if !directives(&operation.node.directives)
            || !selections(&operation.node.selection_set.node)
            || !sets.all(selections)
            || !document.fragments.values().all(|fragment| directives(&fragment.node.directives))
        {
            return None;
        }
        let definitions = operation.node.variable_definitions.iter();
        let variables = definitions.map(|definition| kind(&definition.node, types)).collect::<Option<_>>()?;
        Some(Self { operation: name.cloned(), variables })
    }

    /// Whether a request that selects the operation of this name is sure to be valid.
    pub(crate) fn holds(&self, types: &InputTypes, name: Option<&str>, variables: &Variables) -> bool {
        let selected = name.is_none_or(|name| self.operation.as_ref().is_some_and(|known| known == name));
        selected
            && self.variables.iter().all(|(name, kind)| {
                // The library passes over absent ones, whose defaults were checked with the document.
                variables.get(name).is_none_or(|value| types.accept(kind, value))
            })
    }
}

/// The declared type. The library lets a variable stand only where everything of its type may; one with a default may
/// also stand where null may not.
fn kind(definition: &VariableDefinition, types: &InputTypes) -> Option<(Name, TypeRef)> {
    let kind = types.find(&definition.var_type.node.to_string())?;
    let kind = match kind {
        TypeRef::NonNull(_) => kind,
        _ if definition.default_value.is_some() => TypeRef::NonNull(Box::new(kind)),
        _ => kind,
    };
    Some((definition.name.node.clone(), kind))
}

/// Whether variables stand for whole arguments only, and nothing is asked about the schema itself.
fn selections(set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => {
            let field = &field.node;
            // The schema that proven requests run on tells more about itself than it should.
            !matches!(field.name.node.as_str(), "__schema" | "__type")
                && field.arguments.iter().all(|(_, value)| whole!(value.node))
                && directives(&field.directives)
                && selections(&field.selection_set.node)
        }
        Selection::FragmentSpread(spread) => directives(&spread.node.directives),
        Selection::InlineFragment(fragment) => {
            directives(&fragment.node.directives) && selections(&fragment.node.selection_set.node)
        }
    })
}

fn directives(directives: &[Positioned<Directive>]) -> bool {
    let mut arguments = directives.iter().flat_map(|directive| &directive.node.arguments);
    arguments.all(|(_, value)| whole!(value.node))
}
