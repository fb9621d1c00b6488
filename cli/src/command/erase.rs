//! `soticket erase`: forgets persons, and does what erasures leave to do afterwards.

use std::fs;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use soticket_ledger::keep_vault;
use soticket_schema::command::EraseSubject;
use soticket_schema::event::v1::ErasureReason;
use soticket_schema::{ActorId, Command, CommandBody, OrganisationId, RejectionCode, SubjectRef};

use super::close::refusal;
use super::import_network::only;
use super::settle::organisation;
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::open::{IfAbsent, Opened};
use crate::output;

/// Whom to forget.
#[derive(Args, Debug)]
#[group(id = "erasing")]
#[command(group(clap::ArgGroup::new("whom").required(true).multiple(true).args(["email", "subject", "list", "due"])))]
pub struct Arguments {
    /// The organisation, where the data folder has several
    #[arg(long, value_name = "UUID", value_parser = organisation)]
    pub organisation: Option<OrganisationId>,
    /// E-mail of a person; may be given several times
    #[arg(long)]
    pub email: Vec<String>,
    /// Reference of a person; may be given several times
    #[arg(long, value_name = "UUID", value_parser = subject)]
    pub subject: Vec<SubjectRef>,
    /// File with an e-mail or reference on every line
    #[arg(long, value_name = "FILE")]
    pub list: Option<PathBuf>,
    /// Why
    #[arg(long, value_enum, required_unless_present = "due")]
    pub reason: Option<Reason>,
    /// The persons give up valid tickets, cards, gift cards and vouchers
    #[arg(long)]
    pub waived: bool,
    /// Only do what earlier erasures have left to do, such as destroying the keys of backups whose window is over
    #[arg(long, conflicts_with_all = ["email", "subject", "list"])]
    pub due: bool,
}

/// Why somebody is forgotten.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Reason {
    /// The person asked for it
    Request,
    /// The time for which the data may be kept is over
    RetentionOver,
    /// The person withdrew the consent that the data were kept by
    ConsentWithdrawn,
    /// The data should never have been taken in
    TakenInError,
}

impl From<Reason> for ErasureReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Request => Self::Request,
            Reason::RetentionOver => Self::RetentionOver,
            Reason::ConsentWithdrawn => Self::ConsentWithdrawn,
            Reason::TakenInError => Self::TakenInError,
        }
    }
}

fn subject(text: &str) -> Result<SubjectRef, String> {
    SubjectRef::parse(text).ok_or_else(|| "not a UUID".to_owned())
}

/// What was done, for programs.
#[derive(Serialize, Default)]
struct Report {
    organisation: String,
    /// References of those who are erased now.
    erased: Vec<String>,
    /// What was not done, and why.
    refused: Vec<Refused>,
    /// The epoch of the vault that was begun.
    epoch_begun: Option<u32>,
    /// The epoch before which all keys are destroyed, and backups with them.
    epochs_destroyed_before: Option<u32>,
}

/// A person who was not erased.
#[derive(Serialize)]
struct Refused {
    /// Which of those asked for, from 1: an e-mail is not repeated in what is printed.
    number: usize,
    /// The reference, if there is one.
    subject: Option<String>,
    code: &'static str,
    message: &'static str,
}

/// Whom the arguments name.
enum Whom {
    Email(String),
    Subject(SubjectRef),
}

/// Erases, then does what is due. Ends with 1 if anybody was refused.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    let whom = whom(arguments)?;
    let opened = Opened::new(config, IfAbsent::Refuse)?;
    let done = erase(&opened, config, arguments, whom);
    opened.close();
    let report = done?;
    if json {
        output::json(&report)?;
    } else {
        output::text_out(&report.text())?;
    }
    Ok(if report.refused.is_empty() { Exit::Done } else { Exit::Refused })
}

fn whom(arguments: &Arguments) -> Result<Vec<Whom>, Failure> {
    let mut whom: Vec<Whom> = arguments.email.iter().cloned().map(Whom::Email).collect();
    whom.extend(arguments.subject.iter().copied().map(Whom::Subject));
    if let Some(list) = &arguments.list {
        let text = fs::read_to_string(list).map_err(|error| {
            Failure::new(Exit::Usage, "FILE_UNREADABLE", format!("{}: {error}", list.display()))
        })?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        whom.extend(lines.map(|line| match SubjectRef::parse(line) {
            Some(subject) => Whom::Subject(subject),
            None => Whom::Email(line.to_owned()),
        }));
    }
    Ok(whom)
}

fn erase(
    opened: &Opened,
    config: &Config,
    arguments: &Arguments,
    whom: Vec<Whom>,
) -> Result<Report, Failure> {
    let organisation = only(opened, arguments.organisation)?;
    let mut report = Report { organisation: organisation.to_string(), ..Report::default() };
    for (number, who) in (1..).zip(whom) {
        let subject = match who {
            Whom::Subject(subject) => Some(subject),
            Whom::Email(email) => opened.ledger.subject(organisation, &email).map_err(Failure::unexpected)?,
        };
        match one(opened, organisation, subject, arguments)? {
            Ok(subject) => report.erased.push(subject.to_string()),
            Err(code) => report.refused.push(Refused {
                number,
                subject: subject.map(|subject| subject.to_string()),
                code: code.code(),
                message: code.advice(),
            }),
        }
    }
    // Once for all of them: every epoch wraps the keys of everybody who is left.
    let kept = keep_vault(&opened.ledger, organisation, config.backup_window()).map_err(refusal)?;
    report.epoch_begun = kept.begun;
    report.epochs_destroyed_before = kept.destroyed_before;
    Ok(report)
}

/// Erases one person; or says why not.
fn one(
    opened: &Opened,
    organisation: OrganisationId,
    subject: Option<SubjectRef>,
    arguments: &Arguments,
) -> Result<Result<SubjectRef, RejectionCode>, Failure> {
    let (Some(subject), Some(reason)) = (subject, arguments.reason) else {
        return Ok(Err(RejectionCode::SubjectUnknown));
    };
    let erase = EraseSubject { subject, reason: reason.into(), waived: arguments.waived };
    // Nobody is erased twice: whoever was is refused as such, unless the same run is repeated at the same place.
    let length = opened.ledger.head(organisation).map_or(0, |head| head.length);
    let command = Command {
        organisation,
        actor: ActorId(0),
        key: format!("erase {subject} at {length}"),
        occurred_at: None,
        body: CommandBody::EraseSubject(erase),
    };
    match opened.ledger.submit_blocking(command) {
        Ok(_) => Ok(Ok(subject)),
        Err(soticket_ledger::SubmitError::Rejected(rejection)) => Ok(Err(rejection.code)),
        Err(error) => Err(refusal(error)),
    }
}

impl Report {
    fn text(&self) -> String {
        let mut text = format!("{} persons erased.\n", self.erased.len());
        for subject in &self.erased {
            text.push_str(&format!("  {subject}\n"));
        }
        for Refused { number, subject, code, message } in &self.refused {
            let name = subject.as_deref().unwrap_or("no such person");
            text.push_str(&format!("Refused: number {number} ({name}): {code}: {message}\n"));
        }
        if let Some(epoch) = self.epoch_begun {
            text.push_str(&format!("Epoch {epoch} of the vault begun.\n"));
        }
        match self.epochs_destroyed_before {
            Some(epoch) => text.push_str(&format!(
                "Keys of the epochs before {epoch} destroyed: backups of that time count as erased.\n"
            )),
            None => text.push_str("No keys of backups are due to be destroyed.\n"),
        }
        text
    }
}
