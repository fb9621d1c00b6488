//! The labels that pretix gives to columns and values, in every language that it offers. An export is written in one
//! language, with single labels of others where a translation is missing: each cell is looked up by itself.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;

/// Labels per file and column, in pretix's column order, and per value.
#[derive(Debug, Deserialize)]
struct Stored {
    columns: BTreeMap<String, Vec<(String, Vec<String>)>>,
    words: BTreeMap<String, Vec<String>>,
}

/// The columns of one file in pretix's order, each with its normalised labels.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Names of the columns.
    pub(crate) columns: Vec<String>,
    /// Which columns a label can stand for.
    by_label: HashMap<String, Vec<usize>>,
}

/// A word among the values of an export.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Word {
    /// Yes.
    Yes,
    /// A quota without a size.
    Infinite,
    /// A scan on the way in.
    Entry,
    /// A scan on the way out.
    Exit,
    /// A scan that let through.
    Ok,
    /// Paid with a gift card.
    GiftCard,
    /// Paid by bank transfer.
    Transfer,
    /// Paid by card.
    Card,
    /// Paid by direct debit.
    DirectDebit,
}

impl Word {
    fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Infinite => "infinite",
            Self::Entry => "entry",
            Self::Exit => "exit",
            Self::Ok => "ok",
            Self::GiftCard => "gift_card",
            Self::Transfer => "transfer",
            Self::Card => "card",
            Self::DirectDebit => "direct_debit",
        }
    }

    /// Whether `text` is this word in any language.
    pub(crate) fn is(self, text: &str) -> bool {
        let text = normalised(text);
        LABELS.words.get(self.name()).is_some_and(|words| words.contains(&text))
    }
}

#[derive(Debug)]
struct Labels {
    layouts: BTreeMap<String, Layout>,
    words: BTreeMap<String, Vec<String>>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program and read by every test")]
static LABELS: LazyLock<Labels> = LazyLock::new(|| {
    let stored: Stored = serde_json::from_str(include_str!("labels.json")).expect("labels.json is valid");
    let layouts = stored.columns.into_iter().map(|(file, columns)| (file, Layout::new(columns)));
    let words = stored
        .words
        .into_iter()
        .map(|(name, words)| (name, words.iter().map(|word| normalised(word)).collect()));
    Labels { layouts: layouts.collect(), words: words.collect() }
});

impl Layout {
    fn new(columns: Vec<(String, Vec<String>)>) -> Self {
        let mut by_label: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, (_, labels)) in columns.iter().enumerate() {
            for label in labels {
                by_label.entry(normalised(label)).or_default().push(index);
            }
        }
        Self { columns: columns.into_iter().map(|(name, _)| name).collect(), by_label }
    }

    /// The layout of a file such as `transactions`.
    pub(crate) fn of(file: &str) -> Option<&'static Self> {
        LABELS.layouts.get(file)
    }

    /// The columns that a header cell can stand for.
    pub(crate) fn candidates(&self, cell: &str) -> &[usize] {
        self.by_label.get(&normalised(cell)).map_or(&[], Vec::as_slice)
    }
}

/// A cell as labels are compared: without marks, in lower case, with plain apostrophes and single blanks.
pub(crate) fn normalised(cell: &str) -> String {
    let plain: String = unguarded(cell)
        .chars()
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200e}' | '\u{200f}'))
        .map(|c| match c {
            '\u{2019}' => '\'',
            '\u{a0}' | '\u{202f}' => ' ',
            other => other,
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A cell without the guard that keeps spreadsheets from taking it for a formula: a quote before `= + - @ | %`, and a
/// backslash before every `|`.
pub(crate) fn unguarded(cell: &str) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '|', '%']) || rest.starts_with("\\|") => {
            rest.replace("\\|", "|")
        }
        _ => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guards_and_marks_are_removed() {
        assert_eq!(unguarded("'=abc\\|d"), "=abc|d");
        assert_eq!(unguarded("'+33 6"), "+33 6");
        assert_eq!(unguarded("'quoted'"), "'quoted'");
        assert_eq!(normalised(" Current user\u{2019}s\u{a0}carts\u{200f}"), "current user's carts");
        assert!(Word::Entry.is("Entrée") && Word::Yes.is("OUI") && !Word::Yes.is("Non"));
    }
}
