//! One file per command.

pub(crate) mod archive;
pub(crate) mod check;
pub(crate) mod close;
pub(crate) mod closings;
pub(crate) mod code;
pub(crate) mod commissioning;
pub(crate) mod config;
pub(crate) mod deal;
pub(crate) mod demo;
pub(crate) mod erase;
pub(crate) mod export;
pub(crate) mod export_accounts;
pub(crate) mod file;
pub(crate) mod gate;
pub(crate) mod import;
pub(crate) mod import_network;
pub(crate) mod import_seats;
pub(crate) mod person;
pub(crate) mod publish;
pub(crate) mod receipt;
pub(crate) mod refund_show;
pub(crate) mod retention;
pub(crate) mod seal;
pub(crate) mod season;
pub(crate) mod serve;
pub(crate) mod settle;
pub(crate) mod simulate;
pub(crate) mod submit;
pub(crate) mod token;
pub(crate) mod verify;
pub(crate) mod witness;

use std::future::Future;

use crate::args::{Arguments, Command};
use crate::config::Config;
use crate::failure::{Exit, Failure};

/// Runs the command that the arguments name.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let config = Config::load(&arguments.flags)?;
    let serves = match &arguments.command {
        Command::Serve(_) => true,
        Command::Witness(arguments) => arguments.action.is_none(),
        _ => false,
    };
    let quiet = if serves { "info" } else { "warn" };
    soticket_graphql::install_logs(config.log.as_deref().unwrap_or(quiet));
    let json = arguments.json;
    match &arguments.command {
        Command::Demo(arguments) => demo::run(&config, arguments, json),
        Command::Season => season::run(&config, json),
        Command::Serve(arguments) => serve::run(&config, arguments),
        Command::Import(arguments) => import::run(&config, arguments, json),
        Command::RefundShow(arguments) => refund_show::run(&config, arguments, json),
        Command::Verify(arguments) => verify::run(&config, arguments, json),
        Command::Publish(arguments) => publish::run(&config, arguments, json),
        Command::Receipt(arguments) => receipt::run(&config, arguments, json),
        Command::Close(arguments) => close::run(&config, arguments, json),
        Command::Closings(arguments) => closings::run(&config, arguments, json),
        Command::Erase(arguments) => erase::run(&config, arguments, json),
        Command::Person(arguments) => person::run(&config, arguments),
        Command::Retention(arguments) => retention::run(&config, arguments, json),
        Command::Archive(arguments) => archive::run(&config, arguments, json),
        Command::Commissioning(arguments) => commissioning::run(&config, arguments),
        Command::Settle(arguments) => settle::run(&config, arguments, json),
        Command::Seal(arguments) => seal::run(&config, arguments, json),
        Command::File(arguments) => file::run(&config, arguments, json),
        Command::Deal(arguments) => deal::run(&config, arguments, json),
        Command::Simulate(arguments) => simulate::run(&config, arguments, json),
        Command::Export(arguments) => export::run(&config, arguments, json),
        Command::Check(arguments) => check::run(arguments, json),
        Command::Code(arguments) => code::run(arguments, json),
        Command::Gate(arguments) => gate::run(&config, arguments, json),
        Command::Token(arguments) => token::run(&config, arguments, json),
        Command::Witness(arguments) => witness::run(&config, arguments, json),
        Command::Config(arguments) => config::run(&config, arguments, json),
    }
}

/// Runs a future to its end on a runtime of its own.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    Ok(runtime.block_on(future))
}
