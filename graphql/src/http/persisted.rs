//! Documents that are asked for by their SHA-256. Those that the operator trusts are read from a file; others are told once
//! with their text and known by their hash from then on, until room is needed (automatic persisted queries).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;
use ring::digest::{SHA256, digest};
use rustc_hash::FxHashMap;

use super::request::GraphqlRequest;
use crate::error::{ErrorCode, RequestError};

/// Documents kept that clients told. Beyond it all are dropped: whoever needs one tells it again.
const TOLD_MAX: usize = 512;
/// Longest document that is kept, in bytes.
const TOLD_BYTES_MAX: usize = 16 * 1024;

/// SHA-256 of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 32]);

impl Digest {
    /// Reads 64 hexadecimal digits, after `sha256:` or not.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        soticket_schema::Hash::parse(&hex.to_ascii_lowercase()).map(|hash| Self(hash.0))
    }

    fn of(text: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Self(bytes)
    }
}

/// Documents that the operator trusts.
struct Trusted {
    documents: FxHashMap<Digest, Arc<str>>,
    /// Whether others are refused.
    only: bool,
}

/// Documents by their SHA-256.
#[derive(Default)]
pub(crate) struct Persisted {
    trusted: OnceLock<Trusted>,
    told: RwLock<FxHashMap<Digest, Arc<str>>>,
}

impl Persisted {
    /// Trusts the documents of a manifest: a JSON object of texts by their SHA-256, as code generators write it. With `only`
    /// others are refused. The first manifest that is named stays.
    ///
    /// # Errors
    /// The file cannot be read, or a text is not what its hash says.
    pub(crate) fn trust(&self, manifest: &Path, only: bool) -> io::Result<()> {
        let text = fs::read_to_string(manifest)?;
        let invalid = |what: String| {
            io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", manifest.display()))
        };
        let stated: BTreeMap<String, String> =
            serde_json::from_str(&text).map_err(|error| invalid(error.to_string()))?;
        let mut documents = FxHashMap::default();
        for (hash, document) in stated {
            let named = Digest::parse(&hash).filter(|named| *named == Digest::of(&document));
            let named = named.ok_or_else(|| invalid(format!("{hash} is not the SHA-256 of its document")))?;
            documents.insert(named, document.into());
        }
        let _ = self.trusted.set(Trusted { documents, only });
        Ok(())
    }

    /// The text of the document that is asked for.
    pub(crate) fn text<'a>(&self, asked: &'a GraphqlRequest) -> Result<Cow<'a, str>, RequestError> {
        let trusted = self.trusted.get();
        let only = trusted.filter(|trusted| trusted.only);
        let Some(digest) = asked.digest else {
            let refused = only.is_some_and(|only| !only.documents.contains_key(&Digest::of(&asked.query)));
            return if refused { Err(not_trusted()) } else { Ok(Cow::Borrowed(&asked.query)) };
        };
        if let Some(text) = trusted.and_then(|trusted| trusted.documents.get(&digest)) {
            return Ok(Cow::Owned(text.as_ref().to_owned()));
        }
        if only.is_some() {
            return Err(not_trusted());
        }
        if asked.query.is_empty() {
            let text = self.told.read().get(&digest).map(|text| text.as_ref().to_owned());
            return text.map(Cow::Owned).ok_or_else(|| refused(ErrorCode::PersistedQueryNotFound));
        }
        if Digest::of(&asked.query) != digest {
            return Err(refused(ErrorCode::PersistedQueryMismatch));
        }
        Ok(Cow::Borrowed(&asked.query))
    }

    /// Knows a document by its hash that was told with it, once it has been parsed.
    pub(crate) fn told(&self, asked: &GraphqlRequest) {
        let Some(digest) = asked.digest.filter(|_| !asked.query.is_empty()) else { return };
        if asked.query.len() > TOLD_BYTES_MAX || self.told.read().contains_key(&digest) {
            return;
        }
        let mut told = self.told.write();
        if told.len() >= TOLD_MAX {
            told.clear();
        }
        told.insert(digest, asked.query.as_str().into());
    }
}

