//! `soticket receipt`: the proof that a sale, or any record, is in the log, as a file to give away.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;
use soticket_ledger::proof::{ProofFile, checkpoint_of};
use soticket_schema::{OrderId, OrganisationId};

use super::import_network::only;
use super::publish::{publisher, refused};
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// What to prove.
#[derive(Args, Debug)]
#[group(id = "proved")]
pub struct Arguments {
    /// The order whose sale is proved
    #[arg(value_name = "ORDER", required_unless_present = "position", conflicts_with = "position")]
    pub order: Option<u64>,
    /// The position of a record instead
    #[arg(long, value_name = "POSITION")]
    pub position: Option<u64>,
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// File to write, by custom with the ending .tlog-proof; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// A receipt for programs.
#[derive(Serialize)]
struct Shown {
    position: u64,
    size: u64,
    file: String,
}

/// Writes the receipt.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let proved = prove(config, &opened, arguments);
    opened.close();
    let file = proved?;
    if let Some(out) = &arguments.out {
        fs::write(out, file.to_string()).map_err(|error| {
            Failure::new(Exit::Usage, "OUT_REFUSED", format!("{}: {error}", out.display()))
        })?;
    }
    let size = checkpoint_of(&file.checkpoint).map_or(0, |checkpoint| checkpoint.size);
    if json {
        output::json(&Shown { position: file.index, size, file: file.to_string() })?;
    } else if arguments.out.is_none() {
        output::text_out(&file.to_string())?;
    }
    Ok(Exit::Done)
}

fn prove(config: &Config, opened: &Opened, arguments: &Arguments) -> Result<ProofFile, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let position = match (arguments.position, arguments.order) {
        (Some(position), _) => position,
        (None, order) => sale(opened, organisation, OrderId(order.unwrap_or_default()))?,
    };
    let publisher = publisher(config, opened)?;
    publisher.inclusion(organisation, position).map_err(|error| refused(&error))
}

/// The position of the event that an order began with.
fn sale(opened: &Opened, organisation: OrganisationId, order: OrderId) -> Result<u64, Failure> {
    let unknown = || {
        let message = format!("there is no order {order}: check its number");
        Failure::new(Exit::Refused, "ORDER_UNKNOWN", message)
    };
    let placed = opened.view(organisation, |views| views.orders.order(order).map(|order| order.position))?;
    placed.ok_or_else(unknown)
}
