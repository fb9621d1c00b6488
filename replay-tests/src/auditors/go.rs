//! `golang.org/x/mod/sumdb`, through the program of `docs/auditors/sumdb`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Evidence, Verifier};

/// The Go program, built.
pub struct Go {
    program: PathBuf,
}

impl Go {
    /// Where Debian puts the sources of Go packages.
    const PACKAGES: &'static str = "/usr/share/gocode";

    /// Whether Go and x/mod are on this machine.
    pub fn is_available() -> bool {
        let found = Command::new("go").arg("version").output().is_ok_and(|output| output.status.success());
        found && Path::new(Self::PACKAGES).join("src/golang.org/x/mod/sumdb/tlog").is_dir()
    }

    /// Builds the program into a folder.
    ///
    /// # Errors
    /// It does not build.
    pub fn build(folder: &Path) -> Result<Self> {
        let program = folder.join("sumdb-audit");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/auditors/sumdb/main.go");
        let output = Command::new("go")
            .args(["build", "-o"])
            .arg(&program)
            .arg(source)
            .env("GO111MODULE", "off")
            .env("GOPATH", Self::PACKAGES)
            .env("GOCACHE", folder.join("go-cache"))
            .env("GOFLAGS", "")
            .output()
            .context("go cannot be started")?;
        if !output.status.success() {
            bail!("go build: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(Self { program })
    }
}

impl Verifier for Go {
    fn name(&self) -> &'static str {
        "Go x/mod sumdb"
    }

    fn audit(&self, evidence: &Evidence) -> Result<String> {
        let output = Command::new(&self.program)
            .arg(&evidence.folder)
            .arg(&evidence.key)
            .arg("-old")
            .arg(&evidence.earlier)
            .args(&evidence.proofs)
            .output()?;
        let said = String::from_utf8_lossy(&output.stdout);
        let last = said.lines().last().unwrap_or_default().to_owned();
        match output.status.code() {
            Some(0) => Ok(last),
            // Anything but a refusal is a fault of the test, not a finding.
            Some(1) if last.starts_with("REFUSED") => bail!(last),
            _ => panic!("the Go program failed: {said}{}", String::from_utf8_lossy(&output.stderr)),
        }
    }
}
