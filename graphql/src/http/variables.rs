//! Variables that a document demands. The GraphQL library takes an absent one for null and finds out field by field,
//! when other fields have run already.

use async_graphql::Variables;
use async_graphql::parser::types::OperationDefinition;

use crate::error::{ErrorCode, RequestError};

/// Demands every variable of an operation that is not nullable and has no default.
pub(crate) fn check(operation: &OperationDefinition, variables: &Variables) -> Result<(), RequestError> {
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let value = variables.get(&definition.name.node);
        let absent = match value {
            None => definition.default_value.is_none(),
            Some(value) => *value == async_graphql::Value::Null,
        };
        if absent && !definition.var_type.node.nullable {
            return Err(RequestError {
                code: ErrorCode::GraphqlValidationFailed,
                message: format!("Variable \"${}\" is not nullable: state it.", definition.name.node),
                locations: vec![definition.name.pos],
            });
        }
    }
    Ok(())
}
