//! What a document takes to be answered: found once per document, compared with the role at every request.

use async_graphql::Name;
use async_graphql::parser::types::{
    ExecutableDocument, Field, OperationDefinition, OperationType, Selection, SelectionSet,
};
use rustc_hash::FxHashSet;

use super::permissions::{FieldInfo, Guarding, Permissions};
use super::role::{Role, Roles};

/// What the operations of a document take.
#[derive(Debug, Clone)]
pub(crate) struct Needs(Vec<(Option<Name>, Need)>);

/// What one operation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Need {
    /// Who may send it.
    pub(crate) roles: Roles,
    /// Whom nothing of it is withheld from.
    pub(crate) whole: Roles,
}

/// The type that an operation begins at.
pub(super) fn root(kind: OperationType) -> &'static str {
    match kind {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    }
}

/// Visits every field of an operation that the schema knows, each fragment once. What it does not know is left to the
/// validation, which refuses the document. Goes without recursion: fragments may name each other a thousand deep.
pub(super) fn visit<'a>(
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    permissions: &'a Permissions,
    mut visit: impl FnMut(&'a str, &'a Field, &'a FieldInfo),
) {
    let mut seen = FxHashSet::default();
    let mut left: Vec<(&'a str, &'a SelectionSet)> =
        vec![(root(operation.ty), &operation.selection_set.node)];
    while let Some((kind, set)) = left.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let field = &field.node;
                    let Some(info) = permissions.field(kind, &field.name.node) else { continue };
                    visit(kind, field, info);
                    left.push((&info.of, &field.selection_set.node));
                }
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    let on = fragment.type_condition.as_ref().map(|on| on.node.on.node.as_str());
                    left.push((on.unwrap_or(kind), &fragment.selection_set.node));
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = document.fragments.get(name)
                        && seen.insert(name)
                    {
                        let on = fragment.node.type_condition.node.on.node.as_str();
                        left.push((on, &fragment.node.selection_set.node));
                    }
                }
            }
        }
    }
}

impl Needs {
    /// What each operation of a document takes.
    pub(crate) fn of(document: &ExecutableDocument, permissions: &Permissions) -> Self {
        let need = |(name, operation): (Option<&Name>, &async_graphql::Positioned<OperationDefinition>)| {
            let mut need = Need { roles: Roles::ALL, whole: Roles::ALL };
            visit(document, &operation.node, permissions, |_, _, info| match info.guarding {
                Guarding::Refused => need.roles = need.roles.and(info.roles),
                Guarding::Withheld | Guarding::Personal => need.whole = need.whole.and(info.roles),
            });
            (name.cloned(), need)
        };
        Self(document.operations.iter().map(need).collect())
    }

    /// What the operation of this name takes; none if the name selects none, which the executor refuses.
    pub(crate) fn selected(&self, name: Option<&str>) -> Option<Need> {
        match (name, self.0.as_slice()) {
            (None, [(_, only)]) => Some(*only),
            (None, _) => None,
            (Some(name), needs) => {
                let named =
                    |(known, _): &&(Option<Name>, Need)| known.as_ref().is_some_and(|known| known == name);
                needs.iter().find(named).map(|(_, need)| *need)
            }
        }
    }
}

/// The first field of an operation that a role may not ask for, as `Type.field`.
pub(crate) fn refused_field(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    permissions: &Permissions,
    role: Role,
) -> Option<String> {
    let mut refused: Option<String> = None;
    visit(document, operation, permissions, |kind, field, info| {
        if info.guarding == Guarding::Refused && !info.roles.has(role) {
            let name = format!("{kind}.{}", field.name.node);
            refused = Some(refused.take().map_or(name.clone(), |known| known.min(name)));
        }
    });
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn need(text: &str) -> Need {
        let document = parse_query(text).unwrap();
        Needs::of(&document, &Permissions::of_schema()).selected(None).unwrap()
    }

    #[test]
    fn fragments_and_aliases_hide_nothing() {
        for text in [
            "{ organisation(id: 1) { harmless: customers { nodes { id } } } }",
            "query Q { node(id: 1) { ...A } } fragment A on Node { ...B } fragment B on Organisation { ...A customers { nodes { id } } }",
            "{ node(id: 1) { ... { ... on Organisation @include(if: false) { customers { nodes { id } } } } } }",
        ] {
            let need = need(text);
            assert!(!need.roles.has(Role::Dashboard) && need.roles.has(Role::Owner), "{text}");
        }
        let personal = need("{ node(id: 1) { ... on Order { customer { person { email } } } } }");
        assert!(!personal.whole.has(Role::Auditor) && personal.whole.has(Role::Owner));
        assert!(personal.roles.has(Role::Auditor), "the order itself is for auditors");
    }

    #[test]
    fn a_thousand_fragments_are_visited_once_each() {
        let chain: String = (0..10_000)
            .map(|number| format!("fragment F{number} on Query {{ ...F{} ...F{} }} ", number + 1, number / 2))
            .collect();
        let need =
            need(&format!("{{ ...F0 }} {chain} fragment F10000 on Query {{ organisations {{ siret }} }}"));
        assert!(need.roles.has(Role::Owner));
    }
}
