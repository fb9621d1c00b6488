//! Campaigns of crashes and damage, and the processes that they start, kill and ask.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand, ValueEnum};
use soticket_ledger::{Ledger, Options};
use soticket_replay_tests::outcome::{EXIT_FULL, EXIT_REFUSED, EXIT_VIOLATION, EXIT_WRONG};
use soticket_replay_tests::random::Random;
use soticket_replay_tests::subject::{self, Demand, Subject, Verdict, Work};
use soticket_replay_tests::{auditors, box_office, crash, damage, golden, kill, live, receipts};

#[derive(Parser)]
#[command(about = "Campaigns of crashes and damage")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Disks that power cuts may have left.
    CrashImages(Length),
    /// Damaged folders.
    Damage(Length),
    /// kill -9 under concurrent load.
    Kill {
        /// How often to kill.
        #[arg(long)]
        cases: u32,
        /// Seed of every choice.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Concurrent callers.
        #[arg(long, default_value_t = 16)]
        callers: u32,
    },
    /// Random commands of a whole box office against books kept from their events.
    BoxOffice {
        /// How many commands, in thousands.
        #[arg(long)]
        cases: u32,
        /// Seed of every choice.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// A published log before verifiers of others.
    Auditors {
        /// How many records, in thousands.
        #[arg(long)]
        cases: u32,
        /// Seed of every choice.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// A subscription that is cut off again and again under load, then a crowd of sockets.
    Live {
        /// How often it is cut off.
        #[arg(long)]
        cases: u32,
        /// Seed of every choice.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Sockets of the crowd.
        #[arg(long, default_value_t = 2_000)]
        sockets: usize,
    },
    /// Serves subscribers of a log that grows steadily, until it is killed.
    ServeLive {
        #[arg(long)]
        seed: u64,
    },
    /// Serves callers until it is killed.
    Serve {
        data: PathBuf,
        notes: PathBuf,
        #[arg(long)]
        callers: u32,
        #[arg(long)]
        round: u32,
        #[arg(long)]
        seed: u64,
    },
    /// Does work and notes what is acknowledged.
    Work {
        subject: Name,
        data: PathBuf,
        notes: PathBuf,
        #[arg(long)]
        commands: u32,
        #[arg(long)]
        seed: u64,
        #[arg(long, default_value = "work")]
        caller: String,
        #[arg(long)]
        heads: bool,
    },
    /// Prints every record of a folder, for a golden replay.
    Events { data: PathBuf },
    /// Checks a folder against what was noted.
    Check {
        subject: Name,
        data: PathBuf,
        notes: PathBuf,
        #[arg(long)]
        exact: bool,
        #[arg(long)]
        append: bool,
    },
}

#[derive(Args)]
struct Length {
    /// Cases of each subject.
    #[arg(long)]
    cases: u32,
    /// Commits or commands that the cases are made from.
    #[arg(long, default_value_t = 6_000)]
    commands: u32,
    /// Seed of every choice.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only this subject.
    #[arg(long)]
    subject: Option<Name>,
}

impl Length {
    fn subjects(&self) -> Vec<Subject> {
        self.subject.map_or(Subject::ALL.to_vec(), |name| vec![name.subject()])
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    Engine,
    Ledger,
}

impl Name {
    fn subject(self) -> Subject {
        match self {
            Self::Engine => Subject::Engine,
            Self::Ledger => Subject::Ledger,
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::from(EXIT_WRONG)
        }
    }
}

fn run(command: Command) -> Result<u8> {
    match command {
        Command::CrashImages(length) => {
            for subject in length.subjects() {
                let program = std::env::current_exe()?;
                let Length { cases: images, commands, seed, .. } = length;
                let plan = crash::Plan { program, subject, images, commands, seed, disk_lies: false };
                println!("{}: {:?}", subject.name(), in_folder(|folder| crash::run(&plan, folder))?);
            }
        }
        Command::Damage(length) => {
            for subject in length.subjects() {
                let program = std::env::current_exe()?;
                let Length { cases, commands, seed, .. } = length;
                let plan = damage::Plan { program, subject, cases, commands, seed };
                println!("{}: {:?}", subject.name(), in_folder(|folder| damage::run(&plan, folder))?);
            }
        }
        Command::Kill { cases: rounds, seed, callers } => {
            let plan = kill::Plan { program: std::env::current_exe()?, rounds, seed, callers };
            println!("{:?}", in_folder(|folder| kill::run(&plan, folder))?);
        }
        Command::BoxOffice { cases, seed } => {
            let plan = box_office::Plan { commands: u64::from(cases) * 1_000, seed };
            println!("{:#?}", box_office::run(&plan)?);
        }
        Command::Auditors { cases, seed } => {
            let plan = auditors::Plan { records: u64::from(cases) * 1_000, seed };
            let audited = in_folder(|folder| {
                let go = auditors::Go::is_available().then(|| auditors::Go::build(folder)).transpose()?;
                auditors::run(&plan, folder, go)
            });
            println!("{:#?}", audited?);
        }
        Command::Live { cases: cuts, seed, sockets } => {
            let plan = live::Plan { cuts, callers: 8, seed };
            println!("{:#?}", in_folder(|folder| live::resume(&plan, folder))?);
            let program = std::env::current_exe()?;
            let stay = std::time::Duration::from_secs(60);
            println!("{:#?}", live::crowd(&live::Crowd { program, sockets, subscriptions: 50, stay, seed })?);
        }
        Command::ServeLive { seed } => live::serve(seed)?,
        Command::Serve { data, notes, callers, round, seed } => {
            kill::serve(&data, &notes, callers, round, Random::new(seed))?;
        }
        Command::Work { subject, data, notes, commands, seed, caller, heads } => {
            subject::work(subject.subject(), &data, &notes, &Work { commands, seed, caller, heads })?;
        }
        Command::Events { data } => {
            print!("{}", golden::dump(&Ledger::open(&data, Options::default())?)?);
        }
        Command::Check { subject, data, notes, exact, append } => {
            let noted = receipts::read(&notes)?;
            return Ok(tell(subject::check(subject.subject(), &data, &noted, Demand { exact, append })));
        }
    }
    Ok(EXIT_FULL)
}

/// Runs a campaign in a folder that goes away when it succeeds and stays when there is something to look at.
fn in_folder<T>(campaign: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let folder = tempfile::tempdir().context("no folder for the campaign")?;
    let path = folder.keep();
    let report = campaign(&path)?;
    std::fs::remove_dir_all(&path)?;
    Ok(report)
}

fn tell(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Full => EXIT_FULL,
        Verdict::Refused { code, message } => {
            eprintln!("{code}: {message}");
            EXIT_REFUSED
        }
        Verdict::Violation { code, message } => {
            eprintln!("{code}: {message}");
            EXIT_VIOLATION
        }
        Verdict::Wrong(reason) => {
            eprintln!("{reason}");
            EXIT_WRONG
        }
    }
}
