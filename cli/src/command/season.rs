//! `soticket season`: a demonstration season of 24 shows, and whether its read models agree.

use std::time::{Duration, Instant};

use serde::Serialize;

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};
use crate::season::{self, Added, Agreement, SeasonClock};

/// What was done, for programs.
#[derive(Serialize)]
struct Shown<'a> {
    organisation: String,
    added: Added,
    agreement: &'a Agreement,
}

/// Fills the data folder with the season, and compares what availability, sales, settlement, orders and customers say.
pub(crate) fn run(config: &Config, json: bool) -> Result<Exit, Failure> {
    let clock = SeasonClock::default();
    let opened = Opened::with_clock(config, IfAbsent::Create, clock.clock())?;
    let started = Instant::now();
    let progress = output::progress("season");
    let added = season::fill(&opened.ledger, &clock, &progress)?;
    progress.finish_and_clear();
    let organisation = season::organisation();
    let last = opened.ledger.head(organisation).map_or(0, |head| head.length.saturating_sub(1));
    opened.projections.wait_for_blocking(organisation, last, Duration::from_secs(60));
    let agreement = opened.view(organisation, season::agreement)?;
    opened.close();
    if json {
        output::json(&Shown { organisation: organisation.to_string(), added, agreement: &agreement })?;
    } else {
        output::text_out(&text(added, &agreement, started.elapsed()))?;
    }
    Ok(if agreement.holds() { Exit::Done } else { Exit::Refused })
}

fn text(added: Added, agreement: &Agreement, took: Duration) -> String {
    let mut rows = Columns::new("<>>><");
    rows.row(["show", "on sale", "sold", "receipts", ""]);
    for show in &agreement.shows {
        let differs = show.differences.join(", ");
        let (on_sale, sold) = (show.on_sale.to_string(), show.sold.to_string());
        let receipts = format!("{}.{:02}", show.receipts / 100, show.receipts % 100);
        rows.row([show.reference.clone(), on_sale, sold, receipts, differs]);
    }
    let verdict = if agreement.holds() {
        "Availability, sales by day, settlement, orders and customers agree by show, channel and tariff; commissions of \
         orders and settlement; tills and payments."
            .to_owned()
    } else {
        format!("They do not agree. {}", agreement.differences.join(" "))
    };
    format!(
        "{}\n{} tickets of {} customers and unknown buyers, commissions of {}.{:02}, {} till sessions; {} commands, {} events added, {} refused, {:.1} s.\n{verdict}\n",
        rows.render(),
        agreement.tickets,
        agreement.customers,
        agreement.commissions / 100,
        agreement.commissions % 100,
        agreement.tills,
        added.commands,
        added.events,
        added.refused,
        took.as_secs_f32(),
    )
}
