//! Developer commands: `cargo xtask test` is what CI runs, `cargo xtask demo` shows the product.

mod command;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::campaign::Campaign;
use command::demo::Demo;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Developer commands of SoTicket Ledger")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Formatting, lints, unit tests, then everything else: what CI runs.
    Test,
    /// Loads the sample show into target/demo, checks it and serves it.
    Demo(Demo),
    /// Fetches what the service embeds and the repository does not hold (GraphiQL).
    Assets,
    /// Runs the crash and corruption campaigns at full length.
    Campaign(Campaign),
    /// Runs the benchmarks; arguments go to them.
    Bench {
        /// Arguments of the benchmarks.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Checks the rules of the house that compilers do not: layering, pins, sizes, links.
    Tidy,
    /// Writes the documentation that is generated from code.
    Docs,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Test => command::test::run(),
        Command::Demo(demo) => command::demo::run(&demo),
        Command::Assets => command::assets::run(),
        Command::Campaign(campaign) => command::campaign::run(&campaign),
        Command::Bench { arguments } => command::bench::run(&arguments),
        Command::Tidy => tidy::run(),
        Command::Docs => command::docs::run(),
    }
}
