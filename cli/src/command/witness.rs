//! `soticket witness`: cosigns checkpoints of the logs that it watches, and has published ones cosigned.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};
use soticket_ledger::proof::VerifierKey;
use soticket_witness::{FolderError, Witness};
use tokio::net::TcpListener;

use super::serve::signalled;
use crate::attest::{Attested, Attestors};
use crate::config::Config;
use crate::failure::{Exit, Failure};
use crate::output;

/// Where a witness answers when nothing else is said.
pub(super) const LISTEN: &str = "127.0.0.1:8081";

/// Which witness, and what to do.
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder of the witness: its key and what it cosigned; no ledger is needed
    #[arg(long, global = true, env = "SOTICKET_WITNESS_FOLDER", value_name = "DIR")]
    pub folder: Option<PathBuf>,
    /// Name of the witness, needed when its key is made, such as witness.member.example
    #[arg(long, global = true, value_name = "NAME")]
    pub name: Option<String>,
    /// Verifier key of a log to watch; several in the file `logs` of the folder, one a line
    #[arg(long, value_name = "VKEY")]
    pub watch: Vec<VerifierKey>,
    /// Address and port [default: 127.0.0.1:8081]
    #[arg(long, env = "SOTICKET_WITNESS_LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Something else than to serve
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What to do besides serving.
#[derive(Subcommand, Debug)]
pub enum Action {
    /// Print the witness's verifier key, and make it if there is none
    Key,
    /// Have the newest checkpoints of published logs cosigned and timestamped by those that the settings name
    Submit(Submit),
}

/// Which logs.
#[derive(Args, Debug)]
pub struct Submit {
    /// Names of logs: an organisation's id, or cooperative [default: all]
    #[arg(value_name = "LOG")]
    pub logs: Vec<String>,
}

/// Does it.
pub(crate) fn run(config: &Config, arguments: &Arguments, json: bool) -> Result<Exit, Failure> {
    match &arguments.action {
        None => serve(arguments),
        Some(Action::Key) => {
            let key = Witness::key_of(folder(arguments)?, arguments.name.as_deref()).map_err(refused)?;
            output::text_out(&format!("{key}\n"))?;
            Ok(Exit::Done)
        }
        Some(Action::Submit(submit)) => self::submit(config, submit, json),
    }
}

fn folder(arguments: &Arguments) -> Result<&Path, Failure> {
    arguments.folder.as_deref().ok_or_else(|| {
        let message = "name the witness's folder with --folder DIR or SOTICKET_WITNESS_FOLDER";
        Failure::new(Exit::Usage, "WITNESS_FOLDER_MISSING", message)
    })
}

/// What was refused is the data when it is damaged, and the call when something was not said.
fn refused(error: FolderError) -> Failure {
    let exit = match error {
        FolderError::NameMissing | FolderError::NameInvalid(_) | FolderError::NameOther { .. } => Exit::Usage,
        _ => Exit::Data,
    };
    Failure::new(exit, error.code(), error.to_string())
}

/// Opens a witness that watches something.
pub(super) fn open(
    folder: &Path,
    name: Option<&str>,
    watch: &[VerifierKey],
) -> Result<Arc<Witness>, Failure> {
    let witness = Witness::open(folder, name, watch).map_err(refused)?;
    if witness.logs().is_empty() {
        let file = folder.join("logs");
        let message = format!("name the logs to watch by their keys, one a line in {}", file.display());
        return Err(Failure::new(Exit::Usage, "WITNESS_LOGS_MISSING", message));
    }
    Ok(Arc::new(witness))
}

/// Answers until `end` resolves or the witness stops for good.
pub(super) async fn answer(
    witness: Arc<Witness>,
    address: &str,
    end: impl Future<Output = ()>,
) -> Result<(), Failure> {
    let refused = |error| Failure::new(Exit::Usage, "LISTEN_REFUSED", format!("{address}: {error}"));
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let local = listener.local_addr()?;
    let (name, logs) = (witness.verifier().name(), witness.logs().len());
    eprintln!("Witness {name} on http://{local}, {logs} keys of logs watched");
    let mut stopped = witness.stopped();
    let over = async {
        tokio::select! {
            () = end => {}
            _ = stopped.wait_for(Option::is_some) => {}
        }
    };
    soticket_graphql::serve_routes(listener, soticket_witness::routes(Arc::clone(&witness)), over).await?;
    match witness.stopped().borrow().clone() {
        Some(reason) => Err(Failure::new(Exit::Unexpected, "WITNESS_STOPPED", reason)),
        None => Ok(()),
    }
}

fn serve(arguments: &Arguments) -> Result<Exit, Failure> {
    let witness = open(folder(arguments)?, arguments.name.as_deref(), &arguments.watch)?;
    let address = arguments.listen.as_deref().unwrap_or(LISTEN);
    super::block_on(answer(witness, address, signalled()))??;
    Ok(Exit::Done)
}

fn submit(config: &Config, arguments: &Submit, json: bool) -> Result<Exit, Failure> {
    let attestors = Attestors::of(config)?.demanded()?;
    let published = config.published_folder()?;
    let logs = if arguments.logs.is_empty() { logs(&published)? } else { arguments.logs.clone() };
    let attested: Vec<Attested> = logs.iter().flat_map(|log| attestors.attest(&published, log)).collect();
    if json {
        output::json(&attested)?;
    } else {
        let lines: String = attested.iter().map(|one| format!("{one}\n")).collect();
        output::text_out(&lines)?;
    }
    Ok(if attested.iter().all(Attested::is_given) { Exit::Done } else { Exit::Refused })
}

/// The logs of a folder of published ones.
fn logs(published: &Path) -> Result<Vec<String>, Failure> {
    let missing = |error| {
        let message = format!("{}: {error}: publish first, or name it with --published", published.display());
        Failure::new(Exit::Usage, "PUBLISHED_FOLDER_UNUSABLE", message)
    };
    let mut logs = Vec::new();
    for entry in std::fs::read_dir(published).map_err(missing)? {
        let entry = entry?;
        if entry.path().join("checkpoint").is_file() {
            logs.extend(entry.file_name().into_string());
        }
    }
    logs.sort();
    Ok(logs)
}
