//! The table of permissions: who may ask for which field. What stands in no line is for nobody.

use std::sync::LazyLock;

use async_graphql::registry::{MetaType, MetaTypeName, Registry};
use async_graphql::{OutputType as _, SubscriptionType as _};
use rustc_hash::FxHashMap;

use super::role::Roles;
use crate::mutation::MutationRoot;
use crate::query::QueryRoot;
use crate::subscription::SubscriptionRoot;

/// The table, as it is read and changed by people.
const TABLE: &str = include_str!("permissions.txt");

/// What becomes of a request that asks for a field in a role that may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarding {
    /// The request is refused as a whole.
    Refused,
    /// The field is null, with an error; the rest is answered.
    Withheld,
    /// As withheld; and whoever may read it is noted in the audit journal, since it tells something of a person.
    Personal,
}

/// A field of the schema with what is needed to check requests.
#[derive(Debug, Clone)]
pub(crate) struct FieldInfo {
    /// Name of the type that it gives, without lists and non-null marks.
    pub(crate) of: String,
    /// Whether it may be null.
    nullable: bool,
    /// Whether it gives as many nodes as its arguments say.
    pub(crate) paged: bool,
    /// Who may ask for it.
    pub(crate) roles: Roles,
    /// What becomes of the requests of others.
    pub(crate) guarding: Guarding,
}

/// Every field of the schema, by type and name.
#[derive(Debug)]
pub(crate) struct Permissions(FxHashMap<String, FxHashMap<String, FieldInfo>>);

/// A line of the table as documents and tests show it.
#[derive(Debug, Clone)]
pub struct FieldPermission {
    /// The type.
    pub kind: String,
    /// The field.
    pub field: String,
    /// Who may ask for it.
    pub roles: Roles,
    /// What becomes of the requests of others.
    pub guarding: Guarding,
    /// Whether it may be null.
    pub nullable: bool,
}

/// The permissions of every field of the schema, by type and name.
pub fn permissions() -> Vec<FieldPermission> {
    let mut all = Vec::new();
    for (kind, fields) in Permissions::of_schema().0 {
        for (field, info) in fields {
            let FieldInfo { roles, guarding, nullable, .. } = info;
            all.push(FieldPermission { kind: kind.clone(), field, roles, guarding, nullable });
        }
    }
    all.sort_by(|left, right| (&left.kind, &left.field).cmp(&(&right.kind, &right.field)));
    all
}

impl Permissions {
    /// The table, held against the schema: a field that it does not name is for nobody.
    pub(crate) fn of_schema() -> Self {
        let mut registry = Registry::default();
        QueryRoot::create_type_info(&mut registry);
        MutationRoot::create_type_info(&mut registry);
        SubscriptionRoot::create_type_info(&mut registry);
        let lines = &*LINES;
        let fields = |kind: &str, meta: &MetaType| {
            let (MetaType::Object { fields, .. } | MetaType::Interface { fields, .. }) = meta else {
                return None;
            };
            let known = fields.iter().map(|(name, field)| {
                let line = lines.get(&(kind, name.as_str())).copied();
                let (roles, guarding) = line.unwrap_or((Roles::NONE, Guarding::Refused));
                let pages = |argument: &String| ["first", "ids"].contains(&argument.as_str());
                let info = FieldInfo {
                    of: MetaTypeName::concrete_typename(&field.ty).to_owned(),
                    nullable: !field.ty.ends_with('!'),
                    paged: field.args.keys().any(pages),
                    roles,
                    guarding,
                };
                (name.clone(), info)
            });
            Some(known.collect())
        };
        // From the roots on: what objects are put together from is registered as well, and no type of the schema.
        let mut types: FxHashMap<String, FxHashMap<String, FieldInfo>> = FxHashMap::default();
        let mut left = ["Query", "Mutation", "Subscription"].map(str::to_owned).to_vec();
        while let Some(kind) = left.pop() {
            let Some(meta) = registry.types.get(&kind).filter(|_| !types.contains_key(&kind)) else {
                continue;
            };
            if let MetaType::Interface { possible_types, .. } | MetaType::Union { possible_types, .. } = meta
            {
                left.extend(possible_types.iter().cloned());
            }
            let known: FxHashMap<String, FieldInfo> = fields(&kind, meta).unwrap_or_default();
            left.extend(known.values().map(|field| field.of.clone()));
            types.insert(kind, known);
        }
        Self(types)
    }

