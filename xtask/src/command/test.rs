//! `cargo xtask test`: the one gate, the same for a developer and for CI.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;

use super::assets;
use crate::workspace::{self, cargo, has};

/// Runs every check, the quickest first, and stops at the first that fails.
pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    step("formatting", cargo().args(["fmt", "--all", "--check"]))?;
    assets::run_if_possible();
    install_strace();
    install_go();
    install_clients();
    step(
        "lints",
        cargo().args(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
    )?;
    step("unit tests", cargo().args(["test", "--workspace", "--lib", "--bins", "--quiet"]))?;
    step("integration tests", cargo().args(["test", "--workspace", "--test", "*", "--quiet"]))?;
    step("documentation tests", cargo().args(["test", "--workspace", "--doc", "--quiet"]))?;
    println!("all checks passed in {} s", started.elapsed().as_secs());
    Ok(())
}

fn step(name: &str, command: &mut Command) -> Result<()> {
    println!("== {name}");
    workspace::run(command)
}

/// The crash-image campaign records writes with strace. Where it is missing and may be installed, it is.
pub(crate) fn install_strace() {
    if !(has("strace", "--version") || install(&["strace"])) {
        println!("strace is missing and could not be installed: the crash-image campaign will be skipped");
    }
}

/// Published logs are audited by a verifier in Go, too. Where it is missing and may be installed, it is.
pub(crate) fn install_go() {
    let there = has("go", "version") && Path::new("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir();
    if !(there || install(&["golang-go", "golang-golang-x-mod-dev"])) {
        println!(
            "Go and its x/mod are missing and could not be installed: logs are audited by verifiers in Rust only"
        );
    }
}

/// The service is tested with reference clients in Node, at the versions that their lock file states. Where they are
/// missing and may be installed, they are.
pub(crate) fn install_clients() {
    let folder = workspace::root().join("graphql/tests/clients");
    if folder.join("node_modules/.package-lock.json").is_file() {
        return;
    }
    let node = (has("node", "--version") && has("npm", "--version")) || install(&["nodejs", "npm"]);
    let installed = Command::new("npm").args(["ci", "--silent"]).current_dir(folder).status();
    if !(node && installed.is_ok_and(|status| status.success())) {
        println!(
            "Node and the reference clients could not be installed: the service is tested by clients in Rust only"
        );
    }
}

/// Installs Debian packages, where that is allowed.
fn install(packages: &[&str]) -> bool {
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).output().is_ok_and(|output| output.status.success())
    };
    let install = [&["install", "-y"], packages].concat();
    is_root && (apt(&install) || (apt(&["update"]) && apt(&install)))
}
