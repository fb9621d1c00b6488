//! `soticket simulate`: what a season would cost, with the cooperative and with a distributor that takes commissions.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use soticket_projections::simulation::{
    Cooperative, Cost, CostKind, DataError, Distributor, Provider, Season, Simulation, Tariffs, simulate,
};
use soticket_schema::{Amount, Currency, Rate};

use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::output::{self, Columns};

/// The season, and tariffs in place of those that are shipped.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Shows of the season
    #[arg(long, value_name = "COUNT")]
    pub shows: u32,
    /// Tickets sold, on line and elsewhere
    #[arg(long, value_name = "COUNT")]
    pub tickets: u64,
    /// Average face price with VAT, such as 15.00
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub price: Amount,
    /// Share of the tickets that is sold on line, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub online: Rate,
    /// Payments on line in a month
    #[arg(long, value_name = "COUNT")]
    pub transactions: u64,
    /// The venue's yearly budget: the cooperative's tariff goes by its members' means
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub budget: Amount,
    /// How many months the season lasts
    #[arg(long, value_name = "COUNT", default_value_t = 12)]
    pub months: u32,
    /// A payment provider's plan (JSON, as data/fees/paybox-2016.json); several may be stated
    #[arg(long, value_name = "FILE")]
    pub provider: Vec<PathBuf>,
    /// The cooperative's tariff (JSON, as data/fees/cooperative-2026.json)
    #[arg(long, value_name = "FILE")]
    pub cooperative: Option<PathBuf>,
    /// A distributor's tariff (JSON, as data/fees/distributor-2026.json)
    #[arg(long, value_name = "FILE")]
    pub distributor: Option<PathBuf>,
    /// Language of the print
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
}

fn amount(text: &str) -> Result<Amount, String> {
    Amount::parse(text, Currency::EUR).map_err(|error| error.to_string())
}

fn percent(text: &str) -> Result<Rate, String> {
    Rate::parse_percent(text).map_err(|error| error.to_string())
}

/// Prints the comparison.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let season = Season {
        currency: Currency::EUR,
        shows: arguments.shows,
        tickets: arguments.tickets,
        price: arguments.price,
        online: arguments.online,
        months: arguments.months,
        transactions: arguments.transactions,
        budget: arguments.budget,
    };
    let tariffs = tariffs(arguments)?;
    let found = simulate(&season, &tariffs).map_err(|rejection| {
        let message = format!("--{}: {}", rejection.field, rejection.code.advice());
        Failure::new(Exit::Usage, rejection.code.code(), message)
    })?;
    if json {
        output::json(&Printed::of(&found))?;
    } else {
        let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
        output::text_out(&text(&found, &tariffs, language))?;
    }
    Ok(Exit::Done)
}

fn tariffs(arguments: &Arguments) -> Result<Tariffs, Failure> {
    let shipped = Tariffs::shipped(Currency::EUR)
        .map_err(|error| Failure::coded(Exit::Unexpected, &error.to_string()))?;
    let providers: Vec<Provider> =
        arguments.provider.iter().map(|path| read(path, Provider::parse)).collect::<Result<_, _>>()?;
    let cooperative = arguments.cooperative.as_deref().map(|path| read(path, Cooperative::parse));
    let distributor = arguments.distributor.as_deref().map(|path| read(path, Distributor::parse));
    Ok(Tariffs {
        providers: if providers.is_empty() { shipped.providers } else { providers },
        cooperative: cooperative.transpose()?.unwrap_or(shipped.cooperative),
        distributor: distributor.transpose()?.unwrap_or(shipped.distributor),
    })
}

fn read<T>(path: &Path, parse: fn(&str, Currency) -> Result<T, DataError>) -> Result<T, Failure> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Usage, "TARIFF_UNREADABLE", format!("{name}: {error}")))?;
    parse(&text, Currency::EUR).map_err(|error| {
        let failure = Failure::coded(Exit::Usage, &error.to_string());
        Failure { message: format!("{name}: {}", failure.message), ..failure }
    })
}

