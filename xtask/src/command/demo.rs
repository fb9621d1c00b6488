//! `cargo xtask demo`: the sample show, from files to a proved settlement, in one command.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::assets;
use crate::workspace;

/// How the demo runs.
#[derive(Args)]
pub(crate) struct Demo {
    /// Load, check and exit instead of serving.
    #[arg(long)]
    once: bool,
    /// Data folder.
    #[arg(long, default_value = "target/demo")]
    data: PathBuf,
    /// Further arguments of `soticket demo`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the service with its assets and runs its demo.
pub(crate) fn run(demo: &Demo) -> Result<()> {
    assets::run_if_possible();
    let mut command = workspace::cargo();
    command.args(["run", "--release", "--package", "soticket-cli", "--bin", "soticket", "--", "--data"]);
    command.arg(&demo.data).arg("demo");
    if demo.once {
        command.arg("--once");
    }
    workspace::run(command.args(&demo.arguments))
}
