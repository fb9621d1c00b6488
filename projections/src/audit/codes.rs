//! Codes of the NF525 journal for the kinds of entries: dated data, since the full list is not public and changes.

use std::sync::LazyLock;

use serde::Deserialize;
use soticket_schema::CommercialDay;

use super::AuditKind;

/// A list of codes, with where it is from and since when it is used.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeList {
    /// Its name.
    pub name: String,
    /// Where it is from.
    pub source: String,
    /// First day that it is used for.
    pub valid_from: CommercialDay,
    /// One line per kind.
    pub codes: Vec<JetCode>,
}

/// The code of one kind of entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JetCode {
    /// The kind, as [`AuditKind::text`] names it.
    pub kind: String,
    /// The code; none where it is not known.
    pub code: Option<u16>,
    /// `C` for what is noted when it applies, `X` for what must be there; empty where it is not known.
    pub class: String,
    /// What is uncertain about it.
    pub note: String,
}

const FILES: [&str; 1] = [include_str!("../../../data/journal/nf525-2026.json")];

/// By the first day, ascending. A file that does not parse fails the tests, not the program.
static LISTS: LazyLock<Vec<CodeList>> = LazyLock::new(|| {
    let mut lists: Vec<CodeList> = FILES.iter().filter_map(|file| serde_json::from_str(file).ok()).collect();
    lists.sort_by_key(|list| list.valid_from);
    lists
});

/// The list that is used on a day: the latest that began, or the first there is.
pub fn code_list(day: CommercialDay) -> Option<&'static CodeList> {
    let begun = LISTS.iter().rev().find(|list| list.valid_from <= day);
    begun.or_else(|| LISTS.first())
}

/// The code of a kind on a day.
pub fn jet_code(kind: AuditKind, day: CommercialDay) -> Option<&'static JetCode> {
    code_list(day)?.codes.iter().find(|code| code.kind == kind.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_reads_and_names_every_kind_once() {
        assert_eq!(LISTS.len(), FILES.len());
        for list in LISTS.iter() {
            let mut named: Vec<&str> = list.codes.iter().map(|code| code.kind.as_str()).collect();
            let mut kinds: Vec<&str> = AuditKind::ALL.iter().map(|kind| kind.text()).collect();
            named.sort_unstable();
            kinds.sort_unstable();
            assert_eq!(named, kinds, "{}", list.name);
            assert!(list.codes.iter().all(|code| code.code.is_some() || code.note.contains("[!]")));
        }
    }

    #[test]
    fn the_list_of_the_day_is_used() {
        let day = CommercialDay::parse("2026-03-14").unwrap();
        assert_eq!(jet_code(AuditKind::Started, day).and_then(|code| code.code), Some(80));
        assert_eq!(jet_code(AuditKind::SignedIn, day).and_then(|code| code.code), None);
    }
}
