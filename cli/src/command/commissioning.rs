//! `soticket commissioning`: the dossier for the declaration of ticketing software that is put to use.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use soticket_projections::OrganisationViews;
use soticket_schema::event::CATALOGUE;
use soticket_schema::event::v1::Mode;
use soticket_schema::{OrganisationId, hash};

use super::import_network::only;
use super::settle::organisation;
use crate::archive::FORMAT;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::language::Language;
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Whose dossier.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Language of the dossier
    #[arg(long, value_enum)]
    pub lang: Option<Language>,
    /// File to write; standard output if not named
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

const FRENCH: &str = include_str!("../../../data/commissioning/dossier.fr.md");
const ENGLISH: &str = include_str!("../../../data/commissioning/dossier.en.md");

/// Writes the dossier.
pub(crate) fn run(config: &Config, arguments: &Arguments) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let language = arguments.lang.unwrap_or_else(|| Language::of(&config.lang));
    let dossier = only(&opened, arguments.organisation).and_then(|organisation| {
        opened.view(organisation, |views| dossier(views, organisation, language))?
    });
    opened.close();
    let dossier = dossier?;
    match &arguments.out {
        Some(file) => std::fs::write(file, dossier)?,
        None => output::text_out(&dossier)?,
    }
    Ok(Exit::Done)
}

/// Fills the form of a language with what the program and the organisation are.
fn dossier(
    views: &OrganisationViews,
    organisation: OrganisationId,
    language: Language,
) -> Result<String, Failure> {
    let info = views
        .catalogue
        .organisation()
        .ok_or_else(|| Failure::coded(Exit::Refused, "ORGANISATION_UNKNOWN: open the organisation first"))?;
    let form = match language {
        Language::Fr => FRENCH,
        Language::En => ENGLISH,
    };
    let parameters = &info.parameters;
    let cutoff =
        format!("{:02}:{:02}", parameters.day_cutoff_minutes / 60, parameters.day_cutoff_minutes % 60);
    let values: Vec<(&str, String)> = vec![
        ("version", env!("CARGO_PKG_VERSION").to_owned()),
        ("system", format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ("organisation", organisation.to_string()),
        ("name", parameters.name.clone()),
        ("siret", or_dash(&parameters.siret)),
        ("vat_number", or_dash(&parameters.vat_number)),
        ("licence", or_dash(&parameters.licence)),
        ("mode", mode(info.mode, language).to_owned()),
        ("currency", info.currency.code().to_owned()),
        ("time_zone", parameters.time_zone.clone()),
        ("cutoff", cutoff),
        ("fiscal_month", views.closings.first_month().to_string()),
        ("opened_at", info.opened_at.to_string()),
        ("halls", halls(views)),
        ("channels", channels(views)),
        ("methods", methods(views)),
        ("records", views.folded().to_string()),
        ("head", views.head().to_string()),
        ("closings", views.closings.closings(None).count().to_string()),
        ("event_context", hash::EVENT_CONTEXT.to_owned()),
        ("archive_format", FORMAT.to_string()),
        ("catalogue", catalogue()),
    ];
    Ok(filled(form, &values))
}

/// The form with a value for each name in double braces.
fn filled(form: &str, values: &[(&str, String)]) -> String {
    values.iter().fold(form.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

fn or_dash(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.to_owned() }
}

fn mode(mode: Mode, language: Language) -> &'static str {
    match (mode, language) {
        (Mode::Live, Language::Fr) => "exploitation",
        (Mode::Live, Language::En) => "live",
        (Mode::Training, Language::Fr) => "école",
        (Mode::Training, Language::En) => "training",
        (Mode::Demo, Language::Fr) => "démonstration",
        (Mode::Demo, Language::En) => "demonstration",
    }
}

/// One line of a list each; a dash when there is none.
fn list(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.map(|line| format!("- {line}")).collect();
    or_dash(&lines.join("\n"))
}

fn halls(views: &OrganisationViews) -> String {
    list(views.catalogue.halls().map(|hall| format!("{} ({})", hall.name, hall.authorised_capacity)))
}

fn channels(views: &OrganisationViews) -> String {
    list(views.catalogue.channels().map(|channel| {
        let opened = &channel.opened;
        format!("{} ({:?})", opened.name, opened.kind)
    }))
}

fn methods(views: &OrganisationViews) -> String {
    list(views.catalogue.methods().map(|(_, method)| format!("{} ({:?})", method.name, method.kind)))
}

/// Every kind of record: its number, name and version.
fn catalogue() -> String {
    let mut text = String::new();
    for (number, name, version) in CATALOGUE {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "| {number} | {name} | {version} |");
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_ask_for_the_same() {
        let names = |form: &str| {
            let mut names: Vec<String> = form
                .split("{{")
                .skip(1)
                .filter_map(|rest| rest.split("}}").next())
                .map(str::to_owned)
                .collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        assert_eq!(names(FRENCH), names(ENGLISH));
        assert_eq!(filled("{{a}} {{b}}", &[("a", "1".into()), ("b", "2".into())]), "1 2");
    }
}
