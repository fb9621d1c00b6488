//! Business rejections as clients see them.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{ContextSelectionSet, Name, OutputType, Positioned, ServerResult, SimpleObject, Value};
use soticket_schema::{Rejection, RejectionCode};

use crate::listed_enum;

/// Why a command changed nothing.
#[derive(Debug, Clone, SimpleObject)]
pub(crate) struct UserError {
    /// Stable code.
    code: UserErrorCode,
    /// The field of the input, such as ["tickets", "2", "price"]; null for the whole input.
    field: Option<Vec<String>>,
    /// What to do.
    message: &'static str,
}

impl From<Rejection> for UserError {
    fn from(rejection: Rejection) -> Self {
        let field = (!rejection.field.is_empty()).then(|| input_path(&rejection.field));
        Self { code: UserErrorCode(rejection.code), field, message: rejection.code.advice() }
    }
}

/// The input's path for a command's: names in camel case, and what the input calls otherwise.
fn input_path(command_path: &str) -> Vec<String> {
    command_path
        .split('.')
        .map(|segment| match segment {
            "key" => "idempotencyKey".to_owned(),
            other => camel_case(other),
        })
        .collect()
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// The GraphQL enumeration of all rejection codes, made from the ledger's own list so that it cannot drift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UserErrorCode(RejectionCode);

impl OutputType for UserErrorCode {
    fn type_name() -> Cow<'static, str> {
        Cow::Borrowed("UserErrorCode")
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let values = RejectionCode::ALL.iter();
        let described = values.map(|code| (code.code().to_owned(), Some(code.advice().to_owned())));
        listed_enum::register::<Self>(registry, "Why a command changed nothing: codes are stable.", described)
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Enum(Name::new(self.0.code())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_paths_become_input_paths() {
        let cases = [
            ("tickets.2.price", vec!["tickets", "2", "price"]),
            ("key", vec!["idempotencyKey"]),
            ("parameters.day_cutoff_minutes", vec!["parameters", "dayCutoffMinutes"]),
            ("occurred_at", vec!["occurredAt"]),
            ("buyer.email", vec!["buyer", "email"]),
        ];
        for (command, input) in cases {
            assert_eq!(input_path(command), input, "{command}");
        }
        let whole = UserError::from(Rejection::new(RejectionCode::HallFull, ""));
        assert_eq!(whole.field, None);
    }
}
