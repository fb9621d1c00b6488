//! What an auditor brings along: keys, checkpoints and receipts kept from earlier, and witnesses.

use std::path::{Path, PathBuf};

use clap::Args;
use soticket_ledger::proof::{Checkpoint, KeyKind, Note, Policy, ProofFile, VerifierKey};
use soticket_witness::check_roots;

use crate::failure::{Exit, Failure};

/// Evidence on the command line.
#[derive(Args, Debug, Default)]
pub struct EvidenceArguments {
    /// Key that signs a log's checkpoints, as NAME+ID+BASE64, had from elsewhere than the log; several
    #[arg(id = "verifier_keys", long = "key", value_name = "VKEY", value_parser = key)]
    pub keys: Vec<VerifierKey>,
    /// Signed checkpoint that was given out earlier; several
    #[arg(long, value_name = "FILE")]
    pub seen: Vec<PathBuf>,
    /// Receipt (.tlog-proof) that was given out earlier; several
    #[arg(long = "receipt", value_name = "FILE")]
    pub receipts: Vec<PathBuf>,
    /// Key of a witness, as NAME+ID+BASE64; several
    #[arg(long = "witness", value_name = "VKEY", value_parser = key)]
    pub witnesses: Vec<VerifierKey>,
    /// How many of the witnesses must have cosigned the newest checkpoint [default: all]
    #[arg(long, value_name = "COUNT", requires = "witnesses")]
    pub quorum: Option<usize>,
    /// Policy (c2sp.org/tlog-policy) that names the witnesses and how many of them it takes, instead
    #[arg(long, value_name = "FILE", conflicts_with_all = ["witnesses", "quorum"])]
    pub policy: Option<PathBuf>,
    /// Certificates of the authority that gave timestamps, as PEM: tokens beside the checkpoints are checked against them
    #[arg(long, value_name = "FILE")]
    pub tsa_roots: Option<PathBuf>,
}

fn key(text: &str) -> Result<VerifierKey, String> {
    text.parse().map_err(|error: soticket_ledger::proof::ProofError| format!("{}: {error}", error.code()))
}

/// A signed checkpoint and the file that it is from.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) name: String,
    pub(crate) note: Note,
    pub(crate) checkpoint: Checkpoint,
}

/// A receipt and the file that it is from.
#[derive(Debug, Clone)]
pub(crate) struct Receipt {
    pub(crate) proof: ProofFile,
    /// Its checkpoint.
    pub(crate) seen: Seen,
}

/// Evidence, read.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    pub(crate) keys: Vec<VerifierKey>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) receipts: Vec<Receipt>,
    pub(crate) witnesses: Vec<VerifierKey>,
    pub(crate) quorum: usize,
    pub(crate) policy: Option<Policy>,
    /// Certificates of authorities, as PEM.
    pub(crate) tsa_roots: Option<String>,
}

impl Evidence {
    /// Reads the files.
    ///
    /// # Errors
    /// One cannot be read or is not what it should be.
    pub(crate) fn read(arguments: &EvidenceArguments) -> Result<Self, Failure> {
        let seen = |path: &PathBuf| -> Result<Seen, Failure> {
            let note: Note = parsed(path)?;
            seen(path, note)
        };
        let receipt = |path: &PathBuf| -> Result<Receipt, Failure> {
            let proof: ProofFile = parsed(path)?;
            Ok(Receipt { seen: self::seen(path, proof.checkpoint.clone())?, proof })
        };
        let wrong = |key: &VerifierKey, kind| key.kind() != kind;
        if let Some(key) = arguments.keys.iter().find(|key| wrong(key, KeyKind::Log)) {
            return Err(unusable(key.name(), "it is a witness's key: give it with --witness"));
        }
        if let Some(key) = arguments.witnesses.iter().find(|key| wrong(key, KeyKind::Cosignature)) {
            return Err(unusable(key.name(), "it is a log's key: give it with --key"));
        }
        let quorum = arguments.quorum.unwrap_or(arguments.witnesses.len());
        if quorum > arguments.witnesses.len() || (quorum == 0 && arguments.quorum.is_some()) {
            return Err(unusable("--quorum", "set 1 to the number of witnesses"));
        }
        Ok(Self {
            keys: arguments.keys.clone(),
            seen: arguments.seen.iter().map(seen).collect::<Result<_, Failure>>()?,
            receipts: arguments.receipts.iter().map(receipt).collect::<Result<_, Failure>>()?,
            witnesses: arguments.witnesses.clone(),
            quorum,
            policy: arguments.policy.as_ref().map(parsed).transpose()?,
            tsa_roots: arguments.tsa_roots.as_ref().map(roots).transpose()?,
        })
    }
}

fn seen(path: &Path, note: Note) -> Result<Seen, Failure> {
    let checkpoint = note.text.parse().map_err(|error| unusable(&path.display().to_string(), error))?;
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(Seen { name, note, checkpoint })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(path: &PathBuf) -> Result<T, Failure> {
    text(path)?.parse().map_err(|error| unusable(&path.display().to_string(), error))
}

fn text(path: &PathBuf) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| unusable(&path.display().to_string(), error))
}

/// An authority's certificates.
fn roots(path: &PathBuf) -> Result<String, Failure> {
    let text = text(path)?;
    check_roots(&text).map_err(|error| unusable(&path.display().to_string(), error))?;
    Ok(text)
}

fn unusable(what: &str, why: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::Usage, "EVIDENCE_UNUSABLE", format!("{what}: {why}"))
}
