//! `soticket retention`: erases persons whose data may be kept no longer, or says whom it would erase.

use clap::Args;
use serde::Serialize;
use soticket_ledger::keep_vault;
use soticket_projections::customers::RetentionDue;
use soticket_schema::OrganisationId;
use soticket_schema::event::v1::RetentionClass;

use super::close::refusal;
use super::import_network::only;
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;
use crate::retention::{self, Outcome};

/// Whose data to look at.
#[derive(Args, Debug)]
pub struct Arguments {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// Only say who is due
    #[arg(long)]
    pub dry_run: bool,
}

/// What was done, for programs.
#[derive(Serialize)]
struct Report {
    organisation: String,
    dry_run: bool,
    periods: Vec<PeriodLine>,
    due: Vec<Line>,
    /// How many are erased now.
    erased: usize,
    /// How many are put off.
    deferred: usize,
}

/// How long data of a class are kept.
#[derive(Serialize)]
struct PeriodLine {
    class: &'static str,
    months: u16,
    source: String,
}

/// A person whose time is over.
#[derive(Serialize)]
struct Line {
    subject: String,
    class: &'static str,
    last_contact: String,
    due_at: String,
    erased: bool,
    /// Why they are put off.
    code: Option<&'static str>,
    message: Option<&'static str>,
}

fn name(class: RetentionClass) -> &'static str {
    match class {
        RetentionClass::Prospect => "prospect",
        RetentionClass::Customer => "customer",
    }
}

/// Erases whose time is over, then does what erasures leave to do.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let done = work(&opened, config, arguments);
    opened.close();
    let report = done?;
    if json {
        output::json(&report)?;
    } else {
        output::text_out(&report.text())?;
    }
    Ok(Exit::Done)
}

fn work(opened: &Opened, config: &Config, arguments: &Arguments) -> Result<Report, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let now = opened.ledger.now();
    let periods = opened.view(organisation, |views| {
        let period = |class| views.customers.retention(class, now);
        let periods = RetentionClass::ALL.into_iter().filter_map(period);
        let line = periods.map(|period| PeriodLine {
            class: name(period.class),
            months: period.months,
            source: period.source,
        });
        line.collect()
    })?;
    let due = retention::due(&opened.ledger, &opened.projections, organisation);
    let (mut erased, mut deferred) = (0, 0);
    let mut lines = Vec::with_capacity(due.len());
    for person in &due {
        let outcome = match arguments.dry_run {
            true => None,
            false => Some(retention::erase(&opened.ledger, organisation, person).map_err(refusal)?),
        };
        match outcome {
            Some(Outcome::Erased) => erased += 1,
            Some(Outcome::Deferred(_)) => deferred += 1,
            None => {}
        }
        lines.push(line(person, outcome));
    }
    if erased > 0 {
        keep_vault(&opened.ledger, organisation, config.backup_window()).map_err(refusal)?;
    }
    let (organisation, dry_run) = (organisation.to_string(), arguments.dry_run);
    Ok(Report { organisation, dry_run, periods, due: lines, erased, deferred })
}

fn line(due: &RetentionDue, outcome: Option<Outcome>) -> Line {
    let code = match outcome {
        Some(Outcome::Deferred(code)) => Some(code),
        _ => None,
    };
    Line {
        subject: due.subject.to_string(),
        class: name(due.class),
        last_contact: due.last_contact.to_string(),
        due_at: due.due_at.to_string(),
        erased: outcome == Some(Outcome::Erased),
        code: code.map(|code| code.code()),
        message: code.map(|code| code.advice()),
    }
}

impl Report {
    fn text(&self) -> String {
        let mut text = String::new();
        for period in &self.periods {
            text.push_str(&format!("{}: {} months. {}\n", period.class, period.months, period.source));
        }
        let verb = if self.dry_run { "would be erased" } else { "were due" };
        text.push_str(&format!("{} persons {verb}.\n", self.due.len()));
        for line in &self.due {
            let Line { subject, class, last_contact, due_at, .. } = line;
            text.push_str(&format!("  {subject} {class}, last contact {last_contact}, due {due_at}"));
            match (line.code, line.message) {
                (Some(code), Some(message)) => text.push_str(&format!(": put off: {code}: {message}\n")),
                _ => text.push('\n'),
            }
        }
        if !self.dry_run {
            text.push_str(&format!("{} erased, {} put off.\n", self.erased, self.deferred));
        }
        text
    }
}