fn not_trusted() -> RequestError {
    refused(ErrorCode::DocumentNotTrusted)
}

fn refused(code: ErrorCode) -> RequestError {
    // Clients of automatic persisted queries look for this very text.
    let message = match code {
        ErrorCode::PersistedQueryNotFound => "PersistedQueryNotFound",
        other => other.meaning(),
    };
    RequestError { code, message: message.to_owned(), locations: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "{ __typename }";

    fn asked(query: &str, digest: Option<Digest>) -> GraphqlRequest {
        GraphqlRequest {
            query: query.to_owned(),
            digest,
            operation: None,
            variables: async_graphql::Variables::default(),
        }
    }

    fn code(answer: Result<Cow<'_, str>, RequestError>) -> ErrorCode {
        answer.unwrap_err().code
    }

    #[test]
    fn a_document_that_was_told_is_known_by_its_hash() {
        let persisted = Persisted::default();
        let digest = Digest::of(DOCUMENT);
        let (by_hash, with_text) = (asked("", Some(digest)), asked(DOCUMENT, Some(digest)));
        assert_eq!(code(persisted.text(&by_hash)), ErrorCode::PersistedQueryNotFound);
        assert_eq!(persisted.text(&with_text).unwrap(), DOCUMENT);
        assert_eq!(
            code(persisted.text(&by_hash)),
            ErrorCode::PersistedQueryNotFound,
            "it was not parsed yet"
        );
        persisted.told(&with_text);
        assert_eq!(persisted.text(&by_hash).unwrap(), DOCUMENT);
        assert_eq!(
            code(persisted.text(&asked("{ other }", Some(digest)))),
            ErrorCode::PersistedQueryMismatch
        );
        for number in 0..2 * TOLD_MAX {
            let text = format!("{{ a{number}: __typename }}");
            persisted.told(&asked(&text, Some(Digest::of(&text))));
        }
        assert!(persisted.told.read().len() <= TOLD_MAX);
    }

    #[test]
    fn hashes_are_read_as_clients_write_them() {
        let digest = Digest::of(DOCUMENT);
        let hex: String = digest.0.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [hex.clone(), hex.to_uppercase(), format!("sha256:{hex}")] {
            assert_eq!(Digest::parse(&text), Some(digest), "{text}");
        }
        for text in ["", "sha256:", &hex[1..], &format!("{hex}0"), &hex.replace('a', "g").replace('0', "x")] {
            assert_eq!(Digest::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_what_is_trusted_is_run_where_the_operator_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("documents.json");
        let hex: String = Digest::of(DOCUMENT).0.iter().map(|byte| format!("{byte:02x}")).collect();
        fs::write(&manifest, format!("{{\"sha256:{hex}\": \"{DOCUMENT}\"}}")).unwrap();
        for only in [false, true] {
            let persisted = Persisted::default();
            persisted.trust(&manifest, only).unwrap();
            assert_eq!(persisted.text(&asked("", Some(Digest::of(DOCUMENT)))).unwrap(), DOCUMENT);
            assert_eq!(persisted.text(&asked(DOCUMENT, None)).unwrap(), DOCUMENT, "by its text as well");
            let other = asked("{ other }", None);
            let told = asked("{ other }", Some(Digest::of("{ other }")));
            if only {
                assert_eq!(code(persisted.text(&other)), ErrorCode::DocumentNotTrusted);
                assert_eq!(code(persisted.text(&told)), ErrorCode::DocumentNotTrusted);
            } else {
                assert!(persisted.text(&other).is_ok() && persisted.text(&told).is_ok());
            }
        }
        for text in ["[]", "{\"0\": \"{ a }\"}", &format!("{{\"{hex}\": \"{{ a }}\"}}")] {
            fs::write(&manifest, text).unwrap();
            let refused = Persisted::default().trust(&manifest, true).unwrap_err().to_string();
            assert!(refused.contains("documents.json"), "{refused}");
        }
    }
}
