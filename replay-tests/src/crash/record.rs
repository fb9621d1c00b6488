//! Running the work under strace.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::{Plan, Recording, call, trace};

/// Name of the data folder below the recorded root; the keys lie beside it.
pub(super) const DATA: &str = "data";

/// Whether strace can trace here: some containers forbid it.
pub fn is_available() -> bool {
    Command::new("strace").args(["-o", "/dev/null", "true"]).status().is_ok_and(|status| status.success())
}

/// Records the work in `folder`.
pub(super) fn record(plan: &Plan, folder: &Path) -> Result<Recording> {
    let folder = folder.canonicalize()?;
    let (root, log) = (folder.join("recorded"), folder.join("strace"));
    std::fs::create_dir(&root)?;
    let output = Command::new("strace")
        .args(["-f", "-xx", "-s", "67108864", "-e", "signal=none", "-e"])
        .arg(format!("trace={}", call::TRACED))
        .arg("-o")
        .arg(&log)
        .arg(&plan.program)
        .args(["work", plan.subject.name()])
        .args([root.join(DATA), folder.join("noted")])
        .args(["--commands", &plan.commands.to_string(), "--seed", &plan.seed.to_string()])
        .output()
        .context("strace could not be started")?;
    if !output.status.success() {
        bail!("the recorded process failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let text = std::fs::read_to_string(&log).context("the recording cannot be read")?;
    std::fs::remove_file(&log)?;
    Ok(Recording { root, disk_lies: plan.disk_lies, moments: trace::read(&text)? })
}
