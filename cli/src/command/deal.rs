//! `soticket deal`: templates of deals, and a deal agreed from a file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;
use soticket_ledger::Ledger;
use soticket_projections::deals::text::{DealFile, Names, Template, templates};
use soticket_schema::command::{AgreeDeal, ChangeDeal, RegisterParty};
use soticket_schema::{ChannelId, CommandBody, Currency, Event, OrganisationId, PartyId};

use super::settle::organisation;
use super::submit::submit;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output::{self, Columns};

/// What to do with deals.
#[derive(Subcommand, Debug)]
pub enum Arguments {
    /// List the templates with their parameters and parties
    Templates,
    /// Agree on the deal of a show from a file; parties that are not known yet are registered
    Agree(Agree),
}

/// Which deal.
#[derive(Args, Debug)]
pub struct Agree {
    /// Reference or number of the show
    pub show: String,
    /// The deal file, such as deal.json of a dossier
    pub file: PathBuf,
    /// Organisation, if several have such a show
    #[arg(long, value_name = "ID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
}

/// Does it.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    match arguments {
        Arguments::Templates => list(json),
        Arguments::Agree(agree) => self::agree(config, agree, json),
    }
}

#[derive(Serialize)]
struct Listed<'a> {
    template: &'a str,
    name: &'a str,
    about: &'a str,
    parameters: BTreeMap<&'a str, Option<&'a str>>,
    parties: Vec<&'a str>,
}

fn list(json: bool) -> Result<Exit, Failure> {
    let listed = |template: &'static Template| Listed {
        template: &template.key,
        name: &template.name,
        about: &template.about,
        parameters: template
            .parameters
            .iter()
            .map(|parameter| (parameter.name.as_str(), parameter.default.as_deref()))
            .collect(),
        parties: template.parties.iter().map(|party| party.name.as_str()).collect(),
    };
    if json {
        output::json(&templates().iter().map(listed).collect::<Vec<_>>())?;
        return Ok(Exit::Done);
    }
    for template in templates() {
        let mut columns = Columns::new("<<<");
        for parameter in &template.parameters {
            columns.row([
                parameter.name.as_str(),
                parameter.default.as_deref().unwrap_or("-"),
                &parameter.about,
            ]);
        }
        for party in &template.parties {
            columns.row([party.name.as_str(), if party.optional { "(-)" } else { "-" }, &party.about]);
        }
        let Template { key, name, about, .. } = template;
        output::text_out(&format!("{key}: {name}. {about}\n{}\n", columns.render()))?;
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Agreed {
    organisation: String,
    show: u64,
    deal: u32,
    version: u32,
}

fn agree(config: &Config, arguments: &Agree, json: bool) -> Result<Exit, Failure> {
    let text = std::fs::read_to_string(&arguments.file).map_err(|error| {
        Failure::new(Exit::Refused, "FILE_UNREADABLE", format!("{}: {error}", arguments.file.display()))
    })?;
    let file = DealFile::read(&text).map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let agreed = agreed(&opened, arguments, &file);
    opened.close();
    let agreed = agreed?;
    if json {
        output::json(&agreed)?;
    } else {
        output::text_out(&format!(
            "Deal {} of show {}: version {} is agreed.\n",
            agreed.deal, agreed.show, agreed.version
        ))?;
    }
    Ok(Exit::Done)
}

/// Agrees on a first version, or on the next one.
fn agreed(opened: &Opened, arguments: &Agree, file: &DealFile) -> Result<Agreed, Failure> {
    let (organisation, show) = opened.show(&arguments.show, arguments.organisation)?;
    let (currency, mut parties, channels, current) = opened.view(organisation, |views| {
        let parties = views.catalogue.parties().map(|party| (party.name.clone(), party.party));
        let channels =
            views.catalogue.channels().map(|channel| (channel.opened.name.clone(), channel.opened.channel));
        let deal = views.deals.show(show);
        let current = deal.and_then(|deal| Some((deal.deal?, deal.current()?.version)));
        let currency = views.catalogue.organisation().map_or(Currency::EUR, |info| info.currency);
        let (parties, channels): (BTreeMap<String, PartyId>, BTreeMap<String, ChannelId>) =
            (parties.collect(), channels.collect());
        (currency, parties, channels, current)
    })?;
    for name in file.parties.values() {
        if !parties.contains_key(name) {
            parties.insert(name.clone(), register(&opened.ledger, organisation, name)?);
        }
    }
    let names = Names {
        currency,
        party: &|name| parties.get(name).copied(),
        channel: &|name| channels.get(name).copied(),
    };
    let terms = file.terms(&names).map_err(|error| Failure::coded(Exit::Refused, &error.to_string()))?;
    let body = match current {
        None => CommandBody::AgreeDeal(AgreeDeal { shows: vec![show], terms }),
        Some((deal, version)) => {
            CommandBody::ChangeDeal(ChangeDeal { deal, version: version.saturating_add(1), terms })
        }
    };
    let receipt = submit(&opened.ledger, organisation, "deal", body)?;
    let (deal, version) = receipt
        .entries()
        .iter()
        .find_map(|entry| match &entry.event {
            Event::DealAgreed(event) => Some((event.deal.0, 1)),
            Event::DealChanged(event) => Some((event.deal.0, event.version)),
            _ => None,
        })
        .ok_or_else(|| Failure::unexpected("the receipt holds no deal"))?;
    Ok(Agreed { organisation: organisation.to_string(), show: show.0, deal, version })
}

fn register(ledger: &Ledger, organisation: OrganisationId, name: &str) -> Result<PartyId, Failure> {
    let party = RegisterParty { name: name.to_owned(), siret: String::new(), vat_number: String::new() };
    let receipt = submit(ledger, organisation, "deal", CommandBody::RegisterParty(party))?;
    let registered = receipt.entries().iter().find_map(|entry| match &entry.event {
        Event::PartyRegistered(event) => Some(event.party),
        _ => None,
    });
    registered.ok_or_else(|| Failure::unexpected("the receipt holds no party"))
}
