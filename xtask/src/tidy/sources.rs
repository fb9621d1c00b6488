//! Rust files: their length, words that are left over, and floats where money is.

use super::files::File;

/// Most lines of a file.
const LINES_MAX: usize = 500;

/// Crates whose sources hold no float.
const EXACT: [&str; 3] = ["schema/src/", "ledger/src/", "projections/src/"];

/// Words that are left over from work in progress. Put together here, so that this file does not hold them.
const LEFT_OVER: [&str; 4] =
    [concat!("to", "do!"), concat!("TO", "DO"), concat!("FIX", "ME"), concat!("db", "g!")];

pub(crate) fn check(file: &File) -> Vec<String> {
    let mut broken = Vec::new();
    let lines = file.text.lines().count();
    if lines > LINES_MAX {
        broken.push(format!("{}: {lines} lines, more than {LINES_MAX}", file.path));
    }
    let exact = EXACT.iter().any(|folder| file.path.starts_with(folder));
    for (number, line) in file.text.lines().enumerate() {
        let place = format!("{}:{}", file.path, number + 1);
        broken.extend(
            LEFT_OVER.iter().filter(|word| line.contains(**word)).map(|word| format!("{place}: {word}")),
        );
        if line.contains('\u{2014}') {
            broken.push(format!("{place}: an em dash"));
        }
        if exact && ["f32", "f64"].iter().any(|float| has_word(line, float)) {
            broken.push(format!("{place}: a float"));
        }
    }
    broken
}

/// Whether `word` stands in `line` on its own.
fn has_word(line: &str, word: &str) -> bool {
    line.split(|char: char| !char.is_alphanumeric() && char != '_').any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> usize {
        check(&File { path: path.into(), text: text.into() }).len()
    }

    #[test]
    fn leftovers_floats_and_length_are_told() {
        assert_eq!(broken("cli/src/a.rs", "fn main() {}\n"), 0);
        assert_eq!(broken("cli/src/a.rs", &format!("// {} later", LEFT_OVER[2])), 1);
        assert_eq!(broken("cli/src/a.rs", "a \u{2014} b"), 1);
        assert_eq!(broken("schema/src/a.rs", "let price: f64 = 1;"), 1);
        assert_eq!(broken("schema/src/a.rs", "let hash = 0xf64f64; let if64 = 1;"), 0);
        assert_eq!(broken("benches/src/a.rs", "let rate: f64 = 1;"), 0);
        assert_eq!(broken("cli/src/a.rs", &"\n".repeat(LINES_MAX)), 0);
        assert_eq!(broken("cli/src/a.rs", &"\n".repeat(LINES_MAX + 1)), 1);
    }
}
