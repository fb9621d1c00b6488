//! `soticket config print`: the settings that apply.

use clap::Subcommand;

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::output;

/// What to do with the settings.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// Print them as a settings file
    Print,
}

/// Prints the settings that apply, whatever they come from.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let Arguments::Print = arguments;
    if json {
        output::json(config)?;
    } else {
        output::text_out(&toml::to_string(config).map_err(Failure::unexpected)?)?;
    }
    Ok(Exit::Done)
}