fn text(found: &Simulation, tariffs: &Tariffs, language: Language) -> String {
    let french = language == Language::Fr;
    let say = |french_words: &'static str, english: &'static str| if french { french_words } else { english };
    let euros = |amount: Amount| amount.display(found.season.currency);
    let season = &found.season;
    let mut text = format!(
        "{}: {} {}, {} {} × {} = {} EUR TTC, {} {} ({} EUR), {} {}\n",
        say("Saison", "Season"),
        season.shows,
        say("séances", "shows"),
        season.tickets,
        say("billets", "tickets"),
        euros(season.price),
        euros(found.receipts),
        found.online_tickets,
        say("en ligne", "on line"),
        euros(found.online_receipts),
        season.months,
        say("mois", "months"),
    );
    let with = say("Avec la coopérative (EUR hors TVA)", "With the cooperative (EUR without VAT)");
    text += &block(with, &found.cooperative, found, french);
    text += &block(&tariffs.distributor.name, &found.distributor, found, french);
    text += &format!(
        "\n{}: {} EUR\n",
        say("Le distributeur coûte de plus", "The distributor costs more by"),
        euros(found.difference)
    );
    text
}

fn block(title: &str, cost: &Cost, found: &Simulation, french: bool) -> String {
    let euros = |amount: Amount| amount.display(found.season.currency);
    let mut table = Columns::new("<<<>");
    let mut sources: Vec<String> = Vec::new();
    for line in &cost.lines {
        let note = format!("{}{}: {}", line.name, example(line.example, french), line.source);
        if !sources.contains(&note) {
            sources.push(note);
        }
        table.row([
            line.name.clone(),
            kind(line.kind, french).to_owned(),
            line.rule.clone(),
            euros(line.amount),
        ]);
    }
    table.row(["Total".to_owned(), String::new(), String::new(), euros(cost.total)]);
    let (ticket, show, share) = if french {
        ("par billet", "par séance", "% des recettes")
    } else {
        ("for a ticket", "for a show", "% of the receipts")
    };
    let averages = format!(
        "  {} {ticket}, {} {show}, {} {share}\n",
        euros(cost.per_ticket),
        euros(cost.per_show),
        cost.of_receipts.percent()
    );
    let sources: String = sources.iter().map(|source| format!("  {source}\n")).collect();
    format!("\n{title}\n{}{averages}{sources}", table.render())
}

fn example(example: bool, french: bool) -> &'static str {
    match (example, french) {
        (false, _) => "",
        (true, true) => " [exemple]",
        (true, false) => " [example]",
    }
}

fn kind(kind: CostKind, french: bool) -> &'static str {
    let (words, english) = match kind {
        CostKind::Access => ("accès", "access"),
        CostKind::Yearly => ("abonnement annuel", "yearly fee"),
        CostKind::Transactions => ("transactions", "transactions"),
        CostKind::Rate => ("taux", "rate"),
        CostKind::Contribution => ("cotisation", "contribution"),
        CostKind::Tickets => ("billets", "tickets"),
        CostKind::Commission => ("commission", "commission"),
    };
    if french { words } else { english }
}

/// A simulation for programs.
#[derive(Serialize)]
struct Printed {
    currency: &'static str,
    receipts: String,
    online_tickets: u64,
    online_receipts: String,
    cooperative: PrintedCost,
    distributor: PrintedCost,
    difference: String,
}

#[derive(Serialize)]
struct PrintedCost {
    lines: Vec<PrintedLine>,
    total: String,
    per_ticket: String,
    per_show: String,
    percent_of_receipts: String,
}

#[derive(Serialize)]
struct PrintedLine {
    kind: &'static str,
    name: String,
    source: String,
    example: bool,
    rule: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<String>,
    amount: String,
}

impl Printed {
    fn of(found: &Simulation) -> Self {
        let currency = found.season.currency;
        Self {
            currency: currency.code(),
            receipts: found.receipts.display(currency),
            online_tickets: found.online_tickets,
            online_receipts: found.online_receipts.display(currency),
            cooperative: PrintedCost::of(&found.cooperative, currency),
            distributor: PrintedCost::of(&found.distributor, currency),
            difference: found.difference.display(currency),
        }
    }
}

impl PrintedCost {
    fn of(cost: &Cost, currency: Currency) -> Self {
        let lines = cost.lines.iter().map(|line| PrintedLine {
            kind: kind(line.kind, false),
            name: line.name.clone(),
            source: line.source.clone(),
            example: line.example,
            rule: line.rule.clone(),
            basis: line.basis.map(|basis| basis.display(currency)),
            amount: line.amount.display(currency),
        });
        Self {
            lines: lines.collect(),
            total: cost.total.display(currency),
            per_ticket: cost.per_ticket.display(currency),
            per_show: cost.per_show.display(currency),
            percent_of_receipts: cost.of_receipts.percent(),
        }
    }
}
