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

/// A crate beside the layers, which depends on the two lowest only and which the program alone depends on: whoever runs a
/// witness needs nothing of a ledger.
const WITNESS: &str = "soticket-witness";

/// Crates that use the others and are used by none.
const OUTSIDE: [&str; 3] = ["soticket-replay-tests", "soticket-benches", "xtask"];

pub(crate) fn check(metadata: &Metadata) -> Vec<String> {
    let mut broken = Vec::new();
    for member in &metadata.members {
        let layer = layer_of(&member.name);
        if layer.is_none() && !OUTSIDE.contains(&member.name.as_str()) {
            broken.push(format!("{}: has no place among the layers", member.name));
        }
        for dependency in &member.dependencies {
            let name = dependency.name.as_str();
            let below = layer_of(name);
            let for_the_program = name == WITNESS && layer.is_some() && member.name != "soticket-cli";
            let back = below.zip(layer).is_some_and(|(below, layer)| below >= layer);
            if OUTSIDE.contains(&name) || back || for_the_program {
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

/// The place of a crate, from the lowest.
fn layer_of(name: &str) -> Option<usize> {
    // A witness is where the read models are: above the ledger, and no way leads from one to the other.
    let name = if name == WITNESS { "soticket-projections" } else { name };
    LAYERS.iter().position(|layer| *layer == name)
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
        assert!(check(&one("soticket-witness", "soticket-ledger")).is_empty());
        assert!(check(&one("soticket-cli", "soticket-witness")).is_empty());
        assert!(check(&one("soticket-replay-tests", "soticket-witness")).is_empty());
        for (name, dependency) in [
            ("soticket-witness", "soticket-projections"),
            ("soticket-ledger", "soticket-witness"),
            ("soticket-graphql", "soticket-witness"),
        ] {
            assert_eq!(check(&one(name, dependency)).len(), 1, "{name} on {dependency}");
        }
    }
}
