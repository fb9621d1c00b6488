//! What a request costs its principal: one point, and one more for every hundred fields that it may be answered with.

use async_graphql::Variables;
use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Value};

use super::needs::root;
use super::permissions::Permissions;
use crate::limits::{COMPLEXITY_MAX, PAGE_DEFAULT, PAGE_MAX};

/// Fields that one point pays for.
const FIELDS_PER_POINT: u64 = 100;
/// Selections that are looked at. What has more is refused as too complex, whatever it costs.
const SELECTIONS_MAX: usize = 2 * COMPLEXITY_MAX;

/// Points of the operation that a request selects.
pub(crate) fn cost(
    document: &ExecutableDocument,
    name: Option<&str>,
    variables: &Variables,
    permissions: &Permissions,
) -> u32 {
    let mut operations = document.operations.iter();
    let selected = match name {
        Some(name) => operations.find(|(known, _)| known.is_some_and(|known| known == name)),
        None => operations.next(),
    };
    let fields =
        selected.map_or(0, |(_, operation)| fields(document, &operation.node, variables, permissions));
    u32::try_from(1 + fields / FIELDS_PER_POINT).unwrap_or(u32::MAX)
}

fn fields(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    permissions: &Permissions,
) -> u64 {
    let mut left: Vec<(&str, &SelectionSet, u64)> =
        vec![(root(operation.ty), &operation.selection_set.node, 1)];
    let (mut fields, mut looked) = (0_u64, 0);
    while let Some((kind, set, times)) = left.pop() {
        for selection in &set.items {
            looked += 1;
            if looked > SELECTIONS_MAX {
                return fields;
            }
            match &selection.node {
                Selection::Field(field) => {
                    fields = fields.saturating_add(times);
                    if let Some(info) = permissions.field(kind, &field.node.name.node) {
                        let times = if info.paged {
                            times.saturating_mul(page(&field.node, variables))
                        } else {
                            times
                        };
                        left.push((&info.of, &field.node.selection_set.node, times));
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    left.push((on.unwrap_or(kind), &fragment.node.selection_set.node, times));
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        left.push((on, &fragment.node.selection_set.node, times));
                    }
                }
            }
        }
    }
    fields
}

/// How many nodes a page may have.
fn page(field: &Field, variables: &Variables) -> u64 {
    let number = |argument: &str| {
        let value = &field.get_argument(argument)?.node;
        let value = value.clone().into_const_with(|name: Name| {
            Ok::<_, std::convert::Infallible>(variables.get(&name).cloned().unwrap_or(Value::Null))
        });
        match value {
            Ok(Value::Number(number)) => number.as_u64(),
            Ok(Value::List(items)) => Some(items.len() as u64),
            _ => None,
        }
    };
    let asked = number("first").or_else(|| number("last")).or_else(|| number("ids"));
    asked.unwrap_or(PAGE_DEFAULT as u64).clamp(1, PAGE_MAX as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    #[test]
    fn pages_cost_what_they_may_hold() {
        let permissions = Permissions::of_schema();
        let points = |text: &str, variables: serde_json::Value| {
            let variables = Variables::from_json(variables);
            cost(&parse_query(text).unwrap(), None, &variables, &permissions)
        };
        assert_eq!(points("{ organisation(id: 1) { id name } }", serde_json::json!({})), 1);
        let page = "query ($n: Int) { organisation(id: 1) { orders(first: $n) { nodes { id number } } } }";
        assert_eq!(points(page, serde_json::json!({ "n": 100 })), 4);
        assert_eq!(points(page, serde_json::json!({ "n": 1 })), 1);
        assert_eq!(
            points(page, serde_json::json!({ "n": 1_000_000_000 })),
            4,
            "a page has at most a hundred"
        );
        let bomb = "{ ...A } fragment A on Query { ...B ...B } fragment B on Query { ...C ...C } fragment C on Query { organisations { ...D } } fragment D on Organisation { id }";
        assert_eq!(points(bomb, serde_json::json!({})), 1);
    }
}
