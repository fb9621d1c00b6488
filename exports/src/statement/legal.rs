//! Remarks that the law or an agreement asks for, as dated data.

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;

use crate::document::Text;
use crate::language::Term;

/// Remarks by document, each from a day on.
const NOTES: &str = include_str!("../../data/legal-notes.json");

#[derive(Deserialize)]
struct Note {
    document: String,
    /// ISO 8601, which sorts as text.
    from: String,
    #[expect(dead_code, reason = "says where the remark comes from to whoever maintains the data")]
    source: String,
    fr: String,
    en: String,
}

static KNOWN: LazyLock<Vec<Note>> = LazyLock::new(|| serde_json::from_str(NOTES).unwrap_or_default());

/// What applies to a document of this kind on a day.
pub(super) fn notes(kind: Term, day: Date) -> Vec<Text> {
    let day = day.to_string();
    let applicable = KNOWN.iter().filter(|note| note.document == kind.code && note.from <= day);
    applicable.map(|note| Text::Both { french: note.fr.clone(), english: note.en.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::words;

    #[test]
    fn remarks_apply_from_their_day_on() {
        assert_eq!(serde_json::from_str::<Vec<Note>>(NOTES).unwrap().len(), KNOWN.len());
        let day = |text: &str| text.parse().unwrap();
        assert_eq!(notes(words::BOX_OFFICE, day("2026-03-14")).len(), 2);
        assert!(notes(words::BOX_OFFICE, day("2007-10-04")).is_empty());
        assert_eq!(notes(words::REMITTANCE, day("2026-03-14")).len(), 1);
    }
}
