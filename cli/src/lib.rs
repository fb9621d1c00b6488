//! The `soticket` program: commands, settings and importers.

mod archive;
mod args;
mod attest;
mod audit;
mod closing;
mod command;
mod config;
mod failure;
mod hshif25;
pub mod import;
mod language;
mod open;
mod output;
mod retention;
mod season;
mod upkeep;

pub use args::{Arguments, Command};
pub use config::{Config, Flags};
pub use failure::{Exit, Failure};

/// Runs the command and says how the program ends. A failure is written to standard error.
pub fn run(arguments: &Arguments) -> Exit {
    match command::run(arguments) {
        Ok(exit) => exit,
        Err(failure) => {
            failure.tell(arguments.json);
            failure.exit
        }
    }
}
