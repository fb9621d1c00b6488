//! The `soticket` program.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    soticket_cli::run(&soticket_cli::Arguments::parse()).into()
}
