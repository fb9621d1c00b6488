//! What cargo knows of the workspace: members, their declared dependencies, and the features that the lock resolves to.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace;

/// A member of the workspace.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A dependency as a manifest declares it.
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// The version requirement, such as `=2.0.1`.
    pub(crate) requirement: String,
}

/// A package with the features it is built with.
pub(crate) struct Resolved {
    pub(crate) name: String,
    pub(crate) features: Vec<String>,
}

/// All of it.
pub(crate) struct Metadata {
    pub(crate) members: Vec<Member>,
    pub(crate) resolved: Vec<Resolved>,
}

/// Asks cargo, without a network.
pub(crate) fn read() -> Result<Metadata> {
    let output = workspace::cargo()
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", &host()?])
        .output()?;
    if !output.status.success() {
        bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    }
    let json: Value = serde_json::from_slice(&output.stdout)?;
    let workspace = list(&json["workspace_members"]);
    let members = list(&json["packages"]).iter().filter(|package| workspace.contains(&package["id"]));
    let resolved = list(&json["resolve"]["nodes"]).iter().map(|node| Resolved {
        name: package_name(&json, &node["id"]),
        features: list(&node["features"]).iter().map(text).collect(),
    });
    Ok(Metadata { members: members.map(member).collect(), resolved: resolved.collect() })
}

fn member(package: &Value) -> Member {
    let dependencies = list(&package["dependencies"]).iter().map(|dependency| Dependency {
        name: text(&dependency["name"]),
        requirement: text(&dependency["req"]),
    });
    Member { name: text(&package["name"]), dependencies: dependencies.collect() }
}

fn package_name(json: &Value, id: &Value) -> String {
    let package = list(&json["packages"]).iter().find(|package| package["id"] == *id);
    package.map(|package| text(&package["name"])).unwrap_or_default()
}

/// The platform that this runs on, so that packages of other platforms need not be downloaded.
fn host() -> Result<String> {
    let output = std::process::Command::new("rustc").arg("-vV").output()?;
    let printed = String::from_utf8(output.stdout)?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not name its host")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
