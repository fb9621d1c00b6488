//! `soticket closings`: the closings of an organisation, one of them (Z), or the open day (X).

use clap::Args;
use soticket_exports::NamedCheckpoint;
use soticket_projections::closings::Closing;
use soticket_schema::event::v1::Period;
use soticket_schema::{CommercialDay, OrganisationId};

use super::close::{PeriodName, day};
use super::import_network::only;
use super::publish::publisher;
use super::settle::organisation;
use crate::closing::{ClosingShown, Letterhead, ReadingShown, Report};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};

/// Which closings.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Only closings of this kind; of the closing that --number names, a day's if absent
    #[arg(long, value_enum)]
    pub period: Option<PeriodName>,
    /// Print this closing (Z)
    #[arg(long)]
    pub number: Option<u64>,
    /// Print what an open day comes to so far (X): the first open day, or the one that is named
    #[arg(long, value_name = "DATE", value_parser = day, num_args = 0..=1, conflicts_with = "number")]
    pub x: Option<Option<CommercialDay>>,
    /// Language of the print
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
}

/// Prints what is asked for.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    let text = only(&opened, arguments.organisation).and_then(|organisation| {
        let publisher = publisher(config, &opened)?;
        let checkpoint = |size| publisher.named(organisation, size).map(NamedCheckpoint::from);
        opened.view(organisation, |views| shown(views, arguments, language, json, &checkpoint))?
    });
    opened.close();
    output::text_out(&text?)?;
    Ok(Exit::Done)
}

fn shown(
    views: &soticket_projections::OrganisationViews,
    arguments: &Arguments,
    language: Language,
    json: bool,
    checkpoint: &dyn Fn(u64) -> Option<NamedCheckpoint>,
) -> Result<String, Failure> {
    let head = Letterhead::of(views)
        .ok_or_else(|| Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: open the organisation first"))?;
    if let Some(named) = arguments.x {
        let reading = named.or_else(|| views.closings.first_open());
        let reading = reading.and_then(|day| views.closings.reading(day));
        let reading = reading.ok_or_else(|| {
            Failure::coded(Exit::Refused, "PERIOD_ALREADY_CLOSED: the day is closed: print its closing")
        })?;
        return match json {
            true => pretty(&ReadingShown::new(&reading)),
            false => Ok(Report::Reading(&reading).text(&head, language)),
        };
    }
    let Some(number) = arguments.number else {
        let closings: Vec<&Closing> = views.closings.closings(arguments.period.map(Into::into)).collect();
        return if json { pretty(&closings) } else { Ok(list(&closings, &head)) };
    };
    let period = arguments.period.map_or(Period::Day, Into::into);
    let closing = views.closings.closing(period, number);
    let closing = closing
        .ok_or_else(|| Failure::coded(Exit::Refused, "CLOSING_UNKNOWN: check the closing's number"))?;
    let checkpoint = checkpoint(closing.position + 1).map(|checkpoint| checkpoint.text());
    let shown = ClosingShown { closing, checkpoint };
    if json { pretty(&shown) } else { Ok(Report::Closing(&shown).text(&head, language)) }
}

fn pretty<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value).map_err(Failure::unexpected)?;
    Ok(format!("{text}\n"))
}

fn list(closings: &[&Closing], head: &Letterhead) -> String {
    let mut rows = Columns::new("<><<>>>>>");
    rows.row(["", "n°", "from", "until", "gross", "net", "VAT", "perpetual", "absolute"]);
    for closing in closings {
        let (event, taxed) = (&closing.event, closing.event.taxed());
        let mut cells = vec![
            format!("{:?}", event.period).to_lowercase(),
            event.number.to_string(),
            event.from.to_string(),
            event.until.to_string(),
        ];
        let amounts =
            [taxed.gross, taxed.net, taxed.vat, event.perpetual.algebraic, event.perpetual.absolute];
        cells.extend(amounts.map(|amount| amount.display(head.currency)));
        rows.row(cells);
    }
    rows.render()
}
