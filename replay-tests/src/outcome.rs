//! How a data folder was found, as a child process tells its parent: storage engines may abort on damaged files.

use std::path::Path;
use std::process::{Command, ExitStatus};

use anyhow::{Context, Result};

use crate::subject::Subject;

/// Exit code of a check that found everything.
pub const EXIT_FULL: u8 = 0;
/// Exit code of a check whose verification named a violation.
pub const EXIT_VIOLATION: u8 = 1;
/// Exit code of a check whose data folder was refused by name.
pub const EXIT_REFUSED: u8 = 3;
/// Exit code of a check that found fewer or other events than were acknowledged, without a word from the ledger.
pub const EXIT_WRONG: u8 = 4;

/// How a data folder was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Every acknowledged event is there with its hash.
    Full,
    /// The ledger refused the folder, or its verification told a violation, with a stable code.
    Refused(String),
    /// Anything else: events missing without a word, a crash, an answer without a code.
    Wrong(String),
}

/// Checks `data` against the receipts noted in `receipts`, in a process of its own.
///
/// # Errors
/// The process cannot be started.
pub fn check(
    program: &Path,
    subject: Subject,
    data: &Path,
    receipts: &Path,
    options: &[&str],
) -> Result<Outcome> {
    let child = Command::new(program)
        .args(["check", subject.name()])
        .arg(data)
        .arg(receipts)
        .args(options)
        .env("RUST_BACKTRACE", "0")
        .output()
        .context("the check could not be started")?;
    Ok(outcome(child.status, &String::from_utf8_lossy(&child.stderr)))
}

fn outcome(status: ExitStatus, complaint: &str) -> Outcome {
    let line = complaint.lines().last().unwrap_or_default();
    let code = line.split(':').next().unwrap_or_default();
    let is_code = code.len() > 3 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let named = [EXIT_VIOLATION, EXIT_REFUSED].map(i32::from);
    match status.code() {
        Some(code) if code == i32::from(EXIT_FULL) => Outcome::Full,
        Some(exit) if is_code && named.contains(&exit) => Outcome::Refused(code.to_owned()),
        _ => Outcome::Wrong(format!("{status}: {}", complaint.trim())),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn only_a_code_is_a_refusal() {
        let exit = |code: u8| ExitStatus::from_raw(i32::from(code) << 8);
        assert_eq!(outcome(exit(EXIT_FULL), ""), Outcome::Full);
        let refusal = "LOG_BEHIND_HEAD: records are missing";
        assert_eq!(outcome(exit(EXIT_REFUSED), refusal), Outcome::Refused("LOG_BEHIND_HEAD".into()));
        assert!(matches!(outcome(exit(EXIT_REFUSED), "it broke"), Outcome::Wrong(_)));
        assert!(matches!(outcome(exit(EXIT_WRONG), refusal), Outcome::Wrong(_)));
        assert!(matches!(outcome(exit(101), "thread main panicked"), Outcome::Wrong(_)));
        assert!(matches!(outcome(ExitStatus::from_raw(6), refusal), Outcome::Wrong(_)), "killed by a signal");
    }
}
