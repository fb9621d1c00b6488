//! `cargo xtask docs`: pages that are generated from code. A tidy rule compares them.

use std::fs;

use anyhow::Result;

use crate::tidy::errors;
use crate::workspace;

/// Writes the generated pages.
pub(crate) fn run() -> Result<()> {
    let path = workspace::root().join(errors::PAGE);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, errors::page())?;
    println!("wrote {}", errors::PAGE);
    Ok(())
}
