//! How a command ends when it does not succeed: an exit code, a stable code and what to do.

use std::process::ExitCode;

use serde_json::json;
use soticket_ledger::OpenError;
use soticket_projections::StartError;

use crate::import::ImportError;

/// Exit codes. They are part of the program's interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// The content was refused, in whole or in part: lines of an import, a violation, an unknown show.
    Refused = 1,
    /// The arguments or the configuration cannot be used.
    Usage = 2,
    /// The data folder was refused.
    Data = 3,
    /// Anything else.
    Unexpected = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct Failure {
    /// How the program ends.
    pub exit: Exit,
    /// Stable code.
    pub code: String,
    /// What happened and what to do.
    pub message: String,
}

impl Failure {
    /// A failure with its own code.
    pub(crate) fn new(exit: Exit, code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        // Some messages come with their code in front.
        let message = match message.strip_prefix(code).and_then(|rest| rest.strip_prefix(": ")) {
            Some(rest) => rest.to_owned(),
            None => message,
        };
        Self { exit, code: code.to_owned(), message }
    }

    /// A failure whose text begins with its code, such as `SHOW_UNKNOWN: check the show's number`.
    pub(crate) fn coded(exit: Exit, text: &str) -> Self {
        match text.split_once(": ") {
            Some((code, message)) => Self::new(exit, code, message),
            None => Self::new(exit, text, ""),
        }
    }

    /// Something that nobody foresaw.
    pub(crate) fn unexpected(error: impl std::fmt::Display) -> Self {
        Self::new(Exit::Unexpected, "UNEXPECTED", error.to_string())
    }

    /// Writes the failure to standard error.
    pub(crate) fn tell(&self, as_json: bool) {
        if as_json {
            eprintln!("{}", json!({"code": self.code, "message": self.message, "exit": self.exit as u8}));
        } else {
            eprintln!("{self}");
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self::new(Exit::Data, error.code, error.message)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        Self::coded(Exit::Data, &error.to_string())
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Refused(refused) => {
                let code = refused.first().map_or("IMPORT_REFUSED", |refusal| refusal.code);
                let lines: Vec<String> = refused.iter().map(ToString::to_string).collect();
                Self::new(Exit::Refused, code, format!("nothing was imported\n{}", lines.join("\n")))
            }
            ImportError::Stopped(reason) => {
                Self::new(Exit::Unexpected, "LEDGER_STOPPED", format!("{reason} (run the same import again)"))
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Exit::Unexpected, "IO", error.to_string())
    }
}
