//! Rules of the house that no compiler checks. Each rule lists what breaks it; the list is empty in a tidy repository.

pub(crate) mod errors;
mod files;
mod layers;
mod markdown;
mod metadata;
mod pins;
mod sources;

use std::path::Path;

use anyhow::{Result, bail};

use crate::workspace;

/// Checks the repository and prints what breaks a rule.
pub(crate) fn run() -> Result<()> {
    let broken = check(&workspace::root())?;
    for line in &broken {
        println!("{line}");
    }
    if broken.is_empty() {
        println!("tidy");
        Ok(())
    } else {
        bail!("{} rules of the house are broken", broken.len());
    }
}

fn check(root: &Path) -> Result<Vec<String>> {
    let metadata = metadata::read()?;
    let mut broken = layers::check(&metadata);
    broken.extend(pins::check(&metadata));
    for file in files::list(root)? {
        match file.extension() {
            "rs" => broken.extend(sources::check(&file)),
            "md" => broken.extend(markdown::check(root, &file)),
            _ => {}
        }
    }
    broken.extend(errors::check(root));
    Ok(broken)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_repository_is_tidy() {
        let broken = super::check(&crate::workspace::root()).unwrap();
        assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    }
}
