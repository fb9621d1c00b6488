//! `cargo xtask campaign`: crash and corruption campaigns at full length, optimised.

use anyhow::Result;
use clap::{Args, ValueEnum};

use super::test;
use crate::workspace;

/// Which campaigns, and how long.
#[derive(Args)]
pub(crate) struct Campaign {
    /// The campaign.
    #[arg(value_enum, default_value = "all")]
    kind: Kind,
    /// Cases of each; by default as many as the delivery promises.
    #[arg(long)]
    cases: Option<u32>,
    /// Seed to repeat a run.
    #[arg(long)]
    seed: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Disk images of a power cut, built from recorded writes.
    CrashImages,
    /// kill -9 under concurrent load.
    Kill,
    /// Flipped bits, truncated, swapped and deleted files.
    Damage,
    /// Random commands of a whole box office, in thousands.
    BoxOffice,
    /// A published log of so many thousand records before verifiers of others.
    Auditors,
    /// A subscription that is cut off so many times under load, then a crowd of sockets.
    Live,
    /// One after the other.
    All,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::CrashImages => "crash-images",
            Self::Kill => "kill",
            Self::Damage => "damage",
            Self::BoxOffice => "box-office",
            Self::Auditors => "auditors",
            Self::Live => "live",
            Self::All => "all",
        }
    }

    fn cases(self) -> u32 {
        match self {
            Self::CrashImages => 400,
            Self::Kill => 200,
            Self::Damage | Self::All => 300,
            Self::BoxOffice | Self::Live => 1_000,
            Self::Auditors => 100,
        }
    }
}

/// Runs the campaigns asked for; the first one that fails ends it.
pub(crate) fn run(campaign: &Campaign) -> Result<()> {
    let kinds = match campaign.kind {
        Kind::All => {
            vec![Kind::Auditors, Kind::Live, Kind::BoxOffice, Kind::Kill, Kind::Damage, Kind::CrashImages]
        }
        kind => vec![kind],
    };
    for kind in kinds {
        match kind {
            Kind::CrashImages => test::install_strace(),
            Kind::Auditors => test::install_go(),
            _ => {}
        }
        let mut command = workspace::cargo();
        command.args([
            "run",
            "--release",
            "--quiet",
            "--package",
            "soticket-replay-tests",
            "--bin",
            "campaign",
        ]);
        command.args(["--", kind.name(), "--cases", &campaign.cases.unwrap_or(kind.cases()).to_string()]);
        if let Some(seed) = campaign.seed {
            command.args(["--seed", &seed.to_string()]);
        }
        workspace::run(&mut command)?;
    }
    Ok(())
}
