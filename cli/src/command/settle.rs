//! `soticket settle SHOW`: the box-office statement, or the settlement by the show's deal.

use clap::Args;
use soticket_projections::AsOf;
use soticket_schema::{OrganisationId, Timestamp};

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;
use crate::statement::{Language, settlement, statement};

/// Which statement.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Reference or number of the show
    pub show: String,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// As it stood after this position, or at this instant of recording
    #[arg(long, value_name = "POSITION|INSTANT", value_parser = moment)]
    pub as_of: Option<AsOf>,
    /// The settlement by the show's deal instead
    #[arg(long)]
    pub deal: bool,
    /// Language of the print
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
}

pub(super) fn organisation(text: &str) -> Result<OrganisationId, String> {
    OrganisationId::parse(text).ok_or_else(|| "not a UUID".to_owned())
}

fn moment(text: &str) -> Result<AsOf, String> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(AsOf::Position).map_err(|_| "not a position".to_owned());
    }
    Timestamp::parse(text)
        .map(AsOf::Recorded)
        .map_err(|error| format!("neither a position nor an instant: {error}"))
}

/// Prints the statement.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    if arguments.deal {
        let settled = settlement(&opened, organisation, show, arguments.as_of, language)?;
        opened.close();
        let settled = settled.ok_or_else(|| {
            Failure::new(
                Exit::Refused,
                "DEAL_UNKNOWN",
                "nothing is agreed for the show: agree on a deal first",
            )
        })?;
        if json {
            output::json(&settled)?;
        } else {
            output::text_out(&settled.text(language))?;
        }
        return Ok(Exit::Done);
    }
    let statement = statement(&opened, organisation, show, arguments.as_of)?;
    opened.close();
    if json {
        output::json(&statement)?;
    } else {
        output::text_out(&statement.text(language))?;
    }
    Ok(Exit::Done)
}
