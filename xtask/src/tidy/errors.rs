//! The page of stable codes, made from the code that gives them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use soticket_schema::RejectionCode;

/// Where the page is, from the root.
pub(crate) const PAGE: &str = "docs/errors.md";

/// What the page must hold.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "# Stable codes\n\n\
         A command that is refused changes nothing. The answer names a code, the field and what to do. Codes never\n\
         change their meaning. When several apply, the first of this list is told: first the shape of the request,\n\
         then what it names, then the state of that, then places, then money.\n\n\
         | Code | Meaning | What to do |\n|---|---|---|\n",
    );
    for code in RejectionCode::ALL {
        let _ = writeln!(page, "| `{}` | {} | {} |", code.code(), code.meaning(), capital(code.advice()));
    }
    page.push_str("\nThis page is written by `cargo xtask docs`.\n");
    page
}

/// Whether the page is current.
pub(crate) fn check(root: &Path) -> Vec<String> {
    match fs::read_to_string(root.join(PAGE)) {
        Ok(stored) if stored == page() => Vec::new(),
        Ok(_) => vec![format!("{PAGE} is not current: run `cargo xtask docs`")],
        Err(_) => vec![format!("{PAGE} is missing: run `cargo xtask docs`")],
    }
}

/// The advice as a sentence.
fn capital(advice: &str) -> String {
    let mut chars = advice.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_lacks_a_code_is_told() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("docs")).unwrap();
        assert_eq!(check(root.path()).len(), 1);
        fs::write(root.path().join(PAGE), page()).unwrap();
        assert!(check(root.path()).is_empty());
        fs::write(root.path().join(PAGE), page().replace("SEAT_TAKEN", "SEAT_GONE")).unwrap();
        assert_eq!(check(root.path()).len(), 1);
    }
}
