//! One direction of dependency: `schema <- ledger <- projections <- exports <- graphql <- cli`.

use super::metadata::Metadata;

/// The layers, lowest first. A crate depends on lower ones only.
const LAYERS: [&str; 6] = [
    "soticket-schema",
    "soticket-ledger",
    "soticket-projections",
    "soticket-exports",
    "soticket-graphql",
    "soticket-cli",
];

/// Crates that use the others and are used by none.
const OUTSIDE: [&str; 3] = ["soticket-replay-tests", "soticket-benches", "xtask"];

pub(crate) fn check(metadata: &Metadata) -> Vec<String> {
    let mut broken = Vec::new();
    for member in &metadata.members {
        let layer = LAYERS.iter().position(|name| *name == member.name);
        if layer.is_none() && !OUTSIDE.contains(&member.name.as_str()) {
            broken.push(format!("{}: has no place among the layers", member.name));
        }
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            let below = LAYERS.iter().position(|layer| *layer == name);
            if OUTSIDE.contains(&name) || below.zip(layer).is_some_and(|(below, layer)| below >= layer) {
                broken.push(format!(
                    "{} depends on {name}: the direction is {}",
                    member.name,
                    LAYERS.join(" <- ")
                ));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Member};
    use super::*;

    fn one(name: &str, dependency: &str) -> Metadata {
        let dependency = Dependency { name: dependency.into(), requirement: "*".into() };
        let member = Member { name: name.into(), dependencies: vec![dependency] };
        Metadata { members: vec![member], resolved: Vec::new() }
    }

    #[test]
    fn nothing_points_back() {
        assert!(check(&one("soticket-ledger", "soticket-schema")).is_empty());
        assert!(check(&one("soticket-replay-tests", "soticket-cli")).is_empty());
        assert!(check(&one("soticket-cli", "serde")).is_empty());
        assert_eq!(check(&one("soticket-ledger", "soticket-projections")).len(), 1);
        assert_eq!(check(&one("soticket-ledger", "soticket-replay-tests")).len(), 1);
        assert_eq!(check(&one("xtask", "soticket-benches")).len(), 1);
        assert_eq!(check(&one("soticket-misc", "serde")).len(), 1);
    }
}
