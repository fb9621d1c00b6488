//! `soticket close`: closes the days that are over, or a period.

use clap::{Args, ValueEnum};
use serde::Serialize;
use soticket_ledger::{SubmitError, close_due_days};
use soticket_schema::command::ClosePeriod;
use soticket_schema::event::v1::{Period, PeriodClosed};
use soticket_schema::{ActorId, Command, CommandBody, CommercialDay, Currency, Event, OrganisationId};

use super::import_network::only;
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};

/// What to close.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// A day of the period to close; every day that is over if absent
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub day: Option<CommercialDay>,
    /// What to close of that day
    #[arg(long, value_enum, default_value = "day", requires = "day")]
    pub period: PeriodName,
}

/// What is closed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum PeriodName {
    /// The commercial day.
    Day,
    /// Its month.
    Month,
    /// Its fiscal year.
    Year,
}

impl From<PeriodName> for Period {
    fn from(name: PeriodName) -> Self {
        match name {
            PeriodName::Day => Self::Day,
            PeriodName::Month => Self::Month,
            PeriodName::Year => Self::Year,
        }
    }
}

pub(super) fn day(text: &str) -> Result<CommercialDay, String> {
    CommercialDay::parse(text).map_err(|error| error.to_string())
}

/// A closing for programs.
#[derive(Serialize)]
struct Made {
    period: Period,
    number: u64,
    from: String,
    until: String,
    gross: String,
    net: String,
    vat: String,
    hash: String,
}

/// Closes, and prints the closings that were made.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let closed = only(&opened, arguments.organisation).and_then(|organisation| {
        let currency = opened.view(organisation, |views| {
            views.catalogue.organisation().map(|info| info.currency).unwrap_or_default()
        })?;
        close(&opened, organisation, arguments).map(|closings| (closings, currency))
    });
    opened.close();
    let (closings, currency) = closed?;
    let made: Vec<Made> = closings.iter().map(|closing| shown(closing, currency)).collect();
    if json {
        output::json(&made)?;
    } else {
        output::text_out(&text(&made))?;
    }
    Ok(Exit::Done)
}

fn close(
    opened: &Opened,
    organisation: OrganisationId,
    arguments: &Arguments,
) -> Result<Vec<PeriodClosed>, Failure> {
    let Some(day) = arguments.day else {
        return super::block_on(close_due_days(&opened.ledger, organisation))?.map_err(refusal);
    };
    let period = arguments.period.into();
    let length = opened.ledger.head(organisation).map_or(0, |head| head.length);
    let command = Command {
        organisation,
        actor: ActorId(0),
        key: format!("close {period:?} {day} at {length}"),
        occurred_at: None,
        body: CommandBody::ClosePeriod(ClosePeriod { period, day }),
    };
    let receipt = opened.ledger.submit_blocking(command).map_err(refusal)?;
    let closings = receipt.entries().iter().filter_map(|entry| match &entry.event {
        Event::PeriodClosed(closed) => Some(closed.clone()),
        _ => None,
    });
    Ok(closings.collect())
}

/// Why the ledger does not do what it is asked.
pub(crate) fn refusal(error: SubmitError) -> Failure {
    match error {
        SubmitError::Rejected(rejection) => {
            Failure::new(Exit::Refused, rejection.code.code(), rejection.to_string())
        }
        error => Failure::unexpected(error),
    }
}

fn shown(closing: &PeriodClosed, currency: Currency) -> Made {
    let taxed = closing.taxed();
    Made {
        period: closing.period,
        number: closing.number,
        from: closing.from.to_string(),
        until: closing.until.to_string(),
        gross: taxed.gross.display(currency),
        net: taxed.net.display(currency),
        vat: taxed.vat.display(currency),
        hash: closing.hash().map(|hash| hash.to_string()).unwrap_or_default(),
    }
}

fn text(made: &[Made]) -> String {
    let mut rows = Columns::new("<><<>>>");
    for closing in made {
        rows.row([
            format!("{:?}", closing.period).to_lowercase(),
            closing.number.to_string(),
            closing.from.clone(),
            closing.until.clone(),
            closing.gross.clone(),
            closing.net.clone(),
            closing.vat.clone(),
        ]);
    }
    format!("{}{} closings made.\n", rows.render(), made.len())
}
