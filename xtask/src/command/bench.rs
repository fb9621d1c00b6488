//! `cargo xtask bench`: the benchmarks, optimised.

use anyhow::Result;

use crate::workspace;

/// Runs the benchmarks with the arguments given.
pub(crate) fn run(arguments: &[String]) -> Result<()> {
    workspace::run(
        workspace::cargo().args(["run", "--release", "--package", "soticket-benches", "--"]).args(arguments),
    )
}
