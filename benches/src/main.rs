//! Benchmarks: one workload, results that are checked, and the machine's own limits beside every figure.
#![expect(clippy::float_arithmetic, reason = "statistics; no amount of money passes through a float")]

mod agree;
mod append;
mod bench;
mod commit;
mod decide;
mod exports;
mod http;
mod machine;
mod memory;
mod peer;
mod replay;
mod report;
mod settlement;
mod stats;
mod verify;
mod workload;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use serde_json::{Map, Value as Json};

use bench::Bench;
use machine::Limits;
use report::Table;
use workload::History;

/// The allocator of the program that is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(
    name = "cargo xtask bench",
    about = "Benchmarks of SoTicket Ledger, beside the machine's own limits"
)]
struct Arguments {
    /// Which benchmarks; all without any.
    #[arg(value_enum)]
    names: Vec<Name>,
    /// Writes the results as JSON too: times in seconds, sizes in bytes, rates per second.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Where the data folders are made; must be on the disk that is to be measured.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    folder: PathBuf,
    /// Seed of the workload.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How long one figure is measured.
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// Events of the log that is replayed.
    #[arg(long, default_value_t = 2_000_000)]
    events: u64,
    /// Tickets of which the memory is measured.
    #[arg(long, default_value_t = 1_000_000)]
    tickets: u64,
    /// Connections of the load generator.
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// A running server to drive over HTTP instead of one in this process, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// An administrator's token of that server.
    #[arg(long, value_name = "TOKEN", env = "SOTICKET_ADMINISTRATORS", hide_env_values = true)]
    token: Option<String>,
    /// In a child process: what to measure the memory of.
    #[arg(long, value_enum, hide = true, requires = "records")]
    measure: Option<memory::Part>,
    /// In a child process: the records to fold.
    #[arg(long, hide = true)]
    records: Option<PathBuf>,
    /// In a child process: the data folder or published log to verify.
    #[arg(long, hide = true)]
    verify: Option<PathBuf>,
    /// In such a child process: decode the payloads and compare them as well.
    #[arg(long, hide = true, requires = "verify")]
    payloads: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Durable append to the log, by batch size.
    Append,
    /// Group commit through the ledger, by number of callers.
    Commit,
    /// Decisions on a season of 1,000 shows and twice as many tickets as memory is measured of.
    Decide,
    /// Cold verification and replay, and opening.
    Replay,
    /// Verification with chain and tree, and payloads too, of half as many events as are replayed and of five times as many, in a
    /// data folder and in a published copy.
    Verify,
    /// GraphQL over HTTP, bulk sales among it.
    Http,
    /// Lists and a statement as files: of 40,000 orders, or a 25th of the tickets that memory is measured of.
    Exports,
    /// Settlements of shows with 1,000, 10,000 and 100,000 tickets, or as many thousandths of those that memory is measured
    /// of.
    Settlement,
    /// Bytes per ticket.
    Memory,
    /// The same sale in SQLite and PostgreSQL.
    Peer,
}

impl Name {
    fn run(self, bench: &Bench, limits: &Limits) -> Result<Vec<Table>> {
        match self {
            Self::Append => append::run(bench, limits).map(|table| vec![table]),
            Self::Commit => commit::run(bench, limits).map(|table| vec![table]),
            Self::Decide => decide::run(bench).map(|table| vec![table]),
            Self::Replay => replay::run(bench, limits),
            Self::Verify => verify::run(bench).map(|table| vec![table]),
            Self::Http => http::run(bench, limits),
            Self::Exports => exports::run(bench).map(|table| vec![table]),
            Self::Settlement => settlement::run(bench).map(|table| vec![table]),
            Self::Memory => memory::run(bench).map(|table| vec![table]),
            Self::Peer => peer::run(bench).map(|table| vec![table]),
        }
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let (Some(part), Some(records)) = (arguments.measure, &arguments.records) {
        return memory::measure(part, records);
    }
    if let Some(folder) = &arguments.verify {
        return verify::child(folder, arguments.payloads);
    }
    std::fs::create_dir_all(&arguments.folder).with_context(|| arguments.folder.display().to_string())?;
    let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&arguments.folder)?;
    let bench = Bench {
        folder: folder.path().canonicalize()?,
        seed: arguments.seed,
        time: Duration::from_secs(arguments.seconds.max(1)),
        events: arguments.events,
        tickets: arguments.tickets,
        connections: arguments.connections.max(1),
        server: arguments.server,
        token: arguments.token,
    };
    let mut results = Map::new();
    let mut show = |name: &str, table: &Table| {
        println!("{table}");
        results.insert(name.to_owned(), table.json());
    };
    let (limits, table) = machine::measure(&bench, &History::records(bench.seed, 20_000)?)?;
    show("machine", &table);
    let names = if arguments.names.is_empty() { Name::value_variants() } else { &arguments.names };
    for name in names {
        for table in name.run(&bench, &limits)? {
            show(table.name(), &table);
        }
    }
    if let Some(path) = arguments.json {
        let text = serde_json::to_string_pretty(&Json::Object(results))?;
        std::fs::write(&path, text + "\n").with_context(|| path.display().to_string())?;
    }
    Ok(())
}