    /// A field; none that the schema does not have. What tells of the schema itself is no field of it.
    pub(crate) fn field(&self, kind: &str, field: &str) -> Option<&FieldInfo> {
        self.0.get(kind)?.get(field)
    }
}

type Line = (Roles, Guarding);

/// The lines of the table, by type and field.
static LINES: LazyLock<FxHashMap<(&'static str, &'static str), Line>> = LazyLock::new(|| {
    let (mut sets, mut lines, mut kind) = (FxHashMap::default(), FxHashMap::default(), "");
    for line in TABLE.lines().map(|line| line.split('#').next().unwrap_or_default()) {
        if let Some(set) = line.strip_prefix("set ") {
            if let Some((name, members)) = set.split_once('=') {
                sets.insert(name.trim(), roles(members, &sets));
            }
        } else if let Some((named, fields)) = line.split_once(':') {
            let named = roles(named, &sets);
            for field in fields.split_whitespace() {
                let (field, guarding) = match (field.strip_prefix('~'), field.strip_prefix('^')) {
                    (Some(field), _) => (field, Guarding::Personal),
                    (_, Some(field)) => (field, Guarding::Withheld),
                    _ => (field, Guarding::Refused),
                };
                lines.insert((kind, field), (named, guarding));
            }
        } else if !line.trim().is_empty() {
            kind = line.trim();
        }
    }
    lines
});

/// The roles that are named, one by one or as sets. A name that means nothing lets nobody in, and fails a test.
fn roles(names: &str, sets: &FxHashMap<&str, Roles>) -> Roles {
    let role = |name: &str| sets.get(name).copied().or_else(|| Roles::named(name)).unwrap_or(Roles::NONE);
    names.split_whitespace().fold(Roles::NONE, |all, name| all | role(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;
    use std::collections::BTreeSet;

    #[test]
    fn every_field_of_the_schema_has_a_line_and_every_line_a_field() {
        let schema = Permissions::of_schema();
        let missing: Vec<String> = permissions()
            .into_iter()
            .filter(|line| line.roles == Roles::NONE)
            .map(|line| format!("{}.{}", line.kind, line.field))
            .collect();
        assert!(missing.is_empty(), "say in permissions.txt who may ask for {missing:?}");
        let stale: Vec<_> =
            LINES.keys().filter(|(kind, field)| schema.field(kind, field).is_none()).collect();
        assert!(stale.is_empty(), "permissions.txt names what the schema does not have: {stale:?}");
    }

    #[test]
    fn every_name_means_something_and_no_field_stands_twice() {
        let (mut sets, mut seen, mut kind) = (BTreeSet::new(), BTreeSet::new(), "");
        for line in TABLE.lines().map(|line| line.split('#').next().unwrap_or_default()) {
            let known =
                |name: &str, sets: &BTreeSet<&str>| sets.contains(name) || Roles::named(name).is_some();
            let (names, fields) = if let Some((name, members)) =
                line.strip_prefix("set ").and_then(|set| set.split_once('='))
            {
                assert!(sets.insert(name.trim()), "{line}");
                (members, "")
            } else if let Some(split) = line.split_once(':') {
                split
            } else {
                kind = if line.trim().is_empty() { kind } else { line.trim() };
                continue;
            };
            assert!(names.split_whitespace().all(|name| known(name, &sets)), "{kind}: {line}");
            for field in fields.split_whitespace().map(|field| field.trim_start_matches(['~', '^'])) {
                assert!(seen.insert((kind, field)), "{kind}.{field} stands twice");
            }
        }
    }

    #[test]
    fn what_is_withheld_can_be_null_and_readers_write_nothing() {
        for line in permissions() {
            let name = format!("{}.{}", line.kind, line.field);
            assert!(line.guarding == Guarding::Refused || line.nullable, "{name} cannot be null");
            if line.guarding == Guarding::Personal {
                assert!(!line.roles.has(Role::Auditor) && !line.roles.has(Role::Dashboard), "{name}");
            }
            if line.kind == "Mutation" {
                assert!(!line.roles.has(Role::Auditor) && !line.roles.has(Role::Dashboard), "{name}");
            }
        }
    }
}
