//! The files of the repository, without what is built, fetched or given as data.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Folders that hold nothing written here.
const SKIPPED: [&str; 5] = ["target", "node_modules", "data", "dist", ".git"];

/// A text file by its path from the root, with `/` between folders.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }
}

/// Every Rust and Markdown file, sorted by path.
pub(crate) fn list(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    walk(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                walk(&entry.path(), &format!("{path}/"), files)?;
            }
        } else if name.ends_with(".rs") || name.ends_with(".md") {
            let text =
                fs::read_to_string(entry.path()).with_context(|| format!("{path} is not UTF-8 text"))?;
            files.push(File { path, text });
        }
    }
    Ok(())
}
