//! `cargo xtask test`: the one gate, the same for a developer and for CI.

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
    if has("strace", "--version") {
        return;
    }
    let is_root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let install = || {
        let apt = |arguments: &[&str]| {
            Command::new("apt-get").args(arguments).output().is_ok_and(|output| output.status.success())
        };
        apt(&["install", "-y", "strace"]) || (apt(&["update"]) && apt(&["install", "-y", "strace"]))
    };
    if !(is_root && install()) {
        println!("strace is missing and could not be installed: the crash-image campaign will be skipped");
    }
}
