//! Versions and features that must not drift: stored bytes, or answers, depend on them.

use super::metadata::Metadata;

/// Package, requirement, why.
const PINS: [(&str, &str, &str); 3] = [
    ("sled", "=0.34.7", "the safety measures around it are made for this version"),
    ("bincode", "=2.0.1", "payload bytes depend on it, and 3.0.0 does not build"),
    ("async-graphql", "=", "7.1 to 7.2.1 silently drop failing non-null fields"),
];

/// Package, feature, why.
const FORBIDDEN: [(&str, &str, &str); 2] = [
    ("serde_json", "arbitrary_precision", "it changes how every JSON number is read"),
    ("sled", "io_uring", "its ring library frees memory that is in use"),
];

pub(crate) fn check(metadata: &Metadata) -> Vec<String> {
    let mut broken = Vec::new();
    for member in &metadata.members {
        for dependency in &member.dependencies {
            for (name, pin, why) in PINS {
                let exact = if pin == "=" {
                    dependency.requirement.starts_with(pin)
                } else {
                    dependency.requirement == pin
                };
                if dependency.name == name && !exact {
                    let found = &dependency.requirement;
                    broken.push(format!("{}: {name} must be pinned {pin}, not {found}: {why}", member.name));
                }
            }
        }
    }
    for package in &metadata.resolved {
        for (name, feature, why) in FORBIDDEN {
            if package.name == name && package.features.iter().any(|on| on == feature) {
                broken.push(format!("{name}: the feature {feature} is on: {why}"));
            }
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use super::super::metadata::{Dependency, Member, Resolved};
    use super::*;

    fn declared(name: &str, requirement: &str) -> Metadata {
        let dependency = Dependency { name: name.into(), requirement: requirement.into() };
        let member = Member { name: "soticket-ledger".into(), dependencies: vec![dependency] };
        Metadata { members: vec![member], resolved: Vec::new() }
    }

    #[test]
    fn a_loose_pin_is_told() {
        assert!(check(&declared("sled", "=0.34.7")).is_empty());
        assert!(check(&declared("async-graphql", "=8.0.0-rc.5")).is_empty());
        assert_eq!(check(&declared("sled", "^0.34.7")).len(), 1);
        assert_eq!(check(&declared("bincode", "=2.0.0")).len(), 1);
        assert_eq!(check(&declared("async-graphql", "^8")).len(), 1);
    }

    #[test]
    fn a_forbidden_feature_is_told() {
        let features = |name: &str| Metadata {
            members: Vec::new(),
            resolved: vec![Resolved { name: "serde_json".into(), features: vec![name.into()] }],
        };
        assert!(check(&features("std")).is_empty());
        assert_eq!(check(&features("arbitrary_precision")).len(), 1);
    }
}
