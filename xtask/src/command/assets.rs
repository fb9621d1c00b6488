//! GraphiQL and what it needs, from npm into the folder that the service embeds. Every file is pinned by its SHA-256,
//! so that neither a registry nor a cache can slip anything into the page.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::workspace;

/// Package and version, file in the package, name here, SHA-256 of the file.
const FILES: [(&str, &str, &str, &str); 4] = [
    (
        "graphiql@4.1.2",
        "package/graphiql.min.js",
        "graphiql.min.js",
        "867226ba8af5ce7949903fc53932f78dac9f4bfc6cc8da0fd3869b8bc6c5256b",
    ),
    (
        "graphiql@4.1.2",
        "package/graphiql.min.css",
        "graphiql.min.css",
        "30487e07635d312a63f647b140d37740a73c53332b0975bf4b1fe985ca6ec885",
    ),
    (
        "react@18.3.1",
        "package/umd/react.production.min.js",
        "react.production.min.js",
        "d949f1c3687aedadcedac85261865f29b17cd273997e7f6b2bfc53b2f9d4c4dd",
    ),
    (
        "react-dom@18.3.1",
        "package/umd/react-dom.production.min.js",
        "react-dom.production.min.js",
        "35f4f974f4b2bcd44da73963347f8952e341f83909e4498227d4e26b98f66f0d",
    ),
];

/// Fetches the files that are missing or differ.
pub(crate) fn run() -> Result<()> {
    fetch(&workspace::root().join("graphql/assets/graphiql"))
}

/// As [`run`]; without npm or a network it says so in one line and the service goes without GraphiQL.
pub(crate) fn run_if_possible() {
    if let Err(error) = run() {
        eprintln!("GraphiQL will not be served: {error:#}");
    }
}

fn fetch(folder: &Path) -> Result<()> {
    let missing: Vec<_> =
        FILES.iter().filter(|(_, _, name, pin)| !is_pinned(&folder.join(name), pin)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !workspace::has("npm", "--version") {
        bail!("npm is missing; install Node.js and run `cargo xtask assets`");
    }
    fs::create_dir_all(folder)?;
    let packed = workspace::root().join("target/npm");
    fs::create_dir_all(&packed)?;
    for (package, inside, name, pin) in missing {
        let archive = pack(package, &packed)?;
        let bytes = extract(&packed.join(archive), inside)?;
        let found = sha256(&bytes);
        if found != *pin {
            bail!("{name} of {package} has SHA-256 {found}, not the pinned {pin}: not used");
        }
        // Written beside and renamed: a build that runs at this moment embeds all of it or none.
        let partial = folder.join(format!("{name}.partial"));
        fs::write(&partial, bytes)?;
        fs::rename(partial, folder.join(name))?;
        println!("fetched {name} of {package}");
    }
    Ok(())
}

/// Downloads a package as npm publishes it and returns the archive's name.
fn pack(package: &str, folder: &Path) -> Result<String> {
    let output = Command::new("npm")
        .args(["pack", "--silent", package])
        .current_dir(folder)
        .output()
        .context("npm could not be started")?;
    if !output.status.success() {
        let complaint = String::from_utf8_lossy(&output.stderr);
        bail!("npm could not fetch {package}: {}", complaint.lines().next().unwrap_or("no reason given"));
    }
    let printed = String::from_utf8(output.stdout)?;
    printed.lines().last().map(str::to_owned).with_context(|| format!("npm named no archive for {package}"))
}

fn extract(archive: &Path, inside: &str) -> Result<Vec<u8>> {
    let output = Command::new("tar").arg("-xzOf").arg(archive).arg(inside).output()?;
    if !output.status.success() {
        bail!("{} does not hold {inside}", archive.display());
    }
    Ok(output.stdout)
}

fn is_pinned(file: &Path, pin: &str) -> bool {
    fs::read(file).is_ok_and(|bytes| sha256(&bytes) == pin)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pinned_bytes_pass() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let pin = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(!is_pinned(&file, pin));
        fs::write(&file, "abc").unwrap();
        assert!(is_pinned(&file, pin));
        fs::write(&file, "abd").unwrap();
        assert!(!is_pinned(&file, pin));
    }
}
